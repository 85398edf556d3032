import type { FeatureDeclaration } from '../feature.ts';
import {
  CHANGE_FUNDS,
  CHANGE_WINDOWS,
  MACRO_FUNDS,
  PAIR_WINDOWS,
  STOCK_FUNDS,
} from '../sources/relative-source.ts';
import { cut, featuresOf } from './parts.ts';

const feature = featuresOf({ family: 'cross-asset', imputed: 0 });

/**
 * A symbol against funds and among all others. Bars are compared where both closed one that began
 * at the same time, in the core session alone. Where a fund is not in the data, what is told of it
 * is NaN.
 */
export const CROSS_ASSET: readonly FeatureDeclaration[] = [
  ...STOCK_FUNDS.flatMap(({ label, tells }) =>
    PAIR_WINDOWS.flatMap((bars) => [
      beta(
        `beta${label}${bars}`,
        `Beta to ${tells}: how much it moves for a move of that, by ${bars} bars; cut at ten.`,
        1,
      ),
      feature({
        name: `correlation${label}${bars}`,
        tells: `Correlation of its returns with those of ${tells} over ${bars} bars.`,
        units: 'ratio',
        inputs: [`relative.correlation${label}${bars}`],
        imputed: 'mean',
      }),
    ]),
  ),
  ...MACRO_FUNDS.map(({ label, tells }) =>
    beta(`beta${label}60`, `Beta to ${tells} over 60 bars; cut at ten.`, 0),
  ),
  ...CHANGE_FUNDS.flatMap(({ label, tells }) => [
    ...CHANGE_WINDOWS.map((bars) =>
      feature({
        name: `over${label}${bars}`,
        tells: `How much more it gained than ${tells} over ${bars} bars.`,
        units: 'ratio',
        inputs: [`relative.over${label}${bars}`],
      }),
    ),
    feature({
      name: `over${label}Session`,
      tells: `How much more it gained than ${tells} since the open.`,
      units: 'ratio',
      inputs: [`relative.over${label}Session`],
    }),
  ]),
  feature({
    name: 'relativeStrengthRank',
    tells: 'Share of the universe that gained less since the open, half of those that did as much.',
    units: 'share',
    inputs: ['breadth.rank'],
    imputed: 0.5,
  }),
  feature({
    name: 'marketReturn',
    tells: 'Mean return of the universe since the open, each symbol alike.',
    units: 'ratio',
    inputs: ['breadth.marketReturn'],
  }),
  feature({
    name: 'sectorReturn',
    tells: "Mean return of the sector's symbols since the open, each alike.",
    units: 'ratio',
    inputs: ['breadth.sectorReturn'],
  }),
  feature({
    name: 'sectorMomentum',
    tells: "How much more the sector's symbols gained since the open than the universe.",
    units: 'ratio',
    inputs: ['breadth.sectorReturn', 'breadth.marketReturn'],
    formula: (x) => (x[0] ?? NaN) - (x[1] ?? NaN),
  }),
  share('advancingShare', 'Share of the universe above its open.', 'upShare'),
  share('sectorAdvancingShare', "Share of the sector's symbols above their open.", 'sectorUpShare'),
  share(
    'aboveVwapShare',
    "Share of the universe above its session's volume-weighted price.",
    'aboveVwapShare',
  ),
  share(
    'aboveMeanShare',
    'Share of the universe above its mean close of 20 bars.',
    'aboveMeanShare',
  ),
  feature({
    name: 'highsLessLows',
    tells: 'Share of the universe at a new high of the session less that at a new low.',
    units: 'ratio',
    inputs: ['breadth.highsLessLows'],
  }),
  feature({
    name: 'riskAppetite',
    tells:
      'Mean since the open of what XLY gained over XLP, HYG over TLT, SPY over GLD and IWM over ' +
      'SPY, of those that are there: above 0 risk is sought.',
    units: 'ratio',
    inputs: [
      'relative.discretionaryOverStaples',
      'relative.creditOverBonds',
      'relative.stocksOverGold',
      'relative.smallOverLarge',
    ],
    formula: meanOfKnown,
  }),
];

/** Sharpe, 1964. A fund that hardly moved would give betas beyond all bounds. */
function beta(name: string, tells: string, imputed: number): FeatureDeclaration {
  return feature({
    name,
    tells,
    source: 'Sharpe, 1964',
    units: 'ratio',
    inputs: [`relative.${name}`],
    imputed,
    formula: (x) => cut(x[0] ?? NaN, 10),
  });
}

function share(name: string, tells: string, column: string): FeatureDeclaration {
  return feature({ name, tells, units: 'share', inputs: [`breadth.${column}`], imputed: 0.5 });
}

/** NaN where none is known. */
function meanOfKnown(x: Float64Array): number {
  let sum = 0;
  let count = 0;
  for (let at = 0; at < x.length; at += 1) {
    const value = x[at] ?? NaN;
    if (value !== value) continue;
    sum += value;
    count += 1;
  }
  return count > 0 ? sum / count : NaN;
}
