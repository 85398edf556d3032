import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { lagged, lagWidth, resetLag } from '../lagged.ts';
import { resetWindowSum, slideWindowSum, windowSumWidth } from '../window-sum.ts';

const KST = 0;
const SIGNAL = 1;
const RATES = 2;

/** Know sure thing: four rates of change, the longer the weightier. */
export const kst: IndicatorDeclaration = {
  name: 'kst',
  title: 'Know sure thing',
  family: 'momentum',
  tells: 'Where several cycles agree on the direction: buy where it crosses its signal upwards.',
  formula:
    'sum of i * sma(roc(rate i), average i) for i = 1 to 4; signal = sma(kst, signal); a value ' +
    'of 0 has a rate of change of 0.',
  source: 'Martin Pring, Stocks & Commodities, 1992',
  parameters: [
    quiet(10, 'rate1'),
    quiet(15, 'rate2'),
    quiet(20, 'rate3'),
    quiet(30, 'rate4'),
    quiet(10, 'average1'),
    quiet(10, 'average2'),
    quiet(10, 'average3'),
    quiet(15, 'average4'),
    quiet(9, 'signal'),
  ],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [
    { name: 'kst', units: 'percent' },
    { name: 'signal', units: 'percent' },
  ],
  build: (parameters, [place = NaN]) =>
    build(parameters.slice(0, 4), parameters.slice(4, 8), parameters[8] ?? NaN, place),
};

function quiet(usual: number, name: string): ReturnType<typeof periodParameter> {
  return { ...periodParameter(usual, 1, name), isQuiet: true };
}

/** One of the four: `sma(roc(rate), average)`, its weight, and where it keeps its state. */
type Part = {
  readonly rate: number;
  readonly average: number;
  readonly weight: number;
  readonly lag: number;
  readonly sum: number;
};

function build(
  rates: readonly number[],
  averages: readonly number[],
  signal: number,
  place: number,
): IndicatorBody {
  const parts: Part[] = [];
  let width = RATES;
  rates.forEach((rate, index) => {
    const average = averages[index] ?? NaN;
    const lag = width;
    const sum = lag + lagWidth(rate);
    parts.push({ rate, average, weight: index + 1, lag, sum });
    width = sum + windowSumWidth(average);
  });
  const signalAt = width;

  return {
    width: signalAt + windowSumWidth(signal),
    warmupBars: Math.max(...parts.map(({ rate, average }) => rate + average)) + signal - 1,

    reset(state, at) {
      state[at + KST] = NaN;
      state[at + SIGNAL] = NaN;
      for (const { rate, average, lag, sum } of parts) {
        resetLag(state, at + lag, rate);
        resetWindowSum(state, at + sum, average);
      }
      resetWindowSum(state, at + signalAt, signal);
    },

    update(state, at, bar) {
      const now = bar[place] ?? NaN;
      if (now - now !== 0) return;
      let total = 0;
      for (const part of parts) total += part.weight * take(part, state, at, now);
      if (total !== total) return;
      const mean = slideWindowSum(state, at + signalAt, signal, total) / signal;
      if (mean !== mean) return;
      state[at + KST] = total;
      state[at + SIGNAL] = mean;
    },
  };
}

function take(part: Part, state: Float64Array, at: number, now: number): number {
  const before = lagged(state, at + part.lag, part.rate, now);
  if (before !== before) return NaN;
  const gain = before === 0 ? 0 : (now / before - 1) * 100;
  return slideWindowSum(state, at + part.sum, part.average, gain) / part.average;
}
