import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RowBatch, TableDeclaration, TimeSeriesStore } from '../src/ports/time-series.ts';
import { directoryPlace } from '../src/store/lake/directory-place.ts';
import { pick } from '../src/store/lake/lake-pass.ts';
import { EVER, Lake } from '../src/store/lake/lake.ts';
import { Parquet } from '../src/store/lake/parquet.ts';
import type { Place } from '../src/store/lake/place.ts';
import { RowChecksum } from '../src/store/lake/row-checksum.ts';
import type { LifecyclePoint } from '../src/store/lifecycle/fault-points.ts';
import { type LifecycleTools, sumOf } from '../src/store/lifecycle/lifecycle-tools.ts';

/** What a test changes of the usual. */
export interface RigOptions {
  readonly buckets?: number;
  readonly rowsPerFileMax?: number;
  readonly place?: Place;
  readonly reserve?: LifecycleTools['reserve'];
}

/** The process died here: a test's own error, so that nothing else is taken for it. */
export class Killed extends Error {
  override readonly name = 'Killed';
  readonly code = 'KILLED';
}

/** A lake in a folder of its own, and a store beside it. */
export interface LifecycleRig {
  readonly root: string;
  readonly lake: Lake;
  readonly parquet: Parquet;
  readonly tools: LifecycleTools;
  /** Points that were passed, in order. */
  readonly passed: LifecyclePoint[];
  /** Dies as it passes its n-th point from now; undefined: never. */
  killAt(nth: number | undefined): void;
  close(): Promise<void>;
}

export function lifecycleRig(store: TimeSeriesStore, options: RigOptions = {}): LifecycleRig {
  const root = mkdtempSync(join(tmpdir(), 'strata-lifecycle-'));
  const parquet = new Parquet(join(root, 'scratch'), 512);
  const lake = new Lake(options.place ?? directoryPlace(join(root, 'lake')), parquet);
  const passed: LifecyclePoint[] = [];
  let left: number | undefined;
  const tools: LifecycleTools = {
    store,
    lake,
    notes: directoryPlace(join(root, 'notes')),
    buckets: options.buckets ?? 2,
    rowsPerFileMax: options.rowsPerFileMax ?? 250_000,
    bytesPerFileMax: 64 * 1_048_576,
    reserve: options.reserve ?? (() => Promise.resolve()),
    at(point) {
      passed.push(point);
      if (left === undefined) return;
      left -= 1;
      if (left === 0) throw new Killed(point);
    },
    progress: () => undefined,
  };
  return {
    root,
    lake,
    parquet,
    tools,
    passed,
    killAt: (nth) => {
      left = nth;
    },
    async close() {
      await lake.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Every row that is in the store or in the lake, once. */
export async function everywhere(
  { store, lake }: LifecycleTools,
  table: TableDeclaration,
): Promise<RowChecksum> {
  const sum = await sumOf(store, table, EVER);
  const isThere = await rowNames(store.read({ table, ...EVER }));
  for await (const batch of lake.read({ table, ...EVER })) {
    const names = namesOf(batch);
    const rows = names.flatMap((name, row) => (isThere.has(name) ? [] : [row]));
    if (rows.length > 0) sum.add(pick(batch, rows));
  }
  return sum;
}

async function rowNames(batches: AsyncIterable<RowBatch>): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for await (const batch of batches) for (const name of namesOf(batch)) names.add(name);
  return names;
}

function namesOf({ table, columns, rows }: RowBatch): readonly string[] {
  const keys = [table.time, ...table.keys].map((key) =>
    table.columns.findIndex(({ name }) => name === key),
  );
  return Array.from({ length: rows }, (_, row) => keys.map((key) => columns[key]?.[row]).join('|'));
}

export async function lakeSum(lake: Lake, table: TableDeclaration): Promise<RowChecksum> {
  const sum = new RowChecksum();
  for await (const batch of lake.read({ table, ...EVER })) sum.add(batch);
  return sum;
}
