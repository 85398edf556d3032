import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../../src/core/time.ts';
import {
  TRADE_HIGH_LOW,
  TRADE_REGULAR,
  TRADE_VOLUME,
} from '../../../../src/domain/market/event-batch.ts';
import { SecondBars } from '../../../../src/venue/polygon/second-bars.ts';

const START_US = 1_717_423_200_000_000;
const SYMBOLS = 3;

interface Told {
  readonly symbol: number;
  readonly startUs: number;
  readonly prices: readonly number[];
  readonly volume: number;
}

/** What is told by a moment, in the order in which it is. */
function toldBy(bars: SecondBars, us: number): readonly Told[] {
  const told: Told[] = [];
  bars.advance(us, (symbol, { startUs, open, high, low, close, volume }) => {
    told.push({ symbol, startUs, prices: [open, high, low, close], volume });
  });
  return told;
}

function trade(price: number, size = 100, flags = TRADE_REGULAR) {
  return { price, size, flags };
}

describe('bars of a second', () => {
  it('wait a second for what comes late, and are told once', () => {
    const bars = new SecondBars(SYMBOLS);
    bars.add(0, START_US + 10, trade(1_000), true);
    bars.add(0, START_US + SECOND + 5, trade(1_200), true);
    bars.add(0, START_US + 900_000, trade(900), true);

    expect(toldBy(bars, START_US + 2 * SECOND - 1)).toEqual([]);
    expect(toldBy(bars, START_US + 2 * SECOND)).toEqual([
      { symbol: 0, startUs: START_US, prices: [1_000, 1_000, 900, 900], volume: 200 },
    ]);
    expect(toldBy(bars, START_US + 2 * SECOND)).toEqual([]);
    expect(toldBy(bars, START_US + 60 * SECOND)).toEqual([
      {
        symbol: 0,
        startUs: START_US + SECOND,
        prices: [1_200, 1_200, 1_200, 1_200],
        volume: 100,
      },
    ]);
  });

  it('count what is too late for them, and what is ahead of its time', () => {
    const bars = new SecondBars(SYMBOLS);
    bars.add(0, START_US, trade(1_000), true);
    bars.add(0, START_US + 2 * SECOND, trade(1_000), true);
    toldBy(bars, START_US + 3 * SECOND);
    bars.add(0, START_US + SECOND, trade(1_000), true);

    expect(bars.late).toBe(2);
  });

  it('are none of a second whose trades set no price', () => {
    const bars = new SecondBars(SYMBOLS);
    bars.add(0, START_US, trade(1_000, 50, TRADE_VOLUME), true);
    bars.add(1, START_US, trade(1_000, 50, TRADE_VOLUME | TRADE_HIGH_LOW), true);

    expect(toldBy(bars, START_US + 5 * SECOND)).toEqual([]);
  });

  it('are what grouping the trades by their seconds gives, whoever is late within a second', () => {
    const arrival = fc.record({
      symbol: fc.nat(SYMBOLS - 1),
      gapUs: fc.nat(700_000),
      delayUs: fc.nat(999_999),
      price: fc.integer({ min: 1, max: 90_000 }),
      size: fc.integer({ min: 1, max: 500 }),
    });
    fc.assert(
      fc.property(fc.array(arrival, { maxLength: 200 }), (arrivals) => {
        const bars = new SecondBars(SYMBOLS);
        const told: Told[] = [];
        const model = new Map<string, Told>();
        let nowUs = START_US + SECOND;
        for (const { symbol, gapUs, delayUs, price, size } of arrivals) {
          nowUs += gapUs;
          told.push(...toldBy(bars, nowUs));
          const us = nowUs - delayUs;
          bars.add(symbol, us, trade(price, size), true);
          const startUs = Math.floor(us / SECOND) * SECOND;
          const known = model.get(`${symbol} ${startUs}`);
          const [open, high, low] = known?.prices ?? [price, price, price];
          model.set(`${symbol} ${startUs}`, {
            symbol,
            startUs,
            prices: [open ?? 0, Math.max(high ?? 0, price), Math.min(low ?? 0, price), price],
            volume: (known?.volume ?? 0) + size,
          });
        }
        told.push(...toldBy(bars, nowUs + 10 * SECOND));
        const key = (bar: Told) => `${bar.symbol} ${bar.startUs}`;

        expect(bars.late).toBe(0);
        expect(new Map(told.map((bar) => [key(bar), bar]))).toEqual(model);
        expect(told.length).toBe(model.size);
        for (let symbol = 0; symbol < SYMBOLS; symbol += 1) {
          const starts = told.filter((bar) => bar.symbol === symbol).map((bar) => bar.startUs);
          expect(starts).toEqual(starts.toSorted((left, right) => left - right));
        }
      }),
    );
  });
});
