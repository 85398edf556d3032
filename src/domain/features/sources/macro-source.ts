import { civilFromDays, DAY } from '../../../core/time.ts';
import type { MarketFact } from '../facts.ts';
import type { SourceDeclaration } from '../registry.ts';
import type { ColumnDeclaration, FeatureSource } from '../source.ts';

/**
 * The economy: money, claims, the yield curve, industry. It hears numbers when they are released
 * (`release-lags.ts`) and knows of which day they are, so a late or revised number takes its place
 * among the others. A number that is too old for what it is of is none.
 */
export const macroSource: SourceDeclaration = { name: 'macro', isTimeframed: false, build };

const MONTHS = 13;
const WEEKS = 56;

// Each series: the period of its newest number (months or weeks since 1970), the number's day, and
// a ring of periods with their numbers, so that a gap in a file is seen and not stepped over.
const NEWEST = 0;
const NEWEST_DAY = 1;
const RING = 2;

const MONEY = 0;
const PRODUCTION = MONEY + RING + 2 * MONTHS;
const CLAIMS = PRODUCTION + RING + 2 * MONTHS;
const SLOPE = CLAIMS + RING + 2 * WEEKS; // The number and its day.
const SLOPE_DAY = SLOPE + 1;
const PMI = SLOPE_DAY + 1;
const PMI_DAY = PMI + 1;
const REFUSED = PMI_DAY + 1;
// What the rings make, reckoned when a number comes: rows are read far more often.
const MONEY_GROWTH = REFUSED + 1;
const PRODUCTION_GROWTH = MONEY_GROWTH + 1;
const CLAIMS_MEAN = PRODUCTION_GROWTH + 1;
const CLAIMS_YEAR = CLAIMS_MEAN + 1;
const CLAIMS_BEFORE = CLAIMS_YEAR + 1;
const WIDTH = CLAIMS_BEFORE + 1;

/** A monthly number of the first of a month is replaced some 75 days later; two may be missing. */
const MONTHLY_AGE_DAYS_MAX = 150;
const WEEKLY_AGE_DAYS_MAX = 35;
const DAILY_AGE_DAYS_MAX = 14;

const COLUMNS: readonly ColumnDeclaration[] = [
  { name: 'moneyGrowth', units: 'ratio', tells: 'M2 against the same month of the year before.' },
  { name: 'claims', units: 'count', tells: 'Initial claims a week, mean of four weeks.' },
  {
    name: 'claimsAgainstYear',
    units: 'ratio',
    tells: 'The four-week mean of initial claims against the mean of 52 weeks, less one.',
  },
  {
    name: 'claimsGrowth',
    units: 'ratio',
    tells: 'The four-week mean of initial claims against that of a year before, less one.',
  },
  { name: 'yieldSlope', units: 'percent', tells: 'Treasuries of ten years less those of two.' },
  {
    name: 'industry',
    units: 'score',
    tells:
      'The purchasing managers index less 50; where there is none, growth of industrial ' +
      'production over a year in per cent: nothing is standstill in both, and they spread alike.',
  },
  {
    name: 'industryIsStandIn',
    units: 'flag',
    tells: '1 where `industry` is industrial production, 0 where it is the managers index.',
  },
  { name: 'refused', units: 'count', tells: 'Numbers told that cannot be, since the start.' },
];

function build(): FeatureSource {
  return {
    name: 'macro',
    scope: 'market',
    columns: COLUMNS,
    version: 2,
    width: WIDTH,
    warmupBars: 0,

    reset(state, at) {
      state.fill(NaN, at, at + WIDTH);
      state[at + REFUSED] = 0;
    },

    fact(state, at, fact) {
      if (fact.kind === 'macro') hear(state, at, fact);
    },

    read(state, at, nowUs, out, outAt) {
      const today = Math.floor(nowUs / DAY);
      const isMoneyFresh = isFresh(state[at + MONEY + NEWEST_DAY], today, MONTHLY_AGE_DAYS_MAX);
      const areClaimsFresh = isFresh(state[at + CLAIMS + NEWEST_DAY], today, WEEKLY_AGE_DAYS_MAX);
      const hasPmi = isFresh(state[at + PMI_DAY], today, MONTHLY_AGE_DAYS_MAX);
      const hasProduction = isFresh(
        state[at + PRODUCTION + NEWEST_DAY],
        today,
        MONTHLY_AGE_DAYS_MAX,
      );
      const claims = areClaimsFresh ? (state[at + CLAIMS_MEAN] ?? NaN) : NaN;
      out[outAt] = isMoneyFresh ? (state[at + MONEY_GROWTH] ?? NaN) : NaN;
      out[outAt + 1] = claims;
      out[outAt + 2] = claims / (state[at + CLAIMS_YEAR] ?? NaN) - 1;
      out[outAt + 3] = claims / (state[at + CLAIMS_BEFORE] ?? NaN) - 1;
      out[outAt + 4] = isFresh(state[at + SLOPE_DAY], today, DAILY_AGE_DAYS_MAX)
        ? (state[at + SLOPE] ?? NaN)
        : NaN;
      const growth = hasProduction ? 100 * (state[at + PRODUCTION_GROWTH] ?? NaN) : NaN;
      const industry = hasPmi ? (state[at + PMI] ?? NaN) - 50 : growth;
      out[outAt + 5] = industry;
      out[outAt + 6] = industry === industry ? (hasPmi ? 0 : 1) : NaN;
      out[outAt + 7] = state[at + REFUSED] ?? NaN;
    },
  };
}

