import { assert, InvariantError } from '../../core/assert.ts';
import { StoreError } from '../../ports/store-error.ts';
import type { Answer, FromWorker, Question, WorkerSettings } from './protocol.ts';
import type { OpenWorker, WorkerLink } from './worker-link.ts';

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Questions to the thread and their answers. A thread that died fails what it was asked, by name,
 * and is started again by the next question.
 */
export class WorkerCalls {
  readonly #settings: WorkerSettings;
  readonly #openWorker: OpenWorker;
  readonly #waiting = new Map<number, Waiting>();
  #starting: Promise<WorkerLink> | undefined;
  #calls = 0;
  #ended: Promise<void> = Promise.resolve();
  /** Counts the threads that were started: a reader of an earlier one is gone with it. */
  #life = 0;

  constructor(settings: WorkerSettings, openWorker: OpenWorker) {
    this.#settings = settings;
    this.#openWorker = openWorker;
  }

  get life(): number {
    return this.#life;
  }

  /** Settles when the thread has opened the file. */
  async start(): Promise<void> {
    await this.#link();
  }

  async ask(question: Question, moved: readonly ArrayBuffer[] = []): Promise<Answer> {
    const link = await this.#link();
    this.#calls += 1;
    const call = this.#calls;
    const answer = await new Promise<Answer>((resolve, reject) => {
      this.#waiting.set(call, { resolve, reject });
      link.post({ call, ...question }, moved);
    });
    if (answer.kind !== 'failed') return answer;
    if (answer.code === 'INVARIANT') throw new InvariantError(answer.message);
    throw new StoreError(answer.code, answer.message);
  }

  /** Ends the thread if one runs: in order within the time, else at once. */
  async stop(msMax: number): Promise<void> {
    const link = await this.#starting?.catch(() => undefined);
    if (link === undefined) return;
    const impatience = setTimeout(() => void link.terminate(), msMax);
    await this.ask({ kind: 'close' }).catch(() => undefined);
    await this.#ended;
    clearTimeout(impatience);
  }

  #link(): Promise<WorkerLink> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  #start(): Promise<WorkerLink> {
    this.#life += 1;
    let hasEnded: () => void = () => undefined;
    this.#ended = new Promise((resolve) => {
      hasEnded = resolve;
    });
    return new Promise((resolve, reject) => {
      const link = this.#openWorker(this.#settings, {
        message: (message) => {
          if (message.kind === 'opened') resolve(link);
          else if (message.kind === 'refused') {
            reject(new StoreError(message.code, message.message));
          } else this.#hear(message);
        },
        ended: (reason) => {
          this.#starting = undefined;
          const error = this.#endError(reason);
          // Nothing where it had opened: then those who wait are told.
          reject(error);
          for (const waiting of this.#takeWaiting()) waiting.reject(error);
          hasEnded();
        },
      });
    });
  }

  #endError(reason: string): StoreError {
    const { file } = this.#settings;
    const what = `the thread of the store ${file} ended: ${reason}; send the same again`;
    return new StoreError('STORE_AWAY', what);
  }

  #hear(message: Exclude<FromWorker, { kind: 'opened' | 'refused' }>): void {
    const waiting = this.#waiting.get(message.call);
    assert(waiting !== undefined, 'an answer has a question');
    this.#waiting.delete(message.call);
    waiting.resolve(message);
  }

  #takeWaiting(): readonly Waiting[] {
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    return all;
  }
}
