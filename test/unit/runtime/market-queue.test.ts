import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MarketQueue } from '../../../src/actors/runtime/market-queue.ts';
import {
  BAR,
  CHANNEL_BARS,
  CHANNEL_TRADES,
  EventBatch,
  GAP,
  QUOTE,
  STATUS,
  TRADE,
} from '../../../src/domain/market/event-batch.ts';

interface Told {
  readonly kind: number;
  readonly symbol: number;
  readonly price: number;
  readonly atUs: number;
}

const EVENTS_MAX = 4_096;

function batchOf(events: readonly Told[]): EventBatch {
  const batch = new EventBatch(Math.max(1, events.length), Math.max(1, events.length));
  for (const [place, { kind, symbol, price, atUs }] of events.entries()) {
    batch.a[batch.add(kind, symbol, atUs, 0, 0)] = price;
    if (events[place + 1]?.atUs !== atUs) batch.endFrame(atUs);
  }
  return batch;
}

/** Takes all that waits, `frames` at a time. */
function drained(queue: MarketQueue, frames = 7): Told[] {
  const told: Told[] = [];
  for (let head = queue.head; head !== undefined; head = queue.head) {
    const from = queue.frame;
    const to = Math.min(head.frames, from + frames);
    for (let frame = from; frame < to; frame += 1) {
      for (let at = head.frameBegin(frame); at < (head.frameEnd[frame] ?? 0); at += 1) {
        const kind = head.kind[at] ?? 0;
        const symbol = head.symbol[at] ?? 0;
        const price = head.a[at] ?? 0;
        told.push({ kind, symbol, price, atUs: head.frameUs[frame] ?? 0 });
      }
    }
    queue.take(to - from);
  }
  return told;
}

const eventOf = (kinds: readonly number[]) =>
  fc.record({
    kind: fc.constantFrom(...kinds),
    symbol: fc.integer({ min: 0, max: 5 }),
    price: fc.integer({ min: 1, max: 1_000_000 }),
  });

/** Receive times never decrease. */
function timed(events: readonly Omit<Told, 'atUs'>[], perFrame: number): Told[] {
  return events.map((event, place) => ({ ...event, atUs: 1_000 + Math.floor(place / perFrame) }));
}

describe('MarketQueue', () => {
  it('gives back every event in order, however it was cut into frames and turns', () => {
    const kinds = [TRADE, QUOTE, BAR, STATUS];
    fc.assert(
      fc.property(
        fc.array(eventOf(kinds), { maxLength: 400 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        (events, perFrame, perTurn) => {
          const queue = new MarketQueue(EVENTS_MAX);
          const sent = timed(events, perFrame);
          for (let at = 0; at < sent.length; at += 50) queue.add(batchOf(sent.slice(at, at + 50)));
          expect(queue.count).toBe(sent.length);

          expect(drained(queue, perTurn)).toEqual(sent);
          expect(queue.count).toBe(0);
        },
      ),
    );
  });

  it('divides a frame of more events than a turn carries, at one time', () => {
    const queue = new MarketQueue(EVENTS_MAX);
    const wide = Array.from({ length: 3_000 }, (_, place) => ({
      kind: TRADE,
      symbol: 0,
      price: place + 1,
      atUs: 5,
    }));
    queue.add(batchOf(wide));

    expect(queue.head?.count).toBe(1_024);
    expect(drained(queue)).toEqual(wide);
  });

  it('(I9, G5) stays at its limit, keeps each last quote, and marks what it lost', () => {
    fc.assert(
      fc.property(
        fc.array(eventOf([TRADE, TRADE, QUOTE, QUOTE, QUOTE, STATUS]), {
          minLength: 200,
          maxLength: 300,
        }),
        (pattern) => {
          const queue = new MarketQueue(EVENTS_MAX);
          const sent: Told[] = [];
          for (let round = 0; round < 40; round += 1) {
            const frame = pattern.map((event) => ({ ...event, atUs: 1_000 + round }));
            sent.push(...frame);
            queue.add(batchOf(frame));
            expect(queue.count).toBeLessThanOrEqual(EVENTS_MAX);
          }
          const { conflated, dropped } = queue;
          const got = drained(queue);
          const gaps = got.filter(({ kind }) => kind === GAP);
          const kept = got.filter(({ kind }) => kind !== GAP);

          // Nothing is lost without a word.
          expect(kept.length + conflated + dropped).toBe(sent.length);
          expect(gaps.reduce((sum, { price }) => sum + price, 0)).toBe(dropped);
          for (let symbol = 0; symbol <= 5; symbol += 1) {
            const isLastQuote = (one: Told) => one.kind === QUOTE && one.symbol === symbol;
            expect(kept.findLast(isLastQuote)).toEqual(sent.findLast(isLastQuote));
          }
          const isStatus = ({ kind }: Told) => kind === STATUS;
          expect(kept.filter(isStatus)).toEqual(sent.filter(isStatus));
          // What stays has its order.
          expect(kept.every(({ atUs }, at) => atUs >= (kept[at - 1]?.atUs ?? 0))).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('drops bars only when nothing else is left to drop, and says so for the channel', () => {
    const queue = new MarketQueue(EVENTS_MAX);
    for (let minute = 0; minute < 5; minute += 1) {
      const bars = Array.from({ length: 1_000 }, (_, symbol) => ({
        kind: BAR,
        symbol,
        price: 100,
        atUs: minute,
      }));
      queue.add(batchOf(bars));
    }

    const got = drained(queue);
    expect(got[0]).toMatchObject({ kind: GAP, symbol: -1, price: 5_000 });
    expect(queue.dropped).toBe(5_000);
  });

  it('names the symbols of a gap one by one where they are few', () => {
    const queue = new MarketQueue(EVENTS_MAX);
    const trades = Array.from({ length: 5_000 }, (_, place) => ({
      kind: TRADE,
      symbol: place % 3,
      price: 1,
      atUs: place,
    }));
    queue.add(batchOf(trades));

    const head = queue.head;
    expect([...(head?.symbol.subarray(0, 3) ?? [])].toSorted()).toEqual([0, 1, 2]);
    expect([...(head?.flags.subarray(0, 3) ?? [])]).toEqual(Array(3).fill(CHANNEL_TRADES));
    expect(CHANNEL_BARS).not.toBe(CHANNEL_TRADES);
  });
});
