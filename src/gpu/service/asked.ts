import type { Timer } from '../../ports/clock.ts';
import type { EffectAnswer } from '../../ports/service.ts';
import type { Infer } from '../infer-answer.ts';

/** A request on its way. It is settled once; whatever comes after that is nothing. */
export class Asked {
  readonly effect: Infer;
  readonly deadlineUs: number;
  readonly answer: Promise<EffectAnswer>;
  expiry: Timer | undefined;
  isSettled = false;
  #resolve: (answer: EffectAnswer) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;

  constructor(effect: Infer, deadlineUs: number) {
    this.effect = effect;
    this.deadlineUs = deadlineUs;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get rows(): number {
    return this.effect.rows.length;
  }

  settle(answer: EffectAnswer): void {
    if (!this.#end()) return;
    this.#resolve(answer);
  }

  fail(error: Error): void {
    if (!this.#end()) return;
    this.#reject(error);
  }

  #end(): boolean {
    if (this.isSettled) return false;
    this.isSettled = true;
    this.expiry?.cancel();
    return true;
  }
}
