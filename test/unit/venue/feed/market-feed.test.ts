import { describe, expect, it } from 'vitest';
import {
  type EventBatch,
  QUOTE,
  STATUS,
  STATUS_HALTED,
  TRADE,
} from '../../../../src/domain/market/event-batch.ts';
import type { MarketSource, TimedInput } from '../../../../src/ports/market-source.ts';
import { VenueClock } from '../../../../src/venue/clock/venue-clock.ts';
import { type FrameTaker, MarketFeed } from '../../../../src/venue/feed/market-feed.ts';
import { ManualTime } from '../../../manual-time.ts';

/** One quote a millisecond, in turn of two symbols; a trade every tenth. */
class Ticks implements MarketSource {
  readonly name = 'ticks';
  readonly symbols = [];
  readonly faults = { count: 0, first: [] };
  readonly calendar: readonly TimedInput[];
  #at = 0;
  readonly #count: number;

  constructor(count: number, calendar: readonly TimedInput[] = []) {
    this.#count = count;
    this.calendar = calendar;
  }

  next(batch: EventBatch): boolean {
    batch.clear();
    while (this.#at < this.#count && !batch.isFull) {
      this.#at += 1;
      const us = this.#at * 1_000;
      batch.add(this.#at % 10 === 0 ? TRADE : QUOTE, this.#at % 2, us, 0, 0);
      batch.endFrame(us);
    }
    return batch.frames > 0;
  }

  close(): void {}
}

class Notes implements FrameTaker {
  readonly kinds: number[] = [];
  readonly notes: string[] = [];
  lastUs = 0;
  count = 0;

  frame(batch: EventBatch, begin: number, end: number, nowUs: number): void {
    for (let at = begin; at < end; at += 1) this.kinds.push(batch.kind[at] ?? 0);
    this.count += end - begin;
    expect(nowUs).toBeGreaterThanOrEqual(this.lastUs);
    this.lastUs = nowUs;
    this.notes.push(`frame ${nowUs}`);
  }

  advance(nowUs: number): void {
    expect(nowUs).toBeGreaterThan(this.lastUs - 1);
    this.lastUs = nowUs;
  }

  input(_input: unknown, atUs: number): void {
    this.notes.push(`input ${atUs}`);
  }
}

function rig(source: MarketSource, isBehind = () => false) {
  const time = new ManualTime();
  const clock = new VenueClock({
    startUs: 0,
    speed: 1,
    wallMs: () => time.wallMs(),
    epochMs: () => 0,
  });
  const notes = new Notes();
  const feed = new MarketFeed({
    source,
    clock,
    timers: time,
    takers: [notes],
    flush: () => false,
    isBehind,
  });
  return { time, clock, feed, notes };
}

const edge = (atUs: number): TimedInput => ({
  atUs,
  input: { kind: 'sessionChanged', phase: 'core', date: 20240603, openUs: 0, closeUs: 1 },
});

describe('MarketFeed', () => {
  it('tells each frame when it is due on the clock, and none before', () => {
    const { time, feed, notes } = rig(new Ticks(1_000));
    feed.start();
    time.advance(50);

    expect(notes.count).toBe(50);
    time.advance(450);
    expect(notes.count).toBe(500);
    feed.close();
    time.advance(1_000);
    expect(notes.count).toBe(500);
  });

  it('follows a step of the clock, and stands with it in a pause', () => {
    const { time, clock, feed, notes } = rig(new Ticks(1_000));
    feed.start();
    clock.step(300_000);
    time.advance(1);
    expect(notes.count).toBe(300);
    clock.pause();
    time.advance(1_000);

    expect(notes.count).toBe(301);
  });

  it('plays what is due before a request is answered', () => {
    const { clock, feed, notes } = rig(new Ticks(1_000));
    clock.step(77_000);

    expect(feed.catchUp()).toBe(77_000);
    expect(notes.count).toBe(77);
  });

  it('starts in the middle of the day with everything before it told', async () => {
    const { feed, notes } = rig(new Ticks(40_000));
    await feed.fastForward(39_999_000);

    expect([notes.count, feed.reachedUs]).toEqual([39_999, 39_999_000]);
  });

  it('tells edges and stories between the frames where they belong', () => {
    const { clock, feed, notes } = rig(new Ticks(4, [edge(0), edge(2_500), edge(9_000)]));
    clock.step(10_000);
    feed.catchUp();

    expect(notes.notes).toEqual([
      'input 0',
      'frame 1000',
      'frame 2000',
      'input 2500',
      'frame 3000',
      'frame 4000',
      'input 9000',
    ]);
    expect(feed.isOver).toBe(true);
  });

  it('waits where the streams are behind, and says by how much', async () => {
    let isBehind = true;
    const { time, feed, notes } = rig(new Ticks(1_000), () => isBehind);
    feed.start();
    time.advance(5);
    await new Promise((resolve) => setImmediate(resolve));
    expect([notes.count, feed.lagUs]).toEqual([0, 5_000]);
    isBehind = false;
    feed.catchUp();

    expect(notes.count).toBe(5);
    feed.close();
  });

  it('leaves out quotes and trades of a halted symbol, counts them, and lets statuses by', () => {
    const { clock, feed, notes } = rig(new Ticks(100));
    feed.overrides.halt(0);
    feed.inject((batch, nowUs) => {
      batch.add(STATUS, 0, nowUs, STATUS_HALTED, 1);
    });
    clock.step(100_000);
    feed.catchUp();

    expect(notes.kinds.filter((kind) => kind === STATUS).length).toBe(1);
    expect([notes.count, feed.overrides.withheld]).toEqual([51, 50]);
    feed.overrides.resume(0);
    expect(feed.overrides.isEmpty).toBe(true);
  });

  it('holds quotes back until a moment of the market, trades not', () => {
    const { clock, feed, notes } = rig(new Ticks(100));
    feed.overrides.holdQuotes(undefined, 50_000);
    clock.step(100_000);
    feed.catchUp();

    // 49 events before the moment, of which four are trades; 51 from it on.
    expect([notes.count, feed.overrides.withheld]).toEqual([4 + 51, 45]);
    expect(feed.overrides.isEmpty).toBe(true);
  });
});
