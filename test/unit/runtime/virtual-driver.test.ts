import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../src/core/assert.ts';
import { ByteReader } from '../../../src/core/bytes.ts';
import { Hash64 } from '../../../src/core/hash.ts';
import { Sequencer } from '../../../src/actors/runtime/sequencer.ts';
import { VirtualDriver } from '../../../src/actors/runtime/virtual-driver.ts';
import { EFFECT_TRAITS, type EffectKind, type Requested } from '../../../src/ports/effect.ts';
import { type Answer, type Input, inputCodec } from '../../../src/ports/input.ts';
import type { Agenda, SimulatedPart } from '../../../src/ports/simulated-world.ts';
import { RECORD_MARKET, RECORD_TURN } from '../../../src/ports/turn-record.ts';
import { stateOf } from './kernel-state.ts';
import { failAtMultiplesOf } from './toy-messages.ts';
import { plans } from './toy-plans.ts';
import {
  addFrame,
  commanded,
  makeKernel,
  memoryJournal,
  named,
  SESSION_OPENS,
  START_US,
  type ToyFrame,
  ToyRun,
} from './toy-session.ts';

/** Longer than the longest chain of deadlines. */
const DRAIN_US = 100_000_000;
const NEWS: Input = {
  kind: 'newsArrived',
  newsId: 'n',
  symbols: [],
  headline: '',
  sentiment: 0,
  venueUs: 0,
};
const STORE_UP: Input = { kind: 'serviceChanged', service: 'store', state: 'up', reason: '' };

/** Every second trade of the symbol is an order, every fourth asks for a score. */
const trades = (count: number, everyUs = 1_000): readonly ToyFrame[] =>
  Array.from({ length: count }, (_, at) => ({
    atUs: START_US + (at + 1) * everyUs,
    events: [{ symbol: 0, price: 1_000 + at }],
  }));

/** A driver over a script of frames, and a line for everything that happened, in order. */
class Stage {
  readonly lines: string[] = [];
  readonly answers: Answer[] = [];
  readonly requested: Requested[] = [];
  readonly driver: VirtualDriver;
  readonly sequencer: Sequencer;
  readonly kernel = makeKernel();

  constructor(
    frames: readonly ToyFrame[],
    handles: (kind: EffectKind) => boolean = () => true,
    respond: (requested: Requested, agenda: Agenda) => void = () => undefined,
    isDurable: () => boolean = () => true,
  ) {
    const service: SimulatedPart = {
      name: 'stage',
      handles,
      request: (requested, agenda) => {
        this.requested.push(requested);
        respond(requested, agenda);
      },
      frame: (_batch, _begin, _end, nowUs) => this.#say(nowUs, 'the world sees a frame'),
    };
    this.driver = new VirtualDriver({
      source: oneBatch(frames),
      services: [service],
      drainUs: DRAIN_US,
    });
    this.sequencer = new Sequencer({
      kernel: this.kernel,
      journal: memoryJournal({
        isDurable,
        append: (kind, _sequence, nowUs, _hash, payload) => {
          if (kind === RECORD_TURN) return;
          if (kind === RECORD_MARKET) return this.#say(nowUs, 'market');
          const bytes = payload instanceof Uint8Array ? payload : payload.copy();
          const input = inputCodec.read(new ByteReader(bytes));
          if (input.kind === 'answered') this.answers.push(input);
          this.#say(nowUs, input.kind);
        },
      }),
      router: this.driver,
      observers: [],
      framesMax: 64,
      hash: new Hash64(),
      sequence: 0,
    });
    this.driver.connect(this.sequencer);
    this.sequencer.accept(named(0), START_US);
    this.lines.length = 0;
  }

  happen(afterUs: number, line: string): void {
    this.driver.happen(START_US + afterUs, (nowUs) => this.#say(nowUs, line));
  }

  #say(nowUs: number, line: string): void {
    this.lines.push(`${nowUs - START_US} ${line}`);
  }
}

