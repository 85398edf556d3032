/** What goes in: everything travels as text, and the server knows the types. */
export type SqlValue = string | number | boolean | undefined;

/** What comes out, as PostgreSQL writes it; undefined is NULL. */
export type SqlRow = Readonly<Record<string, string | undefined>>;

export interface Statements {
  /** One statement with its values as `$1`, `$2` and so on. */
  query(text: string, values?: readonly SqlValue[]): Promise<readonly SqlRow[]>;
  /** Several statements without values. */
  script(text: string): Promise<void>;
}

/** PostgreSQL, in this process or elsewhere. Rejects with a `StoreError` and nothing else. */
export interface Database {
  readonly kind: 'pglite' | 'postgres';
  /** Where all tables are; first in the search path of every statement. */
  readonly schema: string;
  /** For people; no secret. */
  readonly place: string;
  /** It will not answer again and has to be opened anew. */
  readonly isBroken: boolean;
  /** By itself, outside of any transaction. */
  query(text: string, values?: readonly SqlValue[]): Promise<readonly SqlRow[]>;
  /**
   * All of it or nothing. Work that fails because another transaction was in its way is done again,
   * so it must not have effects of its own.
   */
  transact<T>(work: (sql: Statements) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A row as a driver gives it: texts, and its own word for NULL. */
export function rowOf(given: Readonly<Record<string, unknown>>): SqlRow {
  const entries = Object.entries(given);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? value : undefined]),
  );
}
