import { assert } from '../../core/assert.ts';

const ITEMS_MAX = 16_384;

/** What is going to happen, in columns: a binary heap ordered by (time, order of adding). */
export class Schedule {
  /** The item taken last. */
  atUs = 0;
  task = 0;
  symbol = 0;
  value = 0;
  #count = 0;
  #added = 0;
  readonly #atUs = new Float64Array(ITEMS_MAX);
  readonly #order = new Float64Array(ITEMS_MAX);
  readonly #task = new Uint8Array(ITEMS_MAX);
  readonly #symbol = new Int32Array(ITEMS_MAX);
  readonly #value = new Float64Array(ITEMS_MAX);

  clear(): void {
    this.#count = 0;
  }

  /** Infinity where nothing is scheduled. */
  get nextUs(): number {
    return this.#count === 0 ? Number.POSITIVE_INFINITY : (this.#atUs[0] ?? 0);
  }

  add(atUs: number, task: number, symbol = 0, value = 0): void {
    assert(this.#count < ITEMS_MAX, 'a schedule has room for one more item');
    let at = this.#count;
    this.#count = at + 1;
    this.#added += 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      // A new item was added last, so it passes only what is later.
      if ((this.#atUs[parent] ?? 0) <= atUs) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#atUs[at] = atUs;
    this.#order[at] = this.#added;
    this.#task[at] = task;
    this.#symbol[at] = symbol;
    this.#value[at] = value;
  }

  /** Takes the next item into `atUs`, `task`, `symbol` and `value`. */
  take(): void {
    assert(this.#count > 0, 'a schedule has an item to take');
    this.atUs = this.#atUs[0] ?? 0;
    this.task = this.#task[0] ?? 0;
    this.symbol = this.#symbol[0] ?? 0;
    this.value = this.#value[0] ?? 0;
    const last = this.#count - 1;
    this.#count = last;
    if (last === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= last) break;
      if (child + 1 < last && this.#isBefore(child + 1, child)) child += 1;
      if (!this.#isBefore(child, last)) break;
      this.#move(child, at);
      at = child;
    }
    this.#move(last, at);
  }

  #isBefore(left: number, right: number): boolean {
    const difference = (this.#atUs[left] ?? 0) - (this.#atUs[right] ?? 0);
    if (difference !== 0) return difference < 0;
    return (this.#order[left] ?? 0) < (this.#order[right] ?? 0);
  }

  #move(from: number, to: number): void {
    this.#atUs[to] = this.#atUs[from] ?? 0;
    this.#order[to] = this.#order[from] ?? 0;
    this.#task[to] = this.#task[from] ?? 0;
    this.#symbol[to] = this.#symbol[from] ?? 0;
    this.#value[to] = this.#value[from] ?? 0;
  }
}