describe('what is due at one instant', () => {
  it('comes by class: timers, inputs as they rank, the frame, and then the world', () => {
    const stage = new Stage(trades(1));
    const { driver, kernel } = stage;
    kernel.timers.add({ actor: 2, dueUs: START_US + 1_000, tag: 'tidy', key: 0 });
    stage.happen(1_000, 'first happening');
    for (const input of [NEWS, SESSION_OPENS, STORE_UP, commanded('halt'), NEWS]) {
      driver.enter(START_US + 1_000, input);
    }
    stage.happen(1_000, 'second happening');
    stage.happen(999, 'earlier happening');
    driver.advance(START_US + 1_000);

    expect(stage.lines).toEqual([
      '999 earlier happening',
      '1000 timePassed',
      '1000 commanded',
      '1000 serviceChanged',
      '1000 sessionChanged',
      '1000 newsArrived',
      '1000 newsArrived',
      '1000 the world sees a frame',
      '1000 market',
      '1000 first happening',
      '1000 second happening',
    ]);
  });

  it('is kept apart inside a batch: what falls between two frames comes between them', () => {
    const stage = new Stage(trades(4, 100));
    stage.driver.enter(START_US + 250, NEWS);
    stage.happen(300, 'happening');
    stage.driver.advance(START_US + 400);

    expect(stage.lines.filter((line) => !line.endsWith('frame'))).toEqual([
      '100 market', // Two frames: the second one asks for an order, which ends the turn.
      '250 newsArrived',
      '300 market',
      '300 happening',
      '400 market',
    ]);
  });

  it('is shown to the world once, and before the kernel hears of it', () => {
    const stage = new Stage(trades(8));
    stage.driver.enter(START_US + 3_000, NEWS);
    stage.driver.run();
    const seen = stage.lines.filter((line) => line.endsWith('sees a frame'));
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((at) => `${at}000 the world sees a frame`));
    const first = (line: string) => stage.lines.indexOf(line);
    expect(first('1000 the world sees a frame')).toBeLessThan(first('1000 market'));
  });
});

describe('an effect that nobody answers', () => {
  it('is answered once at its deadline: unknown where it touches an order, else expired', () => {
    const stage = new Stage(trades(6));
    stage.driver.run();
    const outcomes = new Map<string, string[]>();
    for (const { input, index, effect, requestedUs } of stage.requested) {
      const own = stage.answers.filter(
        ({ effectInput, effectIndex }) => effectInput === input && effectIndex === index,
      );
      expect(own).toHaveLength(1);
      expect(own[0]?.code).toBe('DEADLINE');
      const heardUs = requestedUs + EFFECT_TRAITS[effect.kind].deadlineUs - START_US;
      if (own[0]?.outcome !== undefined) outcomes.set(effect.kind, [own[0].outcome]);
      expect(stage.lines).toContain(`${heardUs} answered`);
    }
    expect(Object.fromEntries(outcomes)).toEqual({
      submitOrder: ['unknown'],
      cancelOrder: ['unknown'],
      enquireOrder: ['expired'],
      infer: ['expired'],
      writeRows: ['expired'],
    });
    expect(stage.kernel.outstanding.strayAnswers).toBe(0);
  });

  it('keeps its first answer: one that comes after the deadline is counted and not used', () => {
    const lateBy = (us: number) => (requested: Requested, agenda: Agenda) => {
      const { input: effectInput, index: effectIndex, effect, requestedUs } = requested;
      if (effect.kind !== 'submitOrder') return;
      const atUs = requestedUs + EFFECT_TRAITS.submitOrder.deadlineUs + us;
      agenda.enter(atUs, { kind: 'answered', effectInput, effectIndex, outcome: 'done' });
    };
    const late = new Stage(trades(2), () => true, lateBy(1));
    late.driver.run();
    const ofOrder = (stage: Stage) =>
      stage.answers
        .filter(({ effectInput }) => effectInput === stage.requested[0]?.input)
        .map(({ outcome }) => outcome);
    expect(ofOrder(late)).toEqual(['unknown', 'done']);
    expect(late.kernel.outstanding.strayAnswers).toBe(1);

    const inTime = new Stage(trades(2), () => true, lateBy(0));
    inTime.driver.run();
    expect(ofOrder(inTime)).toEqual(['done']);
    expect(inTime.kernel.outstanding.strayAnswers).toBe(0);
  });

  it('has failed at once where there is no service for it', () => {
    const stage = new Stage(trades(2), (kind) => kind !== 'submitOrder');
    stage.driver.run();
    expect(stage.answers).toMatchObject([{ outcome: 'failed', code: 'NO_SERVICE' }]);
    expect(stage.lines).toContain('2000 answered');
  });
});

