import type { Retold } from '../session-life.ts';

/** Several as one; undefined where there is none. */
export function retoldTo(...readers: readonly (Retold | undefined)[]): Retold | undefined {
  const all = readers.filter((reader) => reader !== undefined);
  const [only] = all;
  if (all.length < 2) return only;
  const safe = all.flatMap((reader) => reader.safe ?? []);
  return {
    safe: safe.length === 0 ? undefined : Math.min(...safe),
    retell: (record) => all.forEach((reader) => reader.retell(record)),
    endRetelling: () => all.forEach((reader) => reader.endRetelling()),
    learn: (...told) => all.forEach((reader) => reader.learn(...told)),
  };
}
