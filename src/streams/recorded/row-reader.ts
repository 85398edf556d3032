import type { FaultList } from '../../domain/market/data-fault.ts';
import { ByteInput } from './byte-input.ts';
import { type Column, RowFields } from './row-fields.ts';

const NEWLINE = 0x0a;
const RETURN = 0x0d;
/** A row of the widest format has some 150 bytes. */
const LINE_BYTES_MAX = 4_096;
const SAMPLE_BYTES_MAX = 60;

/** Rows one after another: `fields` and `line` belong to the row that `next` answered true for. */
export interface Rows {
  next(): boolean;
  readonly fields: Float64Array;
  /** Counted from 1, header included. */
  readonly line: number;
  close(): void;
}

/** The rows of one file, each read where it lies. Rows that cannot be read are faults. */
export class RowReader implements Rows {
  readonly fields: Float64Array;
  line = 0;
  readonly #path: string;
  readonly #columns: readonly Column[];
  readonly #faults: FaultList;
  readonly #lines: LineReader;
  readonly #parser: RowFields;

  constructor(path: string, columns: readonly Column[], hasHeader: boolean, faults: FaultList) {
    this.#path = path;
    this.#columns = columns;
    this.#faults = faults;
    this.#lines = new LineReader(path);
    this.#parser = new RowFields(columns);
    this.fields = this.#parser.values;
    if (hasHeader) this.#lines.next();
  }

  next(): boolean {
    while (this.#lines.next()) {
      const { bytes, begin, end } = this.#lines;
      this.line = this.#lines.line;
      if (begin === end) continue;
      const bad = end - begin > LINE_BYTES_MAX ? 0 : this.#parser.parse(bytes, begin, end);
      if (bad < 0) return true;
      const column = this.#columns[Math.min(bad, this.#columns.length - 1)];
      const found = textOf(bytes, begin, Math.min(end, begin + SAMPLE_BYTES_MAX));
      this.#fault(
        column?.name ?? '',
        `expected ${column?.expects ?? 'a row'}, found row "${found}"`,
      );
    }
    if (this.#lines.damage !== undefined) {
      this.line = 0;
      this.#fault('file', this.#lines.damage);
      this.#lines.damage = undefined;
    }
    return false;
  }

  close(): void {
    this.#lines.close();
  }

  #fault(field: string, detail: string): void {
    this.#faults.add({ file: this.#path, line: this.line, field, detail });
  }
}

/** The first line of a file as text, for telling formats apart; undefined where there is none. */
export function readFirstLine(path: string): string | undefined {
  const lines = new LineReader(path);
  const isThere = lines.next();
  lines.close();
  return isThere ? textOf(lines.bytes, lines.begin, lines.end) : undefined;
}

/** Lines of a file, as places in a chunk of its bytes. */
export class LineReader {
  bytes: Uint8Array = new Uint8Array(0);
  begin = 0;
  end = 0;
  line = 0;
  damage: string | undefined;
  readonly #input: ByteInput;
  #at = 0;
  #isEnd = false;

  constructor(path: string) {
    this.#input = new ByteInput(path);
  }

  /** Lines end in LF or CRLF; the last one may end with the file. */
  next(): boolean {
    let end = this.bytes.indexOf(NEWLINE, this.#at);
    while (end < 0 && !this.#isEnd) {
      this.#extend();
      end = this.bytes.indexOf(NEWLINE, this.#at);
    }
    if (end < 0) {
      if (this.#at >= this.bytes.length) return false;
      // A cut file ends inside a row, which would be read as a smaller number.
      if (this.#input.isCut) return false;
      end = this.bytes.length;
    }
    this.begin = this.#at;
    this.#at = end + 1;
    this.line += 1;
    this.end = end > this.begin && this.bytes[end - 1] === RETURN ? end - 1 : end;
    return true;
  }

  close(): void {
    this.#input.close();
  }

  #extend(): void {
    const rest = this.bytes.subarray(this.#at);
    const more = this.#input.read();
    this.damage = this.#input.damage;
    this.#at = 0;
    if (more === undefined) {
      this.#isEnd = true;
      this.bytes = rest.slice();
    } else if (rest.length === 0) this.bytes = more;
    else {
      // A line without an end is refused by its length; no more of it is kept than shows that.
      const kept = rest.length > LINE_BYTES_MAX ? rest.subarray(0, LINE_BYTES_MAX + 1) : rest;
      const joined = new Uint8Array(kept.length + more.length);
      joined.set(kept);
      joined.set(more, kept.length);
      this.bytes = joined;
    }
  }
}

function textOf(bytes: Uint8Array, begin: number, end: number): string {
  return new TextDecoder().decode(bytes.subarray(begin, end));
}
