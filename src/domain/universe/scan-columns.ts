import { assert } from '../../core/assert.ts';

/** Rows that loops over columns take at a time, so that what a loop itself costs is shared. */
export const SCAN_STEP = 4;

/**
 * What scanners look at of every row, a column after the other: a look at ten thousand rows reads
 * neighbours, where rows as their owners keep them lie a thousand bytes apart. The owner of a row
 * copies its values in whenever they changed, as at a bar's close.
 */
export class ScanColumns {
  /** Column `c` of row `r` at `c * pitch + r`; NaN where nothing was set. */
  readonly values: Float64Array;
  readonly rowsMax: number;
  /** So far apart columns begin: rows, and some that are nobody's and stay NaN. */
  readonly pitch: number;
  /** Rows up to the last that was ever set. */
  rows = 0;
  readonly #slots: Int32Array;

  /** @param slots where in its owner's row each column stands. */
  constructor(slots: readonly number[], rowsMax: number) {
    assert(
      slots.every((slot) => Number.isInteger(slot) && slot >= 0),
      'a column has a slot in its row',
    );
    assert(Number.isInteger(rowsMax) && rowsMax > 0, 'there is a row at least');
    this.#slots = Int32Array.from(slots);
    this.rowsMax = rowsMax;
    this.pitch = rowsMax + SCAN_STEP;
    this.values = new Float64Array(slots.length * this.pitch).fill(Number.NaN);
  }

  /** How many columns there are. */
  get width(): number {
    return this.#slots.length;
  }

  /** Copies what scanners look at out of a row that begins at `at`. */
  set(row: number, state: Float64Array, at: number): void {
    this.#assertRow(row);
    const { values, pitch } = this;
    const slots = this.#slots;
    for (let column = 0; column < slots.length; column += 1) {
      values[column * pitch + row] = state[at + (slots[column] ?? 0)] ?? Number.NaN;
    }
    if (row >= this.rows) this.rows = row + 1;
  }

  /** Nothing is known of the row any more: no rule holds for it until it is set again. */
  clear(row: number): void {
    this.#assertRow(row);
    const { values, pitch } = this;
    for (let at = row; at < values.length; at += pitch) values[at] = Number.NaN;
  }

  #assertRow(row: number): void {
    assert(Number.isInteger(row) && row >= 0 && row < this.rowsMax, 'the row lies in the table');
  }
}
