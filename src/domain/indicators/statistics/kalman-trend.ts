import type { IndicatorBody, IndicatorDeclaration } from '../declaration.ts';

const LEVEL = 0;
const SLOPE = 1;
const VARIANCE_LEVEL = 2; // Of the estimates, in units of the noise of a price.
const COVARIANCE = 3;
const VARIANCE_SLOPE = 4;
const FIRST = 5; // NaN before the first bar.
const WIDTH = 6;

/** A local linear trend, followed by Kalman's filter. */
export const kalmanTrend: IndicatorDeclaration = {
  name: 'kalmanTrend',
  title: 'Kalman trend',
  family: 'statistics',
  tells: 'Where the price is without its noise, and how much it gains a bar.',
  formula:
    'x = level + noise; level += slope + its noise; slope += its noise. Variances of the last ' +
    'two as ratios to the first; nothing known before the first two bars.',
  source: 'Rudolf Kalman, 1960; Andrew Harvey, 1989 (local linear trend)',
  parameters: [
    { name: 'levelRatio', least: 0, most: 1_000, usual: 0.05, isWhole: false },
    { name: 'slopeRatio', least: 0.000_001, most: 1_000, usual: 0.001, isWhole: false },
  ],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [
    { name: 'level', units: 'series' },
    { name: 'slope', units: 'series' },
  ],
  build: ([levelRatio = NaN, slopeRatio = NaN], [place = NaN]) =>
    build(levelRatio, slopeRatio, place),
};

function build(levelRatio: number, slopeRatio: number, place: number): IndicatorBody {
  return {
    width: WIDTH,
    warmupBars: 2,

    reset(state, at) {
      state.fill(NaN, at, at + WIDTH);
    },

    update(state, at, bar) {
      const x = bar[place] ?? NaN;
      if (x - x !== 0) return;
      const first = state[at + FIRST] ?? NaN;
      if (first !== first) {
        state[at + FIRST] = x;
        return;
      }
      const level = state[at + LEVEL] ?? NaN;
      if (level !== level) {
        // Two prices tell a level and a slope, and how well: the limit of knowing nothing before.
        state[at + LEVEL] = x;
        state[at + SLOPE] = x - first;
        state[at + VARIANCE_LEVEL] = 1;
        state[at + COVARIANCE] = 1;
        state[at + VARIANCE_SLOPE] = 2 + levelRatio + slopeRatio;
        return;
      }

      const slope = state[at + SLOPE] ?? NaN;
      const covariance = state[at + COVARIANCE] ?? NaN;
      const forSlope = state[at + VARIANCE_SLOPE] ?? NaN;
      const crossed = covariance + forSlope;
      const forLevel = (state[at + VARIANCE_LEVEL] ?? NaN) + covariance + crossed + levelRatio;
      const share = 1 / (forLevel + 1);
      const surprise = x - (level + slope);
      state[at + LEVEL] = level + slope + forLevel * share * surprise;
      state[at + SLOPE] = slope + crossed * share * surprise;
      state[at + VARIANCE_LEVEL] = forLevel * share;
      state[at + COVARIANCE] = crossed * share;
      state[at + VARIANCE_SLOPE] = forSlope + slopeRatio - crossed * crossed * share;
    },
  };
}
