import { assert } from '../../core/assert.ts';
import { StoreError } from '../../ports/store-error.ts';
import type { WorkerSettings } from './protocol.ts';
import type { DuckDBConnection, DuckDBInstance, Native } from './native.ts';
import type { FoundColumns } from './schema.ts';
import { storeErrorOf } from './store-errors.ts';

/**
 * The open file: one connection that writes, and one for each who reads. Nothing of it can reach
 * another file, the network or an extension, whatever it is asked.
 */
export class Database {
  readonly native: Native;
  readonly file: string;
  readonly writer: DuckDBConnection;
  readonly #instance: DuckDBInstance;
  readonly #known = new Map<string, FoundColumns>();

  private constructor(native: Native, file: string, instance: DuckDBInstance, writer: Connection) {
    this.native = native;
    this.file = file;
    this.#instance = instance;
    this.writer = writer;
  }

  static async open(native: Native, settings: WorkerSettings): Promise<Database> {
    const { file, memoryBytesMax, threads } = settings;
    assert(threads >= 1 && memoryBytesMax > 0, 'a database has threads and memory');
    let instance: DuckDBInstance;
    try {
      instance = await native.api.DuckDBInstance.create(file, {
        memory_limit: `${Math.floor(memoryBytesMax / 1_048_576)}MiB`,
        threads: String(threads),
        enable_external_access: 'false',
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'false',
        // Answers of its own order only where one is asked for: less memory in large scans.
        preserve_insertion_order: 'false',
        // Seldom: each one packs the last rows of a table anew. A start after a kill reads as much.
        checkpoint_threshold: '128MiB',
        // Of doubles alone. What it would choose by itself takes a run of both zeros for one value.
        force_compression: 'alp',
        lock_configuration: 'true',
      });
    } catch (error) {
      throw openError(error, file);
    }
    const writer = await instance.connect();
    return new Database(native, file, instance, writer);
  }

  /** For one reader; it closes it. */
  connect(): Promise<DuckDBConnection> {
    return this.#instance.connect();
  }

  /** Columns of tables; a view or an index of that name is none. */
  async columnsOf(names: readonly string[]): Promise<ReadonlyMap<string, FoundColumns>> {
    const rows = await rowsOf(
      this.writer,
      `SELECT table_name, column_name, data_type FROM duckdb_columns()
       WHERE database_name = current_database() AND schema_name = 'main'
       ORDER BY table_name, column_index`,
    );
    const found = new Map<string, Map<string, string>>();
    for (const [table, column, type] of rows) {
      const name = String(table);
      if (!names.includes(name)) continue;
      const columns = found.get(name) ?? new Map<string, string>();
      found.set(name, columns.set(String(column), String(type)));
    }
    return found;
  }

  /** The same of one table, remembered: nobody else can alter what this process has open. */
  async knownColumnsOf(table: string): Promise<FoundColumns | undefined> {
    const known = this.#known.get(table);
    if (known !== undefined) return known;
    const found = (await this.columnsOf([table])).get(table);
    if (found !== undefined) this.#known.set(table, found);
    return found;
  }

  /** To be told when tables were altered. */
  forgetColumns(): void {
    this.#known.clear();
  }

  async transaction<Value>(doing: string, work: () => Promise<Value>): Promise<Value> {
    await this.writer.run('BEGIN TRANSACTION');
    try {
      const value = await work();
      await this.writer.run('COMMIT');
      return value;
    } catch (error) {
      // A failed commit has rolled back already, and says so once more.
      await this.writer.run('ROLLBACK').catch(() => undefined);
      throw storeErrorOf(error, doing);
    }
  }

  /** Writes the log into the file; where somebody reads, the next one does it. */
  async checkpoint(): Promise<void> {
    await this.writer.run('CHECKPOINT').catch(() => undefined);
  }

  close(): void {
    this.writer.closeSync();
    this.#instance.closeSync();
  }
}

type Connection = DuckDBConnection;

/** Small answers of our own questions. */
export async function rowsOf(
  connection: DuckDBConnection,
  text: string,
): Promise<readonly (readonly unknown[])[]> {
  const result = await connection.run(text);
  return result.getRows();
}

function openError(error: unknown, file: string): StoreError {
  const failed = storeErrorOf(error, `the store ${file} cannot be opened`, 'STORE_DAMAGED');
  if (failed.code !== 'STORE_LOCKED') return failed;
  const [, program = 'another process'] =
    /held in (\S+(?: \(PID \d+\))?)/.exec(failed.message) ?? [];
  return new StoreError('STORE_LOCKED', `the store ${file} is open in ${program}`, {
    cause: error,
  });
}
