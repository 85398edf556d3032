import type { TableDeclaration } from '../../ports/time-series.ts';

const HOUR_US = 3_600_000_000;

/** When the part of a table that holds a moment begins, UTC. */
export function partStart(partition: TableDeclaration['partition'], us: number): number {
  const date = new Date(us / 1_000);
  switch (partition) {
    case 'hour':
      return us - (us % HOUR_US);
    case 'day':
      return us - (us % (24 * HOUR_US));
    case 'month':
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth()) * 1_000;
    case 'year':
      return Date.UTC(date.getUTCFullYear(), 0) * 1_000;
  }
}

/** When the part after the one that holds a moment begins. */
export function nextPartStart(partition: TableDeclaration['partition'], us: number): number {
  const start = partStart(partition, us);
  const date = new Date(start / 1_000);
  switch (partition) {
    case 'hour':
      return start + HOUR_US;
    case 'day':
      return start + 24 * HOUR_US;
    case 'month':
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1) * 1_000;
    case 'year':
      return Date.UTC(date.getUTCFullYear() + 1, 0) * 1_000;
  }
}

/** The whole parts between two moments; the two are equal where there is none. */
export function wholeParts(
  partition: TableDeclaration['partition'],
  fromUs: number,
  untilUs: number,
): readonly [fromUs: number, untilUs: number] {
  const first = partStart(partition, fromUs);
  const from = first === fromUs ? first : nextPartStart(partition, fromUs);
  return [from, Math.max(from, partStart(partition, untilUs))];
}
