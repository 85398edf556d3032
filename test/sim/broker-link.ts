import type { Random } from '../../src/core/random.ts';
import { MS, SECOND } from '../../src/core/time.ts';
import {
  createSimulatedBroker,
  type SimulatedBroker,
} from '../../src/brokers/simulated/simulated-broker.ts';
import { listedSessions } from '../../src/domain/matching/trading-session.ts';
import type { Requested } from '../../src/ports/effect.ts';
import { type Answer, type Input, INPUT_CLASS } from '../../src/ports/input.ts';
import type { Agenda } from '../../src/ports/simulated-world.ts';
import type { ListedSymbol } from '../../src/ports/market-source.ts';
import type { Faults } from './faults.ts';
import { ACCOUNT, CLOSE_US, FLIGHT_US_MAX, OPEN_US, STARTING_CASH } from './kernel-settings.ts';
import type { WorldAgenda } from './world-agenda.ts';

/** The process at this end of the wire. */
export interface Listener {
  /** The life that is on now; answers to a dead one go nowhere. */
  readonly life: number;
  /** Hands an input over, if anybody lives; says so. */
  hear(input: Input): void;
}

export interface LinkOptions {
  readonly random: Random;
  readonly faults: Faults;
  readonly agenda: WorldAgenda;
  readonly symbols: readonly ListedSymbol[];
  readonly listener: Listener;
  readonly note: (text: string) => void;
}

/** What was decided about the answer to a request when it was sent. */
type Fate = 'plain' | 'lost' | 'broken';

/**
 * The wire between the engine and the true broker: loses, delays, repeats and reorders what goes
 * either way. Everything here survives the death of an engine, and nothing is told twice to the
 * next one: what it wants to know it has to ask.
 */
export class BrokerLink {
  readonly broker: SimulatedBroker;
  isDown = false;
  readonly #options: LinkOptions;

  constructor(options: LinkOptions) {
    this.#options = options;
    const { random, symbols } = options;
    this.broker = createSimulatedBroker({
      mode: random.chance(0.7) ? 'paper' : 'realistic',
      feedLatencyUs: MS,
      orderLatencyUs: 15 * MS,
      answerLatencyUs: 15 * MS,
      barSpreadBps: 2,
      partialFillChance: random.pick([0, 0.3, 0.7]),
      seed: random.below(1_000_000),
      startingCash: STARTING_CASH,
      account: ACCOUNT,
      sessions: listedSessions([{ openUs: OPEN_US, closeUs: CLOSE_US }]),
      symbols: (symbol) => symbols[symbol],
    });
  }

  send(requested: Requested): void {
    const { faults, random } = this.#options;
    if (this.isDown) return;
    if (faults.strikes('dropRequest')) {
      if (random.chance(0.5)) this.#answerBroken(requested);
      return;
    }
    if (requested.effect.kind === 'submitOrder' && faults.strikes('refusal')) {
      const refusal = { outcome: 'refused', code: 'INSUFFICIENT_BUYING_POWER' } as const;
      return this.#answer(requested, refusal, 40 * MS);
    }
    const delayUs = faults.strikes('lateRequest') ? this.#flightUs() : 0;
    if (faults.strikes('duplicateRequest')) {
      this.#deliver(requested, delayUs, 'lost');
      return this.#deliver(requested, delayUs + random.below(500 * MS), 'plain');
    }
    const isBroken = faults.strikes('failedButPlaced');
    this.#deliver(requested, delayUs, isBroken ? 'broken' : 'plain');
  }

  /** Most are short: the longest ones must not be the only ones. */
  #flightUs(): number {
    const { random } = this.#options;
    return random.below(random.pick([300 * MS, 4 * SECOND, FLIGHT_US_MAX]));
  }

  #deliver(requested: Requested, delayUs: number, fate: Fate): void {
    const { agenda, listener } = this.#options;
    const { life } = listener;
    agenda.add(agenda.nowUs + delayUs, (nowUs) => {
      this.broker.request({ ...requested, requestedUs: nowUs }, this.#answersTo(life, fate));
    });
  }

  /** What the broker says: answers to one life, updates to whoever lives. */
  #answersTo(life: number, fate: Fate): Agenda {
    const { agenda } = this.#options;
    return {
      enter: (dueUs, input) => {
        if (input.kind === 'answered') this.#carryAnswer(dueUs, input, life, fate);
        else this.#carryUpdate(dueUs, input);
      },
      reserve: (dueUs) => ({ fill: (answer) => this.#carryAnswer(dueUs, answer, life, fate) }),
      happen: (dueUs, run) => agenda.add(dueUs, run),
    };
  }

  /** For frames, which no request caused. */
  get updates(): Agenda {
    return this.#answersTo(0, 'lost');
  }

  #carryAnswer(dueUs: number, answer: Answer, life: number, fate: Fate): void {
    const { faults, random, agenda } = this.#options;
    const { effectInput, effectIndex } = answer;
    const id = { kind: 'answered', effectInput, effectIndex } as const;
    if (fate === 'lost') return;
    if (fate === 'broken' && answer.outcome === 'done') {
      const outcome = random.chance(0.5) ? 'unknown' : 'failed';
      return this.#hear(dueUs, { ...id, outcome, code: 'HTTP_504' }, life);
    }
    if (this.isDown || faults.strikes('dropAnswer')) {
      if (random.chance(0.5)) return;
      return this.#hear(dueUs, { ...id, outcome: 'unknown', code: 'CONNECTION_RESET' }, life);
    }
    let arrivesUs = dueUs;
    if (faults.strikes('slowAnswer')) arrivesUs += random.below(3 * SECOND);
    if (faults.strikes('lateAnswer')) arrivesUs += 5 * SECOND + random.below(5 * SECOND);
    this.#hear(arrivesUs, answer, life);
    if (!faults.strikes('repeatAnswer')) return;
    this.#hear(Math.max(agenda.nowUs, arrivesUs) + random.below(3 * SECOND), answer, life);
  }

  #carryUpdate(dueUs: number, input: Input): void {
    const { faults, random } = this.#options;
    if (this.isDown || faults.strikes('dropUpdate')) return;
    const lateUs = faults.strikes('lateUpdate') ? random.below(3 * SECOND) : 0;
    this.#hear(dueUs + lateUs, input, undefined);
    if (faults.strikes('repeatUpdate')) {
      this.#hear(dueUs + lateUs + random.below(3 * SECOND), input, undefined);
    }
  }

  #hear(dueUs: number, input: Input, life: number | undefined): void {
    const { agenda, listener } = this.#options;
    const run = () => {
      if (life === undefined || life === listener.life) listener.hear(input);
    };
    agenda.add(dueUs, run, INPUT_CLASS[input.kind]);
  }

  #answerBroken(requested: Requested): void {
    this.#answer(requested, { outcome: 'unknown', code: 'CONNECTION_RESET' }, 50 * MS);
  }

  #answer(
    { input, index }: Requested,
    words: Pick<Answer, 'outcome' | 'code'>,
    afterUs: number,
  ): void {
    const { agenda, listener } = this.#options;
    const id = { kind: 'answered', effectInput: input, effectIndex: index } as const;
    this.#hear(agenda.nowUs + afterUs, { ...id, ...words }, listener.life);
  }
}
