import type { Timer } from '../../ports/clock.ts';
import type { ScoreAnswer, ScoreRequest } from './score-request.ts';

export interface AskedParts {
  readonly request: ScoreRequest;
  /** Those of its models that there are. */
  readonly models: readonly string[];
  readonly deadlineUs: number;
  /** Wall time. */
  readonly askedMs: number;
}

/** A request on its way. It is settled once; whatever comes after that is nothing. */
export class Asked {
  readonly request: ScoreRequest;
  readonly models: readonly string[];
  readonly deadlineUs: number;
  readonly askedMs: number;
  readonly answer: Promise<ScoreAnswer>;
  expiry: Timer | undefined;
  /** Threads that died while they computed it. */
  deaths = 0;
  isSettled = false;
  #resolve: (answer: ScoreAnswer) => void = () => undefined;

  constructor({ request, models, deadlineUs, askedMs }: AskedParts) {
    this.request = request;
    this.models = models;
    this.deadlineUs = deadlineUs;
    this.askedMs = askedMs;
    this.answer = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get rows(): number {
    return this.request.rows;
  }

  settle(answer: ScoreAnswer): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.expiry?.cancel();
    this.#resolve(answer);
  }
}
