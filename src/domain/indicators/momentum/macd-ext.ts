import { averageKindParameter, averageOf } from '../average-kind.ts';
import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { fastBelowSlow } from '../fast-below-slow.ts';

const MACD = 0;
const SIGNAL = 1;
const HISTOGRAM = 2;
const COUNT = 3; // Values so far; stays where both averages have begun.
const FAST = 4;

/** MACD of averages of any kind, each begun so late that both are ready on the same bar. */
export const macdExt: IndicatorDeclaration = {
  name: 'macdExt',
  title: 'Moving average convergence and divergence of any averages',
  family: 'momentum',
  tells: 'Whether the short trend pulls away from the long one, by averages of your choice.',
  formula:
    'macd = average(fast) - average(slow), ready on the same bar; signal = average(macd, ' +
    'signal); histogram = macd - signal.',
  source: 'TA-Lib MACDEXT; Gerald Appel, late 1970s',
  parameters: [
    periodParameter(12, 2, 'fast', 'optInFastPeriod'),
    periodParameter(26, 2, 'slow', 'optInSlowPeriod'),
    periodParameter(9, 1, 'signal', 'optInSignalPeriod'),
    averageKindParameter('optInFastMAType', 'fastKind'),
    averageKindParameter('optInSlowMAType', 'slowKind'),
    averageKindParameter('optInSignalMAType', 'signalKind'),
  ],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [
    { name: 'macd', units: 'series', talib: 'outMACD' },
    { name: 'signal', units: 'series', talib: 'outMACDSignal' },
    { name: 'histogram', units: 'series', talib: 'outMACDHist' },
  ],
  talib: 'MACDEXT',
  refuses: fastBelowSlow,
  build: (
    [fast = NaN, slow = NaN, signal = NaN, fastKind = 0, slowKind = 0, signalKind = 0],
    places,
  ) =>
    build(
      averageOf(fastKind, fast, places[0] ?? NaN),
      averageOf(slowKind, slow, places[0] ?? NaN),
      averageOf(signalKind, signal, 0),
      places[0] ?? NaN,
    ),
};

function build(
  fast: IndicatorBody,
  slow: IndicatorBody,
  signal: IndicatorBody,
  place: number,
): IndicatorBody {
  const slowAt = FAST + fast.width;
  const signalAt = slowAt + slow.width;
  const width = signalAt + signal.width;
  const both = Math.max(fast.warmupBars, slow.warmupBars);
  const fastBegins = both - fast.warmupBars;
  const slowBegins = both - slow.warmupBars;
  const line = new Float64Array(1);

  return {
    width,
    warmupBars: both + signal.warmupBars - 1,

    reset(state, at) {
      state.fill(NaN, at, at + COUNT);
      state[at + COUNT] = 0;
      fast.reset(state, at + FAST);
      slow.reset(state, at + slowAt);
      signal.reset(state, at + signalAt);
    },

    update(state, at, bar) {
      const value = bar[place] ?? NaN;
      if (value - value !== 0) return;
      const count = (state[at + COUNT] ?? NaN) | 0;
      if (count < both) state[at + COUNT] = count + 1;
      if (count >= fastBegins) fast.update(state, at + FAST, bar);
      if (count >= slowBegins) slow.update(state, at + slowAt, bar);
      const macd = (state[at + FAST] ?? NaN) - (state[at + slowAt] ?? NaN);
      line[0] = macd;
      signal.update(state, at + signalAt, line);
      const mean = state[at + signalAt] ?? NaN;
      if (mean !== mean) return;
      state[at + MACD] = macd;
      state[at + SIGNAL] = mean;
      state[at + HISTOGRAM] = macd - mean;
    },
  };
}
