import type { FaultList } from '../../domain/market/data-fault.ts';
import type { RowFormat } from './row-format.ts';
import type { Rows } from './row-reader.ts';

export interface SpikeOptions {
  readonly rows: Rows;
  readonly format: RowFormat;
  /** For faults. */
  readonly path: string;
  readonly faults: FaultList;
}

/**
 * Looks one row ahead for a time that is wrong. Of two rows out of order the later one is the fault
 * where the next still follows what came before: else one row of another year, kept as the latest,
 * would make faults of all that follow it.
 */
export class WithoutSpikes implements Rows {
  readonly fields: Float64Array;
  line = 0;
  readonly #options: SpikeOptions;
  readonly #next: Float64Array;
  #nextLine = 0;
  #nextUs = Number.NaN;
  #hasNext = true;
  #latestUs = Number.NEGATIVE_INFINITY;

  constructor(options: SpikeOptions) {
    this.#options = options;
    this.fields = new Float64Array(options.rows.fields.length);
    this.#next = new Float64Array(this.fields.length);
    this.#pull();
  }

  next(): boolean {
    while (this.#hasNext) {
      this.fields.set(this.#next);
      this.line = this.#nextLine;
      const us = this.#nextUs;
      this.#pull();
      if (!this.#hasNext || this.#nextUs >= us || this.#nextUs <= this.#latestUs) {
        this.#latestUs = Math.max(this.#latestUs, us);
        return true;
      }
      const { format, path, faults } = this.#options;
      const field = format.columns[0]?.name ?? '';
      const detail = 'expected a time before that of the next row, found a later one';
      faults.add({ file: path, line: this.line, field, detail });
    }
    return false;
  }

  close(): void {
    this.#hasNext = false;
    this.#options.rows.close();
  }

  #pull(): void {
    const { rows, format } = this.#options;
    this.#hasNext = rows.next();
    if (!this.#hasNext) return;
    this.#next.set(rows.fields);
    this.#nextLine = rows.line;
    this.#nextUs = format.startUs(rows.fields);
  }
}
