import { InvariantError } from '../../core/assert.ts';
import { type Input, INPUT_CLASS, type InputKind, MARKET_CLASS } from '../../ports/input.ts';

export interface WaitingInput {
  readonly input: Input;
  /** When it was received. */
  readonly atUs: number;
}

/** Inputs of a class that were taken and are still in its list. */
const TAKEN_MAX = 1_024;

/** These may be refused: somebody is told, or nothing follows from one that is missing. */
const REFUSABLE: ReadonlySet<InputKind> = new Set<InputKind>([
  'commanded',
  'newsArrived',
  'policyChanged',
]);

/**
 * Inputs that wait for a number, by class, first in first out within one. Bounded: commands,
 * policies and news are refused when it is full. What orders depend on is never dropped; so much of
 * it at once means that the kernel stands still, and that is no state to trade in.
 */
export class InputQueue {
  readonly inputsMax: number;
  count = 0;
  /** The most that ever waited. */
  countMost = 0;
  refused = 0;
  readonly #classes: readonly Line[] = Array.from({ length: MARKET_CLASS }, () => ({
    waiting: [],
    next: 0,
  }));

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
    this.#classes[INPUT_CLASS[input.kind]]?.waiting.push({ input, atUs });
    this.count += 1;
    this.countMost = Math.max(this.countMost, this.count);
    return true;
  }

  /** The next of the first class that has one. */
  take(): WaitingInput | undefined {
    for (const line of this.#classes) {
      const next = line.waiting[line.next];
      if (next === undefined) continue;
      this.count -= 1;
      line.next += 1;
      // Ten thousand answers come at once, and to shift each would move all of them.
      if (line.next >= TAKEN_MAX || line.next === line.waiting.length) {
        line.waiting = line.waiting.slice(line.next);
        line.next = 0;
      }
      return next;
    }
    return undefined;
  }
}

/** Inputs of one class; those before `next` are taken. */
interface Line {
  waiting: WaitingInput[];
  next: number;
}
