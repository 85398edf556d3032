import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.ts';
import { MINUTE } from '../../src/core/time.ts';
import {
  BAR,
  BAR_FINAL,
  CHANNEL_BARS,
  CHANNEL_QUOTES,
  CHANNEL_TRADES,
  type EventBatch,
  GAP,
} from '../../src/domain/market/event-batch.ts';
import type { MarketSource } from '../../src/ports/market-source.ts';
import { createSeededMarket } from '../../src/venue/market/seeded-market.ts';
import { differences, engineRows, kernelRows, type Rows } from '../feature-rows.ts';

const MARKET = { seed: 12, symbols: 12, days: 1, tradesPerDay: 4_000, extendedHours: false };
/** Bars of a market that is whole: 390 a symbol, less those before the last indicator is ready. */
const ROWS_LEAST = 3_000;

describe('the same market', () => {
  it('F7 makes the same feature rows in the kernel as in the engine of training sets', () => {
    const inKernel = kernelRows(createSeededMarket(MARKET));
    const inEngine = engineRows(createSeededMarket(MARKET));

    expect(inKernel.size).toBeGreaterThan(ROWS_LEAST);
    expect(differences(inKernel, inEngine)).toEqual([]);
  });

  it('F7 D6 makes the same rows after every loss of trades, quotes and bars', () => {
    const whole = kernelRows(createSeededMarket(MARKET));
    const inKernel = kernelRows(lossy(createSeededMarket(MARKET)));
    const inEngine = engineRows(lossy(createSeededMarket(MARKET)));

    expect(inKernel.size).toBeGreaterThan(ROWS_LEAST / 4);
    expect(inKernel.size).toBeLessThan(whole.size - ROWS_LEAST / 10);
    expect(differences(inKernel, inEngine)).toEqual([]);
  });

  it.each([1, 2, 3])(
    'F7 D6 makes the same rows of the venue’s bars, some lost: seed %i',
    (seed) => {
      const inKernel = kernelRows(venueBars(seed), { bars: 'venue' });
      const inEngine = engineRows(venueBars(seed), { bars: 'venue' });

      expect(inKernel.size).toBeGreaterThan(1_000);
      expect(differences(inKernel, inEngine)).toEqual([]);
    },
  );

  it('F6 makes the same rows until then, whatever comes after', () => {
    const cutUs = openOf(createSeededMarket(MARKET)) + 200 * MINUTE;
    const whole = engineRows(createSeededMarket(MARKET));
    const alter = (batch: EventBatch, event: number) => {
      if ((batch.venueUs[event] ?? 0) <= cutUs) return;
      batch.a[event] = 3 * (batch.a[event] ?? 0);
      batch.b[event] = 7 * (batch.b[event] ?? 0);
      batch.c[event] = 3 * (batch.c[event] ?? 0);
    };
    const altered = engineRows(createSeededMarket(MARKET), { alter });
    const before = (rows: Rows) => new Map([...rows].filter(([key]) => endOf(key) <= cutUs));

    expect(before(whole).size).toBeGreaterThan(ROWS_LEAST / 2);
    expect(differences(before(whole), before(altered))).toEqual([]);
    expect(differences(whole, altered).length).toBeGreaterThan(0);
  });
});

/** Now and then a frame says that data of a channel were lost, of one symbol or of all. */
function lossy(market: MarketSource): MarketSource {
  const random = new Random(5);
  let isDue = false;
  let untilUs = 0;
  return {
    ...market,
    next(batch) {
      if (!isDue || untilUs === 0) {
        isDue = random.chance(0.1);
        if (!market.next(batch)) return false;
        untilUs = batch.frameUs[batch.frames - 1] ?? 0;
        return true;
      }
      isDue = false;
      batch.clear();
      const symbol = random.chance(0.1) ? -1 : random.below(market.symbols.length);
      batch.add(GAP, symbol, untilUs, random.pick(CHANNELS), 0);
      batch.endFrame(untilUs);
      return true;
    },
  };
}

/** Bars of a minute from the venue of a seeded market's day, some of them lost or sent again. */
function venueBars(seed: number): MarketSource {
  const market = createSeededMarket(MARKET);
  const random = new Random(seed);
  const openUs = openOf(createSeededMarket(MARKET));
  const lasts = market.symbols.map(() => 1_000_000);
  let minute = 0;
  return {
    ...market,
    next(batch) {
      if (minute === 390) return false;
      const startUs = openUs + minute * MINUTE;
      batch.clear();
      lasts.forEach((last, symbol) => {
        const close = Math.max(1_000, last + random.below(2_001) - 1_000);
        const isSent = !random.chance(0.05);
        if (random.chance(0.03)) batch.add(GAP, symbol, startUs, random.pick(CHANNELS), 0);
        if (!isSent) return;
        const event = batch.add(BAR, symbol, startUs, BAR_FINAL, 0);
        batch.a[event] = last;
        batch.b[event] = Math.max(last, close) + 100;
        batch.c[event] = Math.min(last, close) - 100;
        batch.d[event] = close;
        batch.e[event] = 100 + random.below(1_000);
        batch.f[event] = MINUTE;
        lasts[symbol] = close;
      });
      minute += 1;
      batch.endFrame(startUs + MINUTE);
      return true;
    },
  };
}

const CHANNELS = [CHANNEL_TRADES, CHANNEL_QUOTES, CHANNEL_BARS] as const;

function openOf(market: MarketSource): number {
  for (const { input } of market.calendar) {
    if (input.kind === 'sessionChanged' && input.phase === 'core') return input.openUs;
  }
  throw new Error('the market has a session');
}

function endOf(key: string): number {
  return Number(key.split(' ')[1]);
}
