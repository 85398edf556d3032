import { assert } from '../../core/assert.ts';
import { barFault, type BarFault } from './bar-fault.ts';
import type { IndicatorSet } from './indicator-set.ts';
import { START_US } from './indicator.ts';

export type TableFault =
  | BarFault
  | { readonly field: 'symbol'; readonly value: string; readonly expected: string };

/**
 * A set of indicators over many symbols in one block of memory, for callers who were sent their
 * bars: what is wrong with one is answered, and then nothing has changed.
 */
export class IndicatorTable {
  readonly set: IndicatorSet;
  /** One stride of `set.width` doubles a symbol, in the order of their names. */
  readonly values: Float64Array;
  readonly #rows: ReadonlyMap<string, number>;
  readonly #lastStartUs: Float64Array;

  constructor(set: IndicatorSet, symbols: readonly string[]) {
    this.set = set;
    this.#rows = new Map(symbols.map((symbol, row) => [symbol, row]));
    assert(this.#rows.size === symbols.length, 'no symbol stands twice in a table');
    this.values = new Float64Array(symbols.length * set.width);
    this.#lastStartUs = new Float64Array(symbols.length).fill(NaN);
    for (let row = 0; row < symbols.length; row += 1) set.reset(this.values, row * set.width);
  }

  /** Takes a closed bar, or answers what is wrong with it. */
  update(symbol: string, bar: Float64Array): TableFault | undefined {
    const row = this.#rows.get(symbol);
    if (row === undefined) return { field: 'symbol', value: symbol, expected: 'a known symbol' };
    const fault = barFault(this.set.indicators, bar, this.#lastStartUs[row] ?? NaN);
    if (fault !== undefined) return fault;
    this.#lastStartUs[row] = bar[START_US] ?? NaN;
    this.set.update(this.values, row * this.set.width, bar);
    return undefined;
  }

  /** An output of a symbol: `value('BAC', 'rsi14', 'rsi')`; NaN until ready. */
  value(symbol: string, indicator: string, output: string): number {
    const row = this.#rows.get(symbol);
    assert(row !== undefined, 'the symbol is in the table');
    return this.values[row * this.set.width + this.set.output(indicator, output)] ?? NaN;
  }
}
