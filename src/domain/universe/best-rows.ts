import { assert } from '../../core/assert.ts';

/**
 * The best rows of those that are offered, and their scores: a heap with its worst at the root,
 * sorted when all have been seen. Equal scores go to the lower row.
 */
export class BestRows {
  readonly rows: Int32Array;
  readonly scores: Float64Array;
  count = 0;

  constructor(countMax: number) {
    assert(Number.isInteger(countMax) && countMax > 0, 'at least one row is kept');
    this.rows = new Int32Array(countMax);
    this.scores = new Float64Array(countMax);
  }

  /** A score below it would not be kept. */
  get worst(): number {
    return this.count < this.rows.length ? Number.NEGATIVE_INFINITY : (this.scores[0] ?? NaN);
  }

  /** Takes a row, or puts it in the place of the worst. A score is a number, never NaN. */
  offer(row: number, score: number): void {
    const { rows, scores, count } = this;
    if (count < rows.length) {
      this.count = count + 1;
      raise(rows, scores, count, row, score);
    } else if (isWorse(scores[0] ?? NaN, rows[0] ?? 0, score, row)) {
      sink(rows, scores, count, row, score);
    }
  }

  /** Best first. Nothing may be offered after it. */
  sort(): void {
    const { rows, scores } = this;
    for (let end = this.count - 1; end > 0; end -= 1) {
      const row = rows[end] ?? 0;
      const score = scores[end] ?? NaN;
      rows[end] = rows[0] ?? 0;
      scores[end] = scores[0] ?? NaN;
      sink(rows, scores, end, row, score);
    }
  }
}

/** Whether the first is worse: a lower score, or an equal one of a later row. */
function isWorse(score: number, row: number, other: number, otherRow: number): boolean {
  return score < other || (score === other && row > otherRow);
}

/** Puts a row at the heap's end and lets it rise while it is worse than what is above it. */
function raise(
  rows: Int32Array,
  scores: Float64Array,
  end: number,
  row: number,
  score: number,
): void {
  let place = end;
  while (place > 0) {
    const above = (place - 1) >> 1;
    const aboveRow = rows[above] ?? 0;
    const aboveScore = scores[above] ?? NaN;
    if (!isWorse(score, row, aboveScore, aboveRow)) break;
    rows[place] = aboveRow;
    scores[place] = aboveScore;
    place = above;
  }
  rows[place] = row;
  scores[place] = score;
}

/** Puts a row in the root's place, in a heap of `size`, and lets it sink while others are worse. */
function sink(
  rows: Int32Array,
  scores: Float64Array,
  size: number,
  row: number,
  score: number,
): void {
  let place = 0;
  for (;;) {
    let below = 2 * place + 1;
    if (below >= size) break;
    const right = below + 1;
    if (right < size && isWorseAt(rows, scores, right, below)) below = right;
    const belowRow = rows[below] ?? 0;
    const belowScore = scores[below] ?? NaN;
    if (!isWorse(belowScore, belowRow, score, row)) break;
    rows[place] = belowRow;
    scores[place] = belowScore;
    place = below;
  }
  rows[place] = row;
  scores[place] = score;
}

function isWorseAt(rows: Int32Array, scores: Float64Array, one: number, other: number): boolean {
  return isWorse(scores[one] ?? NaN, rows[one] ?? 0, scores[other] ?? NaN, rows[other] ?? 0);
}
