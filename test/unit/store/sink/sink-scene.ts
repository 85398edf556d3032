import { StoreError } from '../../../../src/ports/store-error.ts';
import type { Appended, RowBatch, TableDeclaration } from '../../../../src/ports/time-series.ts';
import { createSeriesSink } from '../../../../src/store/sink/series-sink.ts';
import type { SeriesSink, SinkLimits } from '../../../../src/store/sink/sink-types.ts';
import { refusedRows } from '../../../../src/store/tables/refused-rows.ts';
import { MemoryDisk } from '../../../faulty-disk.ts';
import { ManualTime } from '../../../manual-time.ts';

export function tableOf(name: string): TableDeclaration {
  return {
    name,
    tells: 'A row of a test.',
    version: 1,
    columns: [
      { name: 'at_us', kind: 'time', tells: 'when' },
      { name: 'symbol', kind: 'symbol', tells: 'which' },
      { name: 'price', kind: 'double', tells: 'dollars' },
      { name: 'is_open', kind: 'truth', tells: 'yes or no' },
      { name: 'state', kind: 'doubles', tells: 'a list' },
    ],
    time: 'at_us',
    partition: 'day',
    keys: ['symbol'],
  };
}

export const BARS = tableOf('bars');
export const FILLS = tableOf('fills');

/** Rows of the times `from` to `from + rows`, told apart by them. */
export function rowsFrom(from: number, rows = 1, table = BARS): RowBatch {
  const places = Array.from({ length: rows }, (_, at) => from + at);
  return {
    table,
    rows,
    columns: [
      Float64Array.from(places),
      places.map((place) => `S${place} ü`),
      Float64Array.from(places, (place) => (place % 3 === 0 ? Number.NaN : place / 8)),
      Uint8Array.from(places, (place) => place % 2),
      places.map((place) => Float64Array.from({ length: place % 4 }, (_, at) => -at)),
    ],
  };
}

/** Takes, refuses, or is away, as a test tells it. */
export class FakeStore {
  readonly batches: RowBatch[] = [];
  state: 'up' | 'away' | 'full' | 'hangs' = 'up';
  readonly blocked = new Set<string>();
  calls = 0;
  readonly #waiting: (() => void)[] = [];

  async append(batch: RowBatch): Promise<Appended> {
    this.calls += 1;
    if (this.state === 'hangs') await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.state === 'away') throw new StoreError('STORE_AWAY', 'nobody answers');
    if (this.state === 'full') throw new StoreError('STORE_FULL', 'no room');
    if (this.blocked.has(batch.table.name)) {
      throw new StoreError('STORE_SCHEMA', `table ${batch.table.name} is another one`);
    }
    const refused = refusedRows(batch);
    this.batches.push(batch);
    return { accepted: batch.rows - refused.length, refused };
  }

  /** What hangs goes on, in the state that is now. */
  release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Times in the order in which they came. */
  times(table = BARS): readonly number[] {
    return this.batches
      .filter((batch) => batch.table.name === table.name)
      .flatMap(({ columns }) => [...(columns[0] instanceof Float64Array ? columns[0] : [])]);
  }
}

export interface Scene {
  readonly store: FakeStore;
  readonly disk: MemoryDisk;
  readonly time: ManualTime;
  readonly sink: SeriesSink;
  readonly logs: (readonly [event: string, fields: Readonly<Record<string, unknown>>])[];
  readonly failures: unknown[];
}

export function sceneOf(
  limits: Partial<SinkLimits> = {},
  { disk = new MemoryDisk(), store = new FakeStore(), time = new ManualTime() } = {},
): Scene {
  const logs: Scene['logs'] = [];
  const failures: unknown[] = [];
  const sink = createSeriesSink({
    store,
    disk,
    folder: 'spool',
    limits,
    clock: time,
    timers: time,
    log: (_, event, fields) => logs.push([event, fields]),
    failed: (error) => failures.push(error),
  });
  return { store, disk, time, sink, logs, failures };
}

export function textOf(disk: MemoryDisk, path: string): string {
  return new TextDecoder().decode(disk.read(path));
}
