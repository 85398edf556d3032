import { assert } from '../../core/assert.ts';
import { SECOND } from '../../core/time.ts';
import { TRADE_SUSPICIOUS, TRADE_VOLUME } from '../../domain/market/event-batch.ts';
import { correctedId } from './wire-codes.ts';

/** What became of a trade (venues.md 5: trade rows can carry `u`). */
export const MARK_CANCELED = 1;
export const MARK_INCORRECT = 2;
export const MARK_CORRECTED = 3;

export interface TradeRow {
  /** Its number among all trades: the second half of its place in time. */
  readonly number: number;
  readonly us: number;
  readonly price: number;
  readonly size: number;
  readonly id: number;
  readonly flags: number;
  readonly exchange: number;
  readonly mark: number;
}

/** The last trades of all symbols together; each knows the one before it of its symbol. */
export class TradeRing {
  readonly tradesMax: number;
  /** Corrections of trades that are no longer here. */
  unknown = 0;
  #count = 0;
  readonly #last: Float64Array;
  readonly #before: Float64Array;
  readonly #us: Float64Array;
  readonly #price: Float64Array;
  readonly #size: Float64Array;
  readonly #id: Float64Array;
  readonly #flags: Uint16Array;
  readonly #exchange: Uint8Array;
  readonly #mark: Uint8Array;
  /** By symbol: the last trade that counts, kept when the ring has moved on. */
  readonly #latest: Float64Array;

  constructor(symbols: number, tradesMax: number) {
    assert(tradesMax > 0, 'a ring has room');
    this.tradesMax = tradesMax;
    this.#last = new Float64Array(symbols).fill(-1);
    this.#latest = new Float64Array(symbols * LATEST_WIDTH);
    this.#before = new Float64Array(tradesMax);
    this.#us = new Float64Array(tradesMax);
    this.#price = new Float64Array(tradesMax);
    this.#size = new Float64Array(tradesMax);
    this.#id = new Float64Array(tradesMax);
    this.#flags = new Uint16Array(tradesMax);
    this.#exchange = new Uint8Array(tradesMax);
    this.#mark = new Uint8Array(tradesMax);
  }

  /** Rows since the beginning; the number of the next. */
  get count(): number {
    return this.#count;
  }

  add(
    symbol: number,
    us: number,
    price: number,
    size: number,
    id: number,
    flags: number,
    exchange: number,
  ): void {
    this.#append(symbol, us, price, size, id, flags, exchange, 0);
    if ((flags & TRADE_SUSPICIOUS) !== 0 || (flags & TRADE_VOLUME) === 0) return;
    const latest = this.#latest;
    const at = symbol * LATEST_WIDTH;
    latest[at] = us;
    latest[at + 1] = price;
    latest[at + 2] = size;
    latest[at + 3] = id;
    latest[at + 4] = flags;
    latest[at + 5] = exchange;
  }

  /**
   * Marks the trade; a correction with a size also adds the row that counts instead. Answers the
   * id of the trade that it is about, or -1 where that is no longer here.
   */
  correct(
    symbol: number,
    us: number,
    price: number,
    size: number,
    newPrice: number,
    newSize: number,
  ): number {
    const number = this.#find(symbol, us, price, size);
    if (number < 0) {
      this.unknown += 1;
      return -1;
    }
    const at = number % this.tradesMax;
    this.#mark[at] = newSize === 0 ? MARK_CANCELED : MARK_INCORRECT;
    const id = this.#id[at] ?? 0;
    if (newSize > 0) {
      const [flags, exchange] = [this.#flags[at] ?? 0, this.#exchange[at] ?? 0];
      const newId = correctedId(id);
      this.#append(symbol, us, newPrice, newSize, newId, flags, exchange, MARK_CORRECTED);
    }
    return id;
  }

  latest(symbol: number): TradeRow | undefined {
    const at = symbol * LATEST_WIDTH;
    const latest = this.#latest;
    const us = latest[at] ?? 0;
    if (us === 0) return undefined;
    return {
      number: 0,
      us,
      price: latest[at + 1] ?? 0,
      size: latest[at + 2] ?? 0,
      id: latest[at + 3] ?? 0,
      flags: latest[at + 4] ?? 0,
      exchange: latest[at + 5] ?? 0,
      mark: 0,
    };
  }

  /** The symbol's trades of a span, both ends included, by time and then number. */
  read(symbol: number, fromUs: number, toUs: number): readonly TradeRow[] {
    const rows: TradeRow[] = [];
    for (let number = this.#last[symbol] ?? -1; this.#isHere(number);) {
      const at = number % this.tradesMax;
      const us = this.#us[at] ?? 0;
      // Trades come nearly in time order; corrected rows stand where they were corrected.
      if (us < fromUs - SECOND && this.#mark[at] !== MARK_CORRECTED) break;
      if (us >= fromUs && us <= toUs) rows.push(this.#row(number));
      number = this.#before[at] ?? -1;
    }
    return rows.toSorted((left, right) => left.us - right.us || left.number - right.number);
  }

  #append(
    symbol: number,
    us: number,
    price: number,
    size: number,
    id: number,
    flags: number,
    exchange: number,
    mark: number,
  ): void {
    const at = this.#count % this.tradesMax;
    this.#before[at] = this.#last[symbol] ?? -1;
    this.#us[at] = us;
    this.#price[at] = price;
    this.#size[at] = size;
    this.#id[at] = id;
    this.#flags[at] = flags;
    this.#exchange[at] = exchange;
    this.#mark[at] = mark;
    this.#last[symbol] = this.#count;
    this.#count += 1;
  }

  #isHere(number: number): boolean {
    return number >= 0 && number >= this.#count - this.tradesMax;
  }

  #find(symbol: number, us: number, price: number, size: number): number {
    for (let number = this.#last[symbol] ?? -1; this.#isHere(number);) {
      const at = number % this.tradesMax;
      const isIt = this.#us[at] === us && this.#price[at] === price && this.#size[at] === size;
      if (isIt && this.#mark[at] === 0) return number;
      number = this.#before[at] ?? -1;
    }
    return -1;
  }

  #row(number: number): TradeRow {
    const at = number % this.tradesMax;
    return {
      number,
      us: this.#us[at] ?? 0,
      price: this.#price[at] ?? 0,
      size: this.#size[at] ?? 0,
      id: this.#id[at] ?? 0,
      flags: this.#flags[at] ?? 0,
      exchange: this.#exchange[at] ?? 0,
      mark: this.#mark[at] ?? 0,
    };
  }
}

const LATEST_WIDTH = 6;
