import { assert } from '../../src/core/assert.ts';

interface Entry {
  readonly dueUs: number;
  readonly rank: number;
  readonly run: (nowUs: number) => void;
}

/** Happenings inside the world come after the inputs of their instant. */
export const WORLD_RANK = 99;

/** What will happen in the world, by (due, rank, first come). Outlives every engine. */
export class WorldAgenda {
  nowUs: number;
  readonly #entries: Entry[] = [];

  constructor(nowUs: number) {
    this.nowUs = nowUs;
  }

  get nextUs(): number {
    return this.#entries[0]?.dueUs ?? Number.POSITIVE_INFINITY;
  }

  /** What is late happens now. */
  add(dueUs: number, run: Entry['run'], rank = WORLD_RANK): void {
    assert(Number.isSafeInteger(dueUs), 'a happening is due at a whole microsecond');
    const entry = { dueUs: Math.max(dueUs, this.nowUs), rank, run };
    const entries = this.#entries;
    let at = entries.length;
    while (at > 0 && isAfter(entries[at - 1], entry)) at -= 1;
    entries.splice(at, 0, entry);
  }

  runNext(): void {
    const entry = this.#entries.shift();
    if (entry === undefined) return;
    this.nowUs = Math.max(this.nowUs, entry.dueUs);
    entry.run(this.nowUs);
  }
}

function isAfter(left: Entry | undefined, right: Entry): boolean {
  if (left === undefined) return false;
  return left.dueUs > right.dueUs || (left.dueUs === right.dueUs && left.rank > right.rank);
}
