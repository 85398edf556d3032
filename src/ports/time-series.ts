/**
 * The time series of a session and of all sessions before it, as whoever writes and reads them sees
 * them: the embedded store and a server answer alike.
 *
 * Rows travel column by column. A table says which of its columns make a row the only one of its
 * kind: writing the same row twice leaves one, so a batch whose fate is unknown is sent again.
 *
 * After `close` every call but `close` rejects with `STORE_AWAY`.
 */
export interface TimeSeriesStore {
  readonly kind: 'duckdb' | 'questdb';
  /**
   * Makes every table what its declaration says, adding what is missing; answers what was, or with
   * `isDryRun` would be, changed. A table that somebody altered into something else is left as it
   * is: rejects with `STORE_SCHEMA`, naming table, column, what is there and what was expected.
   * A column that only the store has is a newer build's: it stays, and is neither read nor written.
   */
  migrate(tables: readonly TableDeclaration[], options?: MigrateOptions): Promise<SchemaChange[]>;
  /**
   * Settles once the rows are safe there. What a row's own values make impossible is refused with
   * a reason, the other rows of the batch stand. Rejects with `STORE_AWAY` where the fate of the
   * batch is unknown or it cannot be reached: send the same again; with `STORE_SCHEMA` where there
   * is no such table. A reader may see the rows a moment later.
   */
  append(batch: RowBatch): Promise<Appended>;
  /**
   * Rows in order of time, then of the keys as they are declared, streamed a batch at a time. Who
   * ends the iteration early has nothing else to free.
   */
  read(query: SeriesQuery): AsyncIterable<RowBatch>;
  /**
   * A person's question in the store's own SQL, one statement; the store lets it read its tables
   * and nothing else, and rejects with `STORE_REFUSED`. A double that is not known is NULL there.
   */
  sql(text: string): AsyncIterable<SqlPage>;
  /**
   * Parts of a table by time, oldest first; a part is what can be dropped at once: an hour, day,
   * month or year of UTC, as the table is partitioned.
   */
  parts(table: TableDeclaration): Promise<readonly TablePart[]>;
  /** Drops the parts that lie wholly within from and until. Answers how many rows went. */
  drop(table: TableDeclaration, fromUs: number, untilUs: number): Promise<number>;
  /**
   * Parts, or days of one, that end before a moment and should be put in the order in which it
   * is read: a symbol's rows beside each other. `bytes` is what that takes on disk for a while.
   * None where the store keeps such an order by itself, and of tables that have no symbols.
   */
  unarranged(table: TableDeclaration, beforeUs: number): Promise<readonly TablePart[]>;
  /**
   * Puts one of them in that order; a later write there undoes it. What is read stays the same to
   * the bit, and whoever dies in the middle has lost nothing. A close cuts it off. Answers how many
   * rows were written anew.
   */
  arrange(table: TableDeclaration, fromUs: number, untilUs: number): Promise<number>;
  status(): Promise<StoreStatus>;
  close(): Promise<void>;
}

/**
 * `symbol`: a text of few different values. `time`: microseconds UTC from 1970, whole. `double`:
 * finite with its sign of zero, or NaN. `whole`: an integer that a double holds exactly. `truth`: 0
 * or 1. `doubles`: a list of doubles, bit for bit, infinities too; NaN is one value.
 */
export type ColumnKind = 'symbol' | 'text' | 'time' | 'double' | 'whole' | 'truth' | 'doubles';

export interface ColumnDeclaration {
  /** Lower case with underscores, as SQL has names: `venue_us`. */
  readonly name: string;
  readonly kind: ColumnKind;
  /** What it holds, with units, in a few words. */
  readonly tells: string;
  /** How many different symbols are expected; where left out, few. */
  readonly symbolCapacity?: number;
}

export interface TableDeclaration {
  readonly name: string;
  /** What a row is, in one sentence. */
  readonly tells: string;
  /**
   * Raised when columns are added; nothing else may ever change. What is added is a `symbol`,
   * `text`, `double` or `doubles`: in rows of before it is not known, that is, empty or NaN.
   */
  readonly version: number;
  readonly columns: readonly ColumnDeclaration[];
  /** The column of kind `time` by which rows are ordered and kept apart. */
  readonly time: string;
  readonly partition: 'hour' | 'day' | 'month' | 'year';
  /** With the time: no two rows are alike in all of these; the later one replaces the earlier. */
  readonly keys: readonly string[];
  /**
   * Whole parts that end so many days before the newest one begins may be forgotten by the store
   * itself; left out: never. Only for what nobody will ask for: it is not archived before.
   */
  readonly keepDays?: number;
}

/**
 * Rows of one table, column by column in the order of its declaration, each as long as `rows` says:
 * `Float64Array` for `time`, `double` and `whole`, `Uint8Array` for `truth`.
 *
 * A double that is not known is NaN, a text is empty; the others are always known.
 */
export interface RowBatch {
  readonly table: TableDeclaration;
  readonly rows: number;
  readonly columns: readonly ColumnValues[];
}

export type ColumnValues = Float64Array | Uint8Array | readonly string[] | readonly Float64Array[];

export interface MigrateOptions {
  readonly isDryRun?: boolean;
}

export interface SchemaChange {
  readonly table: string;
  /** `create table`, `add column spread_bps`. */
  readonly what: string;
}

export interface Appended {
  readonly accepted: number;
  readonly refused: readonly RefusedRow[];
}

export interface RefusedRow {
  /** Which of the batch's rows. */
  readonly row: number;
  /** Names the column, its value and what was expected. */
  readonly reason: string;
}

export interface SeriesQuery {
  readonly table: TableDeclaration;
  /** From, inclusive, and until, exclusive, by the table's time. */
  readonly fromUs: number;
  readonly untilUs: number;
  /** Only rows whose column of kind `symbol` or `text` is one of these; none of none. */
  readonly only?: Readonly<Record<string, readonly string[]>>;
  /** Rows in a batch at most; left out: as many as the store likes. */
  readonly batchRows?: number;
}

export interface SqlPage {
  readonly names: readonly string[];
  readonly rows: readonly (readonly SqlValue[])[];
}

/**
 * Undefined is SQL's NULL. Times are ISO texts with six decimals and `Z`, whole numbers past 2^53
 * are texts.
 */
export type SqlValue = string | number | boolean | undefined | readonly SqlValue[];

export interface TablePart {
  readonly fromUs: number;
  readonly untilUs: number;
  readonly rows: number;
  /** As the store tells it; NaN where it cannot. */
  readonly bytes: number;
}

export interface StoreStatus {
  /** `DuckDB 1.5.6, data/strata.duckdb`, `QuestDB 9.3.4 at http://127.0.0.1:9000`; no secret. */
  readonly place: string;
  readonly tables: readonly TableStatus[];
}

export interface TableStatus {
  readonly name: string;
  readonly rows: number;
  /** NaN where it has none. */
  readonly firstUs: number;
  readonly lastUs: number;
  readonly bytes: number;
}
