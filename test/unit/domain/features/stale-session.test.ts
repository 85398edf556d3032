import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../../../src/core/time.ts';
import {
  createFeatureSet,
  type FeatureSet,
  isFeatureSet,
} from '../../../../src/domain/features/feature-set.ts';
import { STANDARD_REGISTRY } from '../../../../src/domain/features/standard-registry.ts';
import { BAR_WIDTH } from '../../../../src/domain/indicators/indicator.ts';

const OPEN_US = Date.UTC(2024, 5, 3, 13, 30) * 1_000;
const NOBODY = { symbol: 0, sector: -1, benchmark: -1 };
const OF_TODAY = ['sessionReturn', 'dollarVolume', 'vwap', 'sessionRange.high', 'gapReturn'];
const OF_BARS = ['return1', 'bar.close', 'bar.priorClose'];
const names = [...OF_TODAY, ...OF_BARS];

const set = made();

function made(): FeatureSet {
  const whole = createFeatureSet(STANDARD_REGISTRY, { feed: 'any', names }, 1);
  if (!isFeatureSet(whole)) throw new Error(whole.reason);
  return whole;
}

/** Two sessions of five bars; then what is known at a moment, by name. */
function known(bars: number, nowUs: number): ReadonlyMap<string, number> {
  const state = new Float64Array(set.symbolWidth);
  set.resetSymbol(state, 0);
  for (let at = 0; at < bars; at += 1) {
    const day = Math.floor(at / 5);
    const sinceOpenUs = (at % 5) * MINUTE;
    const startUs = OPEN_US + day * DAY + sinceOpenUs;
    const price = 50 + at;
    const bar = new Float64Array(BAR_WIDTH);
    bar.set([price, price + 1, price - 1, price, 100, 19_877 + day, startUs, sinceOpenUs]);
    set.bar(state, 0, '1m', bar);
  }
  const raw = new Float64Array(set.rawWidth);
  const [out, flags] = [new Float64Array(names.length), new Uint8Array(names.length)];
  set.readSymbol(state, 0, nowUs, raw, 0);
  set.compute(raw, 0, new Float64Array(set.marketWidth), NOBODY, nowUs, out, flags, 0);
  return new Map(
    names.flatMap((name, at) => (flags[at] === 0 ? [[name, out[at] ?? 0] as const] : [])),
  );
}

describe('what begins anew with each session', () => {
  it('is told of today', () => {
    expect([...known(8, OPEN_US + DAY + 4 * MINUTE).keys()]).toEqual(names);
  });

  it('is not known before the first bar of today: yesterday is not passed off as today', () => {
    for (const nowUs of [OPEN_US + DAY - HOUR, OPEN_US + DAY + 30_000_000]) {
      expect([...known(5, nowUs).keys()]).toEqual(OF_BARS);
    }
  });

  it('knows the last close for the one before today', () => {
    expect(known(5, OPEN_US + DAY + 30_000_000).get('bar.priorClose')).toBe(54);
    expect(known(6, OPEN_US + DAY + 2 * MINUTE).get('bar.priorClose')).toBe(54);
  });
});
