import type { FeatureDeclaration } from '../feature.ts';
import { featuresOf, ratio } from './parts.ts';

const BASIS_POINTS = 10_000;
const FLOW_BARS = 20;

const feature = featuresOf({ family: 'microstructure', imputed: 'mean' });

/** How dear it is to trade, and who is pressing: from trades and the quotes that they met. */
export const MICROSTRUCTURE: readonly FeatureDeclaration[] = [
  feature({
    name: 'spreadBps',
    tells: 'Ask less bid over the middle; 0 of a locked book, none of a crossed one.',
    units: 'bps',
    layer: 1,
    inputs: ['quote.spread', 'quote.middle'],
    formula: (x) => BASIS_POINTS * ratio(x[0], x[1]),
  }),
  feature({
    name: 'quoteAge',
    tells: 'Seconds since the last word about the best quote.',
    units: 'seconds',
    layer: 1,
    inputs: ['quote.age'],
  }),
  feature({
    name: 'depthDollars',
    tells: 'Dollars that wait at the best, mean of bid and ask.',
    units: 'dollars',
    layer: 1,
    inputs: ['quote.bid', 'quote.bidSize', 'quote.ask', 'quote.askSize'],
    formula: (x) => ((x[0] ?? NaN) * (x[1] ?? NaN) + (x[2] ?? NaN) * (x[3] ?? NaN)) / 2,
  }),
  feature({
    name: 'amihud',
    tells: 'Mean of |return| over a million dollars traded, over 20 bars that traded.',
    source: 'Amihud 2002',
    units: 'number',
    layer: 1,
    inputs: ['illiquidity.amihud'],
  }),
  feature({
    name: 'depthImbalance',
    tells: 'Shares bid less shares asked at the best, over both: -1 to 1.',
    units: 'ratio',
    imputed: 0,
    inputs: ['quote.bidSize', 'quote.askSize', 'quote.middle'],
    formula: (x) => imbalance(x[0], x[1], x[2]),
  }),
  feature({
    name: 'weightedMiddleGapBps',
    tells: 'How far the middle weighted by the size of the other side lies above the middle.',
    units: 'bps',
    imputed: 0,
    inputs: ['quote.bidSize', 'quote.askSize', 'quote.middle', 'quote.spread'],
    // (bid x ask size + ask x bid size) / both sizes - middle = spread x imbalance / 2.
    formula: (x) => BASIS_POINTS * ratio(((x[3] ?? NaN) * imbalance(x[0], x[1], x[2])) / 2, x[2]),
  }),
  feature({
    name: 'orderFlowImbalance',
    tells: 'Net order flow at the best in the last bar, over the mean depth there.',
    source: 'Cont, Kukanov and Stoikov 2014',
    units: 'ratio',
    imputed: 0,
    inputs: ['flow.orderFlow', 'flow.depth'],
    formula: (x) => ratio(x[0], x[1]),
  }),
  feature({
    name: 'orderFlowImbalance20',
    tells: 'Net order flow at the best in the last 20 bars, over the mean depth there.',
    source: 'Cont, Kukanov and Stoikov 2014',
    units: 'ratio',
    imputed: 0,
    inputs: ['flow.orderFlow20', 'flow.depth20'],
    formula: (x) => ratio(x[0], x[1]),
  }),
  feature({
    name: 'signedVolumeShare',
    tells: 'Shares bought less sold in the last bar, over all: -1 to 1.',
    source: 'Lee and Ready 1991',
    units: 'ratio',
    imputed: 0,
    inputs: ['flow.signedVolume', 'flow.volume'],
    formula: (x) => ratio(x[0], x[1]),
  }),
  feature({
    name: 'signedVolumeShare20',
    tells: 'Shares bought less sold in the last 20 bars, over all: -1 to 1.',
    source: 'Lee and Ready 1991',
    units: 'ratio',
    imputed: 0,
    inputs: ['flow.signedVolume20', 'flow.volume20'],
    formula: (x) => ratio(x[0], x[1]),
  }),
  feature({
    name: 'tradesPerMinute',
    tells: 'Trades a minute over the last 20 bars.',
    units: 'count',
    inputs: ['flow.tradesPerMinute'],
  }),
  feature({
    name: 'meanTradeSize',
    tells: 'Mean shares of a trade over the last 20 bars.',
    units: 'shares',
    inputs: ['flow.tradeSize'],
  }),
  feature({
    name: 'quotedSpreadBps',
    tells: 'The spread over the middle, weighted by the time it stood, of the last 20 bars.',
    units: 'bps',
    inputs: ['flow.quotedSpread'],
  }),
  feature({
    name: 'effectiveSpreadBps',
    tells: 'Twice what a trade pays over the middle, by shares, of the last 20 bars.',
    source: 'Huang and Stoll 1996',
    units: 'bps',
    inputs: ['flow.effectiveSpread'],
  }),
  feature({
    name: 'realisedSpreadBps',
    tells: 'Twice what the maker of the price still has of it five minutes later, by shares.',
    source: 'Huang and Stoll 1996',
    units: 'bps',
    inputs: ['flow.realisedSpread'],
  }),
  feature({
    name: 'kyleLambda',
    tells: "How far net buying of a bar's mean volume moves the middle, of the last 20 bars.",
    source: 'Kyle 1985',
    units: 'bps',
    inputs: ['flow.kyleLambda', 'flow.volume20', 'quote.middle'],
    formula: (x) => BASIS_POINTS * ratio(((x[0] ?? NaN) * (x[1] ?? NaN)) / FLOW_BARS, x[2]),
  }),
  feature({
    name: 'rollSpreadBps',
    tells: 'The spread that the bounce of prices from trade to trade betrays, of 20 bars.',
    source: 'Roll 1984',
    units: 'bps',
    inputs: ['flow.rollSpread', 'quote.middle'],
    formula: (x) => BASIS_POINTS * ratio(x[0], x[1]),
  }),
  feature({
    name: 'vpin',
    tells: 'Mean imbalance of bought and sold over the last 50 buckets of equal volume.',
    source: "Easley, Lopez de Prado and O'Hara 2012",
    units: 'share',
    inputs: ['flow.vpin'],
  }),
];

/** A book without a middle has none. */
function imbalance(bidSize = NaN, askSize = NaN, middle = NaN): number {
  return middle === middle ? ratio(bidSize - askSize, bidSize + askSize) : NaN;
}
