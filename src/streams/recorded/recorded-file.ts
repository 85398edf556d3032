import type { FaultList } from '../../domain/market/data-fault.ts';
import type { EventBatch } from '../../domain/market/event-batch.ts';
import type { RowFormat } from './row-format.ts';
import type { Rows } from './row-reader.ts';

export interface FileOptions {
  /** For faults. */
  readonly path: string;
  readonly rows: Rows;
  readonly format: RowFormat;
  /** The place in the source's symbols. */
  readonly symbol: number;
  /** Who goes first at one moment. */
  readonly rank: number;
  readonly faults: FaultList;
  /** Only rows that start in `[fromUs, toUs)` are given. */
  readonly fromUs: number;
  readonly toUs: number;
}

/**
 * One file of a recording, standing at a row. Rows whose values cannot be, rows that come before
 * the one before them, and second bars of one moment are faults and are left out.
 */
export class RecordedFile {
  /** When the row it stands at is received; infinite at the end. */
  receiveUs = Number.NEGATIVE_INFINITY;
  readonly rank: number;
  readonly #options: FileOptions;

  constructor(options: FileOptions) {
    this.#options = options;
    this.rank = options.rank;
    this.advance();
  }

  advance(): void {
    const { rows, format, fromUs, toUs } = this.#options;
    while (rows.next()) {
      const { fields } = rows;
      const bad = format.check(fields);
      if (bad >= 0) {
        this.#faultAt(bad);
        continue;
      }
      const startUs = format.startUs(fields);
      // Those behind the end too: a row with a wild date is no reason to leave out what follows it.
      if (startUs < fromUs || startUs >= toUs) continue;
      const receiveUs = format.receiveUs(fields);
      const isRepeated = format.isOncePerMoment && receiveUs === this.receiveUs;
      if (receiveUs < this.receiveUs || isRepeated) {
        this.#misordered(isRepeated);
        continue;
      }
      this.receiveUs = receiveUs;
      return;
    }
    this.receiveUs = Number.POSITIVE_INFINITY;
    this.close();
  }

  write(batch: EventBatch): void {
    const { format, symbol, rows } = this.#options;
    format.write(batch, symbol, rows.fields);
  }

  close(): void {
    this.#options.rows.close();
  }

  #faultAt(place: number): void {
    const { format, path, rows, faults } = this.#options;
    const column = format.columns[place];
    const detail = `expected ${column?.expects ?? ''}, found ${String(rows.fields[place])}`;
    faults.add({ file: path, line: rows.line, field: column?.name ?? '', detail });
  }

  #misordered(isRepeated: boolean): void {
    const { format, path, rows, faults } = this.#options;
    const field = format.columns[0]?.name ?? '';
    const found = isRepeated ? 'the same' : 'an earlier one';
    const detail = `expected a time after that of the row before, found ${found}`;
    faults.add({ file: path, line: rows.line, field, detail });
  }
}
