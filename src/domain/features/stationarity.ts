import { log } from '../../core/math.ts';
import { pow } from '../../core/math-power.ts';
import { type LeastSquares, leastSquares } from './least-squares.ts';
import {
  type CriticalValues,
  type Deterministic,
  type UnitRoot,
  unitRootCritical,
  unitRootProbability,
} from './mackinnon.ts';

/** Whether a series wanders (a unit root) or returns: the null is that it wanders. */
export interface UnitRootTest {
  /** The lagged level's t value: the lower, the more surely the series returns. */
  readonly statistic: number;
  readonly pValue: number;
  /** Lagged changes in the regression. */
  readonly lags: number;
  readonly observations: number;
  readonly critical: CriticalValues;
}

export interface UnitRootOptions {
  /** Left out: a constant. */
  readonly deterministic?: Deterministic;
  /** Lagged changes; left out: as many as Akaike's criterion takes, up to `lagsMax`. */
  readonly lags?: number;
  /** Left out: 12 (n / 100)^(1/4), rounded up (Schwert, 1989). */
  readonly lagsMax?: number;
}

/**
 * Augmented Dickey-Fuller test (Said and Dickey, 1984): the change regressed on the level before
 * it, lagged changes and what is deterministic; p-values and critical values by MacKinnon. Equal to
 * statsmodels' `adfuller`. Undefined where the series is too short or does not move.
 */
export function augmentedDickeyFuller(
  series: Float64Array,
  options: UnitRootOptions = {},
): UnitRootTest | undefined {
  const { deterministic = 'constant' } = options;
  const lags = options.lags ?? akaikeLags(series, deterministic, options.lagsMax);
  if (lags === undefined) return undefined;
  const fit = regress(series, deterministic, lags, lags);
  if (fit === undefined) return undefined;
  const statistic = (fit.coefficients[0] ?? NaN) / (fit.errors[0] ?? NaN);
  const root: UnitRoot = { of: 'series', deterministic };
  return {
    statistic,
    pValue: unitRootProbability(statistic, root),
    lags,
    observations: fit.observations,
    critical: unitRootCritical(root, fit.observations),
  };
}

/** How many lagged changes fit best, all tried on the same observations. */
export function akaikeLags(
  series: Float64Array,
  deterministic: Deterministic,
  lagsMax?: number,
): number | undefined {
  const terms = termsOf(deterministic);
  const wanted = lagsMax ?? Math.ceil(12 * pow(series.length / 100, 0.25));
  const most = Math.min(wanted, Math.floor(series.length / 2) - terms - 1);
  let best: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let lags = 0; lags <= most; lags += 1) {
    const fit = regress(series, deterministic, lags, most);
    if (fit === undefined) continue;
    const { observations, squares } = fit;
    // Twice the parameters, less twice the log-likelihood but for what is the same for all.
    const criterion = observations * log(squares / observations) + 2 * (lags + 1 + terms);
    if (criterion < least) {
      least = criterion;
      best = lags;
    }
  }
  return best;
}

function termsOf(deterministic: Deterministic): number {
  switch (deterministic) {
    case 'none':
      return 0;
    case 'constant':
      return 1;
    case 'trend':
      return 2;
  }
}

/** @param skipped changes that are left out at the beginning, at least as many as `lags`. */
function regress(
  series: Float64Array,
  deterministic: Deterministic,
  lags: number,
  skipped: number,
): LeastSquares | undefined {
  const changes = series.subarray(1).map((value, at) => value - (series[at] ?? NaN));
  const observations = changes.length - skipped;
  if (observations <= lags + 1 + termsOf(deterministic)) return undefined;
  const columns = [series.subarray(skipped, skipped + observations)];
  for (let lag = 1; lag <= lags; lag += 1) {
    columns.push(changes.subarray(skipped - lag, skipped - lag + observations));
  }
  if (deterministic !== 'none') columns.push(new Float64Array(observations).fill(1));
  if (deterministic === 'trend') {
    columns.push(new Float64Array(observations).map((_, at) => at + 1));
  }
  return leastSquares(columns, changes.subarray(skipped));
}
