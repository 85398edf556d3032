import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { present } from '../../src/core/assert.ts';
import {
  engleGranger,
  engleGrangerBothWays,
  halfLifeOf,
  JOHANSEN_ROOT_CRITICAL,
  JOHANSEN_TRACE_CRITICAL,
  johansen,
} from '../../src/domain/features/cointegration.ts';
import {
  type CriticalValues,
  type Deterministic,
  unitRootCritical,
  unitRootProbability,
} from '../../src/domain/features/mackinnon.ts';
import { rescaledRangeHurst } from '../../src/domain/features/rescaled-range.ts';
import { augmentedDickeyFuller } from '../../src/domain/features/stationarity.ts';
import { configure } from '../../src/domain/indicators/declaration.ts';
import { hurst } from '../../src/domain/indicators/statistics/hurst.ts';
import { autoregressive, noise, walk } from '../reference/portable-noise.ts';

type Critical = Readonly<Record<'1%' | '5%' | '10%', number>>;
type Adf = { readonly stat: number; readonly p: number; readonly usedlag: number };
type Pair = { readonly t: number; readonly p: number; readonly crit: readonly number[] };

const golden: {
  readonly adf: Readonly<
    Record<
      string,
      Readonly<Record<string, Adf & { readonly nobs: number; readonly crit: Critical }>>
    >
  >;
  readonly mackinnonp: Readonly<Record<string, number>>;
  readonly mackinnoncrit: Readonly<Record<string, readonly number[]>>;
  readonly coint: Readonly<Record<string, Pair>> & {
    readonly 'ols y~x+c': readonly number[];
    readonly half_life: number;
  };
  readonly johansen: {
    readonly det0_k1_trace: readonly number[];
    readonly crit_trace: readonly (readonly number[])[];
    readonly maxeig: readonly number[];
    readonly crit_maxeig: readonly (readonly number[])[];
    readonly evec0: readonly number[];
  };
  readonly hurst: Readonly<Record<string, number>>;
} = JSON.parse(readFileSync(new URL('finance.json', import.meta.url), 'utf8'));

const DETERMINISTIC: Readonly<Record<string, Deterministic>> = {
  n: 'none',
  c: 'constant',
  ct: 'trend',
};

const SERIES: Readonly<Record<string, Float64Array>> = {
  'rw(seed11,250)=cumsum z': walk(11, 250),
  'ar(seed12,250,.5)': autoregressive(12, 250, 0.5),
  'ar(seed13,500,.95)': autoregressive(13, 500, 0.95),
};

const TESTS = [
  { name: 'c_maxlag0', deterministic: 'constant', lags: 0 },
  { name: 'c_maxlag4_noauto', deterministic: 'constant', lags: 4 },
  { name: 'c_AIC_default', deterministic: 'constant' },
  { name: 'ct_maxlag1', deterministic: 'trend', lags: 1 },
  { name: 'n_maxlag1', deterministic: 'none', lags: 1 },
] as const;

describe('unit roots against statsmodels', () => {
  const cases = Object.keys(golden.adf).flatMap((of) => TESTS.map((test) => ({ of, ...test })));
  it.each(cases)('$of by $name', ({ of, name, ...options }) => {
    const expected = present(golden.adf[of]?.[name], name);
    const found = present(augmentedDickeyFuller(present(SERIES[of], of), options), 'a test');

    expect(found.lags).toBe(expected.usedlag);
    expect(found.observations).toBe(expected.nobs);
    expectNear(found.statistic, expected.stat, 1e-10);
    expectNear(found.pValue, expected.p, 1e-9);
    const { '1%': one, '5%': five, '10%': ten } = expected.crit;
    expectCritical(found.critical, [one, five, ten]);
  });

  it.each(Object.entries(golden.mackinnonp))('the p-value of %s', (key, expected) => {
    const [, kind = '', count, statistic] = present(
      /^(\w+) N=(\d) tau=(.+)$/.exec(key) ?? undefined,
      key,
    );
    const found = unitRootProbability(Number(statistic), rootOf(kind, count === '2'));
    expectNear(found, expected, 1e-12);
  });

  it.each(Object.entries(golden.mackinnoncrit))('the critical values of %s', (key, expected) => {
    const [, kind = '', count, nobs] = present(
      /^(\w+) N=(\d) nobs=(.+)$/.exec(key) ?? undefined,
      key,
    );
    const observations = nobs === 'inf' ? Infinity : Number(nobs);
    expectCritical(unitRootCritical(rootOf(kind, count === '2'), observations), expected);
  });

  it('a statistic beyond the tables is certain', () => {
    expect(unitRootProbability(3, rootOf('c', false))).toBe(1);
    expect(unitRootProbability(-19, rootOf('c', false))).toBe(0);
  });
});

