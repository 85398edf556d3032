import { assert } from '../../core/assert.ts';
import type { Timer } from '../../ports/clock.ts';
import type { DiskError } from '../../ports/disk.ts';
import { StoreError } from '../../ports/store-error.ts';
import type { Appended, RowBatch } from '../../ports/time-series.ts';
import { bytesOf } from './batch-bytes.ts';
import { Lane } from './lane.ts';
import { LostRows } from './lost-rows.ts';
import { Notes } from './notes.ts';
import { noteOf } from './refused-note.ts';
import {
  type SeriesSink,
  SINK_LIMITS,
  type SinkCounters,
  type SinkLimits,
  type SinkOptions,
} from './sink-types.ts';
import { type SpoolPlace, TableSpool } from './table-spool.ts';

/**
 * Stands before a store, so that who makes rows never waits for one.
 *
 * What it promises: a batch that was offered is written by the store, or stands in a file on disk,
 * no later than `spoolAfterMs` and the 100 ms between two looks after it was offered (at once where
 * the queue is full), so a crash of this process costs at most the batches of that time; what was
 * spooled survives a loss of power too once it was synced, which begins at the same look. Of a
 * table, rows are written in the order in which they were offered, and after a crash some of them a
 * second time, in the same order: a store that keeps one row of a time and keys has each once. Rows
 * the store refuses are in `refused.ndjson` with the reason. Where the spool is full too, what is
 * offered is lost, counted, and its range is in `lost.ndjson`.
 *
 * Takes up what an earlier life left in the folder.
 */
export function createSeriesSink(options: SinkOptions): SeriesSink {
  return new Sink(options);
}

/** A disk that did not take what it was given is not tried again before. */
const DISK_RETRY_MS = 1_000;
const TABLE_NAME = /^\w+$/;
const LOOKS_A_GATHERING = 2;

class Sink implements SeriesSink {
  readonly #options: SinkOptions;
  readonly #limits: SinkLimits;
  readonly #lanes = new Map<string, Lane>();
  readonly #budget: { readonly bytesMax: number; bytes: number };
  readonly #refusedNotes: Notes;
  readonly #lost: LostRows;
  #offers = 0;
  #written = 0;
  #refused = 0;
  #damagedBytes = 0;
  #queuedBytes = 0;
  #timer: Timer | undefined;
  #draining: Promise<void> | undefined;
  #isClosing = false;
  #isOver = false;
  #isBroken = false;
  #awaySinceMs = Number.NaN;
  #retryAtMs = 0;
  #backoffMs = 0;
  #diskRetryAtMs = 0;

  constructor(options: SinkOptions) {
    this.#options = options;
    const { disk, folder } = options;
    this.#limits = { ...SINK_LIMITS, ...options.limits };
    const { noteBytesMax } = this.#limits;
    this.#budget = { bytesMax: this.#limits.spoolBytesMax, bytes: 0 };
    const failed = (error: DiskError): void => this.#diskFailed(error);
    this.#refusedNotes = new Notes(disk, `${folder}/refused.ndjson`, noteBytesMax, failed);
    const lostNotes = new Notes(disk, `${folder}/lost.ndjson`, noteBytesMax, failed);
    this.#lost = new LostRows(lostNotes, options.log);
    for (const name of disk.folders(folder)) if (TABLE_NAME.test(name)) this.#lane(name);
    this.#arm();
  }

