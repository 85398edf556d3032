import { present } from '../../core/assert.ts';
import type { RowBatch } from '../../ports/time-series.ts';
import { joined } from './batch-bytes.ts';
import type { TableSpool } from './table-spool.ts';

/** A batch that the store has not taken, and where it is. */
interface Waiting {
  readonly batch: RowBatch;
  readonly bytes: number;
  readonly offer: number;
  readonly atMs: number;
}

/** What is being sent; while it is, its batches stay where they are. */
interface Sending {
  readonly batch: RowBatch;
  /** Of the queue's first batches; some may have gone to the spool meanwhile. */
  queued: number;
  /** Of the spool, once they stand there. */
  spooled: number | undefined;
}

/** A batch of the spool and when it came: one of a second, for the age need be no truer. */
interface Mark {
  readonly number: number;
  readonly atMs: number;
}

const MARK_MS = 1_000;

/** The rows of one table on their way: first the spool's, then those of the queue. */
export class Lane {
  readonly spool: TableSpool;
  queuedRows = 0;
  queuedBytes = 0;
  /** Not tried again before, and why. */
  retryAtMs = 0;
  backoffMs = 0;
  blocked: string | undefined;
  readonly #queue: Waiting[] = [];
  #sending: Sending | undefined;
  #marks: Mark[] = [];

  constructor(spool: TableSpool, nowMs: number) {
    this.spool = spool;
    if (!spool.isEmpty) this.#marks.push({ number: 0, atMs: nowMs });
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0 && this.spool.isEmpty;
  }

  /** When the oldest row came; NaN where there is none. */
  get oldestMs(): number {
    const oldest = this.spool.isEmpty ? this.#queue[0] : this.#marks[0];
    return oldest?.atMs ?? Number.NaN;
  }

  /** The first offer that is in memory only; Infinity where there is none. */
  get unsafe(): number {
    return this.#queue[0]?.offer ?? Infinity;
  }

  queue(waiting: Waiting): void {
    this.#queue.push(waiting);
    this.queuedRows += waiting.batch.rows;
    this.queuedBytes += waiting.bytes;
  }

  /** Moves what came until then to disk, oldest first. False where the spool takes no more. */
  spill(untilMs: number): boolean {
    for (let first = this.#queue[0]; first !== undefined; first = this.#queue[0]) {
      if (first.atMs > untilMs) return true;
      const number = this.spool.append(first.batch);
      if (number === undefined) return false;
      this.#mark(number, first.atMs);
      const sending = this.#sending;
      if (sending !== undefined && sending.queued > 0) {
        sending.queued -= 1;
        sending.spooled = number;
      }
      this.#shift();
    }
    return true;
  }

  /** The oldest rows, of which no more than these go at once. */
  send(rowsMax: number, bytesMax: number): RowBatch | undefined {
    const head = this.spool.head(rowsMax, bytesMax);
    if (head !== undefined) {
      this.#sending = { batch: head.batch, queued: 0, spooled: head.number };
      return head.batch;
    }
    let [rows, bytes] = [0, 0];
    const table = this.#queue[0]?.batch.table;
    const some: RowBatch[] = [];
    for (const { batch, bytes: more } of this.#queue) {
      rows += batch.rows;
      bytes += more;
      const isTooMuch = rows > rowsMax || bytes > bytesMax;
      if (some.length > 0 && (isTooMuch || batch.table !== table)) break;
      some.push(batch);
    }
    if (some.length === 0) return undefined;
    this.#sending = { batch: joined(some), queued: some.length, spooled: undefined };
    return this.#sending.batch;
  }

  /** The store has it, or it was refused. */
  sent(): void {
    const { queued, spooled } = present(this.#sending, 'what was sent');
    this.#sending = undefined;
    if (spooled !== undefined) {
      this.spool.drop(spooled);
      this.#unmark(spooled);
    }
    for (let left = queued; left > 0; left -= 1) this.#shift();
    this.retryAtMs = 0;
    this.backoffMs = 0;
    this.blocked = undefined;
  }

  /** It is sent again. */
  unsent(): void {
    this.#sending = undefined;
  }

  /** What neither the store nor the spool has taken; it is nobody's any more. */
  abandon(): readonly RowBatch[] {
    const batches = this.#queue.map(({ batch }) => batch);
    for (let left = batches.length; left > 0; left -= 1) this.#shift();
    return batches;
  }

  #mark(number: number, atMs: number): void {
    const last = this.#marks.at(-1);
    if (last === undefined || atMs - last.atMs >= MARK_MS) this.#marks.push({ number, atMs });
  }

  #unmark(through: number): void {
    if (this.spool.isEmpty) this.#marks = [];
    while ((this.#marks[1]?.number ?? Infinity) <= through + 1) this.#marks.shift();
  }

  #shift(): void {
    const gone = present(this.#queue.shift(), 'a batch of the queue');
    this.queuedRows -= gone.batch.rows;
    this.queuedBytes -= gone.bytes;
  }
}
