import { Random } from '../src/core/random.ts';
import { DAY, MINUTE, SECOND } from '../src/core/time.ts';
import {
  BAR,
  BAR_FINAL,
  BAR_UPDATED,
  CHANNEL_BARS,
  CHANNEL_QUOTES,
  CHANNEL_TRADES,
  CORRECTION,
  type EventBatch,
  GAP,
  QUOTE,
  QUOTE_ASK,
  QUOTE_BID,
  TRADE,
  TRADE_HIGH_LOW,
  TRADE_REGULAR,
  TRADE_SUSPICIOUS,
  TRADE_VOLUME,
} from '../src/domain/market/event-batch.ts';
import type { MarketSource } from '../src/ports/market-source.ts';

export interface WildOptions {
  readonly seed: number;
  readonly symbols: number;
  /** Frames of a session; two sessions are played. */
  readonly frames: number;
  readonly graceUs: number;
  /** Trades as most feeds send them, or only bars of the venue of this span, or both. */
  readonly trades: boolean;
  readonly venueSpanUs?: number;
  /** Whether the venue tells bars anew. Default: yes. */
  readonly anew?: boolean;
  /** How likely a frame says that data were lost. */
  readonly lossChance?: number;
}

/** 2024-06-03, 13:30 UTC. A session here is an hour and a half. */
const OPEN_US = Date.UTC(2024, 5, 3, 13, 30) * 1_000;
const LENGTH_US = 90 * MINUTE;
const DOLLAR = 10_000;
const BOTH = QUOTE_BID | QUOTE_ASK;

interface Print {
  readonly us: number;
  readonly price: number;
  readonly size: number;
}

/**
 * A market in which everything happens that a feed can do to bars: trades late within the grace
 * and past it, ahead of our clock, out of order and two in one microsecond, beside the edges of
 * bars, of the grace and of the session; silence; corrections, busts, trades that are none or in
 * doubt; losses; bars of the venue in time, late, repeated, in disorder and told anew.
 */
export function wildMarket(options: WildOptions): MarketSource {
  const wild = new Wild(options);
  return {
    name: `wild ${options.seed}`,
    symbols: Array.from({ length: options.symbols }, (_, symbol) => {
      return { name: `S${symbol}`, assetClass: 'equity', sector: 'x', isTradable: true } as const;
    }),
    calendar: [0, DAY].map((dayUs) => {
      const [openUs, closeUs] = [OPEN_US + dayUs, OPEN_US + dayUs + LENGTH_US];
      const atUs = openUs - MINUTE;
      return {
        atUs,
        input: { kind: 'sessionChanged', phase: 'core', date: 20240603, openUs, closeUs },
      } as const;
    }),
    faults: { count: 0, first: [] },
    next: (batch) => wild.next(batch),
    close: () => undefined,
  };
}

class Wild {
  readonly #random: Random;
  readonly #options: WildOptions;
  readonly #prints: Print[][];
  readonly #toldUs: number[];
  #nowUs = OPEN_US - 30 * SECOND;
  #frames = 0;

  constructor(options: WildOptions) {
    this.#options = options;
    this.#random = new Random(options.seed);
    this.#prints = Array.from({ length: options.symbols }, () => []);
    this.#toldUs = Array.from({ length: options.symbols }, () => OPEN_US);
  }

