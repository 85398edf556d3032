import { rowAt, type Walk } from './ten-bars.ts';

/** What keeps its state in a stride: an indicator set, or the bars' part of a feature set. */
export interface StrideSet {
  readonly width: number;
  reset(state: Float64Array, at: number): void;
  update(state: Float64Array, at: number, bar: Float64Array): void;
}

/** A set of ours over so many symbols: their strides in one block, as a family's rows have them. */
export class OwnSet {
  readonly set: StrideSet;
  readonly values: Float64Array;
  readonly #symbols: number;
  #minute = 0;

  constructor(set: StrideSet, symbols: number) {
    this.set = set;
    this.values = new Float64Array(symbols * set.width);
    this.#symbols = symbols;
    for (let symbol = 0; symbol < symbols; symbol += 1) set.reset(this.values, symbol * set.width);
  }

  /** So many bars to each symbol, round robin, read where they lie. */
  run({ bars }: Walk, minutes: number): void {
    const { set, values } = this;
    const { width } = set;
    const [symbols, until] = [this.#symbols, this.#minute + minutes];
    for (let minute = this.#minute; minute < until; minute += 1) {
      for (let symbol = 0; symbol < symbols; symbol += 1) {
        const bar = bars[rowAt(symbol, minute)];
        if (bar !== undefined) set.update(values, symbol * width, bar);
      }
    }
    this.#minute = until;
  }
}
