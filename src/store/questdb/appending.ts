import { StoreError } from '../../ports/store-error.ts';
import type { Appended, RefusedRow, RowBatch } from '../../ports/time-series.ts';
import { refusedRows } from '../tables/refused-rows.ts';
import { refusal } from './http.ts';
import { LineSender } from './line-sender.ts';
import type { QuestDbPlace } from './place.ts';
import { rowWriter } from './row-writer.ts';
import type { Schema } from './schema.ts';

/** Of one request; several of them are several transactions. */
const REQUEST_BYTES = 1 << 22;
/** The client takes about 5 us for a row: after so many, others have their turn. */
const ROWS_A_SLICE = 128;
const BYTES_A_SLICE = 1 << 17;
/** More than these is no fault of rows. */
const REFUSED_MAX = 1_000;
/** The server's word on what it was sent, not on us: 413 is "too much at once". */
const ROW_FAULTS: ReadonlySet<number> = new Set([400, 413]);

interface Work {
  readonly batch: RowBatch;
  readonly write: ReturnType<typeof rowWriter>;
  /** The rows that may be sent, and which they are in the batch. */
  readonly rows: Uint32Array;
  readonly refused: RefusedRow[];
  isSchemaSure: boolean;
}

/** One batch after the other, each until its fate is known. */
export class Appending {
  readonly #place: QuestDbPlace;
  readonly #schema: Schema;
  readonly #sender: LineSender;
  readonly #sure = new Set<string>();
  #sureOfConnection = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(place: QuestDbPlace, schema: Schema) {
    this.#place = place;
    this.#schema = schema;
    this.#sender = new LineSender(place);
  }

  append(batch: RowBatch): Promise<Appended> {
    const appended = this.#last.then(() => this.#append(batch));
    this.#last = appended.catch(() => {});
    return appended;
  }

  /** What was given before is sent first. */
  async close(): Promise<void> {
    await this.#last;
    this.#sender.close();
  }

  async #append(batch: RowBatch): Promise<Appended> {
    const refused = [...refusedRows(batch)];
    const rows = rowsLeft(batch.rows, refused);
    await this.#requireSchema(batch);
    const work: Work = { batch, write: rowWriter(batch), rows, refused, isSchemaSure: false };
    for (let from = 0; from < rows.length;) from = await this.#sendSome(work, from);
    return {
      accepted: batch.rows - refused.length,
      refused: refused.toSorted((left, right) => left.row - right.row),
    };
  }

  /** Answers where the next request begins. */
  async #sendSome(work: Work, from: number): Promise<number> {
    const until = await this.#write(work, from, work.rows.length);
    const { status } = await this.#send(work, from, until);
    if (status !== 204) await this.#findRefused(work, from, until, status);
    return until;
  }

  async #send(work: Work, from: number, until: number): Promise<{ readonly status: number }> {
    const connection = this.#sender.connections;
    const sent = await this.#sender.send();
    if (sent.kind === 'answered') return sent;
    if (this.#sender.connections === connection) return { status: 204 };
    // The connection broke just before: these rows may stand in a table that they made themselves.
    this.#sureOfConnection = 0;
    if (await this.#requireSchema(work.batch)) return { status: 204 };
    await this.#write(work, from, until);
    return await this.#send(work, from, until);
  }

  /** Halves what was refused until the rows at fault are found; the others are sent. */
  async #findRefused(work: Work, from: number, until: number, status: number): Promise<void> {
    if (!ROW_FAULTS.has(status) || until - from === 1) {
      return await this.#askWhy(work, from, until - from === 1);
    }
    if (!work.isSchemaSure) {
      // A table that was altered meanwhile refuses every row, and none of them is at fault.
      this.#sure.clear();
      await this.#requireSchema(work.batch);
      work.isSchemaSure = true;
    }
    const middle = (from + until) >> 1;
    for (const [start, end] of [[from, middle] as const, [middle, until] as const]) {
      await this.#write(work, start, end);
      const answer = await this.#send(work, start, end);
      if (answer.status !== 204) await this.#findRefused(work, start, end, answer.status);
    }
  }

  /** One row again, for the reason. */
  async #askWhy(work: Work, at: number, isAlone: boolean): Promise<void> {
    await this.#write(work, at, at + 1);
    const answer = await this.#sender.askWhy();
    if (answer.status === 204) {
      if (isAlone) return;
      throw new StoreError('STORE_AWAY', `QuestDB at ${this.#place.text} refused and took again`);
    }
    const error = refusal(this.#place, answer);
    if (!ROW_FAULTS.has(answer.status)) throw error;
    work.refused.push({ row: work.rows[at] ?? 0, reason: error.message });
    if (work.refused.length > REFUSED_MAX) {
      throw new StoreError('STORE_REFUSED', `more than ${REFUSED_MAX} rows; ${error.message}`);
    }
  }

  /** False where something was missing, and was made. */
  async #requireSchema({ table }: RowBatch): Promise<boolean> {
    const sender = this.#sender;
    if (!sender.isConnected) await sender.touch();
    if (this.#sureOfConnection !== sender.connections) {
      this.#sure.clear();
      this.#sureOfConnection = sender.connections;
    }
    // The declaration too: a later build's has columns that were not looked for.
    const name = `${table.name} ${table.columns.length}`;
    if (this.#sure.has(name)) return true;
    const wasRight = await this.#schema.require(table);
    this.#sure.add(name);
    return wasRight;
  }

  /** Answers the first row that did not fit into the request. */
  async #write(work: Work, from: number, until: number): Promise<number> {
    const { buffer } = this.#sender;
    // A row that the client threw at would poison all that come after it.
    buffer.reset();
    let sliceBytes = 0;
    let at = from;
    for (; at < until && buffer.currentPosition() < REQUEST_BYTES; at += 1) {
      work.write(buffer, work.rows[at] ?? 0);
      const bytes = buffer.currentPosition() - sliceBytes;
      if ((at - from) % ROWS_A_SLICE !== ROWS_A_SLICE - 1 && bytes < BYTES_A_SLICE) continue;
      sliceBytes = buffer.currentPosition();
      await new Promise((resolve) => setImmediate(resolve));
    }
    return at;
  }
}

function rowsLeft(rows: number, refused: readonly RefusedRow[]): Uint32Array {
  const left = new Uint32Array(rows - refused.length);
  let next = 0;
  let count = 0;
  for (let row = 0; row < rows; row += 1) {
    if (refused[next]?.row === row) next += 1;
    else left[count++] = row;
  }
  return left;
}
