/** What symbols are called; `#12` for one that was never named. */
export class SymbolNames {
  readonly #names: string[] = [];

  name(symbol: number, name: string): void {
    this.#names[symbol] = name;
  }

  of(symbol: number): string {
    return this.#names[symbol] ?? `#${symbol}`;
  }
}
