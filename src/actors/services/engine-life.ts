import type { Clock } from '../../ports/clock.ts';
import type { Actor } from './nact-system.ts';
import { describeError, ServiceFault } from './service-fault.ts';
import { type ActorNode, leaf } from './tree-view.ts';

/** What the engine's actor starts and ends. */
export interface KernelLife {
  /** Recovers and opens. */
  open(): Promise<void>;
  /** Seals and closes; comes once, after everything that could still bring an input. */
  close(): Promise<void>;
  /** The kernel's own actors, supervised by its runtime, for the one tree. */
  actors(): readonly ActorNode[];
}

export type EngineStatus =
  | { readonly isRunning: true }
  | { readonly isRunning: false; readonly error: unknown };

export interface EngineLifeOptions {
  readonly clock: Clock;
  readonly kernel?: KernelLife;
  onFatal(error: unknown): void;
}

type EngineMessage = { readonly run: () => void };

/**
 * The actor `engine`: it owns the life of the kernel and sees none of its inputs. What the kernel
 * throws must not restart a socket that happened to bring the input, so it is a status here, and
 * the first one is fatal: the process ends, and the next one recovers.
 */
export class EngineLife {
  /** Inputs offered after the fault: none of them was taken. */
  refused = 0;
  readonly #options: EngineLifeOptions;
  readonly #actor: Actor<EngineMessage>;
  #state: 'waiting' | 'starting' | 'up' | 'stopping' | 'stopped' | 'failed' = 'waiting';
  #sinceUs: number;
  #error: unknown;
  #opened: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  constructor(parent: Actor<never>, options: EngineLifeOptions) {
    this.#options = options;
    this.#sinceUs = options.clock.nowUs();
    this.#actor = parent.spawn<undefined, EngineMessage>({
      name: 'engine',
      mailboxMax: 4,
      initial: () => undefined,
      receive: (_, { run }) => run(),
      crashed: (error) => {
        this.#fail(error);
        return 'stop';
      },
    });
  }

  /** Runs what offers an input to the kernel: by direct call, never through a mailbox. */
  accept(work: () => void): EngineStatus {
    if (this.#state === 'failed') {
      this.refused += 1;
      return { isRunning: false, error: this.#error };
    }
    try {
      work();
      return { isRunning: true };
    } catch (error) {
      this.#fail(error);
      return { isRunning: false, error };
    }
  }

  get status(): EngineStatus {
    if (this.#state !== 'failed') return { isRunning: true };
    return { isRunning: false, error: this.#error };
  }

  /** Rejects where the kernel does not open; that is fatal too. */
  start(): Promise<void> {
    this.#opened ??= this.#step('starting', 'up', () => this.#options.kernel?.open());
    return this.#opened;
  }

  stop(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** A kernel that failed is not closed: what it would write is not to be trusted. */
  async #close(): Promise<void> {
    await Promise.allSettled([this.#opened]); // Half open is neither open nor closed.
    if (this.#state !== 'failed') {
      await this.#step('stopping', 'stopped', () => this.#options.kernel?.close());
    }
    await this.#actor.stop();
  }

  describe(): ActorNode {
    const children = this.#options.kernel?.actors() ?? [];
    const node = leaf('engine', 'engine', this.#state, this.#sinceUs);
    const isFailed = this.#state === 'failed';
    const deadLetters = this.refused;
    const lastError = isFailed ? { lastError: describeError(this.#error) } : {};
    return { ...node, ...lastError, deadLetters, children };
  }

  #step(
    during: 'starting' | 'stopping',
    after: 'up' | 'stopped',
    work: () => Promise<void> | undefined,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const run = async (): Promise<void> => {
        this.#enter(during);
        await work();
        this.#enter(after);
      };
      const failed = (error: unknown): void => {
        this.#fail(error);
        reject(error);
      };
      const isTaken = this.#actor.tell({ run: () => void run().then(resolve, failed) });
      if (!isTaken) failed(new ServiceFault('SERVICE_CRASHED', 'the engine has stopped'));
    });
  }

  #enter(state: 'starting' | 'up' | 'stopping' | 'stopped' | 'failed'): void {
    if (this.#state === 'failed') return;
    this.#state = state;
    this.#sinceUs = this.#options.clock.nowUs();
  }

  #fail(error: unknown): void {
    if (this.#state === 'failed') return;
    this.#enter('failed');
    this.#error = error;
    this.#options.onFatal(error);
  }
}
