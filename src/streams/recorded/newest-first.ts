import type { FaultList } from '../../domain/market/data-fault.ts';
import type { Rows } from './row-reader.ts';

/** Five times the longest file we know; beyond it the rest of the file is not read. */
const ROWS_MAX = 250_000;

/**
 * Turns a file round whose newest row comes first. It has to be held whole for that, so this is
 * for small files only.
 */
export class NewestFirst implements Rows {
  readonly fields: Float64Array;
  line = 0;
  readonly #held: Float64Array[] = [];
  readonly #lines: number[] = [];

  constructor(rows: Rows, path: string, faults: FaultList) {
    while (rows.next()) {
      if (this.#held.length >= ROWS_MAX) {
        const detail = `expected at most ${ROWS_MAX} rows, newest first; older ones were left out`;
        faults.add({ file: path, line: rows.line, field: 'file', detail });
        break;
      }
      this.#held.push(rows.fields.slice());
      this.#lines.push(rows.line);
    }
    rows.close();
    this.fields = new Float64Array(rows.fields.length);
  }

  next(): boolean {
    const row = this.#held.pop();
    if (row === undefined) return false;
    this.fields.set(row);
    this.line = this.#lines.pop() ?? 0;
    return true;
  }

  close(): void {
    this.#held.length = 0;
  }
}
