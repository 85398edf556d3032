import type { FeatureDeclaration, FeatureUnits } from '../feature.ts';

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
  feature('macdPull', 'The histogram of MACD.', 'atr', ['macd12-26-9.histogram', 'atr14'], (x) =>
    cut(ratio(x[0], x[1])),
  ),
  feature(
    'rsiCentred',
    'RSI / 50 - 1: -1 to 1.',
    'ratio',
    ['rsi14'],
    (x) => (x[0] ?? NaN) / 50 - 1,
  ),
  feature(
    'bandPlace',
    'Place within the Bollinger bands: -0.5 at the lower, 0.5 at the upper; cut at five.',
    'ratio',
    ['bar.close', 'bollinger20-2.upper', 'bollinger20-2.lower'],
    (x) => cut(ratio((x[0] ?? NaN) - (x[2] ?? NaN), (x[1] ?? NaN) - (x[2] ?? NaN)) - 0.5),
  ),
  feature(
    'stochasticGap',
    'K less D of the slow stochastic, over 100.',
    'ratio',
    ['stochastic14-3-3.k', 'stochastic14-3-3.d'],
    (x) => ((x[0] ?? NaN) - (x[1] ?? NaN)) / 100,
  ),
  feature('trendStrength', 'ADX over 100.', 'share', ['adx14'], (x) => (x[0] ?? NaN) / 100),
  feature(
    'rangeShare',
    'The average true range as a share of the close.',
    'ratio',
    ['atr14', 'bar.close'],
    (x) => (x[0] ?? NaN) / (x[1] ?? NaN),
  ),
];

/** The distance of the first from the second input, in average true ranges, cut at five. */
function inRanges(name: string, tells: string, of: readonly [string, string]): FeatureDeclaration {
  return feature(name, tells, 'atr', [...of, 'atr14'], (x) =>
    cut(ratio((x[0] ?? NaN) - (x[1] ?? NaN), x[2] ?? NaN)),
  );
}

function feature(
  name: string,
  tells: string,
  units: FeatureUnits,
  inputs: readonly string[],
  formula: (x: Float64Array) => number,
): FeatureDeclaration {
  const rest = { layer: 2, version: 1, isCritical: true, imputed: 0 } as const;
  return { name, family: 'technical', tells, units, inputs, formula, ...rest };
}

/** NaN where nothing moved: no distance can be told then. */
function ratio(value = NaN, unit = NaN): number {
  return unit > 0 ? value / unit : NaN;
}

/** Keeps NaN. */
function cut(value: number): number {
  return Math.max(-5, Math.min(5, value));
}
