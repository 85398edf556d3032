import type { SourceDeclaration } from '../registry.ts';
import type { ColumnDeclaration, FeatureSource } from '../source.ts';
import {
  hearIndex,
  INDEX_WIDTH,
  longVixAt,
  refusedIndexes,
  resetIndex,
  vixAt,
  vixRank,
} from './index-days.ts';

/** Indexes of volatility, which are told and not traded. */
export const indexSource: SourceDeclaration = { name: 'index', isTimeframed: false, build };

const COLUMNS: readonly ColumnDeclaration[] = [
  { name: 'vix', units: 'percent', tells: 'What options expect of the next 30 days, a year.' },
  { name: 'vix3m', units: 'percent', tells: 'The same of the next three months.' },
  { name: 'vixRank', units: 'share', tells: 'Share of the last 252 days that ended below VIX.' },
  { name: 'refused', units: 'count', tells: 'Values that no index can have, or older than known.' },
];

function build(): FeatureSource {
  return {
    name: 'index',
    scope: 'market',
    columns: COLUMNS,
    version: 1,
    width: INDEX_WIDTH,
    warmupBars: 0,
    reset: resetIndex,
    fact: hearIndex,

    read(state, at, nowUs, out, outAt) {
      out[outAt] = vixAt(state, at, nowUs);
      out[outAt + 1] = longVixAt(state, at, nowUs);
      out[outAt + 2] = vixRank(state, at, nowUs);
      out[outAt + 3] = refusedIndexes(state, at);
    },
  };
}