type MacroFact = Extract<MarketFact, { readonly kind: 'macro' }>;

function hear(state: Float64Array, at: number, fact: MacroFact): void {
  switch (fact.series) {
    case 'M2SL':
      if (!isLevel(state, at, fact)) return;
      keep(state, at + MONEY, monthOf(fact.observedDay), MONTHS, fact);
      state[at + MONEY_GROWTH] = yearGrowth(state, at + MONEY);
      return;
    case 'INDPRO':
      if (!isLevel(state, at, fact)) return;
      keep(state, at + PRODUCTION, monthOf(fact.observedDay), MONTHS, fact);
      state[at + PRODUCTION_GROWTH] = yearGrowth(state, at + PRODUCTION);
      return;
    case 'ICSA':
      if (!isLevel(state, at, fact)) return;
      keep(state, at + CLAIMS, Math.floor(fact.observedDay / 7), WEEKS, fact);
      state[at + CLAIMS_MEAN] = meanOfWeeks(state, at + CLAIMS, 0, 4);
      state[at + CLAIMS_YEAR] = meanOfWeeks(state, at + CLAIMS, 0, 52);
      state[at + CLAIMS_BEFORE] = meanOfWeeks(state, at + CLAIMS, 52, 4);
      return;
    case 'T10Y2Y':
      if (isNumber(state, at, fact)) keepLast(state, at + SLOPE, fact);
      return;
    case 'PMI':
      if (isLevel(state, at, fact)) keepLast(state, at + PMI, fact);
      return;
    default: // Others may read it; here it is nothing.
  }
}

function isNumber(state: Float64Array, at: number, fact: MacroFact): boolean {
  // A number of a day that is still to come cannot have been released.
  const isSound = fact.value - fact.value === 0 && fact.observedDay * DAY <= fact.nowUs;
  if (!isSound) state[at + REFUSED] = (state[at + REFUSED] ?? NaN) + 1;
  return isSound;
}

function isLevel(state: Float64Array, at: number, fact: MacroFact): boolean {
  if (!isNumber(state, at, fact)) return false;
  if (fact.value > 0) return true;
  state[at + REFUSED] = (state[at + REFUSED] ?? NaN) + 1;
  return false;
}

/** In its period's place; one from before the ring began is of no use any more. */
function keep(
  state: Float64Array,
  series: number,
  period: number,
  periods: number,
  { value, observedDay }: MacroFact,
): void {
  const newest = state[series + NEWEST] ?? NaN;
  if (period <= newest - periods) return;
  const place = series + RING + 2 * (period % periods);
  state[place] = period;
  state[place + 1] = value;
  if (period < newest) return;
  state[series + NEWEST] = period;
  state[series + NEWEST_DAY] = observedDay;
}

function keepLast(state: Float64Array, place: number, { value, observedDay }: MacroFact): void {
  if (observedDay < (state[place + 1] ?? NaN)) return;
  state[place] = value;
  state[place + 1] = observedDay;
}

function monthOf(day: number): number {
  const { year, month } = civilFromDays(day);
  return (year - 1970) * 12 + month - 1;
}

function valueOf(state: Float64Array, series: number, period: number, periods: number): number {
  const place = series + RING + 2 * (period % periods);
  return state[place] === period ? (state[place + 1] ?? NaN) : NaN;
}

function yearGrowth(state: Float64Array, series: number): number {
  const newest = state[series + NEWEST] ?? NaN;
  const before = valueOf(state, series, newest - 12, MONTHS);
  return valueOf(state, series, newest, MONTHS) / before - 1;
}

/** Of the weeks that are known, the newest `back` left out; NaN below three in four. */
function meanOfWeeks(state: Float64Array, series: number, back: number, weeks: number): number {
  const newest = (state[series + NEWEST] ?? NaN) - back;
  let sum = 0;
  let known = 0;
  for (let week = newest; week > newest - weeks; week -= 1) {
    const value = valueOf(state, series, week, WEEKS);
    if (value !== value) continue;
    sum += value;
    known += 1;
  }
  return 4 * known >= 3 * weeks ? sum / known : NaN;
}

function isFresh(day = NaN, today: number, ageDaysMax: number): boolean {
  return today - day <= ageDaysMax;
}
