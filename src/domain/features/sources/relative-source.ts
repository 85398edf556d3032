import { expm1 } from '../../../core/math.ts';
import type { FeatureUnits } from '../feature.ts';
import type { SourceDeclaration, SourceOptions } from '../registry.ts';
import { BENCHMARKS, type ColumnDeclaration, type FeatureSource, type Member } from '../source.ts';
import {
  benchmarkPlace,
  CORE_WIDTH,
  hearCore,
  isCoreBar,
  isSoundBar,
  resetCore,
  SECTOR_PLACES,
} from './cross-section.ts';
import { PairSums } from './relative-pairs.ts';
import {
  closeAsOf,
  countUnplaced,
  fundRow,
  lastTime,
  newestTime,
  openOf,
  placeBar,
  resetTimes,
  rowOf,
  timesWidth,
  unplacedBars,
} from './relative-times.ts';

/** A symbol against the funds that tell of the market, its sector, currencies, bonds and gold. */
export const relativeSource: SourceDeclaration = { name: 'relative', isTimeframed: true, build };

/** Bar times of the market that betas and correlations look back over. */
export const PAIR_WINDOWS = [60, 390] as const;
/** Over how many bar times a change is compared. */
export const CHANGE_WINDOWS = [5, 30] as const;

interface Fund {
  readonly label: string;
  /** Inside a sentence. */
  readonly tells: string;
  /** In BENCHMARKS; -1: the fund of the symbol's own sector. */
  readonly place: number;
}

const SECTOR: Fund = { label: 'Sector', tells: "its sector's fund", place: -1 };
/** With both windows, and correlations. */
export const STOCK_FUNDS: readonly Fund[] = [...fundsOf('stocks'), SECTOR];
/** With the shorter window alone, which of days is a quarter of a year. */
export const MACRO_FUNDS: readonly Fund[] = fundsOf('macro');
export const CHANGE_FUNDS: readonly Fund[] = [...fundsOf('stocks').slice(0, 1), SECTOR];

/** What rises when risk is sought, and what when it is shunned. */
const APPETITES = [
  { name: 'discretionaryOverStaples', on: 'XLY', off: 'XLP' },
  { name: 'creditOverBonds', on: 'HYG', off: 'TLT' },
  { name: 'stocksOverGold', on: 'SPY', off: 'GLD' },
  { name: 'smallOverLarge', on: 'IWM', off: 'SPY' },
] as const;
const APPETITE_PLACES = APPETITES.map(({ on, off }) => ({
  on: benchmarkPlace(on),
  off: benchmarkPlace(off),
}));

const COLUMNS: readonly ColumnDeclaration[] = [
  ...STOCK_FUNDS.flatMap(({ label, tells }) =>
    PAIR_WINDOWS.flatMap((bars) => [
      column(`beta${label}${bars}`, `Move for a move of ${tells}, ${bars} bars.`),
      column(`correlation${label}${bars}`, `Correlation with ${tells}, ${bars} bars.`),
    ]),
  ),
  ...MACRO_FUNDS.map(({ label, tells }) =>
    column(`beta${label}60`, `Move for a move of ${tells}, 60 bars.`),
  ),
  ...CHANGE_FUNDS.flatMap(({ label, tells }) => [
    ...CHANGE_WINDOWS.map((bars) =>
      column(`over${label}${bars}`, `Change over ${bars} bars less that of ${tells}.`),
    ),
    column(`over${label}Session`, `Change since the open less that of ${tells}.`),
  ]),
  ...APPETITES.map(({ name, on, off }) =>
    column(name, `Change of ${on} since the open less that of ${off}.`),
  ),
  column('unplaced', 'Bars out of order, at no bar time of the market, or not sound.', 'count'),
];