describe('cointegration against statsmodels', () => {
  const x = walk(21, 300);
  const spread = autoregressive(22, 300, 0.4);
  const y = x.map((value, at) => 1.5 * value + 2 + (spread[at] ?? NaN));
  const other = walk(23, 300);

  it.each([
    { key: 'y,x maxlag0', right: x, options: { lags: 0 } },
    { key: 'y,x maxlag1', right: x, options: { lags: 1 } },
    { key: 'y,w maxlag1', right: other, options: { lags: 1 } },
    { key: 'y,x AIC', right: x, options: {} },
  ])('$key', ({ key, right, options }) => {
    const expected = present(golden.coint[key], key);
    const found = present(engleGranger(y, right, options), 'a test');

    expectNear(found.statistic, expected.t, 1e-9);
    expectNear(found.pValue, expected.p, 1e-8);
    expectCritical(found.critical, expected.crit);
  });

  it('finds the relation and how soon the spread returns', () => {
    const found = present(engleGranger(y, x, { lags: 0 }), 'a test');
    const [slope = NaN, constant = NaN] = golden.coint['ols y~x+c'];
    expectNear(found.slope, slope, 1e-12);
    expectNear(found.constant, constant, 1e-12);
    const left = y.map((value, at) => value - slope * (x[at] ?? NaN) - constant);
    expectNear(present(halfLifeOf(left), 'a half-life'), golden.coint.half_life, 1e-9);
  });

  it('takes the worse of both directions', () => {
    const both = present(engleGrangerBothWays(y, other, { lags: 1 }), 'a test');
    const ways = [engleGranger(y, other, { lags: 1 }), engleGranger(other, y, { lags: 1 })];
    expect(both.pValue).toBe(Math.max(...ways.map((way) => present(way, 'a test').pValue)));
  });

  it('counts relations by Johansen', () => {
    const found = present(johansen(y, x), 'a test');
    const { det0_k1_trace: trace, maxeig, evec0, crit_trace, crit_maxeig } = golden.johansen;
    found.trace.forEach((value, at) => expectNear(value, trace[at] ?? NaN, 1e-8));
    found.largestRoot.forEach((value, at) => expectNear(value, maxeig[at] ?? NaN, 1e-8));
    expectNear(found.weight, evec0[1] ?? NaN, 1e-9);
    expect(JOHANSEN_TRACE_CRITICAL).toEqual(crit_trace);
    expect(JOHANSEN_ROOT_CRITICAL).toEqual(crit_maxeig);
  });

  it('has no answer for a copy, or for a series that does not move', () => {
    const still = new Float64Array(300).fill(7);
    expect(engleGranger(x, x)).toBeUndefined();
    expect(engleGranger(x, still)).toBeUndefined();
    expect(johansen(x, x)).toBeUndefined();
    expect(johansen(x, still)).toBeUndefined();
    expect(augmentedDickeyFuller(still)).toBeUndefined();
    expect(augmentedDickeyFuller(walk(1, 4), { lags: 1 })).toBeUndefined();
    expect(halfLifeOf(Float64Array.of(1, 2, 4, 8, 16, 32))).toBeUndefined();
  });

  it('binds 3 to 7 % of 500 pairs of walks that have nothing to do with each other', () => {
    let bound = 0;
    for (let pair = 0; pair < 500; pair += 1) {
      const test = engleGranger(walk(7_919 * pair + 1, 200), walk(104_729 * pair + 2, 200), {
        lags: 1,
      });
      if (present(test, 'a test').pValue < 0.05) bound += 1;
    }
    expect(bound).toBeGreaterThanOrEqual(15);
    expect(bound).toBeLessThanOrEqual(35);
  }, 60_000);
});

describe("Hurst's exponent against numpy", () => {
  const LEVELS = 'var-diff lags2..20 slope log std; price=cumsum z(seed31,2048)';
  it.each([
    { key: LEVELS, series: walk(31, 2_048) },
    { key: 'var-diff on ar(seed32,2048,.5) levels', series: autoregressive(32, 2_048, 0.5) },
  ])('the indicator: $key', ({ key, series }) => {
    const indicator = configure(hurst, [2_048, 20]);
    const state = new Float64Array(indicator.width);
    indicator.reset(state, 0);
    for (const value of series) {
      indicator.update(state, 0, Float64Array.of(0, 0, 0, value, 0, 0, 0, 0));
    }
    expectNear(state[0] ?? NaN, golden.hurst[key] ?? NaN, 1e-10);
  });

  it('rescaled ranges', () => {
    const found = present(rescaledRangeHurst(noise(31, 2_048)), 'an exponent');
    const key = 'R/S sizes 8..256, population std, on z(seed31,2048)';
    expectNear(found, golden.hurst[key] ?? NaN, 1e-10);
    const levels = autoregressive(32, 2_048, 0.5);
    const steps = levels.subarray(1).map((value, at) => value - (levels[at] ?? NaN));
    const after = golden.hurst['R/S on increments of ar(.5)'] ?? NaN;
    expectNear(present(rescaledRangeHurst(steps), 'an exponent'), after, 1e-10);
    expect(rescaledRangeHurst(new Float64Array(600))).toBeUndefined();
  });
});

function rootOf(kind: string, isPair: boolean) {
  const deterministic = present(DETERMINISTIC[kind], kind);
  if (!isPair) return { of: 'series', deterministic } as const;
  const known = deterministic === 'trend' ? 'trend' : 'constant';
  return { of: 'pair', deterministic: known } as const;
}

function expectCritical(found: CriticalValues, expected: readonly number[]): void {
  const [one = NaN, five = NaN, ten = NaN] = expected;
  expectNear(found.onePercent, one, 1e-12);
  expectNear(found.fivePercent, five, 1e-12);
  expectNear(found.tenPercent, ten, 1e-12);
}

function expectNear(found: number, expected: number, relative: number): void {
  const error = Math.abs(found - expected) / Math.abs(expected);
  expect(error, `${found}, not ${expected}`).toBeLessThan(relative);
}
