import type { FeatureDeclaration } from '../feature.ts';
import { cut, featuresOf, ratio } from './parts.ts';

const feature = featuresOf({ family: 'technical', layer: 2, isCritical: true, imputed: 0 });

/**
 * Indicators made free of scale (in average true ranges, shares of a range, ratios), so that one
 * model serves all symbols; those without a natural bound are cut at five.
 */
export const TECHNICAL: readonly FeatureDeclaration[] = [
  inRanges('smaDistance', 'The close from its simple average of 20 bars.', ['bar.close', 'sma20']),
  inRanges('averageGap', 'The exponential from the simple average of 20 bars.', ['ema20', 'sma20']),
  inRanges('vwapDistance', "The close from the session's volume-weighted price.", [
    'bar.close',
    'vwap',
  ]),
  inRanges('move1', 'Change of the close over one bar.', ['bar.close', 'bar.closeBefore1']),
  inRanges('move5', 'Change of the close over five bars.', ['bar.close', 'bar.closeBefore5']),
  feature({
    name: 'macdPull',
    tells: 'The histogram of MACD.',
    units: 'atr',
    inputs: ['macd12-26-9.histogram', 'atr14'],
    formula: (x) => cut(ratio(x[0], x[1])),
  }),
  feature({
    name: 'rsiCentred',
    tells: 'RSI / 50 - 1: -1 to 1.',
    units: 'ratio',
    inputs: ['rsi14'],
    formula: (x) => (x[0] ?? NaN) / 50 - 1,
  }),
  feature({
    name: 'bandPlace',
    tells: 'Place within the Bollinger bands: -0.5 at the lower, 0.5 at the upper; cut at five.',
    units: 'ratio',
    inputs: ['bar.close', 'bollinger20-2.upper', 'bollinger20-2.lower'],
    formula: (x) => cut(ratio((x[0] ?? NaN) - (x[2] ?? NaN), (x[1] ?? NaN) - (x[2] ?? NaN)) - 0.5),
  }),
  feature({
    name: 'stochasticGap',
    tells: 'K less D of the slow stochastic, over 100.',
    units: 'ratio',
    inputs: ['stochastic14-3-3.k', 'stochastic14-3-3.d'],
    formula: (x) => ((x[0] ?? NaN) - (x[1] ?? NaN)) / 100,
  }),
  feature({
    name: 'trendStrength',
    tells: 'ADX over 100.',
    units: 'share',
    inputs: ['adx14'],
    formula: (x) => (x[0] ?? NaN) / 100,
  }),
  feature({
    name: 'rangeShare',
    tells: 'The average true range as a share of the close.',
    units: 'ratio',
    inputs: ['atr14', 'bar.close'],
    formula: (x) => (x[0] ?? NaN) / (x[1] ?? NaN),
  }),
];

/** The distance of the first from the second input, in average true ranges, cut at five. */
function inRanges(name: string, tells: string, of: readonly [string, string]): FeatureDeclaration {
  return feature({
    name,
    tells,
    units: 'atr',
    inputs: [...of, 'atr14'],
    formula: (x) => cut(ratio((x[0] ?? NaN) - (x[1] ?? NaN), x[2] ?? NaN)),
  });
}
