import { InvariantError } from '../../core/assert.ts';
import { type Input, INPUT_CLASS, type InputKind, MARKET_CLASS } from '../../ports/input.ts';

export interface WaitingInput {
  readonly input: Input;
  /** When it was received. */
  readonly atUs: number;
}

/** These may be refused: somebody is told, or nothing follows from one that is missing. */
const REFUSABLE: ReadonlySet<InputKind> = new Set<InputKind>(['commanded', 'newsArrived']);

/**
 * Inputs that wait for a number, by class, first in first out within one. Bounded: commands and
 * news are refused when it is full. What orders depend on is never dropped; so much of it at once means
 * that the kernel stands still, and that is no state to trade in.
 */
export class InputQueue {
  readonly inputsMax: number;
  count = 0;
  refused = 0;
  readonly #classes: WaitingInput[][] = Array.from({ length: MARKET_CLASS }, () => []);

  constructor(inputsMax: number) {
    this.inputsMax = inputsMax;
  }

  /** False where it was refused. */
  add(input: Input, atUs: number): boolean {
    if (this.count >= this.inputsMax) {
      if (!REFUSABLE.has(input.kind)) {
        throw new InvariantError(`${this.inputsMax} inputs wait: the kernel stands still`);
      }
      this.refused += 1;
      return false;
    }
    this.#classes[INPUT_CLASS[input.kind]]?.push({ input, atUs });
    this.count += 1;
    return true;
  }

  /** The next of the first class that has one. */
  take(): WaitingInput | undefined {
    for (const waiting of this.#classes) {
      const next = waiting.shift();
      if (next === undefined) continue;
      this.count -= 1;
      return next;
    }
    return undefined;
  }
}
