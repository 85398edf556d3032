import type { Timer, Timers } from '../../ports/clock.ts';
import type { SubscribeResult } from './market-options.ts';
import type { Settlement } from './market-protocol.ts';

/** The one question for a set of symbols that has no answer yet. A newer one takes its place. */
export class WantedSymbols {
  readonly #timers: Timers;
  readonly #msMax: number;
  #answer: ((result: SubscribeResult) => void) | undefined;
  #timer: Timer | undefined;

  constructor(timers: Timers, msMax: number) {
    this.#timers = timers;
    this.#msMax = msMax;
  }

  ask(): Promise<SubscribeResult> {
    this.#settle({
      outcome: 'failed',
      code: 'SUBSCRIPTION_SUPERSEDED',
      message: 'a later set was asked for',
    });
    return new Promise((resolve) => {
      this.#answer = resolve;
      this.#timer = this.#timers.after(this.#msMax, () =>
        this.#settle({
          outcome: 'failed',
          code: 'SUBSCRIPTION_LATE',
          message: `the venue has not confirmed it within ${this.#msMax} ms; it stays wanted`,
        }),
      );
    });
  }

  /** The venue has answered all there was to ask. */
  settled({ served, unfitting, unserved, refused }: Settlement): void {
    if (unfitting.length > 0) {
      const wanted = served + unfitting.length + unserved.length;
      const message = `the plan carries ${served} of ${wanted}; the others stay wanted`;
      this.#settle({ outcome: 'failed', code: 'SUBSCRIPTION_LIMIT', message });
    } else if (unserved.length > 0 || refused.some(isNeeded)) {
      const what = [...unserved, ...refused.filter(isNeeded)].slice(0, 10).join(', ');
      const message = `not served: ${what}`;
      this.#settle({ outcome: 'failed', code: 'SUBSCRIPTION_UNSERVED', message });
    } else this.#settle({ outcome: 'done' });
  }

  stopped(reason: string): void {
    this.#settle({ outcome: 'failed', code: 'STREAM_STOPPED', message: reason });
  }

  #settle(result: SubscribeResult): void {
    this.#timer?.cancel();
    const answer = this.#answer;
    this.#answer = undefined;
    answer?.(result);
  }
}

/** Without bands one can trade; without trades and quotes one cannot. */
function isNeeded(channel: string): boolean {
  return channel === 'trades' || channel === 'quotes';
}
