const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** A row of an answer is at this depth of lists and objects. */
const ROW_DEPTH = 3;

/**
 * Cuts `/exec`'s answer into rows as it comes: `{"query":...,"columns":[...],...,"dataset":[[..],
 * [..]],"count":2}`. The bytes of whole rows are handed to the platform's own parser, so that a
 * long answer is never in memory as a whole and short ones cost no more than one parse.
 */
export class AnswerRows {
  /** The names and types of the columns, once they have come. */
  columns: readonly AnswerColumn[] | undefined;
  /** The answer has come to its end. */
  isWhole = false;
  readonly #keepsWholes: boolean;
  readonly #head: Buffer[] = [];
  #held: Buffer[] = [];
  #depth = 0;
  #isInText = false;
  #isEscaped = false;
  #listsAtTop = 0;

  /** @param keepsWholes answers whole numbers of 16 digits and more as texts. */
  constructor(keepsWholes = false) {
    this.#keepsWholes = keepsWholes;
  }

  /** The rows that ended in this chunk. Throws a SyntaxError for what is no such answer. */
  push(chunk: Buffer): readonly (readonly unknown[])[] {
    let rowsFrom = this.#isInRows ? 0 : -1;
    let rowsUntil = -1;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (this.#isInText) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (byte === BACKSLASH) this.#isEscaped = true;
        else if (byte === QUOTE) this.#isInText = false;
        continue;
      }
      if (byte === QUOTE) this.#isInText = true;
      else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
        this.#depth += 1;
        if (byte !== OPEN_LIST || this.#depth !== 2) continue;
        this.#listsAtTop += 1;
        if (this.#listsAtTop !== 2) continue;
        rowsFrom = at + 1;
        this.#takeHead(chunk.subarray(0, at));
      } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
        this.#depth -= 1;
        if (this.#depth === ROW_DEPTH - 1 && rowsFrom >= 0) rowsUntil = at + 1;
        if (this.#depth === 1 && this.#listsAtTop === 2 && byte === CLOSE_LIST) {
          this.#listsAtTop += 1;
        }
        if (this.#depth === 0) this.isWhole = true;
      }
    }
    if (this.columns === undefined) this.#head.push(chunk);
    return rowsFrom < 0 ? [] : this.#take(chunk, rowsFrom, rowsUntil);
  }

  get #isInRows(): boolean {
    return this.#listsAtTop === 2;
  }

  /** Rows end at `until`; what follows belongs to the next one. */
  #take(chunk: Buffer, from: number, until: number): readonly (readonly unknown[])[] {
    if (until < 0) {
      if (this.#isInRows) this.#held.push(chunk.subarray(from));
      return [];
    }
    const text = Buffer.concat([...this.#held, chunk.subarray(from, until)]).toString('utf8');
    this.#held = this.#isInRows ? [chunk.subarray(until)] : [];
    const listed = text.slice(text.indexOf('['));
    const rows: unknown = JSON.parse(`[${this.#keepsWholes ? withLongTexts(listed) : listed}]`);
    if (!isRows(rows)) throw new SyntaxError('rows are lists');
    return rows;
  }

  #takeHead(last: Buffer): void {
    const text = Buffer.concat([...this.#head, last]).toString('utf8');
    const head: unknown = JSON.parse(`${text}[]}`);
    this.#head.length = 0;
    this.columns = columnsOf(head);
  }
}

/** A text is skipped whole, so that digits in it stay as they are. */
const TEXT_OR_LONG_NUMBER = /"(?:[^"\\]|\\.)*"|(?<=[[,])-?\d{16,}(?=[\],])/g;

function withLongTexts(rows: string): string {
  return rows.replace(TEXT_OR_LONG_NUMBER, (found) => {
    return found.startsWith('"') || Number.isSafeInteger(Number(found)) ? found : `"${found}"`;
  });
}

export interface AnswerColumn {
  readonly name: string;
  readonly type: string;
}

function columnsOf(head: unknown): readonly AnswerColumn[] {
  if (typeof head !== 'object' || head === null || !('columns' in head)) return [];
  if (!Array.isArray(head.columns)) return [];
  return head.columns.map((column: unknown): AnswerColumn => {
    if (typeof column !== 'object' || column === null) throw new SyntaxError('no column');
    if (!('name' in column) || !('type' in column)) throw new SyntaxError('no column');
    return { name: String(column.name), type: String(column.type) };
  });
}

function isRows(value: unknown): value is readonly (readonly unknown[])[] {
  return Array.isArray(value) && value.every((row) => Array.isArray(row));
}
