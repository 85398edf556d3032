import { MS } from '../core/time.ts';
import { bytesText, plural } from '../cli/figures.ts';
import type { TableDeclaration, TablePart, TimeSeriesStore } from '../ports/time-series.ts';
import { dateOf } from '../store/lake/lake.ts';
import { freeSpaceGuard } from '../store/lifecycle/free-space.ts';
import type { StoreBench } from './store-bench.ts';

/** A half of compacting: the lake's files, or the store's rows. */
export interface CompactWork {
  readonly bench: StoreBench;
  readonly tables: readonly TableDeclaration[];
  readonly isApplied: boolean;
  readonly progress: (rows: number) => void;
}

export interface Compacted {
  readonly lines: readonly string[];
  readonly parts: readonly object[];
}

/** Parts that are over, put in the order in which the past is read; one after the other. */
export async function arrangeStore(work: CompactWork): Promise<Compacted> {
  const { bench, tables, isApplied, progress } = work;
  const { store } = bench;
  if (store === undefined) return { lines: [], parts: [] };
  const found = await finished(store, tables, Date.now() * MS);
  if (isApplied) {
    const reserve = freeSpaceGuard(bench.data, bench.config.store.lifecycle.freeMbMin);
    for (const { table, part } of found) {
      await reserve(part.bytes);
      progress(await store.arrange(table, part.fromUs, part.untilUs));
    }
  }
  const rows = found.reduce((sum, { part }) => sum + part.rows, 0);
  const room = Math.max(0, ...found.map(({ part }) => part.bytes));
  const verb = isApplied ? 'were' : 'would be';
  const need = found.length === 0 ? '' : `, with ${bytesText(room)} of the disk for a while`;
  return {
    lines: [
      ...found.map(lineOf),
      `${plural(rows, 'row')} of ${plural(found.length, 'part')} ${verb} arranged by symbol${need}`,
    ],
    parts: found.map(jsonOf),
  };
}

interface Found {
  readonly table: TableDeclaration;
  readonly part: TablePart;
}

/** What is being written now is left alone: it would be out of order again a minute later. */
async function finished(
  store: TimeSeriesStore,
  tables: readonly TableDeclaration[],
  nowUs: number,
): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const table of tables) {
    for (const part of await store.unarranged(table, nowUs)) found.push({ table, part });
  }
  return found;
}

function lineOf({ table, part }: Found): string {
  const days = `${dateOf(part.fromUs)} to ${dateOf(part.untilUs - 1)}`;
  return `  ${table.name} ${days}: ${plural(part.rows, 'row')} by symbol`;
}

function jsonOf({ table, part: { fromUs, untilUs, rows, bytes } }: Found): object {
  return { table: table.name, fromUs, untilUs, rows, bytes };
}
