import { assert } from '../../core/assert.ts';

/**
 * Rows of doubles in one buffer: the state of a family. The last row is the undo row: a row is
 * copied there before its handler runs and back if the handler throws, so that the state is as if
 * the message had never come (16-30 ns for 800 bytes; no allocation).
 *
 * A row may have a cold part beside it: large, and touched by few messages. It is copied for undo
 * only where a handler opens it, and there only for rows that have opened theirs.
 */
export class RowTable {
  readonly stride: number;
  readonly coldStride: number;
  /** Replaced when the table grows: read it anew in every handler. */
  values: Float64Array;
  rows = 0;
  readonly rowsMax: number;
  #capacity: number;
  readonly #cold: (Float64Array | undefined)[] = [];
  readonly #coldUndo: Float64Array;
  /** The row that was kept last; whether its cold part was too, and which that was. */
  #kept = -1;
  #isColdKept = false;
  #coldKept: Float64Array | undefined;

  constructor(stride: number, rowsMax: number, coldStride = 0) {
    assert(stride > 0 && rowsMax > 0 && coldStride >= 0, 'a table has a shape');
    this.stride = stride;
    this.coldStride = coldStride;
    this.rowsMax = rowsMax;
    this.#capacity = Math.min(64, rowsMax);
    this.values = new Float64Array((this.#capacity + 1) * stride);
    this.#coldUndo = new Float64Array(coldStride);
  }

  at(row: number): number {
    return row * this.stride;
  }

  /** Makes rows up to and including `row`; answers the first new one, or `rows` if none is new. */
  grow(row: number): number {
    const before = this.rows;
    if (row < before) return before;
    assert(row < this.rowsMax, `a family has at most ${this.rowsMax} rows`);
    if (row >= this.#capacity) {
      this.#capacity = Math.min(this.rowsMax, Math.max(row + 1, this.#capacity * 2));
      const next = new Float64Array((this.#capacity + 1) * this.stride);
      next.set(this.values.subarray(0, before * this.stride));
      this.values = next;
    }
    this.rows = row + 1;
    return before;
  }

  keep(row: number): void {
    const from = row * this.stride;
    this.values.copyWithin(this.#capacity * this.stride, from, from + this.stride);
    this.#kept = row;
    this.#isColdKept = false;
  }

  restore(row: number): void {
    const undo = this.#capacity * this.stride;
    this.values.copyWithin(row * this.stride, undo, undo + this.stride);
    if (this.#kept !== row || !this.#isColdKept) return;
    this.#coldKept?.set(this.#coldUndo);
    this.#cold[row] = this.#coldKept;
  }

  /** The cold part of a row, to read; undefined where it has none. */
  coldRow(row: number): Float64Array | undefined {
    return this.#cold[row];
  }

  /** The same of the row that is being handled, to write; made of zeros where it has none. */
  openCold(row: number): Float64Array {
    this.#keepCold(row);
    return (this.#cold[row] ??= new Float64Array(this.coldStride));
  }

  /** The row that is being handled has none any more. */
  dropCold(row: number): void {
    this.#keepCold(row);
    this.#cold[row] = undefined;
  }

  /** The same outside a handling. */
  resetCold(row: number): void {
    this.#cold[row] = undefined;
  }

  /** The rows as bytes, for a checkpoint. A view: copy it before the next turn. */
  checkpoint(): Float64Array {
    return this.values.subarray(0, this.rows * this.stride);
  }

  load(values: Float64Array, rows: number): void {
    assert(values.length === rows * this.stride, 'a checkpoint has the shape of its table');
    if (rows > 0) this.grow(rows - 1);
    this.values.set(values);
    this.#cold.length = 0;
  }

  loadCold(row: number, values: Float64Array): void {
    assert(row < this.rows && values.length === this.coldStride, 'a cold part is of a row');
    this.#cold[row] = values;
  }

  #keepCold(row: number): void {
    assert(row === this.#kept, 'a handler touches the cold part of its own row');
    if (this.#isColdKept) return;
    this.#isColdKept = true;
    this.#coldKept = this.#cold[row];
    if (this.#coldKept !== undefined) this.#coldUndo.set(this.#coldKept);
  }
}
