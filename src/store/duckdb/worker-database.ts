import { StoreError } from '../../ports/store-error.ts';
import { DAY } from '../../core/time.ts';
import type {
  SchemaChange,
  StoreStatus,
  TableDeclaration,
  TablePart,
  TableStatus,
} from '../../ports/time-series.ts';
import { checkColumns, RowAppender } from './append-rows.ts';
import { arrangePart, unarrangedParts } from './arrange.ts';
import { arrangedParts, forgetArranged } from './arranged-parts.ts';
import { type Database, rowsOf } from './database.ts';
import { nextPartStart, wholeParts } from './part-bounds.ts';
import type { Answer, Question } from './protocol.ts';
import { openReader, type Reader } from './reader.ts';
import { planTable, quoted, timeLiteral } from './schema.ts';
import { openSqlReader } from './sql-reader.ts';

/** Who reads and never ends would keep the log from being written down. */
const READERS_MAX = 64;
const BLOCK_BYTES = 262_144;

/** Answers questions: what changes the file one at a time, what reads beside it. */
export class WorkerDatabase {
  readonly #database: Database;
  readonly #appender: RowAppender;
  readonly #readers = new Map<number, OpenReader>();
  #writing: Promise<unknown> = Promise.resolve();
  /** The last turn that changes what a reader finds. */
  #changing: Promise<unknown> = Promise.resolve();
  #isArranging = false;
  #isClosing = false;

  constructor(database: Database) {
    this.#database = database;
    this.#appender = new RowAppender(database);
  }

