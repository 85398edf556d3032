/**
 * What the market is like, as one number.
 *
 * | code | regime   | the first of these that holds                                              |
 * | 3    | VOLATILE | VIX > 30; or VIX >= 20 and above nine in ten of the last 252 days' values; |
 * |      |          | or VIX >= 20 and above VIX3M. Where no VIX is known: realised volatility   |
 * |      |          | of 20 bars above nine in ten of the last 252 bars' values                  |
 * | 1    | BEAR     | probability of the bear state >= 0.5; or the close below its mean of 200   |
 * |      |          | bars, and that lower than 20 bars before                                   |
 * | 0    | BULL     | the close at or above its mean of 200 bars, and the bull state likeliest   |
 * | 2    | CHOPPY   | else                                                                       |
 *
 * There is none before the mean of 200 bars. A regime is left for what was found at three bars in a
 * row, and so lasts three bars at least.
 */
export const BULL = 0;
export const BEAR = 1;
export const CHOPPY = 2;
export const VOLATILE = 3;

/** The names of the codes, each at its place. */
export const REGIMES = ['BULL', 'BEAR', 'CHOPPY', 'VOLATILE'] as const;

export const DWELL_BARS = 3;

/** VIX by the convention of practitioners: calm below 15, normal to 20, elevated to 30, crisis. */
export const VIX_CALM_BELOW = 15;
export const VIX_NORMAL_BELOW = 20;
export const VIX_ELEVATED_MAX = 30;
const RANK_HIGH = 0.9;

/** What a bar is judged by; each may be NaN, not known, and decides nothing then. */
export interface RegimeSigns {
  vix: number;
  /** Share of the last year's days that ended below it. */
  vixRank: number;
  longVix: number;
  /** Share of the last year's bars with less realised volatility. */
  volatilityRank: number;
  /** Close over its mean of 200 bars, less one; and that mean over itself 20 bars before. */
  overMean: number;
  meanSlope: number;
  bear: number;
  bull: number;
}

/** The code; NaN while the mean or the states are not known: nothing could end what it began. */
export function regimeOf(signs: RegimeSigns): number {
  const { overMean, meanSlope, bear, bull } = signs;
  if (overMean !== overMean || bear !== bear) return NaN;
  if (isVolatile(signs)) return VOLATILE;
  if (bear >= 0.5 || (overMean < 0 && meanSlope < 0)) return BEAR;
  return overMean >= 0 && bull > bear && bull > 1 - bull - bear ? BULL : CHOPPY;
}

function isVolatile({ vix, vixRank, longVix, volatilityRank }: RegimeSigns): boolean {
  if (vix !== vix) return volatilityRank > RANK_HIGH;
  if (vix > VIX_ELEVATED_MAX) return true;
  return vix >= VIX_NORMAL_BELOW && (vixRank > RANK_HIGH || vix > longVix);
}

const CODE = 0;
const AGE = 1; // Bars for which it has stood.
const NEXT = 2; // What was found last, where it is another; and at how many bars in a row.
const FOUND = 3;
export const DWELL_WIDTH = 4;

export function resetDwell(state: Float64Array, at: number): void {
  state.fill(NaN, at, at + DWELL_WIDTH);
}

/** A bar's code; NaN is no word against what stands. */
export function dwell(state: Float64Array, at: number, code: number): void {
  const stands = state[at + CODE] ?? NaN;
  if (stands !== stands) return enter(state, at, code);
  state[at + AGE] = (state[at + AGE] ?? NaN) + 1;
  if (code !== code) return;
  const isSame = state[at + NEXT] === code;
  state[at + NEXT] = code === stands ? NaN : code;
  state[at + FOUND] = code === stands ? 0 : isSame ? (state[at + FOUND] ?? NaN) + 1 : 1;
  if ((state[at + FOUND] ?? NaN) >= DWELL_BARS) enter(state, at, code);
}

function enter(state: Float64Array, at: number, code: number): void {
  state[at + CODE] = code;
  state[at + AGE] = code === code ? 0 : NaN;
  state[at + NEXT] = NaN;
  state[at + FOUND] = 0;
}

export function regimeCode(state: Float64Array, at: number): number {
  return state[at + CODE] ?? NaN;
}

/** Bars since it began, 0 at the bar at which it did. */
export function regimeAge(state: Float64Array, at: number): number {
  return state[at + AGE] ?? NaN;
}
