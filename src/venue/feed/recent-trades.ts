import type { EventBatch } from '../../domain/market/event-batch.ts';

export interface RecentTrade {
  readonly id: number;
  readonly us: number;
  readonly price: number;
  readonly size: number;
  readonly flags: number;
  readonly exchange: number;
}

/** Trades of the last while, so that a correction can name the id of its trade. */
export class RecentTrades {
  readonly #symbol = new Int32Array(TRADES_MAX);
  readonly #us = new Float64Array(TRADES_MAX);
  readonly #price = new Float64Array(TRADES_MAX);
  readonly #size = new Float64Array(TRADES_MAX);
  readonly #id = new Float64Array(TRADES_MAX);
  readonly #flags = new Uint16Array(TRADES_MAX);
  readonly #exchange = new Uint8Array(TRADES_MAX);
  #count = 0;

  add(batch: EventBatch, event: number): void {
    const at = this.#count % TRADES_MAX;
    this.#count += 1;
    this.#symbol[at] = batch.symbol[event] ?? 0;
    this.#us[at] = batch.venueUs[event] ?? 0;
    this.#price[at] = batch.a[event] ?? 0;
    this.#size[at] = batch.b[event] ?? 0;
    this.#id[at] = batch.c[event] ?? 0;
    this.#flags[at] = batch.flags[event] ?? 0;
    this.#exchange[at] = batch.exchange[event] ?? 0;
  }

  /** The id of a trade; 0 where it is too long ago. Corrections are rare, so it may search. */
  find(symbol: number, us: number, price: number): number {
    const at = this.#newest((slot) => {
      return this.#symbol[slot] === symbol && this.#us[slot] === us && this.#price[slot] === price;
    });
    return at < 0 ? 0 : (this.#id[at] ?? 0);
  }

  latest(symbol: number): RecentTrade | undefined {
    const at = this.#newest((slot) => this.#symbol[slot] === symbol);
    if (at < 0) return undefined;
    return {
      id: this.#id[at] ?? 0,
      us: this.#us[at] ?? 0,
      price: this.#price[at] ?? 0,
      size: this.#size[at] ?? 0,
      flags: this.#flags[at] ?? 0,
      exchange: this.#exchange[at] ?? 0,
    };
  }

  #newest(isWanted: (slot: number) => boolean): number {
    const oldest = Math.max(0, this.#count - TRADES_MAX);
    for (let place = this.#count - 1; place >= oldest; place -= 1) {
      if (isWanted(place % TRADES_MAX)) return place % TRADES_MAX;
    }
    return -1;
  }
}

/** Corrections come within twenty seconds; ten thousand symbols trade 3,000 times in one. */
const TRADES_MAX = 65_536;
