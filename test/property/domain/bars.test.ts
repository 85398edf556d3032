import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/time.ts';
import { addTrade, OPEN_BAR_WIDTH, resetBar } from '../../../src/domain/market/bar.ts';
import { type BarKind, barLabel } from '../../../src/domain/market/bars/bar-kind.ts';
import {
  BAR_RECORD_WIDTH,
  joinPart,
  resetRecord,
} from '../../../src/domain/market/bars/bar-record.ts';
import { readTrade } from '../../../src/domain/market/bars/bar-parts.ts';
import {
  EventBatch,
  TRADE,
  TRADE_HIGH_LOW,
  TRADE_REGULAR,
  TRADE_VOLUME,
} from '../../../src/domain/market/event-batch.ts';
import { BarScene, CLOSE_US, CORE, OPEN_US } from '../../unit/domain/market/bars/bar-scene.ts';
import { type NaiveBar, naiveBars, type Print, SPANS } from './bars-naive.ts';

const isLong = process.env['STRATA_LONG'] === '1';
const RUNS = isLong ? 1_500 : 150;

/** A whole day, a half day and a day after a day without any session. */
const SESSIONS = [
  CORE,
  { ...CORE, openUs: OPEN_US + DAY, closeUs: CLOSE_US + DAY - 3 * HOUR, coreOpenUs: OPEN_US + DAY },
  {
    ...CORE,
    openUs: OPEN_US + 3 * DAY,
    closeUs: CLOSE_US + 3 * DAY,
    coreOpenUs: OPEN_US + 3 * DAY,
  },
];

const print = fc.record({
  /** Mostly dense, with gaps of minutes and hours. */
  waitUs: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 3 * SECOND }) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 4 * MINUTE }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 2 * HOUR }) },
  ),
  /** Some are reported late, a few of them very. */
  ageUs: fc.oneof(
    { weight: 6, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 2 * SECOND }) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 * MINUTE }) },
  ),
  price: fc.integer({ min: 999_900, max: 1_000_100 }),
  size: fc.integer({ min: 1, max: 5_000 }),
  flags: fc.oneof(
    { weight: 5, arbitrary: fc.constant(TRADE_REGULAR) },
    { weight: 1, arbitrary: fc.constantFrom(TRADE_VOLUME, TRADE_HIGH_LOW | TRADE_VOLUME) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 15 }) },
  ),
});

/** Arrival by arrival, in three sessions; a print is of the session in which it arrives. */
const feed = fc
  .tuple(...SESSIONS.map(() => fc.array(print, { maxLength: 80, size: 'max' })))
  .map((days) =>
    days.map((prints, day): readonly Print[] => {
      const { openUs, closeUs } = SESSIONS[day] ?? CORE;
      let nowUs = openUs;
      return prints.flatMap(({ waitUs, ageUs, price, size, flags }) => {
        nowUs += waitUs;
        const us = Math.max(openUs, nowUs - ageUs);
        return nowUs < closeUs ? [{ us, price, size, flags }] : [];
      });
    }),
  );

const imbalance = (kind: 'tickImbalance' | 'volumeImbalance' | 'dollarImbalance') =>
  fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 5 }), fc.nat(10))
    .chain(([ticksMin, more, most]) =>
      fc.record({
        kind: fc.constant(kind),
        ticksMin: fc.constant(ticksMin),
        ticks: fc.constant(ticksMin + more),
        ticksMax: fc.constant(ticksMin + more + most),
        bars: fc.integer({ min: 1, max: 10 }),
        imbalanceTicks: fc.integer({ min: 1, max: 50 }),
      }),
    );
const counted = (kind: 'tick' | 'volume' | 'dollar', most: number) =>
  fc.record({ kind: fc.constant(kind), amount: fc.integer({ min: 1, max: most }) });
const timed = fc.record(
  {
    kind: fc.constant('time' as const),
    spanUs: fc.constantFrom(...SPANS),
    anchor: fc.constantFrom('open' as const, 'midnight' as const),
  },
  { requiredKeys: ['kind', 'spanUs'] },
);
const kind: fc.Arbitrary<BarKind> = fc.oneof(
  { weight: 4, arbitrary: timed },
  counted('tick', 12),
  counted('volume', 20_000),
  counted('dollar', 2_000_000),
  imbalance('tickImbalance'),
  imbalance('volumeImbalance'),
  imbalance('dollarImbalance'),
);
const kinds = fc.uniqueArray(kind, { selector: barLabel, minLength: 1, maxLength: 5 });
/** The shortest span allows no more. */
const grace = fc.constantFrom(0, 500_000, 2 * SECOND, 10 * SECOND);

function play(scene: BarScene, days: readonly (readonly Print[])[]): void {
  days.forEach((prints, day) => {
    scene.session(SESSIONS[day] ?? CORE);
    for (const { us, price, size, flags } of prints) scene.trade(us, price, size, flags);
  });
  scene.closeBefore(CLOSE_US + 4 * DAY);
}

function made(scene: BarScene, label: string): readonly NaiveBar[] {
  return scene.of(label).map((bar) => {
    const { startUs, endUs, open, high, low, close, volume, turnover, trades, marks } = bar;
    return { startUs, endUs, open, high, low, close, volume, turnover, trades, marks };
  });
}

