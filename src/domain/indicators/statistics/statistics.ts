import type { IndicatorDeclaration } from '../declaration.ts';
import { autocorrelation } from './autocorrelation.ts';
import { averageDeviation } from './average-deviation.ts';
import { beta } from './beta.ts';
import { correlation } from './correlation.ts';
import { efficiencyRatio } from './efficiency-ratio.ts';
import { halfLife } from './half-life.ts';
import { hurst } from './hurst.ts';
import { kalmanTrend } from './kalman-trend.ts';
import {
  linearRegression,
  linearRegressionAngle,
  linearRegressionIntercept,
  linearRegressionSlope,
  timeSeriesForecast,
} from './linear-regression.ts';
import { moveEntropy } from './move-entropy.ts';
import { percentRank } from './percent-rank.ts';
import { kurtosis, skewness } from './shape.ts';
import { standardDeviation, variance, zScore } from './variance.ts';

/** What a statistician would measure of a window. */
export const STATISTICS: readonly IndicatorDeclaration[] = [
  autocorrelation,
  averageDeviation,
  beta,
  correlation,
  efficiencyRatio,
  halfLife,
  hurst,
  kalmanTrend,
  kurtosis,
  linearRegression,
  linearRegressionAngle,
  linearRegressionIntercept,
  linearRegressionSlope,
  moveEntropy,
  percentRank,
  skewness,
  standardDeviation,
  timeSeriesForecast,
  variance,
  zScore,
];
