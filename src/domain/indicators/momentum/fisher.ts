import { log } from '../../../core/math.ts';
import { type IndicatorBody, type IndicatorDeclaration, periodParameter } from '../declaration.ts';
import { HIGH, LOW } from '../indicator.ts';
import { extremeWidth, resetExtreme, slideHighest, slideLowest } from '../window-extremes.ts';
import { isRounding } from './rounding.ts';

const FISHER = 0;
const TRIGGER = 1;
const PLACE = 2; // The smoothed place in the range, -0.999 to 0.999.
const LAST = 3; // What `fisher` was; NaN until there is a window.
const HIGHS = 4;

/** Beyond this the logarithm runs away, so the place is cut. */
const PLACE_MOST = 0.99;
const PLACE_CUT = 0.999;

export const fisher: IndicatorDeclaration = {
  name: 'fisher',
  title: 'Fisher transform',
  family: 'momentum',
  tells: 'Where the price stands in its range, drawn out so that turns stand out as sharp peaks.',
  formula:
    'place = 0.66 * ((mid - lowest mid) / (highest - lowest) - 0.5) + 0.67 * place, beyond 0.99 ' +
    'cut to 0.999; fisher = ln((1 + place) / (1 - place)) / 2 + fisher / 2; trigger = fisher of ' +
    'the bar before; both start at 0; a window without range adds nothing.',
  source: 'John Ehlers, Using the Fisher Transform, 2002',
  parameters: [periodParameter(10, 2)],
  inputs: ['high', 'low'],
  takesAnySeries: false,
  outputs: [
    { name: 'fisher', units: 'ratio' },
    { name: 'trigger', units: 'ratio' },
  ],
  build: ([period = NaN]) => build(period),
};

function build(period: number): IndicatorBody {
  const lows = HIGHS + extremeWidth(period);

  return {
    width: lows + extremeWidth(period),
    warmupBars: period + 1,

    reset(state, at) {
      state.fill(NaN, at, at + HIGHS);
      state[at + PLACE] = 0;
      resetExtreme(state, at + HIGHS, period);
      resetExtreme(state, at + lows, period);
    },

    update(state, at, bar) {
      const mid = ((bar[HIGH] ?? NaN) + (bar[LOW] ?? NaN)) / 2;
      if (mid - mid !== 0) return;
      const highest = slideHighest(state, at + HIGHS, period, mid);
      const lowest = slideLowest(state, at + lows, period, mid);
      const range = highest - lowest;
      if (range !== range) return;

      const step = isRounding(range, highest) ? 0 : 0.66 * ((mid - lowest) / range - 0.5);
      const place = cut(step + 0.67 * (state[at + PLACE] ?? NaN));
      state[at + PLACE] = place;
      const before = state[at + LAST] ?? NaN;
      const now = 0.5 * log((1 + place) / (1 - place)) + (before === before ? 0.5 * before : 0);
      state[at + LAST] = now;
      if (before !== before) return;
      state[at + FISHER] = now;
      state[at + TRIGGER] = before;
    },
  };
}

function cut(place: number): number {
  if (place > PLACE_MOST) return PLACE_CUT;
  return place < -PLACE_MOST ? -PLACE_CUT : place;
}