describe('bars of every kind, out of any stream of trades', () => {
  it('are those of a naive grouping, whatever other kinds are made beside them', () => {
    fc.assert(
      fc.property(kinds, feed, grace, (asked, days, graceUs) => {
        const scene = new BarScene({ kinds: asked, from: { kind: 'trades', graceUs } });
        play(scene, days);
        for (const one of asked) {
          const expected = naiveBars(one, days.flat(), SESSIONS);
          expect(made(scene, barLabel(one))).toEqual(expected);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('are the same alone and in any company, in any order of the kinds', () => {
    fc.assert(
      fc.property(kinds, feed, grace, (asked, days, graceUs) => {
        const from = { kind: 'trades', graceUs } as const;
        const together = new BarScene({ kinds: asked, from });
        const turned = new BarScene({ kinds: asked.toReversed(), from });
        play(together, days);
        play(turned, days);
        for (const one of asked) {
          const alone = new BarScene({ kinds: [one], from });
          play(alone, days);
          expect(together.of(barLabel(one))).toEqual(alone.told);
          expect(turned.of(barLabel(one))).toEqual(alone.told);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('keep every share and every dollar: published, or counted where there was no price', () => {
    fc.assert(
      fc.property(kinds, feed, (asked, days) => {
        // Nothing is late, so that everything has its bar.
        const ordered = days.map((prints) => prints.toSorted((one, other) => one.us - other.us));
        const scene = new BarScene({ kinds: asked, from: { kind: 'trades', graceUs: 0 } });
        play(scene, ordered);
        const all = ordered.flat().filter(({ flags }) => (flags & TRADE_VOLUME) !== 0);
        const sums = [
          all.reduce((sum, { size }) => sum + size, 0),
          all.reduce((sum, { size, price }) => sum + size * price, 0),
          all.length,
        ];
        for (const [stream, one] of asked.entries()) {
          const bars = scene.of(barLabel(one));
          const left = unpublished(scene, stream);
          expect([
            bars.reduce((sum, { volume }) => sum + volume, left[0] ?? 0),
            bars.reduce((sum, { turnover }) => sum + turnover, left[1] ?? 0),
            bars.reduce((sum, { trades }) => sum + trades, left[2] ?? 0),
          ]).toEqual(sums);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('go on to the bit from a copy of the row, taken at any point', () => {
    fc.assert(
      fc.property(kinds, feed, grace, fc.nat(240), (asked, days, graceUs, stop) => {
        const from = { kind: 'trades', graceUs } as const;
        const whole = new BarScene({ kinds: asked, from });
        let broken = new BarScene({ kinds: asked, from });
        const before: unknown[] = [];
        let taken = 0;
        days.forEach((prints, day) => {
          whole.session(SESSIONS[day] ?? CORE);
          broken.session(SESSIONS[day] ?? CORE);
          for (const { us, price, size, flags } of prints) {
            if (taken === stop) {
              before.push(...broken.told);
              const next = new BarScene({ kinds: asked, from });
              next.state = broken.state.slice();
              broken = next;
            }
            taken += 1;
            whole.trade(us, price, size, flags);
            broken.trade(us, price, size, flags);
          }
        });

        expect([...before, ...broken.told]).toEqual(whole.told);
        expect(bits(broken.state)).toEqual(bits(whole.state));
      }),
      { numRuns: RUNS },
    );
  });

  it('write nothing outside their row', () => {
    fc.assert(
      fc.property(kinds, feed, grace, (asked, days, graceUs) => {
        const scene = new BarScene({ kinds: asked, from: { kind: 'trades', graceUs } });
        play(scene, days);
        const { state, at, builder } = scene;
        expect([...state.subarray(0, at), ...state.subarray(at + builder.width)]).toEqual(
          Array.from({ length: at + 2 }, () => -7),
        );
      }),
      { numRuns: 50 },
    );
  });
});

describe('a bar of parts', () => {
  it('is the open bar of the kernel, where trades come in order', () => {
    const flags = fc.integer({ min: 0, max: 31 });
    const trade = fc.tuple(fc.integer({ min: 1, max: 5_000 }), fc.nat(900), flags, fc.nat(3));
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 60, size: 'max' }), (trades) => {
        const batch = new EventBatch(1, 1);
        const open = new Float64Array(OPEN_BAR_WIDTH);
        const record = new Float64Array(BAR_RECORD_WIDTH);
        const part = new Float64Array(BAR_RECORD_WIDTH);
        resetBar(open, 0);
        resetRecord(record, 0);
        let us = 60;
        for (const [price, size, bits, wait] of trades) {
          us += wait;
          batch.clear();
          const event = batch.add(TRADE, 0, us, bits, 0);
          batch.a[event] = price;
          batch.b[event] = size;
          addTrade(open, 0, price, size, bits, 60);
          if (readTrade(part, batch, event, false)) joinPart(record, 0, part, 0);
        }

        expect([...record.subarray(0, 7)]).toEqual([...open.subarray(0, 7)]);
      }),
      { numRuns: RUNS },
    );
  });
});

function unpublished(scene: BarScene, stream: number): readonly number[] {
  const from = scene.at + scene.builder.unpublishedAt(stream);
  return [...scene.state.subarray(from, from + 3)];
}

function bits(state: Float64Array): readonly bigint[] {
  return [...new BigUint64Array(state.buffer, state.byteOffset, state.length)];
}
