import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, MINUTE, SECOND } from '../../src/core/time.ts';
import { present } from '../../src/core/assert.ts';
import { newYorkDayNumber } from '../../src/domain/market/calendar.ts';
import {
  QUOTE_ASK,
  QUOTE_BID,
  STATUS_HALTED,
  STATUS_TRADING,
  TRADE_HIGH_LOW,
  TRADE_REGULAR,
  TRADE_SUSPICIOUS,
  TRADE_VOLUME,
} from '../../src/domain/market/event-batch.ts';
import { standardTen } from '../reference/standard-ten.ts';
import { JUDGED } from '../reference/indicators/judged.ts';
import type { Series } from '../reference/indicators/series.ts';
import { CLOSE_US, DOLLAR, GRACE_US, OPEN_US, RowScene } from '../unit/kernel/row-scene.ts';

const isLong = process.env['STRATA_LONG'] === '1';
/** The accumulating indicators lose a few bits to a series recomputed whole. */
const ERROR_MAX = 1e-9;

const trade = fc.record({
  kind: fc.constant('trade' as const),
  row: fc.nat(1),
  waitUs: fc.integer({ min: 0, max: 40 * SECOND }),
  cents: fc.integer({ min: -60, max: 60 }),
  size: fc.integer({ min: 1, max: 5_000 }),
  flags: fc.oneof(
    { weight: 12, arbitrary: fc.constant(TRADE_REGULAR) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        TRADE_VOLUME,
        TRADE_HIGH_LOW | TRADE_VOLUME,
        TRADE_REGULAR | TRADE_SUSPICIOUS,
      ),
    },
  ),
  /** Some trades are reported late. */
  ageUs: fc.oneof(
    { weight: 12, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 2 * MINUTE }) },
  ),
});
const other = fc.record({
  kind: fc.constantFrom('quote' as const, 'halt' as const, 'resume' as const),
  row: fc.nat(1),
  waitUs: fc.integer({ min: 0, max: 5 * SECOND }),
  cents: fc.integer({ min: -60, max: 60 }),
});
const steps = fc.array(
  fc.oneof({ weight: 10, arbitrary: trade }, { weight: 1, arbitrary: other }),
  { minLength: 150, maxLength: 400 },
);
type Step = typeof steps extends fc.Arbitrary<readonly (infer T)[]> ? T : never;

interface Bar {
  startUs: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  /** When the trades were made that opened and closed it. */
  openUs: number;
  closeUs: number;
}

describe('the indicators of a row, after any stream of events', () => {
  it('are those of its closed bars, made naively from the trades', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const scene = new RowScene();
        const told = play(scene, taken);
        for (const row of [0, 1]) {
          const bars = barsOf(told.filter((one) => one.row === row));
          const written = writtenOf(scene, row);
          expect(written).toHaveLength(bars.length);
          const last = written.at(-1);
          if (last === undefined) continue;
          referenceOf(bars).forEach((expected, place) => {
            expect(isNear(last[place] ?? 0, expected), `${place}: ${last[place]} ${expected}`).toBe(
              true,
            );
          });
        }
      }),
      { numRuns: isLong ? 2_000 : 25, endOnFailure: true },
    );
  });
});

type Told = {
  readonly row: number;
  readonly us: number;
  readonly nowUs: number;
  readonly unit: number;
  readonly size: number;
  readonly flags: number;
};

/** Two sessions, so that what is anchored to a session begins again. */
function play(scene: RowScene, taken: readonly Step[]): readonly Told[] {
  const told: Told[] = [];
  const half = Math.floor(taken.length / 2);
  taken.forEach((step, place) => {
    if (place === half) {
      scene.to(CLOSE_US + MINUTE);
      scene.to(OPEN_US + DAY - 1);
      scene.session('core', OPEN_US + DAY, CLOSE_US + DAY);
      scene.to(OPEN_US + DAY);
    }
    const nowUs = scene.nowUs + step.waitUs;
    scene.to(nowUs);
    const unit = 50 * DOLLAR + step.cents * 100;
    if (step.kind === 'trade') {
      const us = nowUs - step.ageUs;
      scene.event(1, step.row, us, step.flags, [unit, step.size]);
      told.push({ row: step.row, us, nowUs, unit, size: step.size, flags: step.flags });
    } else if (step.kind === 'quote') {
      scene.quote(step.row, nowUs, unit, unit + 100, QUOTE_BID | QUOTE_ASK);
    } else {
      scene.status(step.row, nowUs, step.kind === 'halt' ? STATUS_HALTED : STATUS_TRADING);
    }
  });
  scene.to(scene.nowUs + 2 * MINUTE);
  return told;
}

