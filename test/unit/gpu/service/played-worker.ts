import { present } from '../../../../src/core/assert.ts';
import {
  type BatchOrder,
  type Slot,
  type ToWorker,
  viewRegion,
  type WorkerFacts,
} from '../../../../src/gpu/service/protocol.ts';
import type {
  OpenWorker,
  ThreadOptions,
  WorkerLink,
} from '../../../../src/gpu/service/worker-link.ts';

export const MOMENTUM_FACTS: WorkerFacts = {
  name: 'momentum-1',
  version: 'momentum-1@d04686b5',
  width: 12,
  columns: ['probability'],
  runtime: 'played',
};

/**
 * Threads that do what the test says, when it says so, over the region they share. `open` is called
 * for each thread; what is said to them is said to the last.
 */
export class PlayedWorker {
  /** What was posted to all of them, `load` and `release` left out. */
  readonly posted: ToWorker[] = [];
  readonly released: number[] = [];
  readonly sources: unknown[] = [];
  threads = 0;
  isTerminated = false;
  #thread: ThreadOptions | undefined;
  #slots: readonly Slot[] = [];
  /** Handles that wait for a word, and models by handle. */
  #loading: number[] = [];
  readonly #facts = new Map<number, WorkerFacts>();
  /** Batches without their scores. */
  #due: BatchOrder[] = [];

  readonly open: OpenWorker = (options): WorkerLink => {
    this.threads += 1;
    this.#thread = options;
    this.#slots = viewRegion(options.settings.region, options.settings.shape);
    this.#loading = [];
    this.#facts.clear();
    this.#due = [];
    return {
      post: (message) => this.#take(message),
      terminate: async () => {
        this.isTerminated = true;
        this.#thread = undefined;
        options.hears.ended('terminated');
      },
    };
  };

  /** The first model that waits for it is there. */
  load(changes: Partial<WorkerFacts> = {}): void {
    const handle = present(this.#loading.shift(), 'a model to load');
    const facts = { ...MOMENTUM_FACTS, ...changes };
    this.#facts.set(handle, facts);
    this.#thread?.hears.message({ kind: 'loaded', handle, facts });
  }

  refuse(code: string, message: string): void {
    const handle = present(this.#loading.shift(), 'a model to load');
    this.#thread?.hears.message({ kind: 'refused', handle, code, message });
  }

  /** Of the model that waits for a word; a thread counts from 1. */
  get nextHandle(): number | undefined {
    return this.#loading[0];
  }

  get isBusy(): boolean {
    return this.#due.length > 0;
  }

  /**
   * Scores the first batch that is due: of each row its first feature, whatever that is, plus 100
   * for each model after the first and 10,000 for each further column.
   */
  score(changes: { readonly fellBack?: string; readonly faults?: readonly string[] } = {}): void {
    const { number, slot, rows, width, handles } = present(this.#due.shift(), 'a batch');
    const { features, scores } = present(this.#slots[slot], 'its slot');
    const { fellBack, faults } = changes;
    let at = 0;
    const runs = handles.map((handle, place) => {
      const { columns, version, runtime } = present(this.#facts.get(handle), 'a model there');
      for (let row = 0; row < rows; row += 1) {
        for (let column = 0; column < columns.length; column += 1) {
          const first = features[row * width] ?? -1;
          scores[at] = first + place * 100 + column * 10_000;
          at += 1;
        }
      }
      const fault = faults?.[place];
      return {
        handle,
        version,
        runtime,
        tookMs: 1,
        ...(fellBack === undefined ? {} : { fellBack }),
        ...(fault === undefined || fault === '' ? {} : { fault }),
      };
    });
    this.#thread?.hears.message({ kind: 'scored', batch: number, runs });
  }

  end(reason: string): void {
    const thread = this.#thread;
    this.#thread = undefined;
    thread?.hears.ended(reason);
  }

  /** Rows of the batches that were posted. */
  get batches(): readonly number[] {
    return this.posted.flatMap((message) => (message.kind === 'score' ? [message.batch.rows] : []));
  }

  #take(message: ToWorker): void {
    if (message.kind === 'release') this.released.push(message.handle);
    else if (message.kind === 'load') {
      this.#loading.push(message.handle);
      this.sources.push(message.source);
    } else this.posted.push(message);
    if (message.kind === 'score') this.#due.push(message.batch);
  }
}
