import { PRICE_SCALE } from '../../src/core/money.ts';
import { Random } from '../../src/core/random.ts';
import { DAY, MINUTE, MS, SECOND } from '../../src/core/time.ts';
import {
  TICK_ASK,
  TICK_ASK_SIZE,
  TICK_BID,
  TICK_BID_SIZE,
  TICK_FLAGS,
  TICK_NOW_US,
  TICK_PRICE,
  TICK_SIZE,
  TICK_VENUE_US,
  TICK_WIDTH,
} from '../../src/domain/features/source.ts';
import { BAR_WIDTH } from '../../src/domain/indicators/indicator.ts';
import { TRADE_LAST, TRADE_REGULAR, TRADE_VOLUME } from '../../src/domain/market/event-batch.ts';

/**
 * What one symbol's sources hear, as a person would write it down. Prices in ten-thousandths; of
 * bars in dollars.
 */
export type QuotedEvent =
  | ({ readonly kind: 'quote'; readonly nowUs: number } & Book)
  | ({ readonly kind: 'trade'; readonly nowUs: number } & Book & Print)
  | { readonly kind: 'bar'; readonly bar: Float64Array };

export interface Book {
  readonly bid: number;
  readonly bidSize: number;
  readonly ask: number;
  readonly askSize: number;
}

interface Print {
  readonly price: number;
  readonly shares: number;
  readonly flags: number;
}

const OPENS_US = 870 * MINUTE;
const FLAGS = [TRADE_REGULAR, TRADE_REGULAR, TRADE_REGULAR, TRADE_VOLUME, TRADE_LAST, 0] as const;

export interface QuotedOptions {
  readonly bars: number;
  /** Bars of a session: then comes a night. */
  readonly sessionBars: number;
  readonly eventsPerBar: number;
}

/**
 * A market with all that happens to books and trades: locked, crossed and one-sided books, trades
 * at the middle and outside the book, conditions that count for nothing, blocks, bars without a
 * trade, nights.
 */
export function quotedMarket(seed: number, options: QuotedOptions): readonly QuotedEvent[] {
  const market = new QuotedMarket(seed);
  const events: QuotedEvent[] = [];
  for (let bar = 0; bar < options.bars; bar += 1) {
    const session = 20_000 + Math.floor(bar / options.sessionBars);
    const sinceOpenUs = (bar % options.sessionBars) * MINUTE;
    const startUs = session * DAY + OPENS_US + sinceOpenUs;
    events.push(...market.minute(startUs, options.eventsPerBar));
    events.push({ kind: 'bar', bar: market.bar(session, startUs, sinceOpenUs) });
  }
  return events;
}

class QuotedMarket {
  readonly #random: Random;
  #cents = 5_000;
  #last = 500_000;
  #volume = 0;
  #book: Book = { bid: NaN, bidSize: 0, ask: NaN, askSize: 0 };

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  minute(startUs: number, eventsMax: number): QuotedEvent[] {
    const random = this.#random;
    const count = random.chance(0.05) ? 0 : random.below(2 * eventsMax);
    const times = Array.from({ length: count }, () => startUs + this.#offset());
    return times
      .toSorted((a, b) => a - b)
      .map((nowUs) => (random.chance(0.55) ? this.#quote(nowUs) : this.#trade(nowUs)));
  }

  bar(session: number, startUs: number, sinceOpenUs: number): Float64Array {
    const bar = new Float64Array(BAR_WIDTH).fill(this.#last / PRICE_SCALE);
    bar[4] = this.#volume;
    bar[5] = session;
    bar[6] = startUs;
    bar[7] = sinceOpenUs;
    this.#volume = 0;
    return bar;
  }

  /** Whole milliseconds, often the same. */
  #offset(): number {
    const random = this.#random;
    return random.chance(0.3) ? random.below(60) * SECOND : random.below(60_000) * MS;
  }

  #quote(nowUs: number): QuotedEvent {
    const random = this.#random;
    this.#cents += random.below(7) - 3 + Math.trunc((5_000 - this.#cents) / 100);
    const bid = this.#cents * 100;
    const width = random.chance(0.1) ? random.below(3) - 1 : 1 + random.below(6);
    const hasBid = !random.chance(0.05);
    const hasAsk = !random.chance(0.05);
    this.#book = {
      bid: hasBid ? bid : NaN,
      bidSize: hasBid ? 100 * random.below(12) : 0,
      ask: hasAsk ? bid + 100 * width : NaN,
      askSize: hasAsk ? 100 * random.below(12) : 0,
    };
    return { kind: 'quote', nowUs, ...this.#book };
  }

  #trade(nowUs: number): QuotedEvent {
    const random = this.#random;
    const price = this.#cents * 100 + 50 * (random.below(16) - 3);
    const shares = random.chance(0.02) ? 1 + random.below(30_000) : 1 + random.below(300);
    const flags = FLAGS[random.below(FLAGS.length)] ?? 0;
    this.#last = price;
    this.#volume += shares;
    return { kind: 'trade', nowUs, ...this.#book, price, shares, flags };
  }
}

/** The same as small arrays, which is how sources hear it. */
export function tickOf(event: Exclude<QuotedEvent, { kind: 'bar' }>): Float64Array {
  const tick = new Float64Array(TICK_WIDTH);
  tick[TICK_VENUE_US] = event.nowUs;
  tick[TICK_NOW_US] = event.nowUs;
  tick[TICK_BID] = event.bid;
  tick[TICK_BID_SIZE] = event.bidSize;
  tick[TICK_ASK] = event.ask;
  tick[TICK_ASK_SIZE] = event.askSize;
  if (event.kind === 'quote') return tick;
  tick[TICK_PRICE] = event.price;
  tick[TICK_SIZE] = event.shares;
  tick[TICK_FLAGS] = event.flags;
  return tick;
}
