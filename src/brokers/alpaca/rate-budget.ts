import { doubled } from '../../core/doubling.ts';
import { assert } from '../../core/assert.ts';
import { MINUTE, MS, SECOND } from '../../core/time.ts';
import type { Clock, Timer, Timers } from '../../ports/clock.ts';

/** Who goes first when requests are short: getting out before finding out before getting in. */
export type Priority = 'cancel' | 'exit' | 'enquiry' | 'entry';

export interface RateBudgetOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  /** The venue counts in minutes of market time. */
  readonly requestsPerMinute: number;
  /** Of those, entries leave so many to all others. */
  readonly requestsKept: number;
}

/** What the venue says with every answer (venues.md 4.6). */
export interface RateWord {
  readonly limit?: number;
  readonly remaining?: number;
  readonly resetUs?: number;
}

/**
 * Requests granted in the last minute of market time, never more than the limit: whatever windows
 * the venue counts in, none holds more. What the venue says is left counts too, where it is less.
 *
 * An entry that finds nothing left is refused at once, since its reason grows old; all others wait
 * their turn until their deadline, cancels before exits before enquiries.
 */
export class RateBudget {
  readonly #options: RateBudgetOptions;
  readonly #granted: number[] = [];
  #limit: number;
  #venueLeft = Number.POSITIVE_INFINITY;
  #venueUntilUs = 0;
  #inFlight = 0;
  #strikes = 0;
  #waiting: Waiting[] = [];
  #timer: Timer | undefined;

  constructor(options: RateBudgetOptions) {
    const { requestsPerMinute, requestsKept } = options;
    assert(requestsPerMinute > 0, 'some requests are allowed');
    assert(requestsKept >= 0 && requestsKept < requestsPerMinute, 'not all requests are kept');
    this.#options = options;
    this.#limit = requestsPerMinute;
  }

  /** Requests that the next entry could still use. */
  get leftForEntries(): number {
    return Math.max(0, this.#left() - this.#keptFrom('entry'));
  }

  /** False: not granted, and by then it would be too late. Each grant is given back by `heard`. */
  acquire(priority: Priority, deadlineMs: number): Promise<boolean> {
    if (this.#mayGo(priority) && !this.#isOvertaking(priority)) {
      this.#grant();
      return Promise.resolve(true);
    }
    const leftMs = deadlineMs - this.#options.clock.wallMs();
    if (priority === 'entry' || leftMs <= 0) return Promise.resolve(false);
    return new Promise((resolve) => {
      const entry: Waiting = {
        priority,
        settle: (isGranted) => {
          deadline.cancel();
          this.#waiting = this.#waiting.filter((other) => other !== entry);
          resolve(isGranted);
        },
      };
      const deadline = this.#options.timers.after(leftMs, () => entry.settle(false));
      this.#waiting.push(entry);
      this.#wake();
    });
  }

  /** A granted request was answered, or given up. */
  heard(word: RateWord): void {
    this.#inFlight = Math.max(0, this.#inFlight - 1);
    const { limit, remaining, resetUs } = word;
    const { clock, requestsPerMinute, requestsKept } = this.#options;
    if (limit !== undefined && limit > requestsKept) {
      this.#limit = Math.min(requestsPerMinute, limit);
    }
    if (remaining !== undefined && resetUs !== undefined && resetUs > clock.nowUs()) {
      // Those under way are not in its count yet.
      this.#venueLeft = remaining - this.#inFlight;
      this.#venueUntilUs = resetUs;
    }
    if (remaining !== undefined && remaining > 0) this.#strikes = 0;
    this.#wake();
  }

  /**
   * It answered 429: nothing goes until it says so, or for a while that doubles. Of requests that
   * went together the first is the strike, the others are the same one heard again.
   */
  struck(afterUs: number | undefined): void {
    const nowUs = this.#options.clock.nowUs();
    const isTold = this.#venueLeft <= 0 && this.#venueUntilUs > nowUs;
    this.#venueLeft = 0;
    if (afterUs !== undefined) this.#venueUntilUs = nowUs + Math.min(afterUs, MINUTE);
    else if (!isTold) {
      this.#venueUntilUs = nowUs + doubled(STRIKE_US, this.#strikes, STRIKE_MAX_US);
      this.#strikes += 1;
    }
    this.#wake();
  }

  #grant(): void {
    this.#granted.push(this.#options.clock.nowUs());
    this.#inFlight += 1;
    this.#venueLeft -= 1;
  }

  #mayGo(priority: Priority): boolean {
    return this.#left() > this.#keptFrom(priority);
  }

  /** Is one waiting that goes before it? */
  #isOvertaking(priority: Priority): boolean {
    return this.#waiting.some((other) => ORDER[other.priority] <= ORDER[priority]);
  }

  #left(): number {
    const nowUs = this.#options.clock.nowUs();
    while ((this.#granted[0] ?? nowUs) <= nowUs - MINUTE) this.#granted.shift();
    const ours = this.#limit - this.#granted.length;
    return nowUs < this.#venueUntilUs ? Math.min(ours, this.#venueLeft) : ours;
  }

  /** Enquiries leave a tenth of the kept share to exits and cancels, exits half of that. */
  #keptFrom(priority: Priority): number {
    const { requestsKept } = this.#options;
    switch (priority) {
      case 'entry':
        return requestsKept;
      case 'enquiry':
        return Math.floor(requestsKept / 10);
      case 'exit':
        return Math.floor(requestsKept / 20);
      case 'cancel':
        return 0;
    }
  }

  #wake(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    for (let next = this.#first(); next !== undefined; next = this.#first()) {
      if (!this.#mayGo(next.priority)) {
        this.#timer = this.#options.timers.after(this.#waitMs(next.priority), () => this.#wake());
        return;
      }
      this.#grant();
      next.settle(true);
    }
  }

  #first(): Waiting | undefined {
    return this.#waiting.toSorted((a, b) => ORDER[a.priority] - ORDER[b.priority])[0];
  }

  /** Until the oldest grants that are in the way are a minute old, and the venue's count ended. */
  #waitMs(priority: Priority): number {
    const { clock } = this.#options;
    const nowUs = clock.nowUs();
    const inTheWay = this.#granted.length - (this.#limit - this.#keptFrom(priority));
    const oursUs = inTheWay < 0 ? nowUs : (this.#granted[inTheWay] ?? nowUs) + MINUTE;
    const venueUs = this.#venueLeft > this.#keptFrom(priority) ? nowUs : this.#venueUntilUs;
    const waitUs = Math.max(oursUs, venueUs) - nowUs;
    return Math.max(1, Math.ceil(waitUs / MS / clock.speed));
  }
}

interface Waiting {
  readonly priority: Priority;
  readonly settle: (isGranted: boolean) => void;
}

const ORDER: Readonly<Record<Priority, number>> = { cancel: 0, exit: 1, enquiry: 2, entry: 3 };
const STRIKE_US = SECOND;
const STRIKE_MAX_US = 30 * SECOND;
