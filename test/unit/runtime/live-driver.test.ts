import { describe, expect, it } from 'vitest';
import { Hash64 } from '../../../src/core/hash.ts';
import { LiveDriver, type LiveDriverOptions } from '../../../src/actors/runtime/live-driver.ts';
import { Sequencer } from '../../../src/actors/runtime/sequencer.ts';
import { EventBatch, QUOTE, TRADE } from '../../../src/domain/market/event-batch.ts';
import type { Input } from '../../../src/ports/input.ts';
import { ManualTime } from '../../manual-time.ts';
import {
  commanded,
  makeKernel,
  memoryJournal,
  named,
  opened,
  SESSION_OPENS,
  START_US,
} from './toy-session.ts';

const NEWS: Input = {
  kind: 'newsArrived',
  newsId: 'n',
  symbols: [],
  headline: '',
  sentiment: 0,
  venueUs: 0,
};

/** A driver whose event loop a test turns by hand. */
class Stage {
  readonly time = new ManualTime(START_US);
  readonly said: string[] = [];
  readonly driver: LiveDriver;
  readonly sequencer: Sequencer;
  failure: unknown;
  turnsOpen = 0;
  #loop: (() => void)[] = [];

  constructor(options: Partial<LiveDriverOptions> = {}) {
    const kernel = makeKernel();
    this.driver = new LiveDriver({
      clock: this.time,
      timers: this.time,
      soon: (run) => this.#loop.push(run),
      eventsMax: 4_096,
      inputsMax: 8,
      sliceMsMax: 10,
      pauseMsMax: 1_000,
      watchdog: {
        turnBegan: () => (this.turnsOpen += 1),
        turnEnded: () => (this.turnsOpen -= 1),
      },
      afterTurns: () => undefined,
      failed: (error) => (this.failure = error),
      ...options,
    });
    this.sequencer = new Sequencer({
      kernel,
      journal: memoryJournal(),
      router: { dispatch: () => undefined },
      observers: [
        {
          input: (input) => void this.said.push(input.kind),
          turn: (sequence) => void (sequence > 0 && this.said.push('.')),
        },
      ],
      framesMax: 64,
      hash: new Hash64(),
      sequence: 0,
    });
    this.driver.connect(this.sequencer);
    this.sequencer.accept(opened(kernel, 1), START_US);
    this.sequencer.accept(named(0), START_US);
    this.sequencer.accept(SESSION_OPENS, START_US);
    this.said.length = 0;
  }

  /** One turn of the event loop. */
  turn(): void {
    const loop = this.#loop;
    this.#loop = [];
    for (const run of loop) run();
  }

  get isIdle(): boolean {
    return this.#loop.length === 0;
  }

  settle(): void {
    while (!this.isIdle) this.turn();
  }
}

function market(kind: number, events: number, perFrame = 1, us = START_US): EventBatch {
  const batch = new EventBatch(events, events);
  for (let at = 0; at < events; at += 1) {
    batch.a[batch.add(kind, 0, us, kind === TRADE ? 15 : 3, 0)] = 100_000 + at;
    if ((at + 1) % perFrame === 0) batch.endFrame(us);
  }
  batch.endFrame(us);
  return batch;
}

