import type { FeatureDeclaration, FeatureUnits } from '../feature.ts';

/** The economy as it was known: numbers joined by the day of their release. */
export const MACRO: readonly FeatureDeclaration[] = [
  {
    ...feature('moneyGrowth', 'Growth of M2 over a year.', 'ratio', ['macro.moneyGrowth']),
    source: 'Federal Reserve H.6',
  },
  feature(
    'claimsTrend',
    'Initial claims, the mean of four weeks against that of 52, less one.',
    'ratio',
    ['macro.claimsAgainstYear'],
  ),
  feature(
    'claimsGrowth',
    'Initial claims, the mean of four weeks against that of a year before, less one.',
    'ratio',
    ['macro.claimsGrowth'],
  ),
  {
    ...feature('yieldSlope', 'Treasury yields, ten years less two.', 'percent', [
      'macro.yieldSlope',
    ]),
    source: 'Estrella and Mishkin 1998',
  },
  feature(
    'isYieldCurveInverted',
    '1 where two years pay more than ten.',
    'share',
    ['macro.yieldSlope'],
    (x) => ((x[0] ?? NaN) < 0 ? 1 : (x[0] ?? NaN) >= 0 ? 0 : NaN),
  ),
  feature(
    'industry',
    'Purchasing managers less 50, or growth of industrial production in per cent.',
    'score',
    ['macro.industry'],
  ),
  feature(
    'industryIsStandIn',
    '1 where `industry` is industrial production for want of a managers index.',
    'share',
    ['macro.industryIsStandIn'],
  ),
];

function feature(
  name: string,
  tells: string,
  units: FeatureUnits,
  inputs: readonly string[],
  formula: (x: Float64Array) => number = (x) => x[0] ?? NaN,
): FeatureDeclaration {
  const rest = { layer: 0, version: 1, isCritical: false, imputed: 'mean' } as const;
  return { name, family: 'macro', tells, units, inputs, formula, ...rest };
}
