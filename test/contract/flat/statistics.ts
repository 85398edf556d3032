import { FLAT_PRICE, type Flat } from './market.ts';

export const STATISTICS_FLAT: Readonly<Record<string, Flat>> = {
  autocorrelation: [NaN],
  averageDeviation: [0],
  // TA-Lib's rules: without movement beta, correlation and deviation are 0.
  beta: [0],
  correlation: [0],
  efficiencyRatio: [0],
  halfLife: [NaN],
  hurst: [NaN],
  kalmanTrend: [FLAT_PRICE, 0],
  kurtosis: [NaN],
  linearRegression: [FLAT_PRICE],
  linearRegressionAngle: [0],
  linearRegressionIntercept: [FLAT_PRICE],
  linearRegressionSlope: [0],
  moveEntropy: [0],
  percentRank: [0],
  skewness: [NaN],
  standardDeviation: [0],
  timeSeriesForecast: [FLAT_PRICE],
  variance: [0],
  zScore: [0],
};
