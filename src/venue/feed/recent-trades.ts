/** Trades of the last while, so that a correction can name the id of its trade. */
export class RecentTrades {
  readonly #symbol = new Int32Array(TRADES_MAX);
  readonly #us = new Float64Array(TRADES_MAX);
  readonly #price = new Float64Array(TRADES_MAX);
  readonly #id = new Float64Array(TRADES_MAX);
  #count = 0;

  add(symbol: number, us: number, price: number, id: number): void {
    const at = this.#count % TRADES_MAX;
    this.#count += 1;
    this.#symbol[at] = symbol;
    this.#us[at] = us;
    this.#price[at] = price;
    this.#id[at] = id;
  }

  /** The id of a trade; 0 where it is too long ago. Corrections are rare, so it may search. */
  find(symbol: number, us: number, price: number): number {
    const oldest = Math.max(0, this.#count - TRADES_MAX);
    for (let place = this.#count - 1; place >= oldest; place -= 1) {
      const at = place % TRADES_MAX;
      if (this.#symbol[at] !== symbol || this.#us[at] !== us) continue;
      if (this.#price[at] === price) return this.#id[at] ?? 0;
    }
    return 0;
  }
}

/** Corrections come within twenty seconds; ten thousand symbols trade 3,000 times in one. */
const TRADES_MAX = 65_536;