function build({ symbolsMax, spanUs }: SourceOptions): FeatureSource {
  const pairs = new PairSums();
  const width = CORE_WIDTH + timesWidth(symbolsMax);
  const [shorter, longer] = PAIR_WINDOWS;

  return {
    name: 'relative',
    scope: 'market',
    columns: COLUMNS,
    version: 2,
    width,
    warmupBars: longer / 2 + 1,

    reset(state, at) {
      resetCore(state, at);
      resetTimes(state, at + CORE_WIDTH, symbolsMax);
    },

    fact: hearCore,

    bar(state, at, bar, who) {
      if (!isSoundBar(bar)) return countUnplaced(state, at + CORE_WIDTH);
      if (isCoreBar(state, at, bar)) placeBar(state, at + CORE_WIDTH, bar, who, spanUs);
    },

    read(state, at, _nowUs, out, outAt, who) {
      const times = at + CORE_WIDTH;
      const row = rowOf(times, who.symbol);
      let to = outAt;
      for (let fund = 0; fund < STOCK_FUNDS.length; fund += 1) {
        const other = rowOfFund(state, times, STOCK_FUNDS[fund], who);
        if (other >= 0) pairs.begin(state, row, other);
        for (let window = 0; window < PAIR_WINDOWS.length; window += 1) {
          const bars = PAIR_WINDOWS[window] ?? NaN;
          if (other >= 0) pairs.gather(state, times, bars);
          out[to++] = other >= 0 ? pairs.beta(bars / 2) : NaN;
          out[to++] = other >= 0 ? pairs.correlation(bars / 2) : NaN;
        }
      }
      for (let fund = 0; fund < MACRO_FUNDS.length; fund += 1) {
        const other = rowOfFund(state, times, MACRO_FUNDS[fund], who);
        if (other >= 0) pairs.begin(state, row, other);
        if (other >= 0) pairs.gather(state, times, shorter);
        out[to++] = other >= 0 ? pairs.beta(shorter / 2) : NaN;
      }
      for (let fund = 0; fund < CHANGE_FUNDS.length; fund += 1) {
        const other = rowOfFund(state, times, CHANGE_FUNDS[fund], who);
        for (let window = 0; window < CHANGE_WINDOWS.length; window += 1) {
          out[to++] = changeOver(state, times, row, other, CHANGE_WINDOWS[window] ?? NaN);
        }
        out[to++] = changeOverSession(state, times, row, other);
      }
      for (let pair = 0; pair < APPETITE_PLACES.length; pair += 1) {
        const on = fundRow(state, times, APPETITE_PLACES[pair]?.on ?? -1);
        const off = fundRow(state, times, APPETITE_PLACES[pair]?.off ?? -1);
        out[to++] = on < 0 ? NaN : changeOverSession(state, times, on, off);
      }
      out[to] = unplacedBars(state, times);
    },
  };
}

/** Both as they stood at the last bar time that both have reached, against so many before. */
function changeOver(
  state: Float64Array,
  at: number,
  row: number,
  other: number,
  bars: number,
): number {
  if (other < 0) return NaN;
  const time = Math.min(lastTime(state, row), lastTime(state, other));
  // Who has not traded for as long as that has no change over it.
  if (!(time - bars >= 0 && newestTime(state, at) - time < bars)) return NaN;
  const own = closeAsOf(state, at, row, time) - closeAsOf(state, at, row, time - bars);
  const its = closeAsOf(state, at, other, time) - closeAsOf(state, at, other, time - bars);
  return expm1(own) - expm1(its);
}

/** The same since the open of the session that both are in. */
function changeOverSession(state: Float64Array, at: number, row: number, other: number): number {
  if (other < 0) return NaN;
  const time = Math.min(lastTime(state, row), lastTime(state, other));
  if (time < 0) return NaN;
  const own = closeAsOf(state, at, row, time) - openOf(state, at, row, time);
  const its = closeAsOf(state, at, other, time) - openOf(state, at, other, time);
  return expm1(own) - expm1(its);
}

function rowOfFund(state: Float64Array, at: number, fund: Fund | undefined, who: Member): number {
  const place = fund === SECTOR ? (SECTOR_PLACES[who.sector] ?? -1) : (fund?.place ?? -1);
  return place < 0 ? -1 : fundRow(state, at, place);
}

function fundsOf(role: string): readonly Fund[] {
  return BENCHMARKS.flatMap(({ label, tells, role: own }, place) =>
    own === role ? [{ label, tells, place }] : [],
  );
}

function column(name: string, tells: string, units: FeatureUnits = 'ratio'): ColumnDeclaration {
  return { name, units, tells };
}
