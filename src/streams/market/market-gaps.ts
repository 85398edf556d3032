import { symbolId } from '../../core/ids.ts';
import { MINUTE } from '../../core/time.ts';
import {
  CHANNEL_BARS,
  CHANNEL_QUOTES,
  CHANNEL_TRADES,
  EventBatch,
  GAP,
} from '../../domain/market/event-batch.ts';
import { FetchedEvents } from './fetched-events.ts';
import { fetchGap } from './gap-fill.ts';
import type { MarketLimits, MarketOptions } from './market-options.ts';
import type { MarketOutlet } from './market-outlet.ts';
import type { MarketProtocol } from './market-protocol.ts';

/** A connection may take so long, and what was missed must still be within what is fetched. */
const CONNECT_US = 5 * MINUTE;

export interface MarketGapsParts {
  readonly market: MarketOptions;
  readonly limits: MarketLimits;
  readonly protocol: MarketProtocol;
  readonly outlet: MarketOutlet;
  readonly onBroken: (error: unknown) => void;
}

/**
 * What is known to be missing: it is said at once, fetched once there is a connection again, and
 * delivered before what came after it (RELIABILITY D6). What cannot be had stays a gap.
 */
export class MarketGaps {
  readonly #parts: MarketGapsParts;
  readonly #batch = new EventBatch(4, 1);
  /** The first minute of which a bar would have been heard; NaN before the first connection. */
  #listenedUs = Number.NaN;
  /** From when bars and trades may be missing; NaN where none are. */
  #barsFromUs = Number.NaN;
  #tradesFromUs = Number.NaN;
  /** The same of what was lost while an earlier gap is being fetched. */
  #laterBarsFromUs = Number.NaN;
  #laterTradesFromUs = Number.NaN;
  #filling: AbortController | undefined;

  constructor(parts: MarketGapsParts) {
    this.#parts = parts;
  }

  /**
   * Says that data were lost, before anything that comes later, and notes from when. What was read
   * last was `behindUs` old: what the venue had queued for us since then is gone with the rest.
   */
  mark(nowUs: number, behindUs: number): void {
    const { market, limits, outlet } = this.#parts;
    const { decoder, subscriptions } = this.#parts.protocol;
    decoder.counts.gaps += 1;
    const batch = this.#batch;
    batch.clear();
    const hasSlots = subscriptions.wanted.length > 0;
    const channels = hasSlots ? [CHANNEL_BARS, CHANNEL_TRADES, CHANNEL_QUOTES] : [CHANNEL_BARS];
    for (const channel of channels) batch.add(GAP, -1, nowUs, channel, 0);
    outlet.put(batch, nowUs);
    // Also of a connection that serves us in part: what it tells first is younger than the gap.
    outlet.hold();
    const { lastUs } = decoder.bars;
    const barsFromUs = Number.isNaN(lastUs) ? this.#listenedUs : lastUs;
    // It may have been lost for as long as it takes to find out.
    const silentUs = limits.silenceMsMax * 1_000 * market.clock.speed;
    const tradesFromUs = nowUs - Math.max(silentUs, behindUs);
    if (this.#filling !== undefined) {
      if (!Number.isNaN(this.#laterBarsFromUs)) return; // An earlier one reaches further back.
      this.#laterBarsFromUs = barsFromUs;
      this.#laterTradesFromUs = tradesFromUs;
    } else if (Number.isNaN(this.#barsFromUs)) {
      this.#barsFromUs = barsFromUs;
      this.#tradesFromUs = tradesFromUs;
    } // Else an earlier gap that is not filled yet reaches further back.
  }

  /** Before the first connection: bars from this minute on were never heard, and are fetched. */
  missedSince(us: number): void {
    const { market, limits, outlet } = this.#parts;
    const nowUs = market.clock.nowUs();
    // Older bars would warm nothing that these do not.
    const earliestUs = nowUs - limits.fillUsMax + CONNECT_US;
    this.#barsFromUs = Math.floor(Math.max(us, earliestUs) / MINUTE) * MINUTE;
    this.#tradesFromUs = nowUs;
    outlet.hold();
  }

  /** The connection is lost: what it was fetching is fetched by the next one. */
  abandon(): void {
    const filling = this.#filling;
    this.#filling = undefined;
    filling?.abort();
  }

  /** No more may wait: what has been fetched by now is all. */
  hurry(): void {
    this.#filling?.abort();
  }

  /** The venue serves us: what is missing is fetched. */
  fill(): void {
    if (Number.isNaN(this.#listenedUs)) {
      this.#listenedUs = Math.floor(this.#parts.market.clock.nowUs() / MINUTE) * MINUTE - MINUTE;
    }
    if (this.#filling !== undefined) return;
    const { market, limits, outlet, onBroken } = this.#parts;
    // Nobody listened before: what waits, waits for nothing.
    if (Number.isNaN(this.#barsFromUs)) return outlet.release();
    const { decoder, subscriptions } = this.#parts.protocol;
    const { directory, history, clock, timers } = market;
    const earliestUs = clock.nowUs() - limits.fillUsMax;
    const gap = {
      names: this.#names(),
      slots: subscriptions.served,
      barsFromUs: Math.max(this.#barsFromUs, earliestUs),
      tradesFromUs: Math.max(this.#tradesFromUs, earliestUs),
    };
    const isWhole =
      this.#barsFromUs >= earliestUs &&
      (gap.slots.length === 0 || this.#tradesFromUs >= earliestUs);
    const fetched = new FetchedEvents(directory, decoder, limits.fillEventsMax);
    const filling = new AbortController();
    this.#filling = filling;
    fetchGap({ history, fetched, clock, timers, msMax: limits.fillMsMax }, gap, filling)
      .then((failure) => {
        if (this.#filling !== filling) return;
        const isAll = isWhole && fetched.dropped === 0;
        this.#filled(fetched, failure ?? (isAll ? undefined : 'more than is fetched'));
      })
      .catch(onBroken);
  }

  /** What is wanted most first: where time runs out, that is there (venues.md 8, 22). */
  #names(): readonly string[] {
    const { directory } = this.#parts.market;
    const every = Array.from({ length: directory.size }, (_, at) => directory.nameOf(symbolId(at)));
    return [...new Set([...this.#parts.protocol.subscriptions.wanted, ...every])];
  }

  #filled(fetched: FetchedEvents, missing: string | undefined): void {
    const { market, protocol, outlet } = this.#parts;
    this.#filling = undefined;
    this.#barsFromUs = this.#laterBarsFromUs;
    this.#tradesFromUs = this.#laterTradesFromUs;
    this.#laterBarsFromUs = Number.NaN;
    this.#laterTradesFromUs = Number.NaN;
    if (missing !== undefined) {
      protocol.decoder.counts.unfilled += 1;
      market.onAlarm?.(`a gap stays: ${missing}`);
    }
    outlet.deliver(fetched);
    if (Number.isNaN(this.#barsFromUs)) outlet.release();
    else this.fill();
  }
}