  next(batch: EventBatch): boolean {
    const { frames } = this.#options;
    batch.clear();
    if (this.#frames === 2 * frames) return false;
    if (this.#frames === frames) this.#beginDay();
    this.#frames += 1;
    this.#pass();
    const events = 1 + this.#random.below(3);
    for (let event = 0; event < events; event += 1) this.#event(batch);
    batch.endFrame(this.#nowUs);
    return true;
  }

  #beginDay(): void {
    this.#nowUs = OPEN_US + DAY - 30 * SECOND;
    this.#toldUs.fill(OPEN_US + DAY);
    for (const prints of this.#prints) prints.length = 0;
  }

  /** Mostly a little; often to an edge of a bar or of its grace; sometimes silence. */
  #pass(): void {
    const random = this.#random;
    const meanUs = (1.8 * LENGTH_US) / this.#options.frames;
    const kind = random.unit();
    if (kind < 0.55) this.#nowUs += random.below(Math.ceil(meanUs));
    else if (kind < 0.6) this.#nowUs += random.below(3);
    else if (kind < 0.63) this.#nowUs += random.below(Math.ceil(8 * meanUs));
    else if (kind < 0.8) {
      const edgeUs = Math.ceil(this.#nowUs / MINUTE) * MINUTE;
      const about = [-1, 0, 1, this.#options.graceUs - 1, this.#options.graceUs] as const;
      const offset = random.chance(0.5)
        ? random.pick([...about, this.#options.graceUs + 1])
        : random.below(2 * this.#options.graceUs + 2);
      const us = edgeUs + offset;
      if (us > this.#nowUs && us - this.#nowUs < 20 * meanUs) this.#nowUs = us;
    }
  }

  #event(batch: EventBatch): void {
    const { trades, venueSpanUs, lossChance = 0, symbols } = this.#options;
    const random = this.#random;
    const symbol = random.below(symbols);
    if (random.chance(lossChance)) {
      const channel = random.pick([CHANNEL_TRADES, CHANNEL_QUOTES, CHANNEL_BARS]);
      batch.add(GAP, random.chance(0.2) ? -1 : symbol, this.#nowUs, channel, 0);
      return;
    }
    const kind = random.unit();
    if (kind < 0.2) return this.#quote(batch, symbol);
    if (venueSpanUs !== undefined && (!trades || kind < 0.4)) {
      return this.#venueBar(batch, symbol, venueSpanUs);
    }
    if (kind < 0.48) return this.#correction(batch, symbol);
    this.#trade(batch, symbol);
  }

  #trade(batch: EventBatch, symbol: number): void {
    const random = this.#random;
    const prints = this.#prints[symbol] ?? [];
    const last = prints.at(-1)?.us ?? this.#nowUs;
    const us = random.chance(0.1) ? last : this.#nowUs - this.#ageUs();
    const flags = random.chance(0.85)
      ? TRADE_REGULAR
      : random.pick([0, TRADE_VOLUME, TRADE_HIGH_LOW | TRADE_VOLUME, TRADE_SUSPICIOUS]);
    const event = batch.add(TRADE, symbol, us, flags, 0);
    const price = this.#price();
    const size = 1 + random.below(900);
    batch.a[event] = random.chance(0.01) ? Number.NaN : price;
    batch.b[event] = size;
    prints.push({ us, price, size });
  }

  /** How long ago it was made; negative where the venue's clock is ahead. */
  #ageUs(): number {
    const { graceUs } = this.#options;
    const random = this.#random;
    const kind = random.unit();
    if (kind < 0.5) return random.below(2_000);
    if (kind < 0.75) return random.below(graceUs + 2);
    if (kind < 0.88) return random.below(3 * graceUs + 2);
    if (kind < 0.95) return random.below(3 * MINUTE);
    return -random.below(70 * SECOND);
  }

  /** Of a trade that was told: corrected or busted. */
  #correction(batch: EventBatch, symbol: number): void {
    const random = this.#random;
    const prints = this.#prints[symbol] ?? [];
    const place = prints.length - 1 - random.below(Math.min(prints.length, 30) + 1);
    const print = prints[place];
    if (print === undefined) return this.#trade(batch, symbol);
    const event = batch.add(CORRECTION, symbol, this.#nowUs, TRADE_REGULAR, 0);
    const isBust = random.chance(0.3);
    const now = { us: print.us, price: this.#price(), size: isBust ? 0 : 1 + random.below(900) };
    batch.a[event] = print.price;
    batch.b[event] = print.size;
    batch.c[event] = now.price;
    batch.d[event] = now.size;
    batch.f[event] = print.us;
    prints[place] = now;
  }

  #quote(batch: EventBatch, symbol: number): void {
    const event = batch.add(QUOTE, symbol, this.#nowUs - this.#random.below(2_000), BOTH, 0);
    const bid = this.#price();
    batch.a[event] = bid;
    batch.b[event] = 100 * (1 + this.#random.below(9));
    batch.c[event] = bid + 100 * this.#random.below(4);
    batch.d[event] = 100 * (1 + this.#random.below(9));
  }

  /** The next of those that have ended, or one after a hole, told before, ahead, or told anew. */
  #venueBar(batch: EventBatch, symbol: number, spanUs: number): void {
    const random = this.#random;
    const toldUs = this.#toldUs[symbol] ?? OPEN_US;
    const endedUs = Math.floor(this.#nowUs / spanUs) * spanUs - spanUs;
    const kind = random.unit();
    const isAnew = kind > 0.9 && this.#options.anew !== false;
    let us = toldUs;
    if (kind < 0.05) us = Math.max(toldUs, endedUs);
    else if (kind < 0.06) us = Math.max(toldUs, endedUs + spanUs);
    else if (kind > 0.85) us -= spanUs * (1 + random.below(isAnew ? 20 : 4));
    if (us > endedUs && kind >= 0.06) return this.#quote(batch, symbol);
    const isUnfinished = random.chance(0.03);
    const flags = isUnfinished ? 0 : isAnew ? BAR_FINAL | BAR_UPDATED : BAR_FINAL;
    const event = batch.add(BAR, symbol, us, flags, 0);
    const open = this.#price();
    const close = this.#price();
    batch.a[event] = open;
    batch.b[event] = Math.max(open, close) + 100 * random.below(3);
    batch.c[event] = random.chance(0.01) ? -1 : Math.min(open, close);
    batch.d[event] = close;
    batch.e[event] = random.below(2_000);
    batch.f[event] = spanUs;
    if (us >= toldUs && flags === BAR_FINAL) this.#toldUs[symbol] = us + spanUs;
  }

  #price(): number {
    return 50 * DOLLAR + 100 * (this.#random.below(121) - 60);
  }
}
