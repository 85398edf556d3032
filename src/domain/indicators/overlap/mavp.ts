import { averageKindParameter, averageOf, SIMPLE } from '../average-kind.ts';
import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';

const VALUE = 0;
const COUNT = 1; // Bars so far; stays at `warmupBars`.

/** Beside the simple one an average is kept for every period there may be. */
const KEPT_MOST = 128;

/**
 * Moving average whose period is a series of its own (TA-Lib `MAVP`). What stands in the second
 * input's place is the period of the bar; the column named there is only to have one.
 */
export const mavp: IndicatorDeclaration = {
  name: 'mavp',
  title: 'Moving average with variable period',
  family: 'overlap',
  tells: 'An average whose length another series sets: short in a trend, long in noise.',
  formula:
    'The average of the last p values, p the second series rounded down and kept within ' +
    'minPeriod and maxPeriod; the other kinds begin where that of maxPeriod is ready.',
  source: 'TA-Lib MAVP',
  parameters: [
    periodParameter(2, 2, 'minPeriod', 'optInMinPeriod'),
    periodParameter(30, 2, 'maxPeriod', 'optInMaxPeriod'),
    averageKindParameter(),
  ],
  inputs: ['close', 'volume'],
  takesAnySeries: true,
  outputs: [{ name: 'mavp', units: 'series', talib: 'outReal' }],
  talib: 'MAVP',
  refuses: ([least = 0, most = 0, kind = 0]) => {
    if (least > most) return { field: 'minPeriod', expected: 'minPeriod at or below maxPeriod' };
    if (kind === SIMPLE || most - least < KEPT_MOST) return undefined;
    const expected = `maxPeriod less than ${KEPT_MOST} above minPeriod, or a simple average`;
    return { field: 'maxPeriod', expected };
  },
  build: ([least = NaN, most = NaN, kind = NaN], [place = NaN, periodAt = NaN]) =>
    kind === SIMPLE
      ? simple(least, most, place, periodAt)
      : ofEveryPeriod(kind, least, most, place, periodAt),
};

const TOTAL = 2; // Next place in the ring.
const RING = 3; // Totals since the first bar, each beside what rounding has taken from it.

/**
 * The sum of the last p values is the difference of two totals since the first bar. In two doubles
 * a total is exact to 32 digits, so what the difference cancels is not missed.
 */
function simple(least: number, most: number, place: number, periodAt: number): IndicatorBody {
  const ringWidth = most + 1;
  const width = RING + 2 * ringWidth;

  return {
    width,
    warmupBars: most,

    reset(state, at) {
      state.fill(0, at, at + width);
      state[at + VALUE] = NaN;
    },

    update(state, at, bar) {
      const value = bar[place] ?? NaN;
      const wanted = bar[periodAt] ?? NaN;
      if (value - value !== 0 || wanted - wanted !== 0) return;

      const ring = at + RING;
      const last = (state[at + TOTAL] ?? NaN) | 0;
      const now = last + 1 === ringWidth ? 0 : last + 1;
      addTotal(state, ring + 2 * last, ring + 2 * now, value);
      state[at + TOTAL] = now;
      const count = (state[at + COUNT] ?? NaN) | 0;
      if (count < most) state[at + COUNT] = count + 1;
      if (count + 1 < most) return;
      const period = periodOf(wanted, least, most);
      const from = ring + 2 * (now - period + (now < period ? ringWidth : 0));
      const high = (state[ring + 2 * now] ?? NaN) - (state[from] ?? NaN);
      const low = (state[ring + 2 * now + 1] ?? NaN) - (state[from + 1] ?? NaN);
      state[at + VALUE] = (high + low) / period;
    },
  };
}

/** Knuth's two-sum, with what it loses beside it. */
function addTotal(state: Float64Array, from: number, to: number, value: number): void {
  const before = state[from] ?? NaN;
  const sum = before + value;
  const valuePart = sum - before;
  const lost = before - (sum - valuePart) + (value - valuePart);
  const rest = (state[from + 1] ?? NaN) + lost;
  const total = sum + rest;
  state[to] = total;
  state[to + 1] = rest - (total - sum);
}

/** An average for every period, each begun so late that all are ready together, as in TA-Lib. */
function ofEveryPeriod(
  kind: number,
  least: number,
  most: number,
  place: number,
  periodAt: number,
): IndicatorBody {
  const averages: Kept[] = [];
  const warmupBars = averageOf(kind, most, place).warmupBars;
  let width = COUNT + 1;
  for (let period = least; period <= most; period += 1) {
    const body = averageOf(kind, period, place);
    averages.push({ body, offset: width, from: warmupBars - body.warmupBars });
    width += body.width;
  }

  return {
    width,
    warmupBars,

    reset(state, at) {
      state[at + VALUE] = NaN;
      state[at + COUNT] = 0;
      for (const { body, offset } of averages) body.reset(state, at + offset);
    },

    update(state, at, bar) {
      const value = bar[place] ?? NaN;
      const wanted = bar[periodAt] ?? NaN;
      if (value - value !== 0 || wanted - wanted !== 0) return;

      const count = (state[at + COUNT] ?? NaN) | 0;
      if (count < warmupBars) state[at + COUNT] = count + 1;
      for (const { body, offset, from } of averages) {
        if (count >= from) body.update(state, at + offset, bar);
      }
      if (count + 1 < warmupBars) return;
      const chosen = averages[periodOf(wanted, least, most) - least];
      state[at + VALUE] = state[at + (chosen?.offset ?? NaN)] ?? NaN;
    },
  };
}

type Kept = {
  readonly body: IndicatorBody;
  readonly offset: number;
  /** Bars before its first. */
  readonly from: number;
};

function periodOf(wanted: number, least: number, most: number): number {
  return Math.trunc(Math.min(Math.max(wanted, least), most));
}
