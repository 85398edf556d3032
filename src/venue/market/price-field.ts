import { exp } from '../../core/math.ts';
import type { Random } from '../../core/random.ts';
import { SECOND } from '../../core/time.ts';
import {
  ACTIVITY_BUSY,
  ACTIVITY_CALM,
  ACTIVITY_MAX,
  ACTIVITY_MIN,
  DRIFT_RATIO,
  DRIFT_SECONDS,
  GARCH_BASE,
  GARCH_MEMORY,
  GARCH_SHOCK,
  JUMP_DRIFT,
  JUMP_MAX,
  JUMP_MIN,
  JUMPS_PER_DAY,
  MARKET_DAY,
  OVERNIGHT_SHARE,
  SECTOR_DAY,
  SESSION_SECONDS,
  SIGNAL_SECONDS,
  SLOW_US,
  TRANSIENT_RATIO,
  TRANSIENT_SECONDS,
  VARIANCE_MAX,
  VARIANCE_MIN,
} from './market-model.ts';
import { SECTORS, type SeededUniverse } from './seeded-universe.ts';

/**
 * The true prices, which quotes follow. Factors move on their own grid; a symbol's own part is
 * brought up to date only when somebody looks, so that a quiet symbol costs nothing.
 */
export class PriceField {
  /** How busy each symbol is, compared with its usual. */
  readonly activity: Float64Array;
  /** Root of the variance, which widens spreads; 1 on average. */
  readonly strain: Float64Array;
  /** Variance of the hour, compared with the session's average. The session sets it. */
  hourVariance = 1;
  readonly #universe: SeededUniverse;
  readonly #random: Random;
  readonly #factors: FactorWalk;
  /** Deviation of the own part per root of a second. */
  readonly #sigma: Float64Array;
  readonly #own: Float64Array;
  readonly #ownAtStep: Float64Array;
  readonly #transient: Float64Array;
  readonly #drift: Float64Array;
  readonly #variance: Float64Array;
  readonly #atUs: Float64Array;

  constructor(universe: SeededUniverse, random: Random) {
    const size = universe.symbols.length;
    this.#universe = universe;
    this.#random = random;
    this.#factors = new FactorWalk(random.fork(0));
    this.activity = new Float64Array(size).fill(1);
    this.strain = new Float64Array(size).fill(1);
    this.#sigma = universe.ownDay.map((own) => own / Math.sqrt(SESSION_SECONDS));
    this.#own = new Float64Array(size);
    this.#ownAtStep = new Float64Array(size);
    this.#transient = new Float64Array(size);
    this.#drift = new Float64Array(size);
    this.#variance = new Float64Array(size).fill(1);
    this.#atUs = new Float64Array(size);
    for (let at = 0; at < size; at += 1) {
      this.#drift[at] = random.normal() * driftDeviation(this.#sigma[at] ?? 0);
      this.#variance[at] = 0.5 + random.unit();
    }
  }

  /** A night passes: prices gap, and time goes on from `us`. */
  wake(us: number): void {
    const night = Math.sqrt(OVERNIGHT_SHARE);
    this.#factors.jump(night);
    for (let at = 0; at < this.#own.length; at += 1) {
      const own = this.#universe.ownDay[at] ?? 0;
      this.#own[at] = (this.#own[at] ?? 0) + night * own * this.#random.normal();
      this.#ownAtStep[at] = this.#own[at] ?? 0;
      this.#atUs[at] = us;
    }
  }

  moveFactors(seconds: number): void {
    this.#factors.move(seconds, this.hourVariance);
  }

