import { assert } from '../../core/assert.ts';
import { hashText } from '../../core/hash.ts';
import { createFeatureSet, type FeatureSet, isFeatureSet } from './feature-set.ts';
import type { FeatureLayout } from './layout.ts';
import { STANDARD_REGISTRY } from './standard-registry.ts';
import { USUAL_TIMEFRAME } from './timeframe.ts';

/**
 * What the small momentum model sees of a symbol at a bar's close. Every value is free of scale, so
 * that one model serves all symbols. `any`: nothing in it depends on whose market it is.
 */
export const MOMENTUM_LAYOUT: FeatureLayout = {
  feed: 'any',
  names: [
    'smaDistance',
    'averageGap',
    'rsiCentred',
    'macdPull',
    'bandPlace',
    'stochasticGap',
    'trendStrength',
    'vwapDistance',
    'move1',
    'move5',
    'volumeSurge1',
    'volumeSurge5',
  ],
};

/**
 * Every output of the standard ten, in their order: what a row of the time series store holds,
 * prices in dollars.
 */
export const STANDARD_OUTPUTS: readonly string[] = [
  'sma20',
  'ema20',
  'rsi14',
  'macd12-26-9.macd',
  'macd12-26-9.signal',
  'macd12-26-9.histogram',
  'bollinger20-2.upper',
  'bollinger20-2.middle',
  'bollinger20-2.lower',
  'atr14',
  'stochastic14-3-3.k',
  'stochastic14-3-3.d',
  'vwap',
  'obv',
  'adx14',
];

/**
 * The layout above, of bars of that timeframe, with a place for each standard output: what every
 * symbol's row carries. Each timeframe has a hash of its own.
 */
export function momentumSet(timeframe = USUAL_TIMEFRAME): FeatureSet {
  const layout = { ...MOMENTUM_LAYOUT, timeframe };
  const set = createFeatureSet(STANDARD_REGISTRY, layout, 1, STANDARD_OUTPUTS);
  assert(isFeatureSet(set), 'the momentum layout can be made');
  assert(set.marketWidth === 0, 'it needs nothing but the symbol itself');
  return set;
}

/**
 * What the standard outputs of bars of that timeframe mean: their names, every version, and the
 * unit of prices, which is in neither.
 */
export function outputsLayout(timeframe: string): string {
  const layout = { feed: 'any', timeframe, names: STANDARD_OUTPUTS };
  const set = createFeatureSet(STANDARD_REGISTRY, layout, 1);
  assert(isFeatureSet(set), 'the standard outputs can be made');
  return hashText(`${set.layoutHash};dollars`);
}
