import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../../src/cli/load-config.ts';
import { planOf } from '../../../../src/compose/train/train-plan.ts';
import { type Measured, chooseUniverse } from '../../../../src/compose/train/universe.ts';
import { momentumSet } from '../../../../src/domain/features/momentum-set.ts';
import { STANDARD_REGISTRY } from '../../../../src/domain/features/standard-registry.ts';
import { wideSet } from '../../../../src/compose/train/symbol-rows.ts';
import { tinyPlan, typed } from './tiny-training.ts';

const { config } = loadConfig('demo');

describe('the plan of a training', () => {
  it('takes names and groups, each family once, in one order', () => {
    const { families } = planOf(typed({ models: ['ensemble', 'mlp', 'forest'] }), config);

    expect(families).toEqual(['mlp', 'lstm', 'transformer', 'forest']);
  });

  it('names the nearest model where one is not known', () => {
    expect(() => planOf(typed({ models: ['lightgmb'] }), config)).toThrow(
      /did you mean lightgbm\?/,
    );
    expect(() => planOf(typed({ models: [] }), config)).toThrow(/There are mlp/);
  });

  it('has a label and a horizon for each purpose', () => {
    const of = (purpose: 'liquidity' | 'momentum' | 'value' | 'ensemble') => {
      const { timeframe, horizonBars, label } = planOf(typed({ purpose }), config);
      return [timeframe, horizonBars, label];
    };

    expect(of('liquidity')).toEqual(['1d', 1, 'forward']);
    expect(of('momentum')).toEqual(['1m', 30, 'forward']);
    expect(of('value')).toEqual(['1d', 20, 'forward']);
    expect(of('ensemble')).toEqual(['1m', 30, 'barrier']);
  });

  it('takes a seeded market, the store with its feed or another, or a folder', () => {
    const of = (source: string | undefined) => planOf(typed({ source }), config).source;

    expect(of(undefined)).toEqual({ kind: 'seeded', symbols: 4, days: 2 });
    expect(of('store')).toEqual({ kind: 'store', feed: config.market.feed });
    expect(of('store:sim-7-40')).toEqual({ kind: 'store', feed: 'sim-7-40' });
    expect(of('stores/2018')).toEqual({ kind: 'recorded', path: 'stores/2018' });
  });

  it('of momentum sees the very layout that a session serves', () => {
    const { features } = planOf(typed(), config);

    const { layoutHash } = wideSet(STANDARD_REGISTRY, features, '1m', 1);

    expect(layoutHash).toBe(momentumSet().layoutHash);
  });
});

const SYMBOLS: readonly Measured[] = Array.from({ length: 200 }, (_, at) => ({
  symbol: `S${String(at).padStart(3, '0')}`,
  sector: at % 3 === 0 ? 'Energy' : 'Utilities',
  days: 20,
  price: at === 7 ? 1 : 50,
  dollarVolume: at === 8 ? 1_000 : 1e7 + at * 1e5,
  range: 0.01 + at / 1e5,
  activity: 0.2 + ((at * 37) % 100) / 100,
}));

describe('the universe of a training', () => {
  it('of layers has the few above whole, and below them a sample by seed', () => {
    const chosen = chooseUniverse(SYMBOLS, tinyPlan({ limit: 60 }));
    const again = chooseUniverse(SYMBOLS.toReversed(), tinyPlan({ limit: 60 }));
    const other = chooseUniverse(SYMBOLS, tinyPlan({ limit: 60, seed: 9 }));

    expect(chosen.symbols).toHaveLength(60);
    expect(again.symbols).toEqual(chosen.symbols);
    expect(other.symbols).not.toEqual(chosen.symbols);
    const counts = [0, 1, 2].map(
      (layer) => chosen.symbols.filter((symbol) => chosen.layers.get(symbol) === layer).length,
    );
    expect(counts.every((count) => count > 0)).toBe(true);
  });

  it('of a layer has nobody who did not reach it: by price, by dollars, by range', () => {
    const { symbols, layers } = chooseUniverse(SYMBOLS, tinyPlan({ layer: 1 }));

    expect(symbols.every((symbol) => (layers.get(symbol) ?? 0) >= 1)).toBe(true);
    expect(symbols).not.toContain('S007');
    expect(symbols).not.toContain('S008');
    expect(symbols).toContain('S199');
  });

  it('of names has those that are there, and names the nearest where none is', () => {
    const { symbols, text } = chooseUniverse(SYMBOLS, tinyPlan({ symbols: ['S003', 'ZZZ'] }));

    expect(symbols).toEqual(['S003']);
    expect(text).toBe('1 named, 1 not in the source before the test');
    expect(() => chooseUniverse(SYMBOLS, tinyPlan({ symbols: ['S20'] }))).toThrow(/did you mean S/);
    expect(() => chooseUniverse([], tinyPlan())).toThrow(/no symbol/);
  });
});
