import { PRICE_SCALE } from '../../../core/money.ts';
import { CLOSE, HIGH, LOW, OPEN, SESSION, VOLUME } from '../../indicators/indicator.ts';
import { RUNNING_SUM_WIDTH, runningSum, slideSum } from '../../indicators/running-sum.ts';
import { resetWindowSum, slideWindowSum, windowSumWidth } from '../../indicators/window-sum.ts';
import type { FeatureUnits } from '../feature.ts';
import type { SourceDeclaration, SourceOptions } from '../registry.ts';
import { type ColumnDeclaration, type FeatureSource, type Member, SECTORS } from '../source.ts';
import { binOf, countInBin, RANK_WIDTH, rankIn, resetRank } from './breadth-rank.ts';
import { CORE_WIDTH, hearCore, isCoreBar, isSoundBar, resetCore } from './cross-section.ts';

/**
 * How the symbols of the universe are doing in their session, and a symbol among them. Members are
 * all that are no fund (BENCHMARKS) and have closed a bar in the core session of the day; each
 * counts as it stood at its own last bar. A bar takes what its symbol told before out of the counts
 * and puts the new in, so that a reading costs the same for ten symbols and ten thousand.
 */
export const breadthSource: SourceDeclaration = { name: 'breadth', isTimeframed: true, build };

const MEAN_BARS = 20;

const DAY = 0;
const UNPLACED = 1; // Bars of an older session, or not sound.
const MEMBERS_BEFORE = 2; // Of the session before.
const ALL = 3; // What a group holds: of all members, then of each sector's.
const MEMBERS = 0;
const SUM = 1; // Of returns since the open.
const UP = SUM + RUNNING_SUM_WIDTH;
const ABOVE_VWAP = UP + 1;
const ABOVE_MEAN = UP + 2;
const WITH_MEAN = UP + 3;
const HIGHS = UP + 4;
const LOWS = UP + 5;
const GROUP_WIDTH = UP + 6;
const CORE = ALL + GROUP_WIDTH * (1 + SECTORS.length);
const RANK = CORE + CORE_WIDTH;
const ROWS = RANK + RANK_WIDTH;

const ROW_DAY = 0;
const ROW_OPEN = 1;
const ROW_HIGH = 2;
const ROW_LOW = 3;
const TURNOVER = 4;
const SHARES = 5;
const CHANGE = 6;
const FLAGS = 7; // What it counts for, from UP on: one slot each.
const ROW_MEAN = FLAGS + 6;
const ROW_WIDTH = ROW_MEAN + windowSumWidth(MEAN_BARS);

const COLUMNS: readonly ColumnDeclaration[] = [
  column('members', 'Symbols that have closed a bar in this session.', 'count'),
  column('rank', 'Share of members with a smaller return since the open, half of equal ones.'),
  column('upShare', 'Share of members above the price at which they opened.'),
  column('aboveVwapShare', "Share of members above their session's volume-weighted price."),
  column('aboveMeanShare', 'Share of members above their mean close of 20 bars.'),
  column('highsLessLows', 'Members at a new high of the session less those at a low, over all.'),
  column('marketReturn', 'Mean return of members since the open, each alike.', 'ratio'),
  column('sectorReturn', "Mean return of the sector's members since the open.", 'ratio'),
  column('sectorUpShare', "Share of the sector's members above the price at which they opened."),
  column('unplaced', 'Bars of a session that is over, or not sound.', 'count'),
];

function build({ symbolsMax }: SourceOptions): FeatureSource {
  const width = ROWS + symbolsMax * ROW_WIDTH;

  return {
    name: 'breadth',
    scope: 'market',
    columns: COLUMNS,
    version: 1,
    width,
    warmupBars: MEAN_BARS,

    reset(state, at) {
      state.fill(0, at, at + width);
      state[at + DAY] = NaN;
      resetCore(state, at + CORE);
      for (let row = at + ROWS; row < at + width; row += ROW_WIDTH) {
        state[row + ROW_DAY] = NaN;
        resetWindowSum(state, row + ROW_MEAN, MEAN_BARS);
      }
    },

    fact: (state, at, fact) => hearCore(state, at + CORE, fact),

    bar(state, at, bar, who) {
      const day = bar[SESSION] ?? NaN;
      if (!isSoundBar(bar) || day < (state[at + DAY] ?? NaN)) {
        state[at + UNPLACED] = (state[at + UNPLACED] ?? NaN) + 1;
        return;
      }
      if (!isCoreBar(state, at + CORE, bar)) return;
      if (state[at + DAY] !== day) beginSession(state, at, day);
      const row = at + ROWS + who.symbol * ROW_WIDTH;
      const isCounted = state[row + ROW_DAY] === day;
      const before = isCounted ? (state[row + CHANGE] ?? NaN) : NaN;
      if (isCounted) count(state, at, row, who, -1);
      takeBar(state, row, bar);
      count(state, at, row, who, 1);
      sum(state, at, who, state[row + CHANGE] ?? NaN, isCounted ? before : 0);
    },

    read(state, at, _nowUs, out, outAt, who) {
      const all = at + ALL;
      const members = state[all + MEMBERS] ?? NaN;
      const sector = who.sector >= 0 ? all + GROUP_WIDTH * (1 + who.sector) : -1;
      const row = at + ROWS + who.symbol * ROW_WIDTH;
      const isIn = state[row + ROW_DAY] === state[at + DAY];
      // Until half of yesterday's number have told, they are not the market.
      const least = Math.max(1, (state[at + MEMBERS_BEFORE] ?? NaN) / 2);
      const of = members >= least ? members : NaN;
      const highs = (state[all + HIGHS] ?? NaN) - (state[all + LOWS] ?? NaN);
      out[outAt] = members;
      out[outAt + 1] = isIn
        ? rankIn(state, at + RANK, binOf(state[row + CHANGE] ?? NaN)) / of
        : NaN;
      out[outAt + 2] = (state[all + UP] ?? NaN) / of;
      out[outAt + 3] = (state[all + ABOVE_VWAP] ?? NaN) / of;
      out[outAt + 4] = shareOf(state, all, ABOVE_MEAN, WITH_MEAN, least);
      out[outAt + 5] = highs / of;
      out[outAt + 6] = runningSum(state, all + SUM) / of;
      out[outAt + 7] = sector < 0 ? NaN : meanOf(state, sector);
      out[outAt + 8] = sector < 0 ? NaN : shareOf(state, sector, UP, MEMBERS, 1);
      out[outAt + 9] = state[at + UNPLACED] ?? NaN;
    },
  };
}