  /** Brings one symbol to the present. */
  advance(at: number, us: number): void {
    const seconds = (us - (this.#atUs[at] ?? 0)) / SECOND;
    if (seconds <= 0) return;
    this.#atUs[at] = us;
    const sigma = this.#sigma[at] ?? 0;
    const noise = sigma * (this.strain[at] ?? 0) * Math.sqrt(this.hourVariance * seconds);
    this.#own[at] =
      (this.#own[at] ?? 0) + (this.#drift[at] ?? 0) * seconds + noise * roughNormal(this.#random);
    this.#transient[at] = pullBack(
      this.#transient[at] ?? 0,
      sigma * TRANSIENT_SCALE * uniform(this.#random),
      seconds / TRANSIENT_SECONDS,
    );
  }

  /** The true price in ten-thousandths, not rounded, as of the last `advance`. */
  price(at: number): number {
    const universe = this.#universe;
    return exp(
      (universe.level[at] ?? 0) +
        (universe.beta[at] ?? 0) * this.#factors.market +
        (universe.gamma[at] ?? 0) * (this.#factors.sectors[universe.sector[at] ?? 0] ?? 0) +
        (this.#own[at] ?? 0) +
        (this.#transient[at] ?? 0),
    );
  }

  /** Moves the own part at once, in deviations of the symbol's session, and lets it drift on. */
  jump(at: number, deviations: number): void {
    const own = this.#universe.ownDay[at] ?? 0;
    this.#own[at] = (this.#own[at] ?? 0) + deviations * own;
    const push = JUMP_DRIFT * driftDeviation(this.#sigma[at] ?? 0);
    this.#drift[at] = (this.#drift[at] ?? 0) + (deviations < 0 ? -push : push);
  }

  /** Once every `SLOW_US`: what changes slowly (variance, drift, activity) changes here. */
  settle(at: number, us: number): void {
    this.advance(at, us);
    const sigma = this.#sigma[at] ?? 0;
    const seconds = SLOW_US / SECOND;
    if (this.#random.chance((JUMPS_PER_DAY * seconds) / SESSION_SECONDS)) {
      const size = JUMP_MIN + this.#random.unit() * (JUMP_MAX - JUMP_MIN);
      this.jump(at, this.#random.chance(0.5) ? size : -size);
    }
    const move = (this.#own[at] ?? 0) - (this.#ownAtStep[at] ?? 0);
    this.#ownAtStep[at] = this.#own[at] ?? 0;
    const expected = sigma * sigma * this.hourVariance * seconds;
    const variance = nextVariance(this.#variance[at] ?? 1, move * move, expected);
    this.#variance[at] = variance;
    this.strain[at] = Math.sqrt(variance);

    const deviation = driftDeviation(sigma);
    const drift = pullBack(
      this.#drift[at] ?? 0,
      deviation * this.#random.normal(),
      seconds / DRIFT_SECONDS,
    );
    this.#drift[at] = drift;
    const push = deviation > 0 ? Math.abs(drift) / deviation : 0;
    const activity = (this.strain[at] ?? 1) * (ACTIVITY_CALM + ACTIVITY_BUSY * push);
    this.activity[at] = Math.min(ACTIVITY_MAX, Math.max(ACTIVITY_MIN, activity));
  }
}

/** Market and sectors: log levels with one clustering variance. */
class FactorWalk {
  market = 0;
  readonly sectors = new Float64Array(SECTORS.length);
  readonly #random: Random;
  #variance = 1;
  #seconds = 0;
  #marketAtStep = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  move(seconds: number, hourVariance: number): void {
    const scale = Math.sqrt((seconds * this.#variance * hourVariance) / SESSION_SECONDS);
    this.jump(scale);
    this.#seconds += seconds;
    if (this.#seconds * SECOND < SLOW_US) return;
    const change = this.market - this.#marketAtStep;
    const expected = (MARKET_DAY * MARKET_DAY * hourVariance * this.#seconds) / SESSION_SECONDS;
    this.#variance = nextVariance(this.#variance, change * change, expected);
    this.#marketAtStep = this.market;
    this.#seconds = 0;
  }

  /** By `scale` deviations of a session. */
  jump(scale: number): void {
    this.market += MARKET_DAY * scale * this.#random.normal();
    for (let at = 0; at < this.sectors.length; at += 1) {
      this.sectors[at] = (this.sectors[at] ?? 0) + SECTOR_DAY * scale * this.#random.normal();
    }
  }
}

const TRANSIENT_SCALE = TRANSIENT_RATIO * Math.sqrt(SIGNAL_SECONDS);
const ROOT_12 = Math.sqrt(12);

/** Deviation of the drift per second, from that of the noise per root of a second. */
function driftDeviation(sigma: number): number {
  return (DRIFT_RATIO * sigma) / Math.sqrt(SIGNAL_SECONDS);
}

/**
 * One step of an Ornstein-Uhlenbeck process, implicit Euler, with `lives` its lifetimes passed.
 * The deviation stays that of `shock` for any step, because 1 + 2a + a^2 = (1 + a)^2.
 */
function pullBack(value: number, shock: number, lives: number): number {
  return (value + shock * Math.sqrt(2 * lives + lives * lives)) / (1 + lives);
}

/** Mean zero, variance one, three draws instead of twelve: steps are many and add up. */
function roughNormal(random: Random): number {
  return 2 * (random.unit() + random.unit() + random.unit() - 1.5);
}

/** Mean zero, variance one. */
function uniform(random: Random): number {
  return ROOT_12 * (random.unit() - 0.5);
}

function nextVariance(variance: number, square: number, expected: number): number {
  const surprise = expected > 0 ? square / expected : 1;
  const next = GARCH_BASE + GARCH_SHOCK * surprise + GARCH_MEMORY * variance;
  return Math.min(VARIANCE_MAX, Math.max(VARIANCE_MIN, next));
}
