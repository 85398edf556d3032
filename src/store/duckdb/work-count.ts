const AT_WORK = 0;
const IS_ENDING = 1;
const WORDS = 2;

/**
 * How many things a thread does just now, in memory that it shares with its owner. A process that
 * ends while native code works in one of its threads is aborted: whoever ends it says so here and
 * waits for what has begun.
 */
export class WorkCount {
  readonly shared: SharedArrayBuffer;
  readonly #words: Int32Array;

  constructor(shared = new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT)) {
    this.shared = shared;
    this.#words = new Int32Array(shared);
  }

  /** On the thread. Settles as the work does; where the process ends nothing begins any more. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    Atomics.add(this.#words, AT_WORK, 1);
    try {
      if (Atomics.load(this.#words, IS_ENDING) === 0) return await work();
    } finally {
      Atomics.sub(this.#words, AT_WORK, 1);
      Atomics.notify(this.#words, AT_WORK);
    }
    return await new Promise<never>(() => undefined);
  }

  /** Of the owner, who blocks so long at most; only for a process that ends. */
  end(msMax: number): void {
    Atomics.store(this.#words, IS_ENDING, 1);
    const untilMs = performance.now() + msMax;
    for (;;) {
      const atWork = Atomics.load(this.#words, AT_WORK);
      const leftMs = untilMs - performance.now();
      if (atWork === 0 || leftMs <= 0) return;
      Atomics.wait(this.#words, AT_WORK, atWork, leftMs);
    }
  }
}
