import { MINUTE } from '../../core/time.ts';
import type { Clock, Timers } from '../../ports/clock.ts';
import { SilenceWatch } from '../socket/silence-watch.ts';
import type { FeedCounts } from '../wire/feed-counts.ts';
import { RETOLD_US } from '../wire/trade-window.ts';
import type { MarketHistory } from './market-history.ts';

export interface MuteWatchOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly history: MarketHistory;
  readonly silenceMsMax: number;
  readonly isSessionOpen: () => boolean;
  /** Symbols whose trades and quotes come. */
  readonly slots: () => readonly string[];
  /** Some of the symbols whose bars come. */
  readonly sample: readonly string[];
  /** Venue time of the last trade that came. */
  readonly tradeUsOf: (name: string) => number;
  /** Start of the newest bar that came; NaN before one. */
  readonly barUs: () => number;
  readonly onMute: (reason: string) => void;
}

/** The share of the time that is waited; the rest is for asking. */
const WAIT_SHARE = 0.8;
/** A minute's bars come right after it; a venue may take a few seconds. */
const BARS_US_MAX = MINUTE + 15_000_000;
/** What the venue traded just now may still be on its way, in wall time. */
const FLIGHT_MS = 300;

/**
 * Finds a connection that answers pings and sends no data (RELIABILITY D2). Silence alone is no
 * proof: a quiet market is silent too. So the venue is asked by REST whether it knows of trades
 * that we do not; only then, or where it cannot be asked in time, is the connection given up.
 */
export class MuteWatch {
  readonly #options: MuteWatchOptions;
  readonly #ticks: SilenceWatch;
  readonly #bars: SilenceWatch;
  #seenTicks = 0;
  #seenBars = 0;
  /** Counts lives, so that an answer that comes late concerns nobody. */
  #life = 0;

  constructor(options: MuteWatchOptions) {
    this.#options = options;
    const { clock, timers, silenceMsMax, isSessionOpen, slots } = options;
    const waitMs = silenceMsMax * WAIT_SHARE;
    this.#ticks = new SilenceWatch({
      clock,
      timers,
      limitMs: () => waitMs,
      isExpected: () => isSessionOpen() && slots().length > 0,
      onSilent: () => this.#ask('trades and quotes', slots(), (us, name) => this.#isNews(us, name)),
    });
    this.#bars = new SilenceWatch({
      clock,
      timers,
      limitMs: () => Math.max(waitMs, BARS_US_MAX / 1_000 / clock.speed),
      isExpected: isSessionOpen,
      onSilent: () => this.#ask('bars', options.sample, (us) => this.#isBarOwed(us)),
    });
  }

  begin(): void {
    this.#ticks.begin();
    this.#bars.begin();
  }

  end(): void {
    this.#life += 1;
    this.#ticks.end();
    this.#bars.end();
  }

  /** A frame came with something in it. */
  heard(counts: FeedCounts): void {
    const ticks = counts.trades + counts.quotes;
    if (ticks !== this.#seenTicks) this.#ticks.heard();
    if (counts.bars !== this.#seenBars) this.#bars.heard();
    this.#seenTicks = ticks;
    this.#seenBars = counts.bars;
  }

  #ask(
    what: string,
    names: readonly string[],
    proves: (us: number, name: string) => boolean,
  ): void {
    const { history, timers, silenceMsMax, onMute } = this.#options;
    if (names.length === 0) return;
    const life = this.#life;
    const seen = this.#seenTicks + this.#seenBars;
    const isCurrent = () => life === this.#life && seen === this.#seenTicks + this.#seenBars;
    const giveUp = new AbortController();
    const cut = (reason: string) => {
      deadline.cancel();
      giveUp.abort();
      if (isCurrent()) onMute(reason);
    };
    const deadline = timers.after(silenceMsMax * (1 - WAIT_SHARE), () =>
      cut(`no ${what}, and the venue could not be asked`),
    );
    history.latestTrades(names, giveUp.signal).then(
      (latest) => {
        deadline.cancel();
        const isMute = [...latest].some(([name, us]) => proves(us, name));
        if (isMute) cut(`mute: the venue has ${what} that we do not`);
      },
      () => cut(`no ${what}, and the venue could not be asked`),
    );
  }

  #isNews(us: number, name: string): boolean {
    const { clock, tradeUsOf } = this.#options;
    // The trade that came last is no news, though a stream may have cut its time.
    const isNew = us > tradeUsOf(name) + RETOLD_US;
    return isNew && us < clock.nowUs() - FLIGHT_MS * 1_000 * clock.speed;
  }

  /** Traded in a minute that is over, after the newest bar's: its bar should have come. */
  #isBarOwed(us: number): boolean {
    const { clock, barUs } = this.#options;
    const newestUs = barUs();
    const nowUs = clock.nowUs();
    const isAfter = newestUs !== newestUs || us >= newestUs + MINUTE;
    return isAfter && us < nowUs - BARS_US_MAX + MINUTE && nowUs - us < 10 * MINUTE;
  }
}
