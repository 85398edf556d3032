import { assert, InvariantError } from '../../core/assert.ts';

/** Emptying an array for every frame costs more than the frame's messages. */
const PLACES_KEPT_MAX = 65_536;

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
  #tail = 0;
  #handled = 0;

  constructor(messagesMax: number) {
    this.#messagesMax = messagesMax;
  }

  get tail(): number {
    return this.#tail;
  }

  push(target: number, row: number, message: unknown): void {
    const at = this.#tail;
    this.#targets[at] = target;
    this.#rows[at] = row;
    this.#messages[at] = message;
    this.#tail = at + 1;
  }

  /** Moves to the next message; false when there is none. Then `target`, `row`, `message` hold. */
  next(): boolean {
    if (this.#head >= this.#tail) {
      if (this.#tail > 0) this.#clear();
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
    this.#messages.fill(undefined, tail, this.#tail);
    this.#tail = tail;
  }

  /** The limit counts anew. */
  beginCount(): void {
    this.#handled = 0;
  }

  /** The places are kept for the next turn, unless a storm has made very many of them. */
  #clear(): void {
    this.#messages.fill(undefined, 0, this.#tail);
    this.#head = 0;
    this.#tail = 0;
    if (this.#messages.length <= PLACES_KEPT_MAX) return;
    this.#targets.length = 0;
    this.#rows.length = 0;
    this.#messages.length = 0;
  }
}
