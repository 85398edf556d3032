import { assert } from '../../core/assert.ts';
import type { Clock, Timer, Timers } from '../../ports/clock.ts';

/** What the machine has. */
export interface RawClocks {
  /** Since some beginning; never set, never goes back. */
  monotonicMs(): number;
  /** Since 1970; people and NTP set it. */
  epochMs(): number;
}

/** What the clock on the wall did, as far as it is worth an alert. Positive: it is ahead of us. */
export interface SkewNews {
  readonly state: 'began' | 'ended' | 'stepped';
  readonly skewMs: number;
}

export interface SystemClockOptions {
  readonly rawClocks?: RawClocks;
  onSkew?(news: SkewNews): void;
}

export interface AcceleratedClockOptions extends SystemClockOptions {
  /** It was this market time ... */
  readonly marketUs: number;
  /** ... when the clock on the wall said this. */
  readonly atWallEpochMs: number;
  /** Market seconds in one of ours. */
  readonly speed: number;
}

export interface SystemTime {
  readonly clock: Clock;
  readonly timers: Timers;
}

export function createSystemTime(options: SystemClockOptions = {}): SystemTime {
  const rawClocks = options.rawClocks ?? NODE_CLOCKS;
  const wall = new DisciplinedWall(rawClocks, options.onSkew);
  const clock: Clock = {
    nowUs: () => Math.floor(wall.nowUs()),
    wallMs: () => rawClocks.monotonicMs(),
    speed: 1,
  };
  return { clock, timers: createTimers() };
}

/**
 * The time of a simulated market, from the one point where it met ours. Two processes that have
 * the same three numbers have the same market time, as near as they share a clock on the wall.
 */
export function createAcceleratedClock(options: AcceleratedClockOptions): Clock {
  const { marketUs, atWallEpochMs, speed } = options;
  assert(speed > 0 && Number.isFinite(speed), 'a market runs forward');
  const rawClocks = options.rawClocks ?? NODE_CLOCKS;
  const wall = new DisciplinedWall(rawClocks, options.onSkew);
  return {
    nowUs: () => Math.floor(marketUs + (wall.nowUs() - atWallEpochMs * 1_000) * speed),
    wallMs: () => rawClocks.monotonicMs(),
    speed,
  };
}

/**
 * A timer that waits keeps the process: one that was not cancelled is seen at once, as a process
 * that does not end, while an engine that ends in silence in the middle of a backoff is not.
 */
export function createTimers(): Timers {
  return {
    after(afterMs, run) {
      let handle: NodeJS.Timeout | undefined;
      const wait = (leftMs: number): void => {
        // Past this Node would run it at once.
        const stepMs = Math.min(Math.max(0, leftMs), TIMEOUT_MS_MAX);
        handle = setTimeout(() => (leftMs > stepMs ? wait(leftMs - stepMs) : run()), stepMs);
      };
      wait(afterMs);
      const timer: Timer = { cancel: () => clearTimeout(handle) };
      return timer;
    },
  };
}

const NODE_CLOCKS: RawClocks = {
  monotonicMs: () => performance.now(),
  epochMs: () => Date.now(),
};

const TIMEOUT_MS_MAX = 2 ** 31 - 1;
/** How often the two clocks are compared. */
const CHECK_MS = 250;
/** `Date.now` cuts to whole milliseconds: below this it is not known which of the two is wrong. */
const DEADBAND_US = 2_000;
/** RELIABILITY D11. */
const ALERT_US = 500_000;
/** One part in a hundred: a step of 2 s is gone after 200 s, and no second is felt. */
const SLEW = 0.01;
/** So far ahead is no step of NTP: the machine slept, and the market did not. */
const STEP_US = 10_000_000;

/**
 * Wall time that never goes back: the epoch at our start plus what the monotonic clock counted
 * since, drawn gently to where the clock on the wall is now.
 */
class DisciplinedWall {
  readonly #raw: RawClocks;
  readonly #onSkew: ((news: SkewNews) => void) | undefined;
  #lastMs: number;
  #checkedMs: number;
  #us: number;
  /** What the clock on the wall is ahead of us, and is still to be drawn in. */
  #aheadUs = 0;
  #isSkewed = false;

  constructor(raw: RawClocks, onSkew: ((news: SkewNews) => void) | undefined) {
    this.#raw = raw;
    this.#onSkew = onSkew;
    this.#lastMs = raw.monotonicMs();
    this.#checkedMs = this.#lastMs;
    this.#us = raw.epochMs() * 1_000;
  }

  nowUs(): number {
    const nowMs = this.#raw.monotonicMs();
    const passedUs = (nowMs - this.#lastMs) * 1_000;
    this.#lastMs = nowMs;
    const slewUs = passedUs * SLEW;
    const drawnUs = Math.min(slewUs, Math.max(-slewUs, this.#aheadUs));
    this.#aheadUs -= drawnUs;
    this.#us += passedUs + drawnUs;
    if (nowMs - this.#checkedMs >= CHECK_MS) this.#check(nowMs);
    return this.#us;
  }

  #check(nowMs: number): void {
    this.#checkedMs = nowMs;
    const skewUs = this.#raw.epochMs() * 1_000 - this.#us;
    this.#aheadUs = Math.abs(skewUs) < DEADBAND_US ? 0 : skewUs;
    if (skewUs > STEP_US) {
      this.#us += skewUs;
      this.#aheadUs = 0;
      this.#onSkew?.({ state: 'stepped', skewMs: skewUs / 1_000 });
    } else if (!this.#isSkewed && Math.abs(skewUs) > ALERT_US) {
      this.#isSkewed = true;
      this.#onSkew?.({ state: 'began', skewMs: skewUs / 1_000 });
    } else if (this.#isSkewed && Math.abs(skewUs) < ALERT_US / 2) {
      this.#isSkewed = false;
      this.#onSkew?.({ state: 'ended', skewMs: skewUs / 1_000 });
    }
  }
}
