import type { FeatureDeclaration } from '../feature.ts';
import { VIX_CALM_BELOW, VIX_ELEVATED_MAX, VIX_NORMAL_BELOW } from '../sources/regime-rules.ts';
import { featuresOf, flag } from './parts.ts';

const feature = featuresOf({ family: 'regime', imputed: 0 });

/**
 * What the market is like: the same for every symbol. The codes of regimes and the rules behind
 * them stand in sources/regime-rules.ts. All is of days, whatever the timeframe of the layout.
 */
export const REGIME: readonly FeatureDeclaration[] = [
  feature({
    name: 'regimeCode',
    tells: 'The regime that stands, of days: 0 BULL, 1 BEAR, 2 CHOPPY, 3 VOLATILE.',
    units: 'score',
    inputs: ['regime.code:1d'],
    imputed: 2,
  }),
  feature({
    name: 'regimeAge',
    tells: 'Days of trading since the regime began.',
    units: 'count',
    inputs: ['regime.age:1d'],
  }),
  probability('regimeBullProbability', 'that of BULL, of the highest mean', 'bull'),
  probability('regimeBearProbability', 'that of BEAR, of the lowest mean', 'bear'),
  probability('regimeChoppyProbability', 'one between', 'choppy'),
  feature({
    name: 'trendRegime',
    tells:
      'SPY and its mean of 200 days: 1 above it and it rises, -1 below it and it falls, else 0.',
    units: 'sign',
    inputs: ['regime.overMean:1d', 'regime.meanSlope:1d'],
    formula: (x) => trendOf(x[0] ?? NaN, x[1] ?? NaN),
  }),
  feature({
    name: 'marketOverMean200',
    tells: 'Close of SPY over its mean of 200 days, less one.',
    units: 'ratio',
    inputs: ['regime.overMean:1d'],
  }),
  feature({
    name: 'marketMeanSlope',
    tells: "SPY's mean of 200 days over itself 20 days before, less one.",
    units: 'ratio',
    inputs: ['regime.meanSlope:1d'],
  }),
  feature({
    name: 'marketVolatility',
    tells: "Deviation of SPY's last 20 daily returns, a day.",
    units: 'percent',
    inputs: ['regime.volatility:1d'],
    imputed: 'mean',
  }),
  feature({
    name: 'marketVolatilityRank',
    tells: 'Share of the last 252 days on which SPY was calmer.',
    units: 'share',
    inputs: ['regime.volatilityRank:1d'],
    imputed: 0.5,
  }),
  feature({
    name: 'volatilityRegime',
    tells: 'SPY was calmer on less than a quarter of 252 days: 0, on nine in ten: 2, else 1.',
    units: 'score',
    inputs: ['regime.volatilityRank:1d'],
    imputed: 1,
    formula: (x) => volatilityRegimeOf(x[0] ?? NaN),
  }),
  feature({
    name: 'vix',
    tells: 'What options expect the S&P 500 to move in the next 30 days, a year.',
    units: 'percent',
    source: 'Whaley, 1993',
    inputs: ['index.vix'],
    imputed: 'mean',
  }),
  feature({
    name: 'vixRank',
    tells: 'Share of the last 252 days that ended with a lower VIX.',
    units: 'share',
    inputs: ['index.vixRank'],
    imputed: 0.5,
  }),
  feature({
    name: 'vixRegime',
    tells: 'VIX: 0 below 15, 1 below 20, 2 up to 30, 3 above.',
    units: 'score',
    inputs: ['index.vix'],
    imputed: 1,
    formula: (x) => vixRegimeOf(x[0] ?? NaN),
  }),
  feature({
    name: 'vixTermRatio',
    tells: 'VIX over VIX3M: above 1 the near future is feared more than the far.',
    units: 'ratio',
    inputs: ['index.vix', 'index.vix3m'],
    imputed: 'mean',
    formula: (x) => (x[0] ?? NaN) / (x[1] ?? NaN),
  }),
  feature({
    name: 'vixBackwardation',
    tells: '1 where VIX is above VIX3M, else 0.',
    units: 'flag',
    version: 2,
    inputs: ['index.vix', 'index.vix3m'],
    formula: (x) => flag((x[0] ?? NaN) > (x[1] ?? NaN), (x[0] ?? NaN) + (x[1] ?? NaN)),
  }),
  feature({
    name: 'bearWarning',
    tells:
      '1 where SPY is below its mean of 200 days and less than 40 % of the universe above their ' +
      'own of 20, else 0.',
    units: 'flag',
    version: 2,
    inputs: ['regime.overMean:1d', 'breadth.aboveMeanShare:1d'],
    formula: (x) => flag((x[0] ?? NaN) < 0 && (x[1] ?? NaN) < 0.4, (x[0] ?? NaN) + (x[1] ?? NaN)),
  }),
];

function probability(name: string, of: string, column: string): FeatureDeclaration {
  return feature({
    name,
    tells: `Probability, by the days up to now, that the hidden state is ${of}.`,
    units: 'probability',
    source: 'Hamilton, 1989',
    inputs: [`regime.${column}:1d`],
    imputed: 'mean',
  });
}

function trendOf(overMean: number, slope: number): number {
  if (overMean !== overMean || slope !== slope) return NaN;
  if (overMean > 0 && slope > 0) return 1;
  return overMean < 0 && slope < 0 ? -1 : 0;
}

function vixRegimeOf(vix: number): number {
  if (vix !== vix) return NaN;
  if (vix < VIX_CALM_BELOW) return 0;
  if (vix < VIX_NORMAL_BELOW) return 1;
  return vix <= VIX_ELEVATED_MAX ? 2 : 3;
}

function volatilityRegimeOf(rank: number): number {
  if (rank !== rank) return NaN;
  if (rank < 0.25) return 0;
  return rank > 0.9 ? 2 : 1;
}
