import { describe, expect, it } from 'vitest';
import { BAR_WIDTH } from '../../src/domain/indicators/indicator.ts';
import { configure } from '../../src/domain/indicators/declaration.ts';
import { indicatorNamed } from '../../src/domain/indicators/registry.ts';
import { BarSource } from '../reference/bars.ts';

const isLong = process.env['STRATA_LONG'] === '1';
const UPDATES = isLong ? 1_000_000 : 20_000;
const TIMEOUT_MS = isLong ? 900_000 : 60_000;

/** Fractions of 2^-128: what a division leaves off does not show in a million of them. */
const ONE = 1n << 128n;

/** A bar of `BarSource` in whole cents and shares. */
type Exact = {
  readonly high: bigint;
  readonly low: bigint;
  readonly close: bigint;
  readonly volume: bigint;
};

/** The value after a bar, in 2^-128, from the one before it. */
type Step = (value: bigint, bar: Exact, before: Exact) => bigint;

/**
 * Sums of shares cross zero, where the digits of the prices themselves run out: there errors are
 * measured by a thousandth of a busy bar's volume.
 */
const FLOOR = { sum: 1e-3 * 1_000_000, product: 0 } as const;

type Endless = readonly [name: string, kind: keyof typeof FLOOR, first: bigint, step: Step];

const ENDLESS: readonly Endless[] = [
  [
    'accumulationDistribution',
    'sum',
    0n,
    (value, { high, low, close, volume }) =>
      high === low ? value : value + (volume * (2n * close - low - high) * ONE) / (high - low),
  ],
  [
    'volumePriceTrend',
    'sum',
    0n,
    (value, { close, volume }, before) =>
      value + (volume * (close - before.close) * ONE) / before.close,
  ],
  [
    'negativeVolumeIndex',
    'product',
    1_000n * ONE,
    (value, { close, volume }, before) =>
      volume < before.volume ? (value * close) / before.close : value,
  ],
  [
    'positiveVolumeIndex',
    'product',
    1_000n * ONE,
    (value, { close, volume }, before) =>
      volume > before.volume ? (value * close) / before.close : value,
  ],
];

describe('indicators that never forget, against whole numbers', () => {
  it.each(ENDLESS)(
    `F1 %s is right to 1e-9 after each of ${UPDATES} updates`,
    (name, kind, first, step) => {
      const update = updater(name);
      let value = first;
      let before: Exact | undefined;
      let worst = 0;
      forEachBar((bar, exact) => {
        // The line counts its first bar; the others only begin with it.
        if (before !== undefined || name === 'accumulationDistribution') {
          value = step(value, exact, before ?? exact);
        }
        before = exact;
        worst = Math.max(worst, errorOf(update(bar), value, FLOOR[kind]));
      });
      expect(worst).toBeLessThan(1e-9);
    },
    TIMEOUT_MS,
  );

  it(
    `F1 an anchored VWAP is right to 1e-9 after each of ${UPDATES} updates`,
    () => {
      const update = updater('anchoredVwap');
      let [turnover, shares, worst] = [0n, 0n, 0];
      forEachBar((bar, { high, low, close, volume }) => {
        turnover += (high + low + close) * volume;
        shares += volume;
        worst = Math.max(worst, errorOf(update(bar), (turnover * ONE) / (shares * 300n), 0));
      });
      expect(worst).toBeLessThan(1e-9);
    },
    TIMEOUT_MS,
  );
});

function updater(name: string): (bar: Float64Array) => number {
  const indicator = configure(indicatorNamed(name));
  const state = new Float64Array(indicator.width);
  indicator.reset(state, 0);
  return (bar) => {
    indicator.update(state, 0, bar);
    return state[0] ?? Number.NaN;
  };
}

function forEachBar(handle: (bar: Float64Array, exact: Exact) => void): void {
  const source = new BarSource(41);
  const bar = new Float64Array(BAR_WIDTH);
  const cents = (place: number) => BigInt(Math.round((bar[place] ?? Number.NaN) * 100));
  for (let at = 0; at < UPDATES; at += 1) {
    source.next(bar);
    const volume = BigInt(bar[4] ?? Number.NaN);
    handle(bar, { high: cents(1), low: cents(2), close: cents(3), volume });
  }
}

function errorOf(actual: number, exact: bigint, floor: number): number {
  // A double of the upper bits is enough: its own rounding is 1e-16.
  const wanted = Number(exact >> 64n) / 2 ** 64;
  return Math.abs(actual - wanted) / Math.max(floor, Math.abs(wanted));
}
