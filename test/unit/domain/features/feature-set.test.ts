import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { present } from '../../../../src/core/assert.ts';
import {
  createFeatureSet,
  type FeatureSet,
  isFeatureSet,
} from '../../../../src/domain/features/feature-set.ts';
import type { FeatureDeclaration } from '../../../../src/domain/features/feature.ts';
import type { FeatureLayout } from '../../../../src/domain/features/layout.ts';
import { fitStandard, normalise } from '../../../../src/domain/features/normalisation.ts';
import { extendRegistry } from '../../../../src/domain/features/registry.ts';
import { STANDARD_REGISTRY } from '../../../../src/domain/features/standard-registry.ts';
import { BarSource } from '../../../reference/bars.ts';

const NOBODY = { symbol: 0, sector: -1, benchmark: -1 };

function custom(name: string, inputs: readonly string[]): FeatureDeclaration {
  const formula = (x: Float64Array) => x.reduce((sum, value) => sum + value, 0);
  return {
    name,
    family: 'custom',
    tells: 'The sum of its inputs.',
    units: 'ratio',
    layer: 3,
    version: 1,
    isCritical: false,
    imputed: 'mean',
    inputs,
    formula,
  };
}

function setOf(
  names: readonly string[],
  more: readonly FeatureDeclaration[] = [],
  rest: Partial<FeatureLayout> = {},
): FeatureSet {
  const registry = extendRegistry(STANDARD_REGISTRY, more);
  const set = createFeatureSet(registry, { feed: 'iex', names, ...rest }, 4);
  if (!isFeatureSet(set)) throw new Error(`${set.code} ${set.name}: ${set.reason}`);
  return set;
}

function faultOf(names: readonly string[], more: readonly FeatureDeclaration[] = []) {
  const registry = extendRegistry(STANDARD_REGISTRY, more);
  const fault = createFeatureSet(registry, { feed: 'iex', names }, 4);
  if (isFeatureSet(fault)) throw new Error('a fault was expected');
  return fault;
}

/** The row after some bars of every timeframe alike. */
function rowOf(set: FeatureSet, bars: number): { out: Float64Array; flags: Uint8Array } {
  const state = new Float64Array(set.symbolWidth);
  set.resetSymbol(state, 0);
  const market = new Float64Array(set.marketWidth);
  set.resetMarket(market);
  for (const bar of new BarSource(8, 100).take(bars)) {
    for (const timeframe of set.timeframes) set.bar(state, 0, timeframe, bar);
  }
  const raw = new Float64Array(set.rawWidth);
  const out = new Float64Array(set.width);
  const flags = new Uint8Array(set.width);
  set.readSymbol(state, 0, 0, raw, 0);
  set.compute(raw, 0, market, NOBODY, 0, out, flags, 0);
  return { out, flags };
}

describe('a plan of features', () => {
  it('refuses a cycle and tells the way round it', () => {
    const more = [custom('a', ['b']), custom('b', ['return1', 'c']), custom('c', ['a'])];
    expect(faultOf(['a'], more)).toEqual({
      code: 'CYCLE',
      name: 'a',
      askedBy: 'c',
      reason: 'it needs itself: a:1m -> b:1m -> c:1m -> a:1m',
    });
  });

  it('names who asked for what there is not, and what was probably meant', () => {
    expect(faultOf(['retrun5'])).toMatchObject({ code: 'UNKNOWN', askedBy: 'the layout' });
    expect(faultOf(['retrun5']).reason).toMatch(/did you mean return5\?/);
    expect(faultOf(['a'], [custom('a', ['bar.clsoe'])])).toMatchObject({ askedBy: 'a' });
    expect(faultOf(['rsi(1)']).reason).toMatch(/period/);
    expect(faultOf(['macd.line']).reason).toMatch(/macd, signal, histogram/);
    expect(faultOf(['rsi14:7x'])).toMatchObject({ code: 'TIMEFRAME' });
  });

  it('makes what two features share once', () => {
    const more = [
      custom('shared', ['return1', 'return5']),
      custom('one', ['shared', 'rsi14']),
      custom('two', ['shared', 'rsi14']),
    ];
    const set = setOf(['one', 'two'], more);
    expect(set.cost).toMatchObject({ features: 5, shared: 1, sources: 2 });
    expect(set.cost.bytesPerSymbol).toBe(8 * set.symbolWidth);
  });

  it('gives what a feature reads the timeframe of the feature, unless it names its own', () => {
    const more = [custom('mixed', ['bar.close', 'bar.close:15m'])];
    expect(setOf(['mixed:5m'], more).timeframes.toSorted()).toEqual(['15m', '5m']);
    expect(setOf(['return1', 'return1:5m']).timeframes).toEqual(['1m', '5m']);
    expect(setOf(['return1'], [], { timeframe: '5m' }).timeframes).toEqual(['5m']);
  });

  it('gives the same row whatever the order in which features are asked for', () => {
    const names = ['rsiCentred', 'return15', 'bandPlace', 'closePlace', 'sma(50)', 'move5'];
    const straight = rowOf(setOf(names), 120).out;
    const property = fc.property(fc.shuffledSubarray(names, { minLength: 1 }), (some) => {
      const { out } = rowOf(setOf(some), 120);
      some.forEach((name, at) => {
        expect(Object.is(out[at], straight[names.indexOf(name)]), name).toBe(true);
      });
    });
    fc.assert(property, { numRuns: 20 });
  });
});

