import { describe, expect, it } from 'vitest';
import { DAY } from '../../../../src/core/time.ts';
import { createFeatureSet, isFeatureSet } from '../../../../src/domain/features/feature-set.ts';
import { FUNDAMENTAL } from '../../../../src/domain/features/families/fundamental.ts';
import { fundamentalSource } from '../../../../src/domain/features/sources/fundamental-source.ts';
import { STANDARD_REGISTRY } from '../../../../src/domain/features/standard-registry.ts';
import { columnsOf, freshState, hearSymbol, noon, NOBODY } from '../../../reference/rare-facts.ts';

const source = fundamentalSource.build({ symbolsMax: 1, spanUs: 0 });
const FILED = noon(20240201);

function row(fields: Readonly<Record<string, number>>, close: number): Record<string, number> {
  const names = FUNDAMENTAL.map(({ name }) => name);
  const set = createFeatureSet(STANDARD_REGISTRY, { feed: 'test', names }, 1);
  if (!isFeatureSet(set)) throw new Error(set.reason);
  const state = new Float64Array(set.symbolWidth);
  set.resetSymbol(state, 0);
  for (const [field, value] of Object.entries(fields)) {
    set.symbolFact(state, 0, { kind: 'fundamental', field, value, nowUs: FILED });
  }
  set.bar(state, 0, '1m', Float64Array.of(close, close, close, close, 1, 1, 0, 0));
  const raw = new Float64Array(set.rawWidth);
  set.readSymbol(state, 0, FILED, raw, 0);
  const out = new Float64Array(set.width);
  const flags = new Uint8Array(set.width);
  set.compute(raw, 0, new Float64Array(0), NOBODY, FILED, out, flags, 0);
  return Object.fromEntries(
    names.map((name, at) => [name, flags[at] === 1 ? NaN : (out[at] ?? 0)]),
  );
}

describe('fundamentals', () => {
  it('make the ratios that a textbook makes', () => {
    const found = row(
      {
        earningsPerShare: 5,
        bookValuePerShare: 40,
        dividendPerShare: 2,
        revenue: 1_000,
        grossProfit: 400,
        operatingIncome: 150,
        netIncome: 100,
        freeCashFlow: 80,
        totalDebt: 300,
        totalEquity: 800,
        sharesOutstanding: 20,
      },
      100,
    );
    expect(found).toMatchObject({
      earningsYield: 0.05,
      priceToEarnings: 20,
      priceToBook: 2.5,
      priceToSales: 2,
      freeCashFlowYield: 0.04,
      dividendYield: 0.02,
      grossMargin: 0.4,
      operatingMargin: 0.15,
      netMargin: 0.1,
      returnOnEquity: 0.125,
      debtToEquity: 0.375,
      filingAgeDays: 0,
    });
  });

  it('tell no ratio that a loss or a debt would turn round', () => {
    const found = row({ earningsPerShare: -5, bookValuePerShare: -1, totalEquity: 0 }, 100);
    expect(found['earningsYield']).toBe(-0.05);
    for (const name of ['priceToEarnings', 'priceToBook', 'returnOnEquity', 'netMargin']) {
      expect(found[name], name).toBeNaN();
    }
  });

  it('grow against what was filed a year before, not against the last quarter', () => {
    const state = freshState(source);
    const file = (field: string, value: number, days: number) =>
      hearSymbol(source, state, { kind: 'fundamental', field, value, nowUs: FILED + days * DAY });
    [100, 110, 90, 120, 150].forEach((value, quarter) => file('revenue', value, quarter * 91));
    [-4, -2, 0, 1, 2].forEach((value, quarter) => file('netIncome', value, quarter * 91));
    const nowUs = FILED + 370 * DAY;
    const found = columnsOf(source, state, nowUs);
    expect(found['revenueGrowth']).toBeCloseTo(0.5, 12);
    expect(found['netIncomeGrowth']).toBeCloseTo(1.5, 12);
    expect(found['earningsPerShareGrowth']).toBeNaN();
    // A year was not there yet at the second filing.
    expect(columnsOf(source, state, FILED + 100 * DAY)['revenueGrowth']).toBeNaN();
    expect(columnsOf(source, state, FILED + 100 * DAY)['revenue']).toBe(110);
  });

  it('are those that were filed by then, replaced by a later word, and grow stale', () => {
    const state = freshState(source);
    const file = (value: number, nowUs: number) =>
      hearSymbol(source, state, { kind: 'fundamental', field: 'revenue', value, nowUs });
    file(10, FILED);
    file(11, FILED);
    file(20, FILED + 90 * DAY);
    file(NaN, FILED + 91 * DAY);
    const at = (days: number) => columnsOf(source, state, FILED + days * DAY);
    expect(at(-1)['revenue']).toBeNaN();
    expect(at(0)['revenue']).toBe(11);
    expect(at(89.9)['revenue']).toBe(11);
    expect(at(90)).toMatchObject({ revenue: 20, ageDays: 0 });
    expect(at(550)['revenue']).toBe(20);
    expect(at(551)['revenue']).toBeNaN();
    const before = state.slice();
    hearSymbol(source, state, { kind: 'fundamental', field: 'ebitdar', value: 1, nowUs: FILED });
    expect(state).toEqual(before);
  });
});