  answer(question: Question): Promise<Answer> {
    switch (question.kind) {
      case 'append':
        return this.#inTurn(async () => {
          await this.#appender.append(question.batch);
          return { kind: 'done' };
        });
      case 'migrate':
        return this.#inTurn(async () => {
          const changes = await this.#migrate(question.tables, question.isDryRun);
          return { kind: 'migrated', changes };
        });
      case 'drop':
        return this.#inTurn(async () => ({ kind: 'dropped', rows: await this.#drop(question) }));
      case 'parts':
        return this.#inTurn(async () => ({
          kind: 'parts',
          parts: await this.#parts(question.table),
        }));
      case 'unarranged':
        return this.#inTurn(async () => ({
          kind: 'parts',
          parts: await unarrangedParts(this.#database, question.table, question.beforeUs),
        }));
      case 'arrange':
        return this.#inOrder(async () => ({
          kind: 'arranged',
          rows: await this.#arrange(question),
        }));
      case 'status':
        return this.#inTurn(async () => ({ kind: 'status', status: await this.#status() }));
      case 'openRead':
        return this.#open(question.reader, () => openReader(this.#database, question.query));
      case 'openSql':
        return this.#open(question.reader, () => openSqlReader(this.#database, question.text));
      case 'next':
        return this.#next(question.reader);
      case 'closeReader':
        return this.#closeReader(question.reader);
      case 'close':
        // What is put in order only to be read faster keeps nobody waiting.
        this.#isClosing = true;
        if (this.#isArranging) this.#database.writer.interrupt();
        return this.#inTurn(() => this.#close());
    }
  }

  #inTurn(work: () => Promise<Answer>): Promise<Answer> {
    const turn = this.#inOrder(work);
    this.#changing = turn.catch(() => undefined);
    return turn;
  }

  /** The writer's connection does one thing at a time; a failure is only its asker's. */
  #inOrder(work: () => Promise<Answer>): Promise<Answer> {
    const turn = this.#writing.then(work);
    this.#writing = turn.catch(() => undefined);
    return turn;
  }

  async #migrate(
    tables: readonly TableDeclaration[],
    isDryRun: boolean,
  ): Promise<readonly SchemaChange[]> {
    const found = await this.#database.columnsOf(tables.map(({ name }) => name));
    const plan = tables.flatMap((table) => planTable(table, found.get(table.name)));
    if (!isDryRun && plan.length > 0) {
      this.#appender.forget();
      try {
        await this.#database.transaction('migrating', async () => {
          for (const text of plan.flatMap(({ statements }) => statements)) {
            await this.#database.writer.run(text);
          }
        });
      } finally {
        this.#database.forgetColumns();
      }
    }
    if (!isDryRun) for (const table of tables) await this.#forget(table);
    return plan.map(({ table, what }) => ({ table, what }));
  }

  /** What a table may forget; a server does that by itself. */
  async #forget(table: TableDeclaration): Promise<void> {
    if (table.keepDays === undefined) return;
    const parts = await this.#parts(table);
    const untilUs = (parts.at(-1)?.fromUs ?? Number.NaN) - table.keepDays * DAY;
    const [first] = parts;
    if (first === undefined || !(first.untilUs <= untilUs)) return;
    await this.#drop({ kind: 'drop', table, fromUs: first.fromUs, untilUs });
  }

  async #drop({ table, fromUs, untilUs }: Question & { kind: 'drop' }): Promise<number> {
    await this.#check(table);
    const [from, until] = wholeParts(table.partition, fromUs, untilUs);
    if (from === until) return 0;
    this.#appender.forget();
    const time = quoted(table.time);
    const isArranged = (await arrangedParts(this.#database, table)).length > 0;
    const result = await this.#database.transaction(`dropping from ${table.name}`, async () => {
      if (isArranged) {
        await forgetArranged(this.#database, table, { fromUs: from, lastUs: until - 1 });
      }
      return await this.#database.writer.run(
        `DELETE FROM ${quoted(table.name)}
         WHERE ${time} >= ${timeLiteral(from)} AND ${time} < ${timeLiteral(until)}`,
      );
    });
    await this.#database.checkpoint();
    return result.rowsChanged;
  }

  async #arrange({ table, fromUs, untilUs }: Question & { kind: 'arrange' }): Promise<number> {
    this.#appender.forget();
    const isOver = (): boolean => this.#isClosing;
    this.#isArranging = true;
    try {
      return await arrangePart(this.#database, { table, fromUs, untilUs, isOver });
    } catch (error) {
      if (!this.#isClosing) throw error;
      throw new StoreError('STORE_AWAY', `arranging ${table.name} was cut off`, { cause: error });
    } finally {
      this.#isArranging = false;
    }
  }

  async #parts(table: TableDeclaration): Promise<readonly TablePart[]> {
    await this.#check(table);
    const rows = await rowsOf(
      this.#database.writer,
      `SELECT epoch_us(date_trunc('${table.partition}', ${quoted(table.time)})) AS part, count(*)
       FROM ${quoted(table.name)} GROUP BY part ORDER BY part`,
    );
    return rows.map(([part, count]) => {
      const fromUs = Number(part);
      const untilUs = nextPartStart(table.partition, fromUs);
      // Parts share blocks of the file: none has bytes of its own.
      return { fromUs, untilUs, rows: Number(count), bytes: Number.NaN };
    });
  }

  async #check(table: TableDeclaration): Promise<void> {
    checkColumns(table, (await this.#database.columnsOf([table.name])).get(table.name));
  }

  async #status(): Promise<StoreStatus> {
    const { writer, native, file } = this.#database;
    const names = await rowsOf(
      writer,
      `SELECT table_name, column_name FROM duckdb_columns()
       SEMI JOIN duckdb_tables() USING (table_oid)
       WHERE database_name = current_database() AND schema_name = 'main' AND column_index = 1
       ORDER BY table_name`,
    );
    const tables: TableStatus[] = [];
    for (const [name, time] of names) tables.push(await this.#tableStatus(String(name), time));
    return { place: `DuckDB ${native.vectors.library_version().slice(1)}, ${file}`, tables };
  }

  /** Our tables begin with their time; of another's, only its rows are known. */
  async #tableStatus(name: string, time: unknown): Promise<TableStatus> {
    const { writer } = this.#database;
    const identifier = `"${name.replaceAll('"', '""')}"`;
    const column = `"${String(time).replaceAll('"', '""')}"`;
    const [row = []] = await rowsOf(
      writer,
      `SELECT count(*), epoch_us(min(${column})), epoch_us(max(${column})) FROM ${identifier}`,
    ).catch(() => rowsOf(writer, `SELECT count(*) FROM ${identifier}`));
    const [blocks = []] = await rowsOf(
      writer,
      `SELECT count(DISTINCT block_id) FROM pragma_storage_info('${name.replaceAll("'", "''")}')
       WHERE block_id >= 0`,
    );
    return {
      name,
      rows: Number(row[0]),
      firstUs: typeof row[1] === 'bigint' ? Number(row[1]) : Number.NaN,
      lastUs: typeof row[2] === 'bigint' ? Number(row[2]) : Number.NaN,
      bytes: Number(blocks[0]) * BLOCK_BYTES,
    };
  }

  async #open(number: number, open: () => Promise<Reader>): Promise<Answer> {
    if (this.#readers.size >= READERS_MAX) {
      throw new StoreError('STORE_REFUSED', `${READERS_MAX} readers are open; close some`);
    }
    // What was asked for before is what a reader finds.
    await this.#changing;
    this.#readers.set(number, { reader: await open(), fetching: Promise.resolve() });
    return { kind: 'done' };
  }

  async #next(number: number): Promise<Answer> {
    const open = this.#readers.get(number);
    if (open === undefined) throw new StoreError('STORE_AWAY', 'the reader is closed');
    const fetching = open.reader.next();
    open.fetching = fetching.catch(() => undefined);
    const answer = await fetching;
    if (answer.kind === 'end') await this.#closeReader(number);
    return answer;
  }

  async #closeReader(number: number): Promise<Answer> {
    const open = this.#readers.get(number);
    if (open === undefined || !this.#readers.delete(number)) return { kind: 'done' };
    open.reader.interrupt();
    await open.fetching;
    open.reader.close();
    return { kind: 'done' };
  }

  async #close(): Promise<Answer> {
    await Promise.all([...this.#readers.keys()].map((number) => this.#closeReader(number)));
    await this.#database.checkpoint();
    this.#database.close();
    return { kind: 'done' };
  }
}

interface OpenReader {
  readonly reader: Reader;
  /** Its last fetch, whatever came of it. */
  fetching: Promise<unknown>;
}