describe('a layout', () => {
  it('has a hash that moves with all that a value means, and with nothing else', () => {
    const base = setOf(['return1', 'rsiCentred']).layoutHash;
    const scaled = { kind: 'standard', mean: 0.5, deviation: 2, clip: 5 } as const;
    const others = [
      setOf(['rsiCentred', 'return1']),
      setOf(['return1', 'rsiCentred', 'move1']),
      setOf(['return1', 'rsiCentred'], [], { feed: 'sip' }),
      setOf(['return1', 'rsiCentred'], [], { timeframe: '5m' }),
      setOf(['return1', 'rsiCentred'], [], { normalisation: [scaled, { kind: 'none' }] }),
      setOf(['return1', 'rsiCentred'], [], {
        normalisation: [{ ...scaled, mean: 0.5 + 2 ** -53 }, { kind: 'none' }],
      }),
    ].map(({ layoutHash }) => layoutHash);
    expect(new Set([base, ...others]).size).toBe(others.length + 1);
    expect(setOf(['return1', 'rsiCentred']).layoutHash).toBe(base);
    expect(setOf(['return1', 'rsiCentred'], [custom('unused', ['return1'])]).layoutHash).toBe(base);
  });

  it('follows the version and the inputs of every feature beneath', () => {
    const of = (inner: FeatureDeclaration) =>
      setOf(['outer'], [custom('outer', ['inner']), inner]).layoutHash;
    const inner = custom('inner', ['return1']);
    expect(of({ ...inner, version: 2 })).not.toBe(of(inner));
    expect(of({ ...inner, inputs: ['return5'] })).not.toBe(of(inner));
  });
});

describe('a row', () => {
  it('is refused where a critical value is missing', () => {
    const set = setOf(['return1', 'return60']);
    expect(standingAfter(set, 0)).toBe('refused');
    expect(standingAfter(set, 2)).toBe('imputed');
    expect(standingAfter(set, 61)).toBe('whole');
  });

  it('flags what was imputed, by the rule that the layout stores', () => {
    const normalisation = [{ kind: 'standard', mean: 7, deviation: 2, clip: 5 } as const];
    const never = { ...custom('never', ['return60']), imputed: 'mean' } as const;
    const { out, flags } = rowOf(setOf(['never'], [never], { normalisation }), 3);
    expect([out[0], flags[0]]).toEqual([0, 1]);
    const zero = { ...never, imputed: 9 };
    const plain = rowOf(setOf(['never'], [zero]), 3);
    expect([plain.out[0], plain.flags[0]]).toEqual([9, 1]);
  });

  it('never lets a formula read what belongs to another', () => {
    const greedy = { ...custom('greedy', ['return1']), formula: (x: Float64Array) => x[1] ?? 42 };
    const { out } = rowOf(setOf(['move5', 'greedy'], [greedy]), 80);
    expect(out[1]).toBe(42);
  });
});

describe('normalisation', () => {
  it('gives training rows mean 0 and deviation 1, and skips what is no number', () => {
    const rows = Float64Array.of(1, 5, 2, 5, 3, Number.NaN, 4, 5, 10, 5);
    const fitted = fitStandard(rows, 2);
    expect(fitted[1]).toEqual({ kind: 'none' });
    const values = [1, 2, 3, 4, 10].map((value) => normalise(value, present(fitted[0], 'one')));
    const mean = values.reduce((sum, value) => sum + value, 0) / 5;
    const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / 5;
    expect(mean).toBeCloseTo(0, 12);
    expect(squares).toBeCloseTo(1, 12);
  });

  it('cuts what no training row was like, and keeps NaN', () => {
    const by = { kind: 'standard', mean: 0, deviation: 1, clip: 5 } as const;
    expect(normalise(1e9, by)).toBe(5);
    expect(normalise(-1e9, by)).toBe(-5);
    expect(normalise(Number.NaN, by)).toBeNaN();
  });
});

function standingAfter(set: FeatureSet, bars: number): string {
  const state = new Float64Array(set.symbolWidth);
  set.resetSymbol(state, 0);
  for (const bar of new BarSource(8).take(bars)) set.bar(state, 0, '1m', bar);
  const raw = new Float64Array(set.rawWidth);
  set.readSymbol(state, 0, 0, raw, 0);
  const [out, flags] = [new Float64Array(set.width), new Uint8Array(set.width)];
  return set.compute(raw, 0, new Float64Array(0), NOBODY, 0, out, flags, 0);
}
