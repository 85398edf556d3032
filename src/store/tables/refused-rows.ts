import { assert } from '../../core/assert.ts';
import type { ColumnKind, ColumnValues, RefusedRow, RowBatch } from '../../ports/time-series.ts';

/** A longer one is no name, reason or detail of ours. */
export const TEXT_LENGTH_MAX = 65_536;
/** Eight megabytes of state: a hundred times what a symbol's row holds. */
export const DOUBLES_LENGTH_MAX = 1_048_576;

/**
 * The rows that no store takes, by what the port says of each kind of column: one rule for all, so
 * that a spooled batch means the same wherever it ends. The first fault of a row is its reason.
 */
export function refusedRows(batch: RowBatch): readonly RefusedRow[] {
  const { table, rows, columns } = batch;
  assert(Number.isSafeInteger(rows) && rows >= 0, 'a batch has a whole number of rows');
  assert(columns.length === table.columns.length, 'a batch has the columns of its table');
  if (rows === 0) return [];
  const reasons = new Map<number, string>();
  for (const [place, { name, kind }] of table.columns.entries()) {
    const values = columns[place];
    assert(values !== undefined && values.length >= rows, 'a column has a value for each row');
    for (const row of faultyRows(kind, values, rows)) {
      if (reasons.has(row)) continue;
      reasons.set(row, `${name} is ${shown(values[row])}, not ${WANTED[kind]}`);
    }
  }
  return [...reasons]
    .toSorted(([left], [right]) => left - right)
    .map(([row, reason]) => ({ row, reason }));
}

/** The rows of a batch that are not refused, in a batch of their own; the same one if all are. */
export function withoutRows(batch: RowBatch, refused: readonly RefusedRow[]): RowBatch {
  if (refused.length === 0) return batch;
  const gone = new Set(refused.map(({ row }) => row));
  const isKept = (_: unknown, row: number): boolean => row < batch.rows && !gone.has(row);
  const columns = batch.columns.map((values): ColumnValues => {
    if (values instanceof Float64Array || values instanceof Uint8Array) {
      return values.filter(isKept);
    }
    return isTexts(values) ? values.filter(isKept) : values.filter(isKept);
  });
  return { table: batch.table, rows: batch.rows - gone.size, columns };
}

const WANTED: Readonly<Record<ColumnKind, string>> = {
  symbol: `plain Unicode without NUL, of at most ${TEXT_LENGTH_MAX} units`,
  text: `plain Unicode without NUL, of at most ${TEXT_LENGTH_MAX} units`,
  time: 'whole microseconds since 1970',
  double: 'a finite number or NaN',
  whole: 'a whole number within 2^53',
  truth: '0 or 1',
  doubles: `a list of at most ${DOUBLES_LENGTH_MAX} doubles`,
};

function faultyRows(kind: ColumnKind, values: ColumnValues, rows: number): readonly number[] {
  // Nearly all columns are good, and a loop of its own for each kind sees that in no time.
  switch (kind) {
    case 'time':
      return areWhole(numbers(values), rows, 0) ? [] : failing(numbers(values), rows, isTime);
    case 'double':
      return areFinite(numbers(values), rows) ? [] : failing(numbers(values), rows, isDouble);
    case 'whole': {
      const least = Number.MIN_SAFE_INTEGER;
      if (areWhole(numbers(values), rows, least)) return [];
      return failing(numbers(values), rows, Number.isSafeInteger);
    }
    case 'truth':
      assert(values instanceof Uint8Array, 'truths are bytes');
      return failing(values, rows, (value) => value <= 1);
    case 'doubles':
      assert(!isNumbers(values) && !isTexts(values), 'lists of doubles are lists');
      return failing(values, rows, (list) => list.length <= DOUBLES_LENGTH_MAX);
    case 'symbol':
    case 'text':
      assert(!isNumbers(values) && isTexts(values), 'texts are strings');
      return failing(values, rows, isPlainText);
  }
}

function areWhole(values: Float64Array, rows: number, least: number): boolean {
  for (let row = 0; row < rows; row += 1) {
    const value = values[row] ?? Number.NaN;
    if (!Number.isSafeInteger(value) || value < least) return false;
  }
  return true;
}

function areFinite(values: Float64Array, rows: number): boolean {
  for (let row = 0; row < rows; row += 1) {
    const value = values[row] ?? 0;
    if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) return false;
  }
  return true;
}

function isTime(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isDouble(value: number): boolean {
  return Number.isFinite(value) || Number.isNaN(value);
}

function failing<Value>(
  values: ArrayLike<Value>,
  rows: number,
  isGood: (value: Value) => boolean,
): readonly number[] {
  const faulty: number[] = [];
  for (let row = 0; row < rows; row += 1) {
    const value = values[row];
    if (value === undefined || !isGood(value)) faulty.push(row);
  }
  return faulty;
}

function numbers(values: ColumnValues): Float64Array {
  assert(values instanceof Float64Array, 'numbers are doubles');
  return values;
}

function isNumbers(values: ColumnValues): values is Float64Array | Uint8Array {
  return values instanceof Float64Array || values instanceof Uint8Array;
}

function isTexts(values: readonly string[] | readonly Float64Array[]): values is readonly string[] {
  return values.length === 0 || typeof values[0] === 'string';
}

/** Neither a wire nor a file of UTF-8 can hold the others. */
function isPlainText(text: string): boolean {
  return text.length <= TEXT_LENGTH_MAX && !text.includes('\0') && !LONE_SURROGATE.test(text);
}

const LONE_SURROGATE = /\p{Surrogate}/u;
const SHOWN_MAX = 60;

function shown(value: number | string | Float64Array | undefined): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, SHOWN_MAX));
  return value instanceof Float64Array ? `a list of ${value.length}` : String(value);
}
