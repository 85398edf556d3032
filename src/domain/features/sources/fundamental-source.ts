import { DAY } from '../../../core/time.ts';
import type { SourceDeclaration } from '../registry.ts';
import type { ColumnDeclaration, FeatureSource } from '../source.ts';

/**
 * What a company filed last, and what it had filed a year before. A number counts from the moment
 * it was filed until one of its kind is filed again, at most for a year and a quarter.
 */
export const fundamentalSource: SourceDeclaration = {
  name: 'fundamental',
  isTimeframed: false,
  build,
};

type Field = Pick<ColumnDeclaration, 'name' | 'units' | 'tells'> & {
  /** Whether growth over a year is told as well. */
  readonly hasGrowth?: true;
};

/** Of the last four quarters, where a number is of a time. */
const FIELDS: readonly Field[] = [
  { name: 'earningsPerShare', units: 'dollars', tells: 'Of four quarters.', hasGrowth: true },
  { name: 'bookValuePerShare', units: 'dollars', tells: 'Equity for each share.' },
  { name: 'dividendPerShare', units: 'dollars', tells: 'Of four quarters.' },
  { name: 'revenue', units: 'dollars', tells: 'Of four quarters.', hasGrowth: true },
  { name: 'grossProfit', units: 'dollars', tells: 'Of four quarters.' },
  { name: 'operatingIncome', units: 'dollars', tells: 'Of four quarters.' },
  { name: 'netIncome', units: 'dollars', tells: 'Of four quarters.', hasGrowth: true },
  { name: 'freeCashFlow', units: 'dollars', tells: 'Of four quarters.', hasGrowth: true },
  { name: 'totalDebt', units: 'dollars', tells: 'As it stood.' },
  { name: 'totalEquity', units: 'dollars', tells: 'As it stood.' },
  { name: 'sharesOutstanding', units: 'shares', tells: 'As they stood.', hasGrowth: true },
];

/** What a file of fundamentals may tell. */
export const FUNDAMENTAL_FIELDS: readonly string[] = FIELDS.map(({ name }) => name);

const FILINGS = 6; // Each with its moment; a year has four or five.
const FIELD_WIDTH = 1 + 2 * FILINGS;
const WIDTH = FIELDS.length * FIELD_WIDTH;

const STALE_US = 460 * DAY;
/** A year before, as filings fall: early, late, amended. */
const YEAR_US = 365 * DAY;
const YEAR_SLACK_US = 60 * DAY;

const GROWING = FIELDS.flatMap(({ hasGrowth }, field) => (hasGrowth === true ? [field] : []));

const COLUMNS: readonly ColumnDeclaration[] = [
  ...FIELDS.map(({ name, units, tells }) => ({ name, units, tells })),
  ...GROWING.map((field): ColumnDeclaration => ({
    name: `${FIELDS[field]?.name ?? ''}Growth`,
    units: 'ratio',
    tells: 'Change against what was filed a year before, as a share of its size.',
  })),
  { name: 'ageDays', units: 'days', tells: 'Since anything was filed.' },
];

function build(): FeatureSource {
  return {
    name: 'fundamental',
    scope: 'symbol',
    columns: COLUMNS,
    version: 1,
    width: WIDTH,
    warmupBars: 0,

    reset(state, at) {
      state.fill(NaN, at, at + WIDTH);
      for (let field = 0; field < FIELDS.length; field += 1) state[at + field * FIELD_WIDTH] = 0;
    },

    fact(state, at, fact) {
      if (fact.kind !== 'fundamental' || fact.value - fact.value !== 0) return;
      const field = FUNDAMENTAL_FIELDS.indexOf(fact.field);
      if (field >= 0) file(state, at + field * FIELD_WIDTH, fact.nowUs, fact.value);
    },

    read(state, at, nowUs, out, outAt) {
      let newestUs = NaN;
      for (let field = 0; field < FIELDS.length; field += 1) {
        const place = newestPlace(state, at + field * FIELD_WIDTH, nowUs);
        out[outAt + field] = place < 0 ? NaN : (state[place + 1] ?? NaN);
        const filedUs = place < 0 ? NaN : (state[place] ?? NaN);
        if (!(filedUs <= newestUs)) newestUs = filedUs === filedUs ? filedUs : newestUs;
      }
      const to = outAt + FIELDS.length;
      for (let growing = 0; growing < GROWING.length; growing += 1) {
        out[to + growing] = growth(state, at + (GROWING[growing] ?? 0) * FIELD_WIDTH, nowUs);
      }
      out[to + GROWING.length] = (nowUs - newestUs) / DAY;
    },
  };
}

/** The next place of the ring; a number that is filed again on the same day replaces the first. */
function file(state: Float64Array, ring: number, filedUs: number, value: number): void {
  let place = ring + 1 + 2 * (state[ring] ?? 0);
  const last = ring + 1 + 2 * (((state[ring] ?? 0) + FILINGS - 1) % FILINGS);
  if (state[last] === filedUs) place = last;
  else state[ring] = ((state[ring] ?? 0) + 1) % FILINGS;
  state[place] = filedUs;
  state[place + 1] = value;
}

/** Where the last filing lies that is known and not stale; -1 for none. */
function newestPlace(state: Float64Array, ring: number, nowUs: number): number {
  let newest = -1;
  for (let place = ring + 1; place < ring + FIELD_WIDTH; place += 2) {
    const filedUs = state[place] ?? NaN;
    if (!(filedUs <= nowUs && nowUs - filedUs <= STALE_US)) continue;
    if (newest < 0 || filedUs > (state[newest] ?? NaN)) newest = place;
  }
  return newest;
}

function growth(state: Float64Array, ring: number, nowUs: number): number {
  const newest = newestPlace(state, ring, nowUs);
  if (newest < 0) return NaN;
  const wantedUs = (state[newest] ?? NaN) - YEAR_US;
  let nearestUs = YEAR_SLACK_US;
  let before = NaN;
  for (let place = ring + 1; place < ring + FIELD_WIDTH; place += 2) {
    const distanceUs = Math.abs((state[place] ?? NaN) - wantedUs);
    if (!(distanceUs <= nearestUs)) continue;
    nearestUs = distanceUs;
    before = state[place + 1] ?? NaN;
  }
  // Against its size: from a loss to a profit is growth too.
  return before === 0 ? NaN : ((state[newest + 1] ?? NaN) - before) / Math.abs(before);
}
