import { assert } from '../../core/assert.ts';

/**
 * Rows of doubles in one buffer: the state of a family. The last row is the undo row: a row is
 * copied there before its handler runs and back if the handler throws, so that the state is as if
 * the message had never come (16-30 ns for 800 bytes; no allocation).
 *
 * Where a row has sections, only its first one is copied for every handler. Of ten thousand rows
 * few are in a cache, and most events write a tenth of one: a handler opens what else it writes.
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
  /** Where sections begin, and where the last one ends. */
  readonly #bounds: readonly number[];
  readonly #cold: (Float64Array | undefined)[] = [];
  readonly #coldUndo: Float64Array;
  /** The row that was kept last, a bit for each section; whether its cold part was, and which. */
  #kept = -1;
  #opened = 0;
  #isColdKept = false;
  #coldKept: Float64Array | undefined;

  /** @param sections where those after the first begin, in order. */
  constructor(stride: number, rowsMax: number, coldStride = 0, sections: readonly number[] = []) {
    assert(stride > 0 && rowsMax > 0 && coldStride >= 0, 'a table has a shape');
    this.stride = stride;
    this.#bounds = [0, ...sections, stride];
    assert(areAscending(this.#bounds), 'sections follow one another within a row');
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
    this.#kept = row;
    this.#opened = 0;
    this.#isColdKept = false;
    this.openSection(row, 0);
  }

  /** Before a handler writes there: how the row that is being handled was. */
  openSection(row: number, section: number): void {
    if ((this.#opened & (1 << section)) !== 0) return;
    assert(row === this.#kept, 'a handler opens sections of its own row');
    this.#opened |= 1 << section;
    const from = row * this.stride;
    const begin = this.#bounds[section] ?? this.stride;
    const end = from + (this.#bounds[section + 1] ?? this.stride);
    this.values.copyWithin(this.#capacity * this.stride + begin, from + begin, end);
  }

  restore(row: number): void {
    for (let section = 0; section + 1 < this.#bounds.length; section += 1) {
      if ((this.#opened & (1 << section)) !== 0) this.#putBack(row, section);
    }
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

  #putBack(row: number, section: number): void {
    const undo = this.#capacity * this.stride;
    const begin = this.#bounds[section] ?? this.stride;
    const end = this.#bounds[section + 1] ?? this.stride;
    this.values.copyWithin(row * this.stride + begin, undo + begin, undo + end);
  }

  #keepCold(row: number): void {
    assert(row === this.#kept, 'a handler touches the cold part of its own row');
    if (this.#isColdKept) return;
    this.#isColdKept = true;
    this.#coldKept = this.#cold[row];
    if (this.#coldKept !== undefined) this.#coldUndo.set(this.#coldKept);
  }
}

function areAscending(places: readonly number[]): boolean {
  return places.every((place, at) => at === 0 || place >= (places[at - 1] ?? 0));
}