/** Straight from the rules: a trade counts until its bar's grace is over or the next has begun. */
function barsOf(told: readonly Told[]): readonly Bar[] {
  const bars = new Map<number, Bar>();
  let newestUs = 0;
  for (const { us, nowUs, unit, size, flags } of told) {
    const startUs = Math.floor(us / MINUTE) * MINUTE;
    const isSuspicious = (flags & TRADE_SUSPICIOUS) !== 0;
    const isCore = (us >= OPEN_US && us < CLOSE_US) || us >= OPEN_US + DAY;
    if (isSuspicious || !isCore) continue;
    if (startUs < newestUs || nowUs >= startUs + MINUTE + GRACE_US) continue;
    newestUs = startUs;
    const bar = bars.get(startUs) ?? emptyBar(startUs);
    bars.set(startUs, bar);
    bar.volume += size;
    if ((flags & TRADE_HIGH_LOW) !== 0) {
      bar.high = Number.isNaN(bar.high) ? unit : Math.max(bar.high, unit);
      bar.low = Number.isNaN(bar.low) ? unit : Math.min(bar.low, unit);
    }
    if (flags !== TRADE_REGULAR) continue;
    if (Number.isNaN(bar.open) || us < bar.openUs) [bar.open, bar.openUs] = [unit, us];
    if (Number.isNaN(bar.close) || us >= bar.closeUs) [bar.close, bar.closeUs] = [unit, us];
  }
  return [...bars.values()].filter(({ open, high }) => !Number.isNaN(open) && !Number.isNaN(high));
}

function emptyBar(startUs: number): Bar {
  const [open, high, low, close] = [Number.NaN, Number.NaN, Number.NaN, Number.NaN];
  return { startUs, open, high, low, close, volume: 0, openUs: 0, closeUs: 0 };
}

function writtenOf(scene: RowScene, row: number): readonly Float64Array[] {
  return scene.harness.effects.flatMap(({ effect }) =>
    effect.kind === 'writeRows' && effect.rows[0] === row ? [effect.values] : [],
  );
}

/** In the order of the standard ten, prices in dollars. */
function referenceOf(bars: readonly Bar[]): readonly number[] {
  const dollars = bars.map(({ open, high, low, close }) =>
    [open, high, low, close].map((price) => price / DOLLAR),
  );
  const prices = (place: number) => dollars.map((bar) => bar[place] ?? Number.NaN);
  const series: Series = {
    open: prices(0),
    high: prices(1),
    low: prices(2),
    close: prices(3),
    volume: bars.map(({ volume }) => volume),
    session: bars.map(({ startUs }) => newYorkDayNumber(startUs)),
    startUs: bars.map(({ startUs }) => startUs),
    sinceOpenUs: bars.map(({ startUs }) => startUs - OPEN_US),
  };
  return standardTen().indicators.flatMap(({ declaration, parameters }) => {
    if (declaration.family === 'candles') return [];
    const judged = present(JUDGED[declaration.family][declaration.name], declaration.name);
    return judged.reference(series, ...parameters).map((column) => column.at(-1) ?? Number.NaN);
  });
}

function isNear(value: number, expected: number): boolean {
  if (Number.isNaN(expected)) return Number.isNaN(value);
  // Differences of prices are compared with the prices they are differences of.
  return Math.abs(value - expected) <= ERROR_MAX * Math.max(50, Math.abs(expected));
}
