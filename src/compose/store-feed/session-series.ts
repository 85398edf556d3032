import { bytesText, plural } from '../../cli/figures.ts';
import type { RowBatch, TimeSeriesStore } from '../../ports/time-series.ts';
import type { SeriesSink, SinkCounters } from '../../store/sink/sink-types.ts';
import type { SafeMark } from './safe-mark.ts';
import type { StoreArranger } from './store-arranger.ts';
import type { StoreFeed } from './store-feed.ts';

export interface SessionSeriesOptions {
  /** Where the rows end: `DuckDB, data/store/strata.duckdb`. */
  readonly place: string;
  readonly makeFeed: (taken: (batch: RowBatch) => void, safe: number) => StoreFeed;
  readonly sink: SeriesSink;
  readonly mark: Pick<SafeMark, 'sequence' | 'move'>;
  /** Rows wait so long for company. */
  readonly flushMs: number;
  readonly drainMsMax: number;
  /** With more than this in memory, whoever makes its own time waits. */
  readonly queueBytesMax: number;
  readonly wallMs: () => number;
  /** Closed once the sink has let go of it. */
  readonly store: Pick<TimeSeriesStore, 'read' | 'close'>;
  /** Where the store is ours to put in order. */
  readonly arranger?: Pick<StoreArranger, 'look' | 'finish'>;
}

export interface SeriesHealth {
  readonly isWell: boolean;
  /** What a person should know; empty where all is well. */
  readonly reason: string;
}

/** So many batches were handed over when the session was so far. */
interface HandedOver {
  readonly offers: number;
  readonly sequence: number;
}

const ROOM_MS = 5;
/** Of the time for the drain: somebody waits for the end. */
const ARRANGE_MS_MAX = 3_000;
/** At half a second each, more than an hour in which nothing became safe. */
const HANDED_OVER_MAX = 8_192;

/**
 * The rows of a session on their way into the store. It belongs to the session, not to a service:
 * the last rows are made when the last service has stopped.
 */
export class SessionSeries {
  readonly place: string;
  readonly feed: StoreFeed;
  readonly #options: SessionSeriesOptions;
  #flushedMs: number;
  /** When rows were handed over last. */
  #rowsMs: number;
  /** Of records that the journal may not have written yet: those rows may not be true after all. */
  #held: RowBatch[] = [];
  #handedOver: HandedOver[] = [];
  #closed: Promise<string | undefined> | undefined;

  constructor(options: SessionSeriesOptions) {
    this.#options = options;
    this.place = options.place;
    const { mark, makeFeed, wallMs } = options;
    this.feed = makeFeed((batch) => void this.#held.push(batch), mark.sequence);
    this.#flushedMs = wallMs();
    this.#rowsMs = this.#flushedMs;
  }

  /** To read what earlier sessions have left there. */
  get store(): Pick<TimeSeriesStore, 'read'> {
    return this.#options.store;
  }

  get health(): SeriesHealth {
    const counters = this.#options.sink.counters();
    const { isAway, blocked, lost } = counters;
    const isWell = !isAway && lost === 0 && Object.keys(blocked).length === 0;
    return { isWell, reason: textOf(counters).join(', ') };
  }

  /**
   * Some times a second: hands over what has waited long enough. `write` puts the journal's records
   * where the end of the process does not reach them, and answers whether it could.
   */
  look(write: () => boolean): void {
    const { flushMs, wallMs } = this.#options;
    const nowMs = wallMs();
    if (nowMs - this.#flushedMs < flushMs) return;
    this.#flushedMs = nowMs;
    this.#moveMark(nowMs);
    if (!write()) return;
    this.feed.flush();
    this.#handOver();
    this.#options.arranger?.look(this.#rowsMs);
  }

  /** For whoever makes its own time: waits for room while the store takes anything. */
  async room(isOver: () => boolean): Promise<void> {
    const { sink, queueBytesMax } = this.#options;
    for (;;) {
      const { queuedBytes, isAway } = sink.counters();
      if (queuedBytes <= queueBytesMax / 2 || isAway || isOver()) return;
      await new Promise<void>((resolve) => void setTimeout(resolve, ROOM_MS));
    }
  }

  /**
   * The session has ended, and its journal is closed; where that failed, rows that it may not have
   * are forgotten. Answers what is to be told of the store; any number of times.
   */
  close(isJournalWhole: boolean): Promise<string | undefined> {
    this.#closed ??= this.#close(isJournalWhole);
    return this.#closed;
  }

  async #close(isJournalWhole: boolean): Promise<string | undefined> {
    const { sink, drainMsMax, wallMs, store, mark, arranger } = this.#options;
    const drainedMs = wallMs() + drainMsMax;
    if (isJournalWhole) {
      this.feed.finish();
      this.#handOver();
    }
    // What is not written by then is in the spool, and the next session's sink goes on with it.
    const counters = await sink.close(drainMsMax);
    if (!counters.isAway && counters.written > 0) {
      await arranger?.finish(Math.min(drainedMs, wallMs() + ARRANGE_MS_MAX));
    }
    await store.close();
    if (isJournalWhole && counters.offersSafe === counters.offers) {
      mark.move(this.feed.sequence, wallMs());
    }
    const told = textOf(counters);
    return told.length === 0 ? undefined : `store: ${told.join(', ')}`;
  }

  #handOver(): void {
    const { sink } = this.#options;
    if (this.#held.length === 0) return;
    this.#rowsMs = this.#options.wallMs();
    for (const batch of this.#held) sink.offer(batch);
    this.#held = [];
    if (this.#handedOver.length === HANDED_OVER_MAX) this.#handedOver.pop();
    this.#handedOver.push({ offers: sink.counters().offers, sequence: this.feed.sequence });
  }

  #moveMark(nowMs: number): void {
    const { offersSafe } = this.#options.sink.counters();
    const safe = this.#handedOver.findLast(({ offers }) => offers <= offersSafe);
    if (safe === undefined) return;
    this.#handedOver = this.#handedOver.filter(({ offers }) => offers > offersSafe);
    this.#options.mark.move(safe.sequence, nowMs);
  }
}

function textOf(counters: SinkCounters): readonly string[] {
  const { isAway, blocked, spooled, spooledBytes, lost, refused, damagedBytes } = counters;
  const size = bytesText(spooledBytes);
  const waiting = `${plural(spooled, 'row')} wait on the disk, ${size}`;
  const byReason = new Map<string, string>();
  for (const [table, reason] of Object.entries(blocked)) {
    const others = byReason.get(reason);
    byReason.set(reason, others === undefined ? table : `${others} ${table}`);
  }
  return [
    ...(isAway ? ['away'] : []),
    ...Array.from(byReason, ([reason, tables]) => `${tables}: ${reason}`),
    ...(spooled > 0 ? [waiting] : []),
    ...(lost > 0 ? [`${plural(lost, 'row')} lost for want of room: strata store refill`] : []),
    ...(refused > 0 ? [`${plural(refused, 'row')} refused and put aside`] : []),
    ...(damagedBytes > 0 ? [`${bytesText(damagedBytes)} of the spool damaged`] : []),
  ];
}
