import type { FeatureDeclaration } from '../feature.ts';
import { featuresOf, flag } from './parts.ts';

const feature = featuresOf({ family: 'macro', layer: 0, imputed: 'mean' });

/** The economy as it was known: numbers joined by the day of their release. */
export const MACRO: readonly FeatureDeclaration[] = [
  feature({
    name: 'moneyGrowth',
    tells: 'Growth of M2 over a year.',
    units: 'ratio',
    inputs: ['macro.moneyGrowth'],
    source: 'Federal Reserve H.6',
  }),
  feature({
    name: 'claimsTrend',
    tells: 'Initial claims, the mean of four weeks against that of 52, less one.',
    units: 'ratio',
    inputs: ['macro.claimsAgainstYear'],
  }),
  feature({
    name: 'claimsGrowth',
    tells: 'Initial claims, the mean of four weeks against that of a year before, less one.',
    units: 'ratio',
    inputs: ['macro.claimsGrowth'],
  }),
  feature({
    name: 'yieldSlope',
    tells: 'Treasury yields, ten years less two.',
    units: 'percent',
    inputs: ['macro.yieldSlope'],
    source: 'Estrella and Mishkin 1998',
  }),
  feature({
    name: 'isYieldCurveInverted',
    tells: '1 where two years pay more than ten.',
    units: 'flag',
    version: 2,
    inputs: ['macro.yieldSlope'],
    formula: (x) => flag((x[0] ?? NaN) < 0, x[0]),
  }),
  feature({
    name: 'industry',
    tells: 'Purchasing managers less 50, or growth of industrial production in per cent.',
    units: 'score',
    inputs: ['macro.industry'],
  }),
  feature({
    name: 'industryIsStandIn',
    tells: '1 where `industry` is industrial production for want of a managers index.',
    units: 'flag',
    version: 2,
    inputs: ['macro.industryIsStandIn'],
  }),
];
