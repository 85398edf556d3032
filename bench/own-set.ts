import { BAR_WIDTH } from '../src/domain/indicators/indicator.ts';
import { barAt } from './ten-bars.ts';

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
  readonly #bar = new Float64Array(BAR_WIDTH);
  #minute = 0;

  constructor(set: StrideSet, symbols: number) {
    this.set = set;
    this.values = new Float64Array(symbols * set.width);
    this.#symbols = symbols;
    for (let symbol = 0; symbol < symbols; symbol += 1) set.reset(this.values, symbol * set.width);
  }

  /** So many bars to each symbol, round robin. The bar is copied, as a row's open bar is. */
  run(walk: Float64Array, minutes: number): void {
    const until = this.#minute + minutes;
    for (; this.#minute < until; this.#minute += 1) {
      for (let symbol = 0; symbol < this.#symbols; symbol += 1) {
        const from = barAt(symbol, this.#minute);
        for (let column = 0; column < BAR_WIDTH; column += 1) {
          this.#bar[column] = walk[from + column] ?? NaN;
        }
        this.set.update(this.values, symbol * this.set.width, this.#bar);
      }
    }
  }
}
