import type { IndicatorBody } from '../declaration.ts';
import { HIGH, LOW } from '../indicator.ts';

const VALUE = 0;
const SIDE = 1; // 1 while long, -1 while short, 0 before the second bar.
const STOP = 2; // Of the coming bar.
const EXTREME = 3; // The best price since the position began.
const STEP = 4; // The share of the way to it that the stop goes each bar.
const PREVIOUS_HIGH = 5;
const PREVIOUS_LOW = 6;
const WIDTH = 7;

/** How one side's share begins, what each new extreme adds, and what it never passes. */
export interface Acceleration {
  readonly initial: number;
  readonly added: number;
  readonly most: number;
}

export interface ParabolicOptions {
  readonly long: Acceleration;
  readonly short: Acceleration;
  /** Above 0: begins long with that stop; below: short with its amount; 0: by the first move. */
  readonly startValue: number;
  /** Share of the stop by which it stands further off when a position is turned. */
  readonly offsetOnReverse: number;
  /** While short the value is told as a negative number. */
  readonly isSigned: boolean;
}

/**
 * Wilder's stop and reverse as TA-Lib takes it: the second bar is the first of a position, which is
 * short where the low fell by more than the high rose. No stop stands inside this bar or the one
 * before.
 */
export function parabolic(options: ParabolicOptions): IndicatorBody {
  const { startValue, offsetOnReverse, isSigned } = options;
  const long = limited(options.long);
  const short = limited(options.short);

  return {
    width: WIDTH,
    warmupBars: 2,

    reset(state, at) {
      state.fill(0, at, at + WIDTH);
      state[at + VALUE] = NaN;
      state[at + PREVIOUS_HIGH] = NaN;
      state[at + PREVIOUS_LOW] = NaN;
    },

    update(state, at, bar) {
      const high = bar[HIGH] ?? NaN;
      const low = bar[LOW] ?? NaN;
      const sound = high + low;
      if (sound - sound !== 0) return;

      const lastHigh = state[at + PREVIOUS_HIGH] ?? NaN;
      const lastLow = state[at + PREVIOUS_LOW] ?? NaN;
      state[at + PREVIOUS_HIGH] = high;
      state[at + PREVIOUS_LOW] = low;
      if (Number.isNaN(lastHigh)) return;

      const isFirst = state[at + SIDE] === 0;
      if (isFirst) begin(state, at, startValue, bar, lastHigh, lastLow);
      // TA-Lib's first look compares the first bar of a position with itself.
      const highest = isFirst ? high : Math.max(lastHigh, high);
      const lowest = isFirst ? low : Math.min(lastLow, low);
      const stop = state[at + STOP] ?? NaN;
      const isLong = state[at + SIDE] === 1;
      const isTurned = isLong ? low <= stop : high >= stop;
      const willBeLong = isLong !== isTurned;
      const own = willBeLong ? long : short;
      const best = willBeLong ? high : low;
      let value = stop;
      let extreme = state[at + EXTREME] ?? NaN;
      let step = isFirst ? own.initial : (state[at + STEP] ?? NaN);
      if (isTurned) {
        value = isLong ? Math.max(extreme, highest) : Math.min(extreme, lowest);
        value += (isLong ? offsetOnReverse : -offsetOnReverse) * value;
        extreme = best;
        step = own.initial;
      } else if (willBeLong ? best > extreme : best < extreme) {
        extreme = best;
        step = Math.min(step + own.added, own.most);
      }
      const next = value + step * (extreme - value);
      state[at + STOP] = willBeLong ? Math.min(next, lowest) : Math.max(next, highest);
      state[at + EXTREME] = extreme;
      state[at + STEP] = step;
      state[at + SIDE] = willBeLong ? 1 : -1;
      state[at + VALUE] = isSigned && !willBeLong ? -value : value;
    },
  };
}

/** As in TA-Lib, what is above the limit is taken for the limit. */
function limited({ initial, added, most }: Acceleration): Acceleration {
  return { initial: Math.min(initial, most), added: Math.min(added, most), most };
}

/** The position that the second bar begins with. */
function begin(
  state: Float64Array,
  at: number,
  startValue: number,
  bar: Float64Array,
  lastHigh: number,
  lastLow: number,
): void {
  const high = bar[HIGH] ?? NaN;
  const low = bar[LOW] ?? NaN;
  const fall = lastLow - low;
  const fellMore = fall > 0 && fall > high - lastHigh;
  const isLong = startValue === 0 ? !fellMore : startValue > 0;
  const given = isLong ? lastLow : lastHigh;
  state[at + SIDE] = isLong ? 1 : -1;
  state[at + STOP] = startValue === 0 ? given : Math.abs(startValue);
  state[at + EXTREME] = isLong ? high : low;
}
