import type { FeatureDeclaration } from '../feature.ts';

type PriceVolume = Pick<
  FeatureDeclaration,
  'name' | 'tells' | 'units' | 'layer' | 'inputs' | 'formula'
> &
  Partial<FeatureDeclaration>;

const LOOK_BACKS = [1, 5, 15, 30, 60] as const;

/** Prices and volumes of bars, free of scale: what every symbol of the universe has. */
export const PRICE_VOLUME: readonly FeatureDeclaration[] = [
  ...LOOK_BACKS.map((bars) =>
    feature({
      name: `return${bars}`,
      tells: `Change of the close over ${bars === 1 ? 'one bar' : `${bars} bars`}.`,
      units: 'ratio',
      layer: 0,
      inputs: ['bar.close', `bar.closeBefore${bars}`],
      formula: (x) => (x[0] ?? NaN) / (x[1] ?? NaN) - 1,
      isCritical: bars === 1,
    }),
  ),
  feature({
    name: 'barRange',
    tells: 'High less low of the last bar, as a share of its close.',
    units: 'ratio',
    layer: 0,
    inputs: ['bar.high', 'bar.low', 'bar.close'],
    formula: (x) => ((x[0] ?? NaN) - (x[1] ?? NaN)) / (x[2] ?? NaN),
  }),
  feature({
    name: 'closePlace',
    tells:
      'Where the close stands in its bar: 0 at the low, 1 at the high, half where both are one.',
    units: 'share',
    layer: 0,
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
    layer: 0,
    inputs: ['bar.close', 'bar.sessionOpen'],
    formula: (x) => (x[0] ?? NaN) / (x[1] ?? NaN) - 1,
  }),
  feature({
    name: 'overnightGap',
    tells: "The session's open against the last close before it.",
    units: 'ratio',
    layer: 0,
    inputs: ['bar.sessionOpen', 'bar.priorClose'],
    formula: (x) => (x[0] ?? NaN) / (x[1] ?? NaN) - 1,
  }),
  feature({
    name: 'sessionPlace',
    tells: "Where the price stands in the session's range: 0 at its low, 1 at its high.",
    units: 'share',
    layer: 0,
    inputs: ['bar.close', 'bar.sessionLow', 'bar.sessionHigh'],
    formula: (x) =>
      (x[2] ?? NaN) > (x[1] ?? NaN)
        ? ((x[0] ?? NaN) - (x[1] ?? NaN)) / ((x[2] ?? NaN) - (x[1] ?? NaN))
        : (x[2] ?? NaN) === (x[1] ?? NaN)
          ? 0.5
          : NaN,
  }),
  feature({
    name: 'relativeVolume1',
    tells: 'Volume of the last bar against the mean of twenty, less one; cut at five.',
    units: 'ratio',
    layer: 1,
    inputs: ['bar.volume', 'bar.meanVolume20'],
    formula: (x) => cut((x[1] ?? NaN) > 0 ? (x[0] ?? NaN) / (x[1] ?? NaN) - 1 : NaN),
  }),
  feature({
    name: 'relativeVolume5',
    tells: 'Volume of the last five bars against the mean of twenty, less one; cut at five.',
    units: 'ratio',
    layer: 1,
    inputs: ['bar.meanVolume5', 'bar.meanVolume20'],
    formula: (x) => cut((x[1] ?? NaN) > 0 ? (x[0] ?? NaN) / (x[1] ?? NaN) - 1 : NaN),
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

function feature(given: PriceVolume): FeatureDeclaration {
  return { family: 'price-volume', version: 1, isCritical: false, imputed: 0, ...given };
}

/** No single bar may outweigh all others; keeps NaN. */
function cut(value: number): number {
  return Math.max(-5, Math.min(5, value));
}
