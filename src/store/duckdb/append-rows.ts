import { present } from '../../core/assert.ts';
import { StoreError } from '../../ports/store-error.ts';
import type { TableDeclaration } from '../../ports/time-series.ts';
import { arrangedParts, forgetArranged } from './arranged-parts.ts';
import { appendChunks, isOneFlush } from './chunk-writer.ts';
import type { Database } from './database.ts';
import { lastOfAlike } from './duplicates.ts';
import { isNumbers, type PackedBatch } from './packed-batch.ts';
import { type FoundColumns, quoted, timeLiteral, typeOf } from './schema.ts';
import { storeErrorOf } from './store-errors.ts';

const STAGE = 'stage';

/**
 * Writes batches so that a later row replaces an earlier one of the same time and keys, without an
 * index: what a batch may replace lies in its own span of time, which the file knows to find, and
 * what comes after all that is there replaces nothing.
 */
export class RowAppender {
  readonly #database: Database;
  readonly #tables = new Map<string, Known>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** To be told when tables were altered or arranged, or rows dropped. */
  forget(): void {
    this.#tables.clear();
  }

  async append(batch: PackedBatch): Promise<void> {
    const { table } = batch;
    const known = await this.#know(table);
    if (batch.rows === 0) return;
    const appending = { batch, rows: lastOfAlike(batch), span: spanOf(batch), known };
    const { firstUs, lastUs } = appending.span;
    const isAlone =
      firstUs > known.lastUs &&
      firstUs >= known.arrangedUntilUs &&
      known.isAsDeclared &&
      isOneFlush(batch);
    try {
      await (isAlone ? this.#insertAlone(appending) : this.#replace(appending));
    } catch (error) {
      // What is there may not be what is remembered.
      this.#tables.delete(table.name);
      throw error;
    }
    known.lastUs = Math.max(known.lastUs, lastUs);
  }

  /** Later than all that is there: one flush of the appender, which is a transaction by itself. */
  async #insertAlone({ batch, rows, known }: Appending): Promise<void> {
    try {
      await this.#insert(batch, rows, known);
    } catch (error) {
      throw storeErrorOf(error, `rows into ${batch.table.name}`);
    }
  }

  async #replace({ batch, rows, span, known }: Appending): Promise<void> {
    const { table } = batch;
    await this.#database.transaction(`rows into ${table.name}`, async () => {
      if (span.firstUs <= known.lastUs) await this.#delete(batch, rows, span);
      if (span.firstUs < known.arrangedUntilUs) {
        const { firstUs: fromUs, lastUs } = span;
        await forgetArranged(this.#database, table, { fromUs, lastUs });
      }
      await this.#insert(batch, rows, known);
    });
  }

  async #know(table: TableDeclaration): Promise<Known> {
    const known = this.#tables.get(table.name);
    if (known !== undefined) return known;
    const columns = (await this.#database.columnsOf([table.name])).get(table.name);
    checkColumns(table, columns);
    const found = await this.#database.writer.run(
      `SELECT epoch_us(max(${quoted(table.time)})) FROM ${quoted(table.name)}`,
    );
    const [row] = await found.getRows();
    const last = row?.[0];
    const lastUs = typeof last === 'bigint' ? Number(last) : -1;
    const arranged = await arrangedParts(this.#database, table);
    const fresh = {
      lastUs,
      arrangedUntilUs: arranged.at(-1)?.untilUs ?? 0,
      isAsDeclared: isAsDeclared(table, columns),
    };
    this.#tables.set(table.name, fresh);
    return fresh;
  }

  async #delete(batch: PackedBatch, rows: Uint32Array | undefined, span: Span): Promise<void> {
    const { table } = batch;
    const names = [table.time, ...table.keys];
    await this.#stage(batch, rows, names);
    const alike = names.map((name) => `t.${quoted(name)} = s.${quoted(name)}`).join(' AND ');
    await this.#database.writer.run(
      `DELETE FROM ${quoted(table.name)} AS t USING temp.${STAGE} AS s WHERE ${alike}
       AND t.${quoted(table.time)} BETWEEN ${timeLiteral(span.firstUs)}
       AND ${timeLiteral(span.lastUs)}`,
    );
  }

  async #insert(batch: PackedBatch, rows: Uint32Array | undefined, known: Known): Promise<void> {
    const { table } = batch;
    const names = table.columns.map(({ name }) => name);
    if (known.isAsDeclared) {
      return this.#write(batch, rows, names, { table: table.name, isTemporary: false });
    }
    // A newer build's table has columns that we do not know, or has them in another order.
    await this.#stage(batch, rows, names);
    const list = names.map(quoted).join(', ');
    await this.#database.writer.run(
      `INSERT INTO ${quoted(table.name)} (${list}) SELECT ${list} FROM temp.${STAGE}`,
    );
  }

  async #stage(
    batch: PackedBatch,
    rows: Uint32Array | undefined,
    names: readonly string[],
  ): Promise<void> {
    const { columns } = batch.table;
    const types = names.map((name) => {
      const column = present(
        columns.find((one) => one.name === name),
        `the column ${name}`,
      );
      return `${quoted(name)} ${typeOf(column.kind)}`;
    });
    await this.#database.writer.run(`CREATE OR REPLACE TEMP TABLE ${STAGE} (${types.join(', ')})`);
    await this.#write(batch, rows, names, { table: STAGE, isTemporary: true });
  }

  #write(
    batch: PackedBatch,
    rows: Uint32Array | undefined,
    names: readonly string[],
    to: { readonly table: string; readonly isTemporary: boolean },
  ): Promise<void> {
    const { native, writer } = this.#database;
    const places = names.map((name) =>
      batch.table.columns.findIndex((column) => column.name === name),
    );
    return appendChunks({ native, connection: writer, ...to, batch, places, rows });
  }
}

interface Appending {
  readonly batch: PackedBatch;
  /** Those that no later row of the batch replaces; undefined for all. */
  readonly rows: Uint32Array | undefined;
  readonly span: Span;
  readonly known: Known;
}

interface Known {
  /** Of the latest row; -1 where there is none. */
  lastUs: number;
  /** What is written before it may put rows out of order; 0 where none lie in order. */
  readonly arrangedUntilUs: number;
  readonly isAsDeclared: boolean;
}

interface Span {
  readonly firstUs: number;
  readonly lastUs: number;
}

/** Rejects where the table is not there, or lacks what is to be written or read. */
export function checkColumns(table: TableDeclaration, columns: FoundColumns | undefined): void {
  const missing = table.columns.find(({ name, kind }) => columns?.get(name) !== typeOf(kind));
  if (columns !== undefined && missing === undefined) return;
  const what =
    columns === undefined ? 'is not there' : `has no column ${missing?.name} as declared`;
  throw new StoreError('STORE_SCHEMA', `table ${table.name} ${what}; run strata store migrate`);
}

function isAsDeclared(table: TableDeclaration, columns: FoundColumns | undefined): boolean {
  const found = [...(columns?.keys() ?? [])];
  return (
    found.length === table.columns.length &&
    table.columns.every(({ name }, place) => found[place] === name)
  );
}

function spanOf({ table, columns }: PackedBatch): Span {
  const times = columns[table.columns.findIndex(({ name }) => name === table.time)];
  let [firstUs, lastUs] = [Infinity, -1];
  if (times === undefined || !isNumbers(times)) return { firstUs, lastUs };
  for (const us of times) {
    if (us < firstUs) firstUs = us;
    if (us > lastUs) lastUs = us;
  }
  return { firstUs, lastUs };
}
