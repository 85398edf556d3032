import { StoreError } from '../../ports/store-error.ts';
import type {
  Appended,
  MigrateOptions,
  RowBatch,
  SchemaChange,
  SeriesQuery,
  SqlPage,
  StoreStatus,
  TableDeclaration,
  TablePart,
  TimeSeriesStore,
} from '../../ports/time-series.ts';
import { Appending } from './appending.ts';
import { dropSql, partsOf } from './parts.ts';
import { pageOf } from './person-answer.ts';
import { placeOf, type QuestDbOptions, type QuestDbPlace } from './place.ts';
import { Questions } from './question.ts';
import { readOnlySql } from './read-only.ts';
import { readRows } from './reading.ts';
import { Schema } from './schema.ts';
import { applied } from './wal.ts';

const APPLY_MS_MAX = 30_000;

/** Asks the server nothing yet: one that is away now may be there when it is needed. */
export function openQuestDb(options: QuestDbOptions): QuestDb {
  return new QuestDb(placeOf(options), options.applyMsMax ?? APPLY_MS_MAX);
}

/**
 * QuestDB 9 over HTTP. Rows are safe when `append` settles: they stand in the table's write-ahead
 * log, which outlives the server's process (`wal.ts`). Who reads waits until all of it is applied.
 */
class QuestDb implements TimeSeriesStore {
  readonly kind = 'questdb';
  readonly #place: QuestDbPlace;
  readonly #applyMsMax: number;
  readonly #questions: Questions;
  readonly #ofSchema: Questions;
  readonly #schema: Schema;
  readonly #appending: Appending;
  #closing: Promise<void> | undefined;

  constructor(place: QuestDbPlace, applyMsMax: number) {
    this.#place = place;
    this.#applyMsMax = applyMsMax;
    this.#questions = new Questions(place);
    // Connections of its own: rows are written also while all the others are read from.
    this.#ofSchema = new Questions(place);
    this.#schema = new Schema(this.#ofSchema, applyMsMax);
    this.#appending = new Appending(place, this.#schema);
  }

  async migrate(
    tables: readonly TableDeclaration[],
    options?: MigrateOptions,
  ): Promise<SchemaChange[]> {
    this.#requireOpen();
    return await this.#schema.migrate(tables, options);
  }

  async append(batch: RowBatch): Promise<Appended> {
    this.#requireOpen();
    return await this.#appending.append(batch);
  }

  /** Settles once a reader sees all that the server has of the table. `read` waits for it too. */
  async settled(table: TableDeclaration): Promise<void> {
    this.#requireOpen();
    await applied(this.#questions, table.name, this.#applyMsMax);
  }

  async *read(query: SeriesQuery): AsyncGenerator<RowBatch> {
    await this.settled(query.table);
    yield* readRows(this.#questions, query);
  }

  async *sql(text: string): AsyncGenerator<SqlPage> {
    this.#requireOpen();
    try {
      for await (const page of this.#questions.pages(readOnlySql(text), true)) yield pageOf(page);
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'STORE_SCHEMA') throw error;
      throw new StoreError('STORE_REFUSED', error.message, { cause: error });
    }
  }

  async parts(table: TableDeclaration): Promise<readonly TablePart[]> {
    await this.settled(table);
    const parts = await partsOf(this.#questions, table);
    return parts.map(({ fromUs, untilUs, rows, bytes }) => ({ fromUs, untilUs, rows, bytes }));
  }

  async drop(table: TableDeclaration, fromUs: number, untilUs: number): Promise<number> {
    await this.settled(table);
    const parts = (await partsOf(this.#questions, table)).filter(
      (part) => part.fromUs >= fromUs && part.untilUs <= untilUs,
    );
    if (parts.length === 0) return 0;
    await this.#questions.run(dropSql(table, parts));
    await this.settled(table);
    return parts.reduce((sum, { rows }) => sum + rows, 0);
  }

  /** The server keeps rows by time, in whatever order they come. */
  async unarranged(): Promise<readonly TablePart[]> {
    this.#requireOpen();
    return await Promise.resolve([]);
  }

  async arrange(): Promise<number> {
    this.#requireOpen();
    return await Promise.resolve(0);
  }

  async status(): Promise<StoreStatus> {
    this.#requireOpen();
    const [build] = await this.#questions.rows('SELECT build()');
    const version = /QuestDB ([\w.-]+)/.exec(String(build?.[0]))?.[1] ?? 'of an unknown version';
    const rows = await this.#questions.rows(
      'SELECT t.table_name, t.table_row_count, cast(t.table_min_timestamp AS LONG), ' +
        'cast(t.table_max_timestamp AS LONG), s.diskSize ' +
        'FROM tables() t JOIN table_storage() s ON s.tableName = t.table_name',
    );
    const known = rows
      .filter(([name]) => !/^(?:sys\.|_|telemetry)/.test(String(name)))
      .map(([name, count, firstUs, lastUs, bytes]) => ({
        name: String(name),
        rows: Number(count ?? 0),
        firstUs: numberOr(firstUs),
        lastUs: numberOr(lastUs),
        bytes: numberOr(bytes),
      }));
    return { place: `QuestDB ${version} at ${this.#place.text}`, tables: known };
  }

  /** What was given before is written first. */
  close(): Promise<void> {
    this.#closing ??= this.#appending.close().then(() => {
      this.#questions.close();
      this.#ofSchema.close();
    });
    return this.#closing;
  }

  #requireOpen(): void {
    if (this.#closing === undefined) return;
    throw new StoreError('STORE_AWAY', `QuestDB at ${this.#place.text} was closed here`);
  }
}

function numberOr(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}
