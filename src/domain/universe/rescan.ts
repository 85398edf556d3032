import { assert } from '../../core/assert.ts';
import { BestRows } from './best-rows.ts';
import { columnsOf, compileCondition, type RowCondition, type RowFilter } from './row-condition.ts';
import type { RowRule } from './row-rule.ts';

export interface RescanRules {
  /** All of them must hold; none lets every row pass. */
  readonly conditions: readonly RowCondition[];
  /** And all of these, after them, compiled for blocks of `RESCAN_BLOCK`. */
  readonly rules?: readonly RowRule[];
  /** The score is the sum of columns times weights: higher is better. NaN leaves the row out. */
  readonly score: readonly ScorePart[];
  /** So many of the best are kept. */
  readonly top: number;
  /** Doubles of a row. */
  readonly stride: number;
}

export interface ScorePart {
  /** Slot in the row's stride. */
  readonly column: number;
  readonly weight: number;
}

/** Rows looked at together: what is read of so many stays in the nearest caches. */
export const RESCAN_BLOCK = 256;

/**
 * The best rows of a universe by rules that are compiled once. Reads the table where it lies, one
 * condition after the other over the rows of a block that are left, and allocates nothing.
 */
export class Rescan {
  /** Rows that held every condition and had a score in the last run. */
  passed = 0;
  readonly #best: BestRows;
  readonly #filters: readonly RowFilter[];
  readonly #scored: Int32Array;
  readonly #weights: Float64Array;
  readonly #stride: number;
  /** Where the rows of a block begin, counted from the block's beginning. */
  readonly #all: Int32Array;
  /** Those of them that have held every condition so far. */
  readonly #left = new Int32Array(RESCAN_BLOCK);

  constructor({ conditions, rules = [], score, top, stride }: RescanRules) {
    const columns = [
      ...conditions.flatMap(columnsOf),
      ...rules.flatMap((rule) => rule.columns),
      ...score.map(({ column }) => column),
    ];
    const isSlot = (column: number) => Number.isInteger(column) && column >= 0 && column < stride;
    assert(columns.every(isSlot), 'a column is a slot of the row');
    assert(score.length > 0, 'a score is made of something');
    this.#best = new BestRows(top);
    this.#filters = [...conditions.map(compileCondition), ...rules.map(({ filter }) => filter)];
    this.#scored = Int32Array.from(score, ({ column }) => column);
    this.#weights = Float64Array.from(score, ({ weight }) => weight);
    this.#stride = stride;
    this.#all = Int32Array.from({ length: RESCAN_BLOCK }, (_, row) => row * stride);
  }

  /** How many of the best there are, `top` at most: the first so many of `rows` and `scores`. */
  get count(): number {
    return this.#best.count;
  }

  /** Best first; equal scores go to the lower row. */
  get rows(): Int32Array {
    return this.#best.rows;
  }

  get scores(): Float64Array {
    return this.#best.scores;
  }

  /** Looks at so many rows, one stride after the other from the beginning of `values`. */
  run(values: Float64Array, rows: number): void {
    const stride = this.#stride;
    assert(rows * stride <= values.length, 'all rows lie in their table');
    this.#best.count = 0;
    this.passed = 0;
    for (let first = 0; first < rows; first += RESCAN_BLOCK) {
      const base = first * stride;
      let count = Math.min(RESCAN_BLOCK, rows - first);
      let from = this.#all;
      for (const filter of this.#filters) {
        count = filter(values, base, from, this.#left, count);
        from = this.#left;
      }
      for (let place = 0; place < count; place += 1) this.#offer(values, base + (from[place] ?? 0));
    }
    this.#best.sort();
  }

  #offer(values: Float64Array, at: number): void {
    let score = 0;
    for (let part = 0; part < this.#scored.length; part += 1) {
      const value = values[at + (this.#scored[part] ?? 0)] ?? NaN;
      score += value * (this.#weights[part] ?? NaN);
    }
    if (score !== score) return;
    this.passed += 1;
    this.#best.offer(at / this.#stride, score);
  }
}