describe('the end of the data', () => {
  it('waits for answers and timers as long as it was told, and then says so', () => {
    const stage = new Stage(trades(1));
    const lastUs = START_US + 1_000;
    const timer = (afterUs: number, key: number) =>
      stage.kernel.timers.add({ actor: 2, dueUs: lastUs + afterUs, tag: 'tidy', key });
    timer(DRAIN_US, 0);
    timer(DRAIN_US + 1, 0);

    expect(stage.driver.advance(Number.MAX_SAFE_INTEGER)).toBe(false);
    expect(stage.lines.at(-1)).toBe(`${1_000 + DRAIN_US} timePassed`);
    expect(stage.kernel.timers.size).toBe(1);
    expect(stage.driver.advance(Number.MAX_SAFE_INTEGER)).toBe(false);
  });

  it('is the end too where nothing is left to wait for', () => {
    const stage = new Stage(trades(1));
    expect(stage.driver.advance(START_US + 999)).toBe(true);
    expect(stage.lines).toEqual([]);
    expect(stage.driver.advance(START_US + 1_000)).toBe(false);
    expect([stage.driver.frames, stage.driver.events]).toEqual([1, 1]);
  });

  it('leaves the same session whether it is driven in steps or at once', () => {
    const steps = fc.array(fc.integer({ min: 1, max: 9_000 }), { minLength: 1, maxLength: 30 });
    const toys = { fault: failAtMultiplesOf(37) };
    fc.assert(
      fc.property(plans(30), steps, (plan, stepsUs) => {
        const whole = new ToyRun(plan, { toys, framesMax: 64 }).run();
        const stepped = new ToyRun(plan, { toys, framesMax: 64 });
        let untilUs = START_US;
        for (const stepUs of stepsUs) stepped.driver.advance((untilUs += stepUs));
        stepped.run();

        expect(stepped.hash).toBe(whole.hash);
        expect(stateOf(stepped.kernel)).toEqual(stateOf(whole.kernel));
        expect(stepped.records.length).toBe(whole.records.length);
      }),
      { numRuns: 40 },
    );
  });
});

describe('effects that wait for the disk', () => {
  it('stop virtual time until they have left', () => {
    let isDurable = false;
    const stage = new Stage(trades(4), undefined, undefined, () => isDurable);
    expect(stage.driver.advance(START_US + 4_000)).toBe(true);
    expect(stage.sequencer.heldEffects).toBe(1);
    const { length } = stage.lines;
    expect(stage.driver.advance(START_US + 4_000)).toBe(true);
    expect(stage.lines).toHaveLength(length);
    expect(() => stage.driver.run()).toThrow(InvariantError);

    isDurable = true;
    stage.sequencer.releaseDurable();
    stage.driver.advance(START_US + 4_000);
    expect(stage.driver.frames).toBe(4);
  });
});

function oneBatch(frames: readonly ToyFrame[]) {
  let isGiven = false;
  return {
    name: 'stage',
    symbols: [],
    calendar: [],
    faults: { count: 0, first: [] },
    next(batch: Parameters<typeof addFrame>[0]) {
      batch.clear();
      if (!isGiven) for (const frame of frames) addFrame(batch, frame);
      isGiven = true;
      return batch.count > 0;
    },
    close: () => undefined,
  };
}
