import type { FeatureDeclaration } from '../feature.ts';
import { cut, featuresOf, ratio } from './parts.ts';

const LOOK_BACKS = [1, 5, 15, 30, 60] as const;

const feature = featuresOf({ family: 'price-volume', layer: 0, imputed: 0 });

/** Prices and volumes of bars, free of scale: what every symbol of the universe has. */
export const PRICE_VOLUME: readonly FeatureDeclaration[] = [
  ...LOOK_BACKS.map((bars) =>
    feature({
      name: `return${bars}`,
      tells: `Change of the close over ${bars === 1 ? 'one bar' : `${bars} bars`}.`,
      units: 'ratio',
      inputs: ['bar.close', `bar.closeBefore${bars}`],
      formula: (x) => (x[0] ?? NaN) / (x[1] ?? NaN) - 1,
      isCritical: bars === 1,
    }),
  ),
  feature({
    name: 'barRange',
    tells: 'High less low of the last bar, as a share of its close.',
    units: 'ratio',
    inputs: ['bar.high', 'bar.low', 'bar.close'],
    formula: (x) => ((x[0] ?? NaN) - (x[1] ?? NaN)) / (x[2] ?? NaN),
  }),
  feature({
    name: 'closePlace',
    tells:
      'Where the close stands in its bar: 0 at the low, 1 at the high, half where both are one.',
    units: 'share',
    inputs: ['bar.high', 'bar.low', 'bar.close'],
    formula: (x) =>
      (x[0] ?? NaN) > (x[1] ?? NaN)
        ? ((x[2] ?? NaN) - (x[1] ?? NaN)) / ((x[0] ?? NaN) - (x[1] ?? NaN))
        : (x[0] ?? NaN) === (x[1] ?? NaN)
          ? 0.5
          : NaN,
  }),
  feature({
    name: 'sessionReturn',
    tells: 'Change of the price since the session opened.',
    units: 'ratio',
    inputs: ['bar.close', 'bar.sessionOpen'],
    formula: (x) => (x[0] ?? NaN) / (x[1] ?? NaN) - 1,
  }),
  feature({
    name: 'gapReturn',
    tells: "The session's open against the last close before it.",
    units: 'ratio',
    inputs: ['bar.sessionOpen', 'bar.priorClose'],
    formula: (x) => (x[0] ?? NaN) / (x[1] ?? NaN) - 1,
  }),
  feature({
    name: 'sessionPlace',
    tells: "Where the price stands in the session's range: 0 at its low, 1 at its high.",
    units: 'share',
    inputs: ['bar.close', 'bar.sessionLow', 'bar.sessionHigh'],
    formula: (x) =>
      (x[2] ?? NaN) > (x[1] ?? NaN)
        ? ((x[0] ?? NaN) - (x[1] ?? NaN)) / ((x[2] ?? NaN) - (x[1] ?? NaN))
        : (x[2] ?? NaN) === (x[1] ?? NaN)
          ? 0.5
          : NaN,
  }),
  feature({
    name: 'volumeSurge1',
    tells: 'Volume of the last bar against the mean of twenty, less one; cut at five.',
    units: 'ratio',
    layer: 1,
    inputs: ['bar.volume', 'bar.meanVolume20'],
    formula: (x) => cut(ratio(x[0], x[1]) - 1),
  }),
  feature({
    name: 'volumeSurge5',
    tells: 'Volume of the last five bars against the mean of twenty, less one; cut at five.',
    units: 'ratio',
    layer: 1,
    inputs: ['bar.meanVolume5', 'bar.meanVolume20'],
    formula: (x) => cut(ratio(x[0], x[1]) - 1),
  }),
  feature({
    name: 'dollarVolume',
    tells: 'Dollars that changed hands in the session so far, at the last close.',
    units: 'dollars',
    layer: 1,
    inputs: ['bar.close', 'bar.sessionVolume'],
    formula: (x) => (x[0] ?? NaN) * (x[1] ?? NaN),
  }),
];
