import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';

const VALUE = 0;
const COUNT = 1; // Below `period`: bars so far. From it on: `period` + next place in the ring.
const RING = 2;

/** The present value's place among those before it. Each bar looks at the whole window. */
export const percentRank: IndicatorDeclaration = {
  name: 'percentRank',
  title: 'Percent rank',
  family: 'statistics',
  tells: 'How much of the recent past lies below the present value: 100 is a new high.',
  formula: '100 * (how many of the period values before x are below x) / period.',
  source: 'Larry Connors and Cesar Alvarez, 2012 (Connors RSI)',
  parameters: [periodParameter(100, 1)],
  inputs: ['close'],
  takesAnySeries: true,
  outputs: [{ name: 'percentRank', units: 'percent' }],
  build: ([period = NaN], [place = NaN]) => build(period, place),
};

function build(period: number, place: number): IndicatorBody {
  const width = RING + period;

  return {
    width,
    warmupBars: period + 1,

    reset(state, at) {
      state.fill(0, at, at + width);
      state[at + VALUE] = NaN;
    },

    update(state, at, bar) {
      const x = bar[place] ?? NaN;
      if (x - x !== 0) return;
      const count = (state[at + COUNT] ?? NaN) | 0;
      const next = count < period ? count : count - period;
      const ring = at + RING;
      if (count >= period) {
        let below = 0;
        for (let index = ring; index < ring + period; index += 1) {
          if ((state[index] ?? NaN) < x) below += 1;
        }
        state[at + VALUE] = (100 * below) / period;
      }
      state[ring + next] = x;
      state[at + COUNT] = next + 1 === period ? period : count + 1;
    },
  };
}
