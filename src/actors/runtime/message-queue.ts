import { assert, InvariantError } from '../../core/assert.ts';

/**
 * Messages waiting inside a turn, first in first out. Three tails grow together; a handler that
 * throws is undone by cutting them back to where they were.
 *
 * Empty between turns. Back-pressure belongs to the queues before the sequencer; the limit here
 * only stops a loop.
 */
export class MessageQueue {
  readonly #messagesMax: number;
  readonly #targets: number[] = [];
  readonly #rows: number[] = [];
  readonly #messages: unknown[] = [];
  #head = 0;
  #handled = 0;

  constructor(messagesMax: number) {
    this.#messagesMax = messagesMax;
  }

  get tail(): number {
    return this.#targets.length;
  }

  push(target: number, row: number, message: unknown): void {
    this.#targets.push(target);
    this.#rows.push(row);
    this.#messages.push(message);
  }

  /** Moves to the next message; false when there is none. Then `target`, `row`, `message` hold. */
  next(): boolean {
    if (this.#head >= this.#targets.length) {
      this.#clear();
      return false;
    }
    this.#head += 1;
    this.#handled += 1;
    if (this.#handled > this.#messagesMax) {
      throw new InvariantError(`one input caused more than ${this.#messagesMax} messages: a loop`);
    }
    return true;
  }

  get target(): number {
    return this.#targets[this.#head - 1] ?? -1;
  }

  get row(): number {
    return this.#rows[this.#head - 1] ?? -1;
  }

  get message(): unknown {
    return this.#messages[this.#head - 1];
  }

  cut(tail: number): void {
    assert(tail >= this.#head, 'only what was not handled yet is cut');
    this.#targets.length = tail;
    this.#rows.length = tail;
    this.#messages.length = tail;
  }

  /** The limit counts anew. */
  beginCount(): void {
    this.#handled = 0;
  }

  #clear(): void {
    this.#targets.length = 0;
    this.#rows.length = 0;
    this.#messages.length = 0;
    this.#head = 0;
  }
}
