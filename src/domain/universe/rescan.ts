import { assert } from '../../core/assert.ts';
import { BestRows } from './best-rows.ts';
import {
  columnsOf,
  compileConditions,
  type RowCondition,
  type RowFilter,
} from './row-condition.ts';
import type { RowRule } from './row-rule.ts';
import { SCAN_STEP, type ScanColumns } from './scan-columns.ts';

export interface RescanRules {
  /** What is looked at. */
  readonly table: ScanColumns;
  /** All of them must hold; none lets every row pass. */
  readonly conditions: readonly RowCondition[];
  /** And all of these, after them. */
  readonly rules?: readonly RowRule[];
  /** The score is the sum of columns times weights: higher is better. NaN leaves the row out. */
  readonly score: readonly ScorePart[];
  /** So many of the best are kept. */
  readonly top: number;
}

export interface ScorePart {
  /** Of the table. */
  readonly column: number;
  readonly weight: number;
}

/** Rows looked at together: what is read of so many stays in the nearest caches. */
export const RESCAN_BLOCK = 1_024;

/**
 * The best rows of a universe by rules that are compiled once. Reads the table where it lies, one
 * condition after the other over the rows of a block that are left, and allocates nothing.
 */
export class Rescan {
  /** Rows that held every condition and had a score in the last run. */
  passed = 0;
  readonly #table: ScanColumns;
  readonly #best: BestRows;
  readonly #filters: readonly RowFilter[];
  /** Where in the table the columns of the score begin. */
  readonly #scored: Int32Array;
  readonly #weights: Float64Array;
  /** Rows of a block, counted from its first. */
  readonly #all = Int32Array.from({ length: RESCAN_BLOCK }, (_, row) => row);
  /** Those of them that have held every condition so far, and the scores of those at the end. */
  readonly #left = new Int32Array(RESCAN_BLOCK + SCAN_STEP);
  readonly #scores = new Float64Array(RESCAN_BLOCK + SCAN_STEP);

  constructor({ table, conditions, rules = [], score, top }: RescanRules) {
    const columns = [
      ...conditions.flatMap(columnsOf),
      ...rules.flatMap((rule) => rule.columns),
      ...score.map(({ column }) => column),
    ];
    const { pitch, width } = table;
    const isColumn = (one: number) => Number.isInteger(one) && one >= 0 && one < width;
    assert(columns.every(isColumn), 'a rule reads columns of the table');
    assert(score.length > 0, 'a score is made of something');
    this.#table = table;
    this.#best = new BestRows(top);
    this.#filters = [
      ...compileConditions(conditions, pitch),
      ...rules.map((rule) => rule.compile(pitch, RESCAN_BLOCK)),
    ];
    this.#scored = Int32Array.from(score, ({ column }) => column * pitch);
    this.#weights = Float64Array.from(score, ({ weight }) => weight);
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

  /** Looks at all rows of the table as they are now. */
  run(): void {
    const { values, rows, rowsMax } = this.#table;
    const left = this.#left;
    this.#best.count = 0;
    this.passed = 0;
    for (let first = 0; first < rows; first += RESCAN_BLOCK) {
      let count = Math.min(RESCAN_BLOCK, rows - first);
      let from = this.#all;
      for (const filter of this.#filters) {
        count = filter(values, first, from, left, count);
        // Nobody's row: it holds nothing.
        for (let pad = 0; pad < SCAN_STEP; pad += 1) left[count + pad] = rowsMax - first;
        from = left;
      }
      this.#score(values, first, from, count);
      this.#keep(first, from, count);
    }
    this.#best.sort();
  }

  #score(values: Float64Array, first: number, from: Int32Array, count: number): void {
    const scores = this.#scores;
    scores.fill(0, 0, count + SCAN_STEP);
    for (let part = 0; part < this.#scored.length; part += 1) {
      const column = (this.#scored[part] ?? 0) + first;
      const weight = this.#weights[part] ?? NaN;
      for (let place = 0; place < count; place += 4) {
        const b = place + 1;
        const c = place + 2;
        const d = place + 3;
        scores[place] = at(scores, place) + at(values, column + (from[place] ?? 0)) * weight;
        scores[b] = at(scores, b) + at(values, column + (from[b] ?? 0)) * weight;
        scores[c] = at(scores, c) + at(values, column + (from[c] ?? 0)) * weight;
        scores[d] = at(scores, d) + at(values, column + (from[d] ?? 0)) * weight;
      }
    }
  }

  /** Most rows are not among the best: they are seen off by one comparison. */
  #keep(first: number, from: Int32Array, count: number): void {
    const scores = this.#scores;
    const best = this.#best;
    let { worst } = best;
    let passed = 0;
    for (let place = 0; place < count; place += 4) {
      const a = at(scores, place);
      const b = at(scores, place + 1);
      const c = at(scores, place + 2);
      const d = at(scores, place + 3);
      passed += Number(a === a) + Number(b === b) + Number(c === c) + Number(d === d);
      if (!(a >= worst || b >= worst || c >= worst || d >= worst)) continue;
      for (let one = place; one < place + 4; one += 1) {
        const score = at(scores, one);
        if (score >= worst) best.offer(first + (from[one] ?? 0), score);
        worst = best.worst;
      }
    }
    this.passed += passed;
  }
}

function at(values: Float64Array, place: number): number {
  return values[place] ?? NaN;
}