function beginSession(state: Float64Array, at: number, day: number): void {
  state[at + MEMBERS_BEFORE] = state[at + ALL + MEMBERS] ?? NaN;
  state[at + DAY] = day;
  state.fill(0, at + ALL, at + CORE);
  resetRank(state, at + RANK);
}

/**
 * The symbol's own row after a bar, and what it counts for. In whole ten-thousandths, whose sums
 * are exact: a price that stands still is not above its own mean.
 */
function takeBar(state: Float64Array, row: number, bar: Float64Array): void {
  const close = ticksOf(bar[CLOSE]);
  const high = ticksOf(bar[HIGH]);
  const low = ticksOf(bar[LOW]);
  const isFirst = state[row + ROW_DAY] !== bar[SESSION];
  if (isFirst) {
    state[row + ROW_DAY] = bar[SESSION] ?? NaN;
    state[row + ROW_OPEN] = ticksOf(bar[OPEN]);
    state[row + TURNOVER] = 0;
    state[row + SHARES] = 0;
  }
  const highBefore = isFirst ? high : (state[row + ROW_HIGH] ?? NaN);
  const lowBefore = isFirst ? low : (state[row + ROW_LOW] ?? NaN);
  const volume = bar[VOLUME] ?? NaN;
  const turnover = (state[row + TURNOVER] ?? NaN) + ((high + low + close) / 3) * volume;
  const shares = (state[row + SHARES] ?? NaN) + volume;
  const mean = slideWindowSum(state, row + ROW_MEAN, MEAN_BARS, close) / MEAN_BARS;
  state[row + TURNOVER] = turnover;
  state[row + SHARES] = shares;
  state[row + ROW_HIGH] = Math.max(highBefore, high);
  state[row + ROW_LOW] = Math.min(lowBefore, low);
  const open = state[row + ROW_OPEN] ?? NaN;
  state[row + CHANGE] = close / open - 1;
  const flags = row + FLAGS - UP;
  state[flags + UP] = close > open ? 1 : 0;
  state[flags + ABOVE_VWAP] = close * shares > turnover ? 1 : 0;
  state[flags + ABOVE_MEAN] = close > mean ? 1 : 0;
  state[flags + WITH_MEAN] = mean === mean ? 1 : 0;
  state[flags + HIGHS] = high > highBefore ? 1 : 0;
  state[flags + LOWS] = low < lowBefore ? 1 : 0;
}

function ticksOf(dollars = NaN): number {
  return Math.round(dollars * PRICE_SCALE);
}

/** Puts a member's row into the counts, or takes it out. */
function count(state: Float64Array, at: number, row: number, who: Member, by: 1 | -1): void {
  if (who.benchmark >= 0) return;
  countInBin(state, at + RANK, binOf(state[row + CHANGE] ?? NaN), by);
  countIn(state, at + ALL, row, by);
  if (who.sector >= 0) countIn(state, at + ALL + GROUP_WIDTH * (1 + who.sector), row, by);
}

function countIn(state: Float64Array, group: number, row: number, by: 1 | -1): void {
  state[group + MEMBERS] = (state[group + MEMBERS] ?? NaN) + by;
  for (let flag = UP; flag < GROUP_WIDTH; flag += 1) {
    state[group + flag] =
      (state[group + flag] ?? NaN) + by * (state[row + FLAGS - UP + flag] ?? NaN);
  }
}

/** Returns do not add up exactly: what one leaves behind is kept beside the sum. */
function sum(state: Float64Array, at: number, who: Member, now: number, before: number): void {
  if (who.benchmark >= 0) return;
  slideSum(state, at + ALL + SUM, now, before);
  const sector = at + ALL + GROUP_WIDTH * (1 + who.sector);
  if (who.sector >= 0) slideSum(state, sector + SUM, now, before);
}

function meanOf(state: Float64Array, group: number): number {
  const members = state[group + MEMBERS] ?? NaN;
  return members > 0 ? runningSum(state, group + SUM) / members : NaN;
}

function shareOf(
  state: Float64Array,
  group: number,
  part: number,
  whole: number,
  least: number,
): number {
  const of = state[group + whole] ?? NaN;
  return of >= least ? (state[group + part] ?? NaN) / of : NaN;
}

function column(name: string, tells: string, units: FeatureUnits = 'share'): ColumnDeclaration {
  return { name, units, tells };
}
