import { normalShareBelow } from '../../core/math-normal.ts';

/** What the regression has besides the lagged level: nothing, a constant, or that and a trend. */
export type Deterministic = 'none' | 'constant' | 'trend';

/** Critical values of a unit-root statistic: below it the null is rejected at that level. */
export interface CriticalValues {
  readonly onePercent: number;
  readonly fivePercent: number;
  readonly tenPercent: number;
}

/**
 * MacKinnon's approximations of the distribution of a unit-root statistic: p-values of 1994 (a
 * normal share of a polynomial, another one above `star`), critical values of 2010.
 */
type Surface = {
  readonly star: number;
  readonly least: number;
  readonly most: number;
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly critical: readonly (readonly number[])[];
};

const ONE: Readonly<Record<Deterministic, Surface>> = {
  none: {
    star: -1.04,
    least: -19.04,
    most: Number.POSITIVE_INFINITY,
    low: [0.6344, 1.2378, 0.032496],
    high: [0.4797, 0.93557, -0.06999, 0.033066],
    critical: [
      [-2.56574, -2.2358, -3.627, 0],
      [-1.941, -0.2686, -3.365, 31.223],
      [-1.61682, 0.2656, -2.714, 25.364],
    ],
  },
  constant: {
    star: -1.61,
    least: -18.83,
    most: 2.74,
    low: [2.1659, 1.4412, 0.038269],
    high: [1.7339, 0.93202, -0.12745, -0.010368],
    critical: [
      [-3.43035, -6.5393, -16.786, -79.433],
      [-2.86154, -2.8903, -4.234, -40.04],
      [-2.56677, -1.5384, -2.809, 0],
    ],
  },
  trend: {
    star: -2.89,
    least: -16.18,
    most: 0.7,
    low: [3.2512, 1.6047, 0.049588],
    high: [2.5261, 0.61654, -0.37956, -0.060285],
    critical: [
      [-3.95877, -9.0531, -28.428, -134.155],
      [-3.41049, -4.3904, -9.036, -45.374],
      [-3.12705, -2.5856, -3.925, -22.38],
    ],
  },
};

/** Of the residuals of one series regressed on another. */
const TWO: Readonly<Record<'constant' | 'trend', Surface>> = {
  constant: {
    star: -2.62,
    least: -18.86,
    most: 0.92,
    low: [2.92, 1.5012, 0.039796],
    high: [2.1945, 0.64695, -0.29198, -0.042377],
    critical: [
      [-3.89644, -10.9519, -33.527, 0],
      [-3.33613, -6.1101, -6.823, 0],
      [-3.04445, -4.2412, -2.72, 0],
    ],
  },
  trend: {
    star: -3.19,
    least: -21.15,
    most: 0.63,
    low: [3.6646, 1.5419, 0.036448],
    high: [2.85, 0.5272, -0.36622, -0.051695],
    critical: [
      [-4.32762, -15.4387, -35.679, 0],
      [-3.78057, -9.5106, -12.074, 0],
      [-3.49631, -7.0815, -7.538, 21.892],
    ],
  },
};

/** Which distribution: of one series' own root, or of the residuals of a pair. */
export type UnitRoot =
  | { readonly of: 'series'; readonly deterministic: Deterministic }
  | { readonly of: 'pair'; readonly deterministic: 'constant' | 'trend' };

/** How likely a statistic at or below this one is where there is a unit root. */
export function unitRootProbability(statistic: number, root: UnitRoot): number {
  const { star, least, most, low, high } = surfaceOf(root);
  if (statistic > most) return 1;
  if (statistic < least) return 0;
  return normalShareBelow(polynomial(statistic <= star ? low : high, statistic));
}

/** @param observations of the regression; Infinity for the limit. */
export function unitRootCritical(root: UnitRoot, observations: number): CriticalValues {
  const [one = NaN, five = NaN, ten = NaN] = surfaceOf(root).critical.map((powers) =>
    polynomial(powers, 1 / observations),
  );
  return { onePercent: one, fivePercent: five, tenPercent: ten };
}

function surfaceOf(root: UnitRoot): Surface {
  return root.of === 'series' ? ONE[root.deterministic] : TWO[root.deterministic];
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);
}
