/** Bars that wait to be told of: each once, in the order in which they came. */
export class PendingBars {
  readonly barsMax: number;
  count = 0;
  /** Bars that found no room. */
  lost = 0;
  readonly symbols: Int32Array;
  readonly startsUs: Float64Array;
  readonly #lastUs: Float64Array;

  /** Room for two bars of every symbol: a quiet half minute brings a few at most. */
  constructor(symbols: number) {
    this.barsMax = symbols * 2;
    this.symbols = new Int32Array(this.barsMax);
    this.startsUs = new Float64Array(this.barsMax);
    this.#lastUs = new Float64Array(symbols);
  }

  add(symbol: number, startUs: number): void {
    if (this.#lastUs[symbol] === startUs) return;
    if (this.count === this.barsMax) {
      this.lost += 1;
      return;
    }
    this.#lastUs[symbol] = startUs;
    this.symbols[this.count] = symbol;
    this.startsUs[this.count] = startUs;
    this.count += 1;
  }

  clear(): void {
    for (let at = 0; at < this.count; at += 1) this.#lastUs[this.symbols[at] ?? 0] = 0;
    this.count = 0;
  }
}
