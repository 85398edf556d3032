import { assert } from '../../core/assert.ts';
import type { TimerSet } from '../../ports/turn-record.ts';

const TIMERS_MAX = 1_000_000;

interface Timer extends TimerSet {
  readonly id: number;
}

/**
 * Timers are kernel state: a binary heap in (due, id) order. Setting the same timer twice is
 * setting it once, so a handler need not remember what it has set.
 */
export class Timers {
  readonly #heap: Timer[] = [];
  /** Those of one due time are few, so that looking finds the same one sooner than a key does. */
  readonly #byDue = new Map<number, Timer[]>();
  /** Asked before every frame, so it stands where reading it makes no number on the heap. */
  readonly #dueUs = Float64Array.of(Number.POSITIVE_INFINITY);
  #nextId = 1;

  get nextDueUs(): number {
    return this.#dueUs[0] ?? Number.NaN;
  }

  get size(): number {
    return this.#heap.length;
  }

  add(timer: TimerSet): void {
    assert(this.#heap.length < TIMERS_MAX, 'there are not too many timers');
    const { actor, dueUs, tag, key } = timer;
    const added: Timer = { actor, dueUs, tag, key, id: this.#nextId };
    const others = this.#byDue.get(dueUs);
    if (others === undefined) this.#byDue.set(dueUs, [added]);
    else if (others.some((other) => isSame(other, timer))) return;
    else others.push(added);
    this.#nextId += 1;
    const heap = this.#heap;
    let at = heap.length;
    heap.push(added);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(added, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = added;
    this.#noteNext();
  }

  /** The earliest timer due by `nowUs`, taken out; undefined if none is. */
  take(nowUs: number): TimerSet | undefined {
    const heap = this.#heap;
    const first = heap[0];
    if (first === undefined || first.dueUs > nowUs) return undefined;
    this.#forget(first);
    const last = heap.pop();
    if (last !== undefined && last !== first) this.#sink(last);
    this.#noteNext();
    return first;
  }

  /** All timers in firing order, for snapshots. */
  list(): readonly TimerSet[] {
    return this.#heap
      .toSorted((left, right) => left.dueUs - right.dueUs || left.id - right.id)
      .map(({ actor, dueUs, tag, key }) => ({ actor, dueUs, tag, key }));
  }

  #noteNext(): void {
    this.#dueUs[0] = this.#heap[0]?.dueUs ?? Number.POSITIVE_INFINITY;
  }

  #forget(timer: Timer): void {
    const { dueUs } = timer;
    const others = this.#byDue.get(dueUs);
    if (others === undefined || others.length === 1) this.#byDue.delete(dueUs);
    // In the order they were set, so it is the first one.
    else others.splice(others.indexOf(timer), 1);
  }

  #sink(timer: Timer): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      let smallest = heap[child];
      if (smallest === undefined) break;
      const right = heap[child + 1];
      if (right !== undefined && isBefore(right, smallest)) {
        child += 1;
        smallest = right;
      }
      if (!isBefore(smallest, timer)) break;
      heap[at] = smallest;
      at = child;
    }
    heap[at] = timer;
  }
}

/** Of two with one due time. */
function isSame(left: TimerSet, right: TimerSet): boolean {
  return left.key === right.key && left.actor === right.actor && left.tag === right.tag;
}

function isBefore(left: Timer, right: Timer): boolean {
  return left.dueUs < right.dueUs || (left.dueUs === right.dueUs && left.id < right.id);
}