  offer(batch: RowBatch): void {
    assert(!this.#isClosing, 'nothing is offered to a sink that was closed');
    this.#offers += 1;
    if (batch.rows === 0) return;
    const atMs = this.#options.clock.wallMs();
    const bytes = bytesOf(batch);
    const { queueBytesMax } = this.#limits;
    if (this.#queuedBytes + bytes > queueBytesMax) this.#spill(Infinity);
    if (this.#queuedBytes + bytes > queueBytesMax) return this.#lost.add(batch, atMs);
    this.#lane(batch.table.name).queue({ batch, bytes, offer: this.#offers, atMs });
    this.#queuedBytes += bytes;
    this.#arm();
  }

  counters(): SinkCounters {
    const lanes = [...this.#lanes.values()];
    const nowMs = this.#options.clock.wallMs();
    const sum = (of: (lane: Lane) => number): number =>
      lanes.reduce((total, lane) => total + of(lane), 0);
    const oldest = lanes.map(({ oldestMs }) => oldestMs).filter((ms) => !Number.isNaN(ms));
    const blocked = [...this.#lanes].flatMap(([name, lane]) =>
      lane.blocked === undefined ? [] : [[name, lane.blocked] as const],
    );
    return {
      offers: this.#offers,
      offersSafe: Math.min(this.#offers, ...lanes.map(({ unsafe }) => unsafe - 1)),
      queued: sum(({ queuedRows }) => queuedRows),
      queuedBytes: this.#queuedBytes,
      spooled: sum(({ spool }) => spool.rows),
      spooledBytes: this.#budget.bytes,
      written: this.#written,
      refused: this.#refused,
      lost: this.#lost.rows,
      damagedBytes: this.#damagedBytes,
      oldestMs: oldest.length === 0 ? 0 : nowMs - Math.min(...oldest),
      isAway: !Number.isNaN(this.#awaySinceMs),
      blocked: Object.fromEntries(blocked),
      lostRanges: this.#lost.ranges,
    };
  }

  async close(msMax: number): Promise<SinkCounters> {
    assert(!this.#isClosing, 'a sink is closed once');
    this.#isClosing = true;
    this.#timer?.cancel();
    let deadline: Timer | undefined;
    const isLate = new Promise<void>((resolve) => {
      deadline = this.#options.timers.after(msMax, resolve);
    });
    await Promise.race([this.#finish(), isLate]);
    deadline?.cancel();
    // An answer that comes now changes nothing: what it is about is spooled and sent again.
    this.#isOver = true;
    this.#diskRetryAtMs = 0;
    this.#spill(Infinity);
    const nowMs = this.#options.clock.wallMs();
    for (const lane of this.#lanes.values()) {
      for (const batch of lane.abandon()) this.#lost.add(batch, nowMs);
      await lane.spool.close();
    }
    this.#queuedBytes = 0;
    await this.#refusedNotes.close();
    await this.#lost.close();
    return this.counters();
  }

  #lane(name: string): Lane {
    const known = this.#lanes.get(name);
    if (known !== undefined) return known;
    assert(TABLE_NAME.test(name), 'a table has a name as SQL has them');
    const place: SpoolPlace = {
      disk: this.#options.disk,
      folder: `${this.#options.folder}/${name}`,
      segmentBytes: this.#limits.segmentBytes,
      budget: this.#budget,
      damaged: (path, bytes, reason) => {
        this.#damagedBytes += bytes;
        this.#options.log('error', 'storeSpoolDamaged', { table: name, path, bytes, reason });
      },
      failed: (error) => this.#diskFailed(error),
    };
    const lane = new Lane(new TableSpool(place), this.#options.clock.wallMs());
    this.#lanes.set(name, lane);
    return lane;
  }

  #arm(): void {
    if (this.#timer !== undefined || this.#isClosing) return;
    if ([...this.#lanes.values()].every(({ isEmpty }) => isEmpty)) return;
    const { gatherMs, spoolAfterMs } = this.#limits;
    const lookMs = Math.min(gatherMs, spoolAfterMs) / LOOKS_A_GATHERING;
    this.#timer = this.#options.timers.after(lookMs, () => {
      this.#timer = undefined;
      this.#look();
    });
  }

  #look(): void {
    const nowMs = this.#options.clock.wallMs();
    this.#spill(nowMs - this.#limits.spoolAfterMs);
    for (const { spool } of this.#lanes.values()) void spool.sync();
    this.#lost.tell(nowMs);
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = undefined;
    });
    this.#arm();
  }

  /** Moves what came until then to disk, as far as that takes it. */
  #spill(untilMs: number): void {
    if (this.#options.clock.wallMs() < this.#diskRetryAtMs) return;
    for (const lane of this.#lanes.values()) {
      const before = lane.queuedBytes;
      const isTaken = lane.spill(untilMs);
      this.#queuedBytes += lane.queuedBytes - before;
      if (!isTaken) return;
    }
  }

  /** Sends what is due, one batch after the other, a table in turn. */
  async #drain(): Promise<void> {
    try {
      for (let lane = this.#due(); lane !== undefined; lane = this.#due()) await this.#send(lane);
    } catch (error) {
      this.#isBroken = true;
      this.#options.failed(error);
    }
  }

  /** One more time for all, whatever they wait for. */
  async #finish(): Promise<void> {
    await this.#draining;
    this.#retryAtMs = 0;
    for (const lane of this.#lanes.values()) lane.retryAtMs = 0;
    await this.#drain();
  }

  #due(): Lane | undefined {
    const nowMs = this.#options.clock.wallMs();
    if (this.#isOver || this.#isBroken || nowMs < this.#retryAtMs) return undefined;
    for (const [name, lane] of this.#lanes) {
      if (lane.isEmpty || nowMs < lane.retryAtMs || !this.#isGathered(lane, nowMs)) continue;
      // The next one begins where this one ends.
      this.#lanes.delete(name);
      this.#lanes.set(name, lane);
      return lane;
    }
    return undefined;
  }

  #isGathered(lane: Lane, nowMs: number): boolean {
    const { sendRowsMax, sendBytesMax, gatherMs } = this.#limits;
    return (
      this.#isClosing ||
      !lane.spool.isEmpty ||
      lane.queuedRows >= sendRowsMax ||
      lane.queuedBytes >= sendBytesMax ||
      nowMs - lane.oldestMs >= gatherMs
    );
  }

  async #send(lane: Lane): Promise<void> {
    const batch = lane.send(this.#limits.sendRowsMax, this.#limits.sendBytesMax);
    if (batch === undefined) return;
    let appended: Appended;
    try {
      appended = await this.#options.store.append(batch);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      lane.unsent();
      if (!this.#isOver) this.#notTaken(lane, batch.table.name, error);
      return;
    }
    if (this.#isOver) return;
    const before = lane.queuedBytes;
    lane.sent();
    this.#queuedBytes += lane.queuedBytes - before;
    this.#taken(batch, appended);
  }

  #taken(batch: RowBatch, { accepted, refused }: Appended): void {
    this.#written += accepted;
    this.#refused += refused.length;
    this.#refusedNotes.add(refused.map((row) => noteOf(batch, row)));
    const [first] = refused;
    if (first !== undefined) {
      const { reason } = first;
      const fields = { table: batch.table.name, rows: refused.length, reason };
      this.#options.log('error', 'storeRowsRefused', fields);
    }
    if (Number.isNaN(this.#awaySinceMs)) return;
    const afterMs = this.#options.clock.wallMs() - this.#awaySinceMs;
    this.#options.log('info', 'storeBack', { afterMs });
    this.#awaySinceMs = Number.NaN;
    this.#backoffMs = 0;
  }

  /** A store that is away is away for all tables; what is wrong with one is its own affair. */
  #notTaken(lane: Lane, table: string, { code, message }: StoreError): void {
    const nowMs = this.#options.clock.wallMs();
    if (code === 'STORE_AWAY' || code === 'STORE_FULL' || code === 'STORE_LOCKED') {
      this.#backoffMs = this.#longer(this.#backoffMs);
      this.#retryAtMs = this.#isClosing ? Infinity : nowMs + jittered(this.#backoffMs);
      if (!Number.isNaN(this.#awaySinceMs)) return;
      this.#awaySinceMs = nowMs;
      this.#options.log('warn', 'storeAway', { code, reason: message });
      return;
    }
    lane.backoffMs = this.#longer(lane.backoffMs);
    lane.retryAtMs = this.#isClosing ? Infinity : nowMs + jittered(lane.backoffMs);
    if (lane.blocked !== message) {
      this.#options.log('error', 'storeTableBlocked', { table, code, reason: message });
    }
    lane.blocked = message;
  }

  #longer(backoffMs: number): number {
    const { backoffMsMin, backoffMsMax } = this.#limits;
    return Math.min(Math.max(backoffMs * 2, backoffMsMin), backoffMsMax);
  }

  #diskFailed({ code, message }: DiskError): void {
    const nowMs = this.#options.clock.wallMs();
    if (nowMs >= this.#diskRetryAtMs) {
      this.#options.log('error', 'storeSpoolFailed', { code, reason: message });
    }
    this.#diskRetryAtMs = nowMs + DISK_RETRY_MS;
  }
}

/** Between half of it and all: engines that lost one store come back one after the other. */
function jittered(ms: number): number {
  return ms * (0.5 + Math.random() / 2);
}
