import { Random } from '../../src/core/random.ts';

/** Everything that can go wrong here. What strikes a message has a chance, the rest an interval. */
export const FAULTS = [
  /** A request is lost on its way; its sender hears nothing, or that the connection broke. */
  'dropRequest',
  /** A request arrives late, by up to the longest flight. */
  'lateRequest',
  /** A request arrives twice: the answer is the second's, `DUPLICATE_CLIENT_ORDER_ID`. */
  'duplicateRequest',
  'dropAnswer',
  /** Past the deadline, when its sender has given up. */
  'lateAnswer',
  'slowAnswer',
  'repeatAnswer',
  /** Done at the venue, and answered by an error of its gateway. */
  'failedButPlaced',
  /** Refused for a reason of the venue's own. */
  'refusal',
  'dropUpdate',
  /** By a random time, so that updates overtake one another. */
  'lateUpdate',
  'repeatUpdate',
  'inferenceFails',
  /** Nothing reaches the broker and nothing comes from it, for a while. */
  'brokerOutage',
  /** The process dies; what the operating system has stays. */
  'crash',
  'powerLoss',
  /** The process dies within a write. */
  'tornWrite',
  'crashInStart',
  'slowDisk',
  'failedSync',
  'failedWrite',
  'diskFull',
  /** The engine's clock jumps, forwards or back. */
  'clockStep',
  /** A handler of an actor throws. */
  'actorCrash',
  'marketGap',
  /** Frames are held back and come all at once. */
  'marketBurst',
  'symbolHalt',
  'operatorCommand',
  /** Somebody else trades in our account. */
  'strangersOrder',
  /** Shares or cash come or go by no order. */
  'transfer',
  'snapshot',
] as const;

export type Fault = (typeof FAULTS)[number];

/** Chances for what strikes messages. */
const CHANCES = [0.02, 0.08, 0.25, 0.6] as const;
/** Mean seconds between two of the rest; what ends a process is given time to matter. */
const INTERVALS_S = [3, 8, 20] as const;
const DEATH_INTERVALS_S = [8, 20, 40] as const;
const DEATHS: ReadonlySet<Fault> = new Set([
  'crash',
  'powerLoss',
  'tornWrite',
  'failedSync',
  'failedWrite',
  'diskFull',
]);

/**
 * Swarm testing: each seed switches whole classes of faults off and turns the others up wildly. A
 * mix that is the same for every seed would never show what needs one fault alone, or a flood.
 */
export class Faults {
  readonly fired = new Map<Fault, number>();
  readonly #chances = new Map<Fault, number>();
  readonly #intervals = new Map<Fault, number>();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
    const share = random.pick([0.15, 0.35, 0.6, 0.85]);
    for (const fault of FAULTS) {
      const isOn = random.chance(share);
      const chance = random.pick(CHANCES);
      const seconds = random.pick(DEATHS.has(fault) ? DEATH_INTERVALS_S : INTERVALS_S);
      if (!isOn) continue;
      this.#chances.set(fault, chance);
      this.#intervals.set(fault, seconds);
    }
  }

  get profile(): string {
    return [...this.#chances]
      .map(([fault, chance]) => `${fault}=${chance}/${this.#intervals.get(fault) ?? 0}s`)
      .join(' ');
  }

  isOn(fault: Fault): boolean {
    return this.#chances.has(fault);
  }

  /** Does this message meet with it? */
  strikes(fault: Fault): boolean {
    const chance = this.#chances.get(fault);
    if (chance === undefined || !this.#random.chance(chance)) return false;
    this.count(fault);
    return true;
  }

  /** Microseconds to the next one; undefined where there is none. Half to one and a half means. */
  wait(fault: Fault): number | undefined {
    const seconds = this.#intervals.get(fault);
    if (seconds === undefined) return undefined;
    return Math.floor(seconds * 1_000_000 * (0.5 + this.#random.unit()));
  }

  count(fault: Fault): void {
    this.fired.set(fault, (this.fired.get(fault) ?? 0) + 1);
  }

  /** From now on the world is kind. */
  heal(): void {
    this.#chances.clear();
    this.#intervals.clear();
  }
}
