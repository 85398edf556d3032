import { assert } from '../../core/assert.ts';
import { MS } from '../../core/time.ts';
import type { Clock } from '../../ports/clock.ts';

export const SPEED_MIN = 0.1;
export const SPEED_MAX = 1_000;

export interface VenueClockOptions {
  readonly startUs: number;
  /** Market seconds in one of ours. */
  readonly speed: number;
  /** Monotonic wall time in milliseconds. */
  readonly wallMs: () => number;
  /** The same moment as a date: milliseconds since 1970. */
  readonly epochMs: () => number;
  /** Stands at its start until `resume`. */
  readonly isPaused?: boolean | undefined;
}

/** Enough to compute the venue's time in another process: both numbers name one moment. */
export interface ClockMapping {
  readonly wallMs: number;
  readonly marketUs: number;
  /** 0 while it is paused. */
  readonly speed: number;
}

/**
 * The venue's time: market time = start + (wall time - wall time at the start) * speed. It never
 * goes back, because matching and the market's frames must not: a step back holds it instead.
 * What the venue tells the world may be off by `skewUs`, as a venue's clock can be wrong.
 */
export class VenueClock implements Clock {
  skewUs = 0;
  readonly #wall: () => number;
  readonly #epoch: () => number;
  readonly #listeners: (() => void)[] = [];
  #speed: number;
  #isPaused = false;
  #fromMs: number;
  #fromUs: number;
  /** Market time that a step back still has to wait for. */
  #heldUs = 0;
  #latestUs: number;

  constructor(options: VenueClockOptions) {
    assertSpeed(options.speed);
    this.#speed = options.speed;
    this.#isPaused = options.isPaused ?? false;
    this.#wall = options.wallMs;
    this.#epoch = options.epochMs;
    this.#fromMs = options.wallMs();
    this.#fromUs = options.startUs;
    this.#latestUs = options.startUs;
  }

  get speed(): number {
    return this.#speed;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  wallMs(): number {
    return this.#wall();
  }

  nowUs(): number {
    this.#latestUs = Math.max(this.#latestUs, this.#freeUs() - this.#heldUs);
    return this.#latestUs;
  }

  /** What `/v2/clock` says and what is printed on messages. */
  toldUs(): number {
    return this.nowUs() + this.skewUs;
  }

  get mapping(): ClockMapping {
    return {
      wallMs: this.#epoch(),
      marketUs: this.nowUs(),
      speed: this.#isPaused ? 0 : this.#speed,
    };
  }

  /** Wall milliseconds until market time reaches `us`; Infinity while it is paused. */
  wallMsUntil(us: number): number {
    const leftUs = us - (this.#freeUs() - this.#heldUs);
    if (leftUs <= 0) return 0;
    return this.#isPaused ? Number.POSITIVE_INFINITY : leftUs / MS / this.#speed;
  }

  pause(): void {
    this.#rebase();
    this.#isPaused = true;
    this.#changed();
  }

  resume(): void {
    this.#rebase();
    this.#isPaused = false;
    this.#changed();
  }

  setSpeed(speed: number): void {
    assertSpeed(speed);
    this.#rebase();
    this.#speed = speed;
    this.#changed();
  }

  /** Forward: market time jumps. Back: it stands still until what was taken back has passed. */
  step(us: number): void {
    assert(Number.isSafeInteger(us), 'a step is a whole number of microseconds');
    this.#rebase();
    const heldUs = this.#heldUs - us;
    this.#heldUs = Math.max(0, heldUs);
    if (heldUs < 0) this.#fromUs -= heldUs;
    this.#changed();
  }

  /** Called after every step, pause and change of speed. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  #freeUs(): number {
    if (this.#isPaused) return this.#fromUs;
    return this.#fromUs + Math.floor((this.#wall() - this.#fromMs) * MS * this.#speed);
  }

  #rebase(): void {
    this.nowUs();
    this.#fromUs = this.#freeUs();
    this.#fromMs = this.#wall();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

function assertSpeed(speed: number): void {
  const isKnown = speed >= SPEED_MIN && speed <= SPEED_MAX;
  assert(isKnown, `speed is ${SPEED_MIN} to ${SPEED_MAX}`);
}