describe('LiveDriver', () => {
  it('takes what waits by class, whatever came first, and market last', () => {
    const stage = new Stage();
    stage.driver.take(market(TRADE, 3));
    stage.driver.enter(NEWS);
    stage.driver.enter({ kind: 'serviceChanged', service: 'store', state: 'up', reason: '' });
    stage.driver.enter(commanded('halt'));
    stage.driver.start();
    stage.settle();

    const kinds = stage.said.filter((word) => word !== '.');
    expect(kinds).toEqual(['commanded', 'serviceChanged', 'newsArrived']);
    expect(stage.said.at(-1)).toBe('.');
    expect(stage.driver.frames).toBe(3);
    expect(stage.turnsOpen).toBe(0);
  });

  it('hears at the end what was said until then, and takes no market and nothing after it', () => {
    const stage = new Stage();
    stage.driver.start();
    stage.driver.take(market(TRADE, 3));
    stage.driver.enter(NEWS);
    stage.driver.enter(commanded('halt'));

    stage.driver.finish();
    stage.driver.enter(NEWS);
    stage.settle();

    expect(stage.said.filter((word) => word !== '.')).toEqual(['commanded', 'newsArrived']);
    expect(stage.driver.frames).toBe(0);
    expect(stage.failure).toBeUndefined();
  });

  it('tells of a kernel that fails as it hears the last word', () => {
    const stage = new Stage();
    stage.driver.start();
    stage.driver.enter(NEWS);
    stage.sequencer.failDurable(new Error('the disk is gone'));

    stage.driver.finish();

    expect(stage.failure).toBeInstanceOf(Error);
  });

  it('lets a command overtake a waiting market after one turn at most', () => {
    let wallMs = 0;
    const clock = { nowUs: () => START_US, wallMs: () => (wallMs += 1), speed: 1 };
    const stage = new Stage({ clock, sliceMsMax: 3 });
    stage.driver.start();
    stage.settle();
    stage.driver.take(market(TRADE, 4_000));
    stage.turn();
    // The slice is over though most of the market waits: sockets and signals have their turn.
    expect(stage.driver.market.count).toBeGreaterThan(3_000);
    expect(stage.isIdle).toBe(false);

    stage.driver.enter(commanded('halt'));
    stage.said.length = 0;
    stage.turn();
    expect(stage.said[0]).toBe('commanded');
  });

  it('handles nothing inside the call that hands it a frame or an input', () => {
    const stage = new Stage();
    stage.driver.start();
    stage.settle();
    const before = stage.sequencer.sequence;
    stage.driver.take(market(TRADE, 1));
    stage.driver.enter(NEWS);

    expect(stage.sequencer.sequence).toBe(before);
    stage.settle();
    expect(stage.sequencer.sequence).toBeGreaterThan(before);
  });

  it('(G5) asks for a pause when half full, and lets reading go on when there is room', () => {
    const stage = new Stage();
    let resumed = 0;
    expect(stage.driver.take(market(QUOTE, 1_000))).toBe('more');
    expect(stage.driver.take(market(QUOTE, 1_500))).toBe('pause');
    stage.driver.onRoom(() => (resumed += 1));
    expect(resumed).toBe(0);

    stage.driver.start();
    stage.settle();
    expect(resumed).toBe(1);
    expect(stage.driver.market.conflated).toBe(0);
  });

  it('(G5) reads again though it is full, sheds, and tells the kernel of both ends', () => {
    const stage = new Stage();
    let resumed = 0;
    stage.driver.take(market(QUOTE, 4_000));
    stage.driver.onRoom(() => (resumed += 1));
    stage.time.advance(1_000);
    expect(resumed).toBe(1);
    stage.driver.take(market(QUOTE, 4_000));
    expect(stage.driver.market.count).toBeLessThanOrEqual(4_096);
    expect(stage.driver.market.conflated).toBeGreaterThan(0);

    stage.driver.start();
    stage.settle();
    expect(stage.said.filter((word) => word === 'serviceChanged')).toHaveLength(2);
  });

  it('refuses commands when too many wait, and breaks rather than drop an answer', () => {
    const stage = new Stage();
    for (let at = 0; at < 8; at += 1) expect(stage.driver.enter(NEWS)).toBe(true);
    expect(stage.driver.enter(commanded('halt'))).toBe(false);
    expect(stage.driver.inputs.refused).toBe(1);
    const answer = { kind: 'answered', effectInput: 1, effectIndex: 0, outcome: 'done' } as const;
    expect(() => stage.driver.enter(answer)).toThrow(/stands still/);
  });

  it('takes no further turn, and waits for nothing, once a turn has stopped it', () => {
    const stage = new Stage({
      watchdog: { turnBegan: () => undefined, turnEnded: () => stage.driver.stop() },
    });
    stage.driver.start();
    stage.driver.enter(NEWS);
    stage.driver.enter(commanded('halt'));
    stage.settle();

    expect(stage.said.filter((word) => word !== '.')).toEqual(['commanded']);
    expect(stage.sequencer.nextTimerUs).toBeLessThan(Number.POSITIVE_INFINITY);
    expect(stage.time.pending).toBe(0);
  });

  it('wakes for a timer that falls due in silence', () => {
    const stage = new Stage();
    stage.driver.start();
    stage.settle();
    const dueUs = stage.sequencer.nextTimerUs;
    expect(dueUs).toBeLessThan(Number.POSITIVE_INFINITY);
    stage.time.advance((dueUs - stage.time.nowUs()) / 1_000 + 1);
    stage.settle();

    expect(stage.said).toContain('timePassed');
    expect(stage.sequencer.nextTimerUs).toBeGreaterThan(dueUs);
  });

  it('stops, and says why, when the kernel cannot go on', () => {
    const broken = new Error('the screen broke');
    const stage = new Stage({
      afterTurns: () => {
        throw broken;
      },
    });
    stage.driver.start();
    stage.driver.enter(NEWS);
    stage.settle();

    expect(stage.failure).toBe(broken);
    stage.driver.enter(NEWS);
    expect(stage.isIdle).toBe(true);
  });
});
