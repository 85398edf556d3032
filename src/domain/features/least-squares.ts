import { assert, present } from '../../core/assert.ts';

/** A linear regression, fitted. */
export interface LeastSquares {
  readonly coefficients: Float64Array;
  /** Standard error of each coefficient. */
  readonly errors: Float64Array;
  readonly residuals: Float64Array;
  /** Sum of the squared residuals. */
  readonly squares: number;
  readonly observations: number;
}

/** A column that the others explain to this share of its length adds nothing. */
const RANK_LEAST = 1e-10;

/**
 * The coefficients with which `columns` come closest to `target`, by Householder's reflections (no
 * squares are formed, so nearly parallel columns keep their digits). Undefined where columns are
 * parallel or too long for their number.
 */
export function leastSquares(
  columns: readonly Float64Array[],
  target: Float64Array,
): LeastSquares | undefined {
  const observations = target.length;
  const count = columns.length;
  assert(count > 0, 'a regression has a column');
  assert(
    columns.every(({ length }) => length === observations),
    'columns are as long as the target',
  );
  if (observations <= count) return undefined;

  const rows = columns.map((column) => column.slice());
  const turned = target.slice();
  for (let at = 0; at < count; at += 1) {
    const column = present(rows[at], 'column');
    const whole = lengthFrom(present(columns[at], 'column'), 0);
    const length = lengthFrom(column, at);
    if (!(length > RANK_LEAST * whole)) return undefined;
    reflect(rows, turned, at, length);
  }
  const coefficients = solve(rows, turned);
  const residuals = target.map((value, row) => {
    let left = value;
    columns.forEach((column, at) => {
      left -= (column[row] ?? NaN) * (coefficients[at] ?? NaN);
    });
    return left;
  });
  const squares = residuals.reduce((sum, value) => sum + value * value, 0);
  const scale = Math.sqrt(squares / (observations - count));
  const errors = inverseLengths(rows).map((length) => scale * length);
  return { coefficients, errors, residuals, squares, observations };
}

function lengthFrom(column: Float64Array, from: number): number {
  let sum = 0;
  for (const value of column.subarray(from)) sum += value * value;
  return Math.sqrt(sum);
}

/** Turns all so that column `at` has nothing below its row `at`. */
function reflect(
  rows: readonly Float64Array[],
  turned: Float64Array,
  at: number,
  length: number,
): void {
  const column = present(rows[at], 'column');
  const mirror = column.slice();
  const head = column[at] ?? NaN;
  const end = head > 0 ? -length : length;
  mirror.fill(0, 0, at);
  mirror[at] = head - end;
  const half = lengthFrom(mirror, at);
  for (const other of [...rows.slice(at), turned]) {
    let product = 0;
    for (let row = at; row < other.length; row += 1) {
      product += (mirror[row] ?? NaN) * (other[row] ?? NaN);
    }
    const share = (2 * product) / half / half;
    for (let row = at; row < other.length; row += 1) {
      other[row] = (other[row] ?? NaN) - share * (mirror[row] ?? NaN);
    }
  }
}

/** Backwards through the triangle. */
function solve(rows: readonly Float64Array[], turned: Float64Array): Float64Array {
  const count = rows.length;
  const solution = turned.slice(0, count);
  for (let row = count - 1; row >= 0; row -= 1) {
    let value = solution[row] ?? NaN;
    for (let column = row + 1; column < count; column += 1) {
      value -= (rows[column]?.[row] ?? NaN) * (solution[column] ?? NaN);
    }
    solution[row] = value / (rows[row]?.[row] ?? NaN);
  }
  return solution;
}

/** Root of the diagonal of (X'X)^-1: lengths of the rows of the triangle's inverse. */
function inverseLengths(rows: readonly Float64Array[]): Float64Array {
  const count = rows.length;
  const lengths = new Float64Array(count);
  const unit = new Float64Array(count);
  for (let column = 0; column < count; column += 1) {
    unit.fill(0);
    unit[column] = 1;
    solve(rows, unit).forEach((value, row) => {
      lengths[row] = (lengths[row] ?? NaN) + value * value;
    });
  }
  return lengths.map((value) => Math.sqrt(value));
}
