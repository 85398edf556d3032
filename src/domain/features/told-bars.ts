/** Closed bars that somebody is yet to be told of, when all of one moment are closed. */
export class ToldBars {
  readonly #symbols: number[] = [];
  readonly #timeframes: string[] = [];
  readonly #endsUs: number[] = [];

  add(symbol: number, timeframe: string, endUs: number): void {
    this.#symbols.push(symbol);
    this.#timeframes.push(timeframe);
    this.#endsUs.push(endUs);
  }

  /** In the order in which they were added; then there is none any more. */
  tell(to: (symbol: number, timeframe: string, endUs: number) => void): void {
    for (let bar = 0; bar < this.#symbols.length; bar += 1) {
      to(this.#symbols[bar] ?? -1, this.#timeframes[bar] ?? '', this.#endsUs[bar] ?? Number.NaN);
    }
    this.#symbols.length = 0;
    this.#timeframes.length = 0;
    this.#endsUs.length = 0;
  }
}
