/** Looked through in some 70 us where there is no such trade; a bust comes within seconds. */
const TRADES_KEPT = 65_536;

export interface PastTrade {
  readonly at: number;
  readonly id: number;
  readonly exchange: number;
}

/**
 * The last trades, because a correction says when the trade was, and at which price, and not which
 * number it had. Looked through from the last one back: corrections are rare.
 */
export class PastTrades {
  readonly #kept: number;
  readonly #symbol: Int32Array;
  readonly #venueUs: Float64Array;
  readonly #id: Float64Array;
  readonly #exchange: Uint8Array;
  readonly #price: Float64Array;
  readonly #size: Float64Array;
  #next = 0;
  #count = 0;

  constructor(kept = TRADES_KEPT) {
    this.#kept = kept;
    this.#symbol = new Int32Array(kept);
    this.#venueUs = new Float64Array(kept);
    this.#id = new Float64Array(kept);
    this.#exchange = new Uint8Array(kept);
    this.#price = new Float64Array(kept);
    this.#size = new Float64Array(kept);
  }

  remember(
    symbol: number,
    venueUs: number,
    id: number,
    exchange: number,
    price: number,
    size: number,
  ): void {
    const at = this.#next;
    this.#symbol[at] = symbol;
    this.#venueUs[at] = venueUs;
    this.#id[at] = id;
    this.#exchange[at] = exchange;
    this.#price[at] = price;
    this.#size[at] = size;
    this.#next = at + 1 === this.#kept ? 0 : at + 1;
    if (this.#count < this.#kept) this.#count += 1;
  }

  find(
    symbol: number,
    venueUs: number,
    { price, size }: { readonly price: number; readonly size: number },
  ): PastTrade | undefined {
    for (let back = 1; back <= this.#count; back += 1) {
      const at = (this.#next - back + this.#kept) % this.#kept;
      if (this.#symbol[at] !== symbol || this.#venueUs[at] !== venueUs) continue;
      if (this.#price[at] !== price || this.#size[at] !== size) continue;
      return { at, id: this.#id[at] ?? 0, exchange: this.#exchange[at] ?? 0 };
    }
    return undefined;
  }

  /** A second correction names the trade as the first has left it. */
  correct(at: number, price: number, size: number): void {
    this.#price[at] = price;
    this.#size[at] = size;
  }
}
