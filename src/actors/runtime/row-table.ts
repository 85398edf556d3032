import { assert } from '../../core/assert.ts';

/**
 * Rows of doubles in one buffer: the state of a family. The last row is the undo row: a row is
 * copied there before its handler runs and back if the handler throws, so that the state is as if
 * the message had never come (16-30 ns for 800 bytes; no allocation).
 *
 * A row may have a cold part beside it: large, and touched by few messages. It is copied for undo
 * only where a handler opens it. One whose first double is 0 is not used, and what else stands in
 * it means nothing: it costs neither memory nor bytes of a checkpoint.
 */
export class RowTable {
  readonly stride: number;
  readonly coldStride: number;
  /** Replaced when the table grows: read it anew in every handler. */
  values: Float64Array;
  /** The cold parts; replaced as `values` is. Written only after `openCold`. */
  cold: Float64Array;
  rows = 0;
  readonly rowsMax: number;
  #capacity: number;
  /** The row that was kept last, and whether its cold part was too. */
  #kept = -1;
  #isColdKept = false;

  constructor(stride: number, rowsMax: number, coldStride = 0) {
    assert(stride > 0 && rowsMax > 0 && coldStride >= 0, 'a table has a shape');
    this.stride = stride;
    this.coldStride = coldStride;
    this.rowsMax = rowsMax;
    this.#capacity = Math.min(64, rowsMax);
    this.values = new Float64Array((this.#capacity + 1) * stride);
    this.cold = new Float64Array((this.#capacity + 1) * coldStride);
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
      this.#growCold(before);
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
    if (this.#kept === row && this.#isColdKept) this.#copyCold(row, this.#capacity);
  }

  isColdUsed(row: number): boolean {
    return this.coldStride > 0 && this.cold[row * this.coldStride] !== 0;
  }

  /** Where the cold part of the row that is being handled begins: it may now be written. */
  openCold(row: number): number {
    assert(row === this.#kept, 'a handler opens the cold part of its own row');
    if (!this.#isColdKept) this.#copyCold(this.#capacity, row);
    this.#isColdKept = true;
    return row * this.coldStride;
  }

  /** Outside a handling: nothing is in the cold part any more. */
  resetCold(row: number): void {
    if (this.coldStride > 0) this.cold[row * this.coldStride] = 0;
  }

  /** The rows as bytes, for a checkpoint. A view: copy it before the next turn. */
  checkpoint(): Float64Array {
    return this.values.subarray(0, this.rows * this.stride);
  }

  /** The same of one cold part. */
  coldRow(row: number): Float64Array {
    return this.cold.subarray(row * this.coldStride, (row + 1) * this.coldStride);
  }

  load(values: Float64Array, rows: number): void {
    assert(values.length === rows * this.stride, 'a checkpoint has the shape of its table');
    if (rows > 0) this.grow(rows - 1);
    this.values.set(values);
    for (let row = 0; row < rows; row += 1) this.resetCold(row);
  }

  loadCold(row: number, values: Float64Array): void {
    assert(row < this.rows && values.length === this.coldStride, 'a cold part is of a row');
    this.cold.set(values, row * this.coldStride);
  }

  #copyCold(to: number, from: number): void {
    const { cold, coldStride } = this;
    const fromAt = from * coldStride;
    if (cold[fromAt] === 0) cold[to * coldStride] = 0;
    else cold.copyWithin(to * coldStride, fromAt, fromAt + coldStride);
  }

  /** Parts that are not used are not touched: the system need not find memory for them. */
  #growCold(before: number): void {
    if (this.coldStride === 0) return;
    const next = new Float64Array((this.#capacity + 1) * this.coldStride);
    for (let row = 0; row < before; row += 1) {
      if (this.isColdUsed(row)) next.set(this.coldRow(row), row * this.coldStride);
    }
    this.cold = next;
  }
}
