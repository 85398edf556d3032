import { assert } from '../../core/assert.ts';
import { SECOND } from '../../core/time.ts';

export interface QuoteRow {
  /** Its number among all quotes: the second half of its place in time. */
  readonly number: number;
  readonly us: number;
  /** 0 where the side is absent. */
  readonly bid: number;
  readonly bidSize: number;
  readonly ask: number;
  readonly askSize: number;
  readonly exchange: number;
}

/** The last quotes of all symbols together; each knows the one before it of its symbol. */
export class QuoteRing {
  readonly quotesMax: number;
  #count = 0;
  readonly #last: Float64Array;
  readonly #before: Float64Array;
  /** Time, bid, its size, ask, its size, exchange. */
  readonly #values: Float64Array;
  /** The same by symbol, kept when the ring has moved on. */
  readonly #latest: Float64Array;

  constructor(symbols: number, quotesMax: number) {
    assert(quotesMax > 0, 'a ring has room');
    this.quotesMax = quotesMax;
    this.#last = new Float64Array(symbols).fill(-1);
    this.#latest = new Float64Array(symbols * WIDTH);
    this.#before = new Float64Array(quotesMax);
    this.#values = new Float64Array(quotesMax * WIDTH);
  }

  /** Quotes since the beginning; the number of the next. */
  get count(): number {
    return this.#count;
  }

  add(
    symbol: number,
    us: number,
    bid: number,
    bidSize: number,
    ask: number,
    askSize: number,
    exchange: number,
  ): void {
    const at = symbol * WIDTH;
    const latest = this.#latest;
    latest[at] = us;
    latest[at + 1] = bid;
    latest[at + 2] = bidSize;
    latest[at + 3] = ask;
    latest[at + 4] = askSize;
    latest[at + 5] = exchange;
    const place = this.#count % this.quotesMax;
    for (let part = 0; part < WIDTH; part += 1) {
      this.#values[place * WIDTH + part] = latest[at + part] ?? 0;
    }
    this.#before[place] = this.#last[symbol] ?? -1;
    this.#last[symbol] = this.#count;
    this.#count += 1;
  }

  latest(symbol: number): QuoteRow | undefined {
    return this.#latest[symbol * WIDTH] === 0 ? undefined : rowOf(this.#latest, symbol, 0);
  }

  /** The symbol's quotes of a span, both ends included, by time and then number. */
  read(symbol: number, fromUs: number, toUs: number): readonly QuoteRow[] {
    const rows: QuoteRow[] = [];
    const oldest = this.#count - this.quotesMax;
    for (let number = this.#last[symbol] ?? -1; number >= 0 && number >= oldest;) {
      const place = number % this.quotesMax;
      const us = this.#values[place * WIDTH] ?? 0;
      if (us < fromUs - SECOND) break;
      if (us >= fromUs && us <= toUs) rows.push(rowOf(this.#values, place, number));
      number = this.#before[place] ?? -1;
    }
    return rows.toSorted((left, right) => left.us - right.us || left.number - right.number);
  }
}

const WIDTH = 6;

function rowOf(values: Float64Array, place: number, number: number): QuoteRow {
  const at = place * WIDTH;
  return {
    number,
    us: values[at] ?? 0,
    bid: values[at + 1] ?? 0,
    bidSize: values[at + 2] ?? 0,
    ask: values[at + 3] ?? 0,
    askSize: values[at + 4] ?? 0,
    exchange: values[at + 5] ?? 0,
  };
}
