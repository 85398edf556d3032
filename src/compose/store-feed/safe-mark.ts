import { readFileSync, writeFile } from 'node:fs';
import { isRecord } from '../../core/json.ts';

const WRITE_MS = 2_000;

/**
 * Remembers beside the journal up to which record all rows are safe, so that a life after a crash
 * tells again only what may have been lost. A file that is not there, or torn, costs time alone:
 * rows that are told twice are one.
 */
export class SafeMark {
  readonly #path: string;
  #written: number;
  #wanted: number;
  #writtenMs = Number.NEGATIVE_INFINITY;
  #isWriting = false;

  constructor(path: string) {
    this.#path = path;
    this.#written = readMark(path);
    this.#wanted = this.#written;
  }

  get sequence(): number {
    return this.#wanted;
  }

  /** Not on the way of a decision, and not more often than is worth it. */
  move(sequence: number, nowMs: number): void {
    this.#wanted = Math.max(this.#wanted, sequence);
    if (this.#wanted === this.#written || this.#isWriting) return;
    if (nowMs - this.#writtenMs < WRITE_MS) return;
    this.#isWriting = true;
    this.#writtenMs = nowMs;
    const { sequence: told } = this;
    writeFile(this.#path, `${JSON.stringify({ sequence: told })}\n`, (error) => {
      this.#isWriting = false;
      // Without it the next life tells more than it needs to.
      if (error === null) this.#written = told;
    });
  }
}

function readMark(path: string): number {
  try {
    const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const sequence = isRecord(content) ? content['sequence'] : undefined;
    return Number.isSafeInteger(sequence) ? Math.max(0, Number(sequence)) : 0;
  } catch {
    return 0;
  }
}
