import { assert } from '../src/core/assert.ts';
import type { Input } from '../src/ports/input.ts';
import type { Agenda, Reservation } from '../src/ports/simulated-world.ts';

/** An input that entered the kernel, and when. */
export interface Heard {
  readonly atUs: number;
  readonly input: Input;
}

interface Entry {
  readonly dueUs: number;
  readonly number: number;
  readonly run: (nowUs: number) => void;
}

/** The smallest agenda there is: what is due first comes first, then what was put in first. */
export class VirtualAgenda implements Agenda {
  nowUs: number;
  readonly heard: Heard[] = [];
  #entries: Entry[] = [];
  #count = 0;

  constructor(nowUs: number) {
    this.nowUs = nowUs;
  }

  enter(dueUs: number, input: Input): void {
    this.happen(dueUs, (atUs) => this.heard.push({ atUs, input }));
  }

  /** Enters when it is filled: nothing here waits. */
  reserve(dueUs: number): Reservation {
    return { fill: (answer) => this.enter(Math.max(dueUs, this.nowUs), answer) };
  }

  happen(dueUs: number, run: (nowUs: number) => void): void {
    assert(dueUs >= this.nowUs, `what happens at ${dueUs} is not before the present ${this.nowUs}`);
    this.#count += 1;
    this.#entries.push({ dueUs, number: this.#count, run });
  }

  /** Everything due before this time, and time becomes it. What is due at it can still be late. */
  runTo(us: number): void {
    for (let next = this.#next(us); next !== undefined; next = this.#next(us)) {
      this.#entries = this.#entries.filter((entry) => entry !== next);
      this.nowUs = next.dueUs;
      next.run(next.dueUs);
    }
    this.nowUs = us;
  }

  #next(us: number): Entry | undefined {
    const due = this.#entries.filter((entry) => entry.dueUs < us);
    return due.toSorted((left, right) => left.dueUs - right.dueUs || left.number - right.number)[0];
  }
}
