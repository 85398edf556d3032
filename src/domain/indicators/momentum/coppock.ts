import { averageOf, WEIGHTED } from '../average-kind.ts';
import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { lagged, lagWidth, resetLag } from '../lagged.ts';

const VALUE = 0;
const LONG = 1;

export const coppock: IndicatorDeclaration = {
  name: 'coppock',
  title: 'Coppock curve',
  family: 'momentum',
  tells: 'When a long decline has spent itself: on monthly bars, buy where it turns up below 0.',
  formula: 'wma(roc(long) + roc(short), average); a value of 0 has a rate of change of 0.',
  source: "Edwin Coppock, commonly dated 1962 (Barron's); equal to TA-Lib 0.8 COPPOCK",
  parameters: [
    periodParameter(14, 1, 'long'),
    periodParameter(11, 1, 'short'),
    periodParameter(10, 1, 'average'),
  ],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'coppock', units: 'percent' }],
  build: ([long = NaN, short = NaN, average = NaN], [place = NaN]) =>
    build(long, short, averageOf(WEIGHTED, average, 0), place),
};

function build(long: number, short: number, average: IndicatorBody, place: number): IndicatorBody {
  const shortAt = LONG + lagWidth(long);
  const averageAt = shortAt + lagWidth(short);
  const scratch = new Float64Array(1);

  return {
    width: averageAt + average.width,
    warmupBars: Math.max(long, short) + average.warmupBars,

    reset(state, at) {
      state[at + VALUE] = NaN;
      resetLag(state, at + LONG, long);
      resetLag(state, at + shortAt, short);
      average.reset(state, at + averageAt);
    },

    update(state, at, bar) {
      const now = bar[place] ?? NaN;
      if (now - now !== 0) return;
      const longGain = gain(now, lagged(state, at + LONG, long, now));
      scratch[0] = longGain + gain(now, lagged(state, at + shortAt, short, now));
      average.update(state, at + averageAt, scratch);
      state[at + VALUE] = state[at + averageAt] ?? NaN;
    },
  };
}

function gain(now: number, before: number): number {
  return before === 0 ? 0 : (now / before - 1) * 100;
}
