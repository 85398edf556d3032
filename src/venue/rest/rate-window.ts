import { assert } from '../../core/assert.ts';
import { MINUTE, SECOND } from '../../core/time.ts';

/** What the three `X-RateLimit-*` headers say (venues.md 4.6). */
export interface RateStand {
  readonly isAllowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Epoch seconds of the venue's time at which the count starts anew. */
  readonly resetSeconds: number;
}

/** So many requests in each minute of the venue's clock. */
export class RateWindow {
  readonly requestsMax: number;
  #windowUs = 0;
  #used = 0;

  constructor(requestsMax: number) {
    assert(Number.isInteger(requestsMax) && requestsMax > 0, 'a limit is a whole number');
    this.requestsMax = requestsMax;
  }

  take(nowUs: number): RateStand {
    this.#moveTo(nowUs);
    const isAllowed = this.#used < this.requestsMax;
    if (isAllowed) this.#used += 1;
    return this.#stand(isAllowed);
  }

  /** Where it stands, for answers to requests that do not count. */
  look(nowUs: number): RateStand {
    this.#moveTo(nowUs);
    return this.#stand(this.#used < this.requestsMax);
  }

  #moveTo(nowUs: number): void {
    const windowUs = Math.floor(nowUs / MINUTE) * MINUTE;
    if (windowUs === this.#windowUs) return;
    this.#windowUs = windowUs;
    this.#used = 0;
  }

  #stand(isAllowed: boolean): RateStand {
    return {
      isAllowed,
      limit: this.requestsMax,
      remaining: this.requestsMax - this.#used,
      resetSeconds: (this.#windowUs + MINUTE) / SECOND,
    };
  }
}
