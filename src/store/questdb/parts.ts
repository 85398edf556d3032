import type { TableDeclaration, TablePart } from '../../ports/time-series.ts';
import { type Questions, quoted } from './question.ts';
import { named } from './table-shape.ts';

interface Part extends TablePart {
  /** As the server calls it: `2026-01-02`. */
  readonly name: string;
}

/** A partition that the server has split for a time is one part all the same. */
export async function partsOf(
  questions: Questions,
  table: TableDeclaration,
): Promise<readonly Part[]> {
  const rows = await questions.rows(
    'SELECT cast(minTimestamp AS LONG), numRows, diskSize ' +
      `FROM table_partitions(${quoted(table.name)}) WHERE minTimestamp IS NOT NULL`,
  );
  const parts = new Map<number, Part>();
  for (const [firstUs, count, bytes] of rows) {
    const fromUs = floorUs(Number(firstUs), table.partition);
    const before = parts.get(fromUs);
    parts.set(fromUs, {
      fromUs,
      untilUs: nextUs(fromUs, table.partition),
      rows: (before?.rows ?? 0) + Number(count),
      bytes: (before?.bytes ?? 0) + Number(bytes),
      name: partName(fromUs, table.partition),
    });
  }
  return [...parts.values()].toSorted((left, right) => left.fromUs - right.fromUs);
}

/** The SQL that drops the parts, at once. */
export function dropSql(table: TableDeclaration, parts: readonly Part[]): string {
  const names = parts.map(({ name }) => quoted(name)).join(', ');
  return `ALTER TABLE ${named(table.name)} DROP PARTITION LIST ${names}`;
}

type Partition = TableDeclaration['partition'];

const NAME_LENGTH: Readonly<Record<Partition, number>> = { hour: 13, day: 10, month: 7, year: 4 };

function partName(fromUs: number, partition: Partition): string {
  return new Date(fromUs / 1_000).toISOString().slice(0, NAME_LENGTH[partition]);
}

const HOUR_US = 3_600_000_000;

function floorUs(us: number, partition: Partition): number {
  if (partition === 'hour') return us - (us % HOUR_US);
  if (partition === 'day') return us - (us % (24 * HOUR_US));
  const date = new Date(us / 1_000);
  const month = partition === 'month' ? date.getUTCMonth() : 0;
  return Date.UTC(date.getUTCFullYear(), month) * 1_000;
}

function nextUs(fromUs: number, partition: Partition): number {
  if (partition === 'hour') return fromUs + HOUR_US;
  if (partition === 'day') return fromUs + 24 * HOUR_US;
  const date = new Date(fromUs / 1_000);
  const [years, months] = partition === 'month' ? [0, 1] : [1, 0];
  return Date.UTC(date.getUTCFullYear() + years, date.getUTCMonth() + months) * 1_000;
}
