import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../../src/core/time.ts';
import { readVenueBar } from '../../../src/domain/market/bars/bar-parts.ts';
import { BAR_DOUBTFUL, BAR_RECORD_WIDTH } from '../../../src/domain/market/bars/bar-record.ts';
import { LATE, TAKEN } from '../../../src/domain/market/bars/bar-verdict.ts';
import {
  BAR,
  BAR_UPDATED,
  EventBatch,
  TRADE_REGULAR,
} from '../../../src/domain/market/event-batch.ts';
import { BarScene, OPEN_US, type Told } from '../../unit/domain/market/bars/bar-scene.ts';

const RUNS = process.env['STRATA_LONG'] === '1' ? 10_000 : 1_000;
/** Few prices and few moments, so that edges, extremes and ties are met often. */
const trade = fc.record({
  us: fc.integer({ min: 0, max: 12 }).map((each) => OPEN_US + each),
  price: fc.integer({ min: 1, max: 6 }),
  size: fc.integer({ min: 1, max: 9 }),
});
type Trade = typeof trade extends fc.Arbitrary<infer T> ? T : never;

const KINDS = [
  { kind: 'time', spanUs: MINUTE },
  { kind: 'time', spanUs: 5 * MINUTE },
  { kind: 'volume', amount: 1_000_000 },
] as const;

function scene(): BarScene {
  return new BarScene({ kinds: KINDS, from: { kind: 'trades', graceUs: 0 } });
}

function formed(one: BarScene): readonly (Told | undefined)[] {
  return ['1m', '5m', 'volume1000000'].map((label) => one.forming(label));
}

const made = fc.array(trade, { minLength: 1, maxLength: 12, size: 'max' });

describe('a trade that is corrected or busted in a bar that is open', () => {
  it('leaves what is counted exact, and prices too where the bar is not marked', () => {
    const change = fc.record({ price: fc.integer({ min: 1, max: 6 }), size: fc.nat(3) });
    let exact = 0;
    fc.assert(
      fc.property(made, fc.nat(), change, fc.boolean(), (trades, pick, now, isLate) => {
        const place = pick % trades.length;
        const old = trades[place];
        if (old === undefined) throw new Error('a trade was picked');
        const repaired = playTrades(trades, isLate);
        const verdict = repaired.correction(old.us, [old.price, old.size], [now.price, now.size]);
        expect(verdict).toBe(isLate ? LATE : TAKEN);
        const right = trades.map((each, at) => (at === place ? { ...each, ...now } : each));
        const expected = formed(
          playTrades(
            right.filter(({ size }) => size > 0),
            isLate,
          ),
        );
        for (const [at, bar] of formed(repaired).entries()) {
          const wanted = expected[at];
          expect([bar?.volume, bar?.turnover, bar?.trades]).toEqual([
            wanted?.volume ?? 0,
            wanted?.turnover ?? 0,
            wanted?.trades ?? 0,
          ]);
          if (bar === undefined || (bar.marks & BAR_DOUBTFUL) !== 0) continue;
          exact += 1;
          const { open, high, low, close } = bar;
          expect({ open, high, low, close }).toEqual({
            open: wanted?.open,
            high: wanted?.high,
            low: wanted?.low,
            close: wanted?.close,
          });
        }
      }),
      { numRuns: RUNS },
    );
    expect(exact).toBeGreaterThan(RUNS / 4);
  });

  it('closes the same bars as if it had never been wrong, where only its size was', () => {
    fc.assert(
      fc.property(made, fc.nat(), fc.integer({ min: 1, max: 9 }), (trades, pick, size) => {
        const place = pick % trades.length;
        const old = trades[place];
        if (old === undefined) throw new Error('a trade was picked');
        const repaired = playTrades(trades);
        repaired.correction(old.us, [old.price, old.size], [old.price, size], TRADE_REGULAR);
        const right = playTrades(
          trades.map((each, at) => (at === place ? { ...each, size } : each)),
        );
        repaired.closeBefore(OPEN_US + 5 * MINUTE);
        right.closeBefore(OPEN_US + 5 * MINUTE);

        expect(repaired.told).toEqual(right.told);
      }),
      { numRuns: RUNS },
    );
  });
});

const venueBar = fc
  .tuple(
    fc.integer({ min: 1, max: 6 }),
    fc.nat(3),
    fc.nat(3),
    fc.nat(3),
    fc.integer({ min: 1, max: 9 }),
  )
  .map(([low, toOpen, toClose, above, volume]): Values => {
    const [open, close] = [low + toOpen, low + toClose];
    return [open, Math.max(open, close) + above, low, close, volume];
  });
type Values = readonly [number, number, number, number, number];

describe('a bar of the venue that is told anew', () => {
  it('is repaired in the longer bar that is open: counts exact, prices too unless marked', () => {
    let exact = 0;
    const some = fc.array(venueBar, { minLength: 1, maxLength: 4, size: 'max' });
    fc.assert(
      fc.property(some, fc.nat(), venueBar, (bars, pick, now) => {
        const place = pick % bars.length;
        const old = bars[place];
        if (old === undefined) throw new Error('a bar was picked');
        const repaired = playBars(bars);
        const startUs = OPEN_US + place * MINUTE;
        const { builder, state, at } = repaired;
        const verdict = builder.repair(state, at, partOf(startUs, old), partOf(startUs, now));
        expect([verdict, ...builder.late]).toEqual([LATE, 1, 0]);
        const bar = repaired.forming('5m');
        const wanted = playBars(bars.map((each, minute) => (minute === place ? now : each)));
        const right = wanted.forming('5m');
        expect([bar?.volume, bar?.turnover]).toEqual([right?.volume, right?.turnover]);
        expect([bar?.open, bar?.close]).toEqual([right?.open, right?.close]);
        if (((bar?.marks ?? 0) & BAR_DOUBTFUL) !== 0) return;
        exact += 1;
        expect([bar?.high, bar?.low]).toEqual([right?.high, right?.low]);
      }),
      { numRuns: RUNS },
    );
    expect(exact).toBeGreaterThan(RUNS / 4);
  });
});

function partOf(startUs: number, values: Values): Float64Array {
  const batch = new EventBatch(1, 1);
  const part = new Float64Array(BAR_RECORD_WIDTH);
  const event = batch.add(BAR, 0, startUs, BAR_UPDATED, 0);
  [batch.a, batch.b, batch.c, batch.d, batch.e, batch.f].forEach((column, place) => {
    column[event] = [...values, MINUTE][place] ?? 0;
  });
  readVenueBar(part, batch, event);
  return part;
}

function playBars(bars: readonly Values[]): BarScene {
  const kinds = [KINDS[0], KINDS[1]];
  const one = new BarScene({ kinds, from: { kind: 'bars', spanUs: MINUTE, graceUs: MINUTE } });
  for (const [minute, values] of bars.entries()) one.bar(OPEN_US + minute * MINUTE, values);
  return one;
}

/** `isLate`: the first minute is closed, and five minutes are not. */
function playTrades(trades: readonly Trade[], isLate = false): BarScene {
  const one = scene();
  for (const { us, price, size } of trades) one.trade(us, price, size);
  if (isLate) one.trade(OPEN_US + 4 * MINUTE, 3, 100);
  return one;
}
