import { describe, expect, it } from 'vitest';
import { HOUR } from '../../../src/core/time.ts';
import { jsonRow, renderRow, type ToldRow } from '../../../src/cli/features-text.ts';
import { createFeatureSet, isFeatureSet } from '../../../src/domain/features/feature-set.ts';
import { storeLayout } from '../../../src/domain/features/layout-file.ts';
import { STANDARD_REGISTRY } from '../../../src/domain/features/standard-registry.ts';

const NAMES = ['sessionReturn', 'volumeSurge5', 'isMonthEnd', 'daysToEarnings'];

/** A row of a symbol that nobody has heard of, but for its first column. */
function row(): ToldRow {
  const set = createFeatureSet(STANDARD_REGISTRY, { feed: 'iex', names: NAMES }, 1);
  if (!isFeatureSet(set)) throw new Error(set.reason);
  const state = new Float64Array(set.symbolWidth);
  const market = new Float64Array(set.marketWidth);
  set.resetSymbol(state, 0);
  set.resetMarket(market);
  const raw = new Float64Array(set.rawWidth);
  set.readSymbol(state, 0, 0, raw, 0);
  const values = new Float64Array(set.width);
  const flags = new Uint8Array(set.width);
  const who = { symbol: 0, sector: -1, benchmark: -1 };
  const standing = set.compute(raw, 0, market, who, 0, values, flags, 0);
  values[0] = 0.0125;
  flags[0] = 0;
  const { layoutHash, columns, cost } = set;
  const layout = storeLayout(set);
  const told = { symbol: 'BAC', at: 'noon', source: 'a folder' };
  const times = { atUs: NOON_US, lastUs: NOON_US - 2 * HOUR };
  return { ...told, ...times, layout, layoutHash, standing, columns, values, flags, cost };
}

const NOON_US = Date.UTC(2024, 5, 3, 16) * 1_000;

describe('a row of features', () => {
  it('tells a person what is not known, and the number that stands in for it', () => {
    const lines = renderRow(row()).split('\n');

    expect(lines[1]).toBe(
      'the last event heard came at 2024-06-03T14:00:00.000000Z, 2 h 0 min before',
    );
    expect(lines[2]).toContain('4 features, imputed (3 not known)');
    expect(lines.slice(-4).map((line) => line.split(/ {2,}/))).toEqual([
      ['sessionReturn', '0.0125', 'ratio', 'price-volume'],
      ['volumeSurge5', 'not known (0)', 'ratio', 'price-volume'],
      ['isMonthEnd', 'not known (0)', 'flag', 'temporal'],
      ['daysToEarnings', 'not known (63)', 'days', 'temporal'],
    ]);
  });

  it('tells a machine no value where there is none', () => {
    const told: unknown = JSON.parse(JSON.stringify(jsonRow(row())));

    expect(told).toMatchObject({
      features: [
        { name: 'sessionReturn', value: 0.0125, isImputed: false },
        { name: 'volumeSurge5', imputed: 0, isImputed: true },
        { name: 'isMonthEnd', imputed: 0, isImputed: true },
        { name: 'daysToEarnings', imputed: 63, isImputed: true },
      ],
    });
    const { features } = jsonRow(row());
    const hasValue = Array.isArray(features) ? features.map((one: object) => 'value' in one) : [];
    expect(hasValue).toEqual([true, false, false, false]);
  });
});
