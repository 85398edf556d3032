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
  readonly #keys = new Set<string>();
  #nextId = 1;

  get nextDueUs(): number {
    return this.#heap[0]?.dueUs ?? Number.POSITIVE_INFINITY;
  }

  get size(): number {
    return this.#heap.length;
  }

  add(timer: TimerSet): void {
    assert(this.#heap.length < TIMERS_MAX, `there are at most ${TIMERS_MAX} timers`);
    const key = keyOf(timer);
    if (this.#keys.has(key)) return;
    this.#keys.add(key);
    const heap = this.#heap;
    let at = heap.length;
    const added: Timer = { ...timer, id: this.#nextId };
    this.#nextId += 1;
    heap.push(added);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(added, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = added;
  }

  /** The earliest timer due by `nowUs`, taken out; undefined if none is. */
  take(nowUs: number): TimerSet | undefined {
    const heap = this.#heap;
    const first = heap[0];
    if (first === undefined || first.dueUs > nowUs) return undefined;
    this.#keys.delete(keyOf(first));
    const last = heap.pop();
    if (last !== undefined && last !== first) this.#sink(last);
    return first;
  }

  /** All timers in firing order, for snapshots. */
  list(): readonly TimerSet[] {
    return this.#heap
      .toSorted((left, right) => left.dueUs - right.dueUs || left.id - right.id)
      .map(({ actor, dueUs, tag, key }) => ({ actor, dueUs, tag, key }));
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

function keyOf({ actor, dueUs, tag, key }: TimerSet): string {
  return `${actor}:${dueUs}:${tag}:${key}`;
}

function isBefore(left: Timer, right: Timer): boolean {
  return left.dueUs < right.dueUs || (left.dueUs === right.dueUs && left.id < right.id);
}
