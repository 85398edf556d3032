import type { IndicatorBody, IndicatorDeclaration } from '../declaration.ts';
import { allowedColours, allowsColours } from './candle-colours.ts';
import { candleWindow, COLOURS, type Yardstick } from './candle-window.ts';
import { confirmHikkake, HIKKAKE_WIDTH, rememberHikkake, resetHikkake } from './hikkake-memory.ts';

/** A candlestick pattern: one line of the family's table. */
export interface CandlePattern {
  readonly name: string;
  readonly title: string;
  readonly tells: string;
  /** Its rules in words, oldest candle first, in the terms of TA-Lib's candle settings. */
  readonly formula: string;
  /** TA-Lib's function. */
  readonly talib: string;
  /** Candles it looks at, the present one included. */
  readonly candles: number;
  /** Their colours, oldest first: `WBB BWW`, `?` for either; left out: any. */
  readonly colours?: string;
  /** Bars before the first answer, as TA-Lib has it. */
  readonly lookback: number;
  /** What the candles are measured by. */
  readonly yardsticks: readonly Yardstick[];
  /** How far into the first body the last candle closes, as a share of it. */
  readonly penetration?: number;
  /** It answers again, doubled, when one of the next three closes confirms it. */
  readonly isConfirmed?: boolean;
  readonly judge: (penetration: number) => Judge;
}

/**
 * TA-Lib's answer for the newest candle, of a window whose colours fit: above 0 bullish, below it
 * bearish, 0 none. `w` holds the window; the rest are places of candles in it, the newest first.
 * Those of candles that a pattern does not look at mean nothing.
 */
export type Judge = (
  w: Float64Array,
  now: number,
  one: number,
  two: number,
  three: number,
  four: number,
) => number;

/** Makes an indicator of its own of a pattern. */
export function declareCandlePattern(pattern: CandlePattern): IndicatorDeclaration {
  const { name, title, tells, formula, talib, penetration } = pattern;
  return {
    name,
    title,
    family: 'candles',
    tells,
    formula,
    source: `TA-Lib ${talib}`,
    parameters:
      penetration === undefined
        ? []
        : [
            {
              name: 'penetration',
              least: 0,
              most: 100,
              usual: penetration,
              isWhole: false,
              isQuiet: true,
              talib: 'optInPenetration',
            },
          ],
    inputs: ['open', 'high', 'low', 'close'],
    takesAnySeries: false,
    outputs: [{ name, units: 'pattern', talib: 'outInteger' }],
    talib,
    build: ([share = NaN]) => build(pattern, share),
  };
}

const VALUE = 0;
const COUNT = 1; // Bars so far; stays at the warm-up.
const MEMORY = 2;

function build(pattern: CandlePattern, penetration: number): IndicatorBody {
  const { lookback, isConfirmed = false } = pattern;
  const window = candleWindow(pattern.candles, pattern.yardsticks);
  const judge = pattern.judge(penetration);
  const allowed = allowedColours(pattern.colours);
  const warmupBars = lookback + 1;
  const windowAt = MEMORY + (isConfirmed ? HIKKAKE_WIDTH : 0);

  function judgeNow(state: Float64Array, w: number, now: number): number {
    const one = window.older(w, now);
    const two = window.older(w, one);
    const three = window.older(w, two);
    return judge(state, now, one, two, three, window.older(w, three));
  }

  return {
    width: windowAt + window.width,
    warmupBars,

    reset(state, at) {
      state[at + VALUE] = NaN;
      state[at + COUNT] = 0;
      if (isConfirmed) resetHikkake(state, at + MEMORY);
      window.reset(state, at + windowAt);
    },

    update(state, at, bar) {
      const now = window.add(state, at + windowAt, bar);
      if (now < 0) return;

      const count = (state[at + COUNT] ?? NaN) | 0;
      if (count < warmupBars) state[at + COUNT] = count + 1;
      const seen = (state[at + windowAt + COLOURS] ?? NaN) | 0;
      let value = allowsColours(allowed, seen) ? judgeNow(state, at + windowAt, now) : 0;
      if (isConfirmed) {
        const one = window.older(at + windowAt, now);
        if (value === 0) value = confirmHikkake(state, at + MEMORY, now);
        else rememberHikkake(state, at + MEMORY, value, one);
      }
      if (count >= lookback) state[at + VALUE] = value;
    },
  };
}
