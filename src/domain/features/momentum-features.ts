import { assert } from '../../core/assert.ts';
import { hashText } from '../../core/hash.ts';
import { CLOSE, VOLUME } from '../indicators/indicator.ts';
import type { IndicatorSet } from '../indicators/indicator-set.ts';

/**
 * What the small momentum model sees of one symbol at a bar's close. Every value is free of scale
 * (in average true ranges, shares of a range, ratios), so that one model serves all symbols; those
 * without a natural bound are cut at five.
 */
export interface MomentumFeatures {
  readonly names: readonly string[];
  /** Doubles per row. */
  readonly width: number;
  /** 16 hex digits over names, order and indicators beneath. A model states the one it needs. */
  readonly layoutHash: string;
  /** Doubles of recent closes and volumes, kept by the caller beside the indicators' stride. */
  readonly historyWidth: number;
  /** Bars until `compute` can answer true. */
  readonly warmupBars: number;
  reset(history: Float64Array, at: number): void;
  /** One closed bar, as the indicators had it. A NaN as close or volume changes nothing. */
  push(history: Float64Array, at: number, bar: Float64Array): void;
  /** The volume of the last bar was told anew. */
  repairVolume(history: Float64Array, at: number, volume: number): void;
  /**
   * Writes `width` doubles to `out[outAt ..]` and answers whether all of them are numbers. Where
   * it answers false, the row must not be scored: something is not ready, or nothing moved.
   * `push` and the indicators' update of the same bar come first.
   */
  compute(
    state: Float64Array,
    stateAt: number,
    history: Float64Array,
    historyAt: number,
    out: Float64Array,
    outAt: number,
  ): boolean;
}

export const MOMENTUM_NAMES = [
  /** (close - SMA) / ATR: a z-score against the mean. */
  'smaDistance',
  /** (EMA - SMA) / ATR. */
  'averageGap',
  /** RSI / 50 - 1. */
  'rsi',
  /** MACD histogram / ATR. */
  'macdHistogram',
  /** Place within the Bollinger bands: -0.5 at the lower, 0.5 at the upper. */
  'bandPlace',
  /** (K - D) / 100 of the slow stochastic. */
  'stochasticGap',
  /** ADX / 100. */
  'trend',
  /** (close - VWAP of the session) / ATR. */
  'vwapDistance',
  /** Change over the last bar and over the last five, in ATRs. */
  'return1',
  'return5',
  /** Volume of the last bar and of the last five against the mean of twenty, minus one. */
  'relativeVolume1',
  'relativeVolume5',
] as const;

/** The indicators must be (or contain) the standard ten. */
export function createMomentumFeatures(indicators: IndicatorSet): MomentumFeatures {
  const sma = indicators.output('sma20', 'sma');
  const ema = indicators.output('ema20', 'ema');
  const rsi = indicators.output('rsi14', 'rsi');
  const histogram = indicators.output('macd12-26-9', 'histogram');
  const upper = indicators.output('bollinger20-2', 'upper');
  const lower = indicators.output('bollinger20-2', 'lower');
  const atr = indicators.output('atr14', 'atr');
  const k = indicators.output('stochastic14-3-3', 'k');
  const d = indicators.output('stochastic14-3-3', 'd');
  const vwap = indicators.output('vwap', 'vwap');
  const adx = indicators.output('adx14', 'adx');
  const width = MOMENTUM_NAMES.length;

  return {
    names: MOMENTUM_NAMES,
    width,
    layoutHash: hashText(
      `momentum/${LAYOUT_VERSION};${MOMENTUM_NAMES.join()};${indicators.layoutHash}`,
    ),
    historyWidth: HISTORY_WIDTH,
    warmupBars: Math.max(indicators.warmupBars, VOLUMES),

    reset(history, at) {
      assert(at >= 0 && at + HISTORY_WIDTH <= history.length, 'a history lies within its buffer');
      history.fill(Number.NaN, at, at + HISTORY_WIDTH);
    },

    push,

    repairVolume(history, at, volume) {
      if (volume >= 0) history[at + HISTORY_WIDTH - 1] = volume;
    },

    compute(state, stateAt, history, historyAt, out, outAt) {
      assert(outAt >= 0 && outAt + width <= out.length, 'a row lies within its buffer');
      const close = history[historyAt + CLOSES - 1] ?? Number.NaN;
      const range = state[stateAt + atr] ?? Number.NaN;
      const average = state[stateAt + sma] ?? Number.NaN;
      const low = state[stateAt + lower] ?? Number.NaN;
      const bands = (state[stateAt + upper] ?? Number.NaN) - low;
      const volume1 = meanVolume(history, historyAt, 1);
      const volume5 = meanVolume(history, historyAt, RETURN_BARS);
      const volume20 = meanVolume(history, historyAt, VOLUMES);
      const fast = state[stateAt + ema] ?? Number.NaN;
      const before1 = history[historyAt + CLOSES - 2] ?? Number.NaN;
      const before5 = history[historyAt] ?? Number.NaN;

      out[outAt] = cut((close - average) / range);
      out[outAt + 1] = cut((fast - average) / range);
      out[outAt + 2] = (state[stateAt + rsi] ?? Number.NaN) / 50 - 1;
      out[outAt + 3] = cut((state[stateAt + histogram] ?? Number.NaN) / range);
      out[outAt + 4] = cut((close - low) / bands - 0.5);
      out[outAt + 5] =
        ((state[stateAt + k] ?? Number.NaN) - (state[stateAt + d] ?? Number.NaN)) / 100;
      out[outAt + 6] = (state[stateAt + adx] ?? Number.NaN) / 100;
      out[outAt + 7] = cut((close - (state[stateAt + vwap] ?? Number.NaN)) / range);
      out[outAt + 8] = cut((close - before1) / range);
      out[outAt + 9] = cut((close - before5) / range);
      out[outAt + 10] = cut(volume1 / volume20 - 1);
      out[outAt + 11] = cut(volume5 / volume20 - 1);
      let sum = range > 0 && bands > 0 && volume20 > 0 ? 0 : Number.NaN;
      for (let at = outAt; at < outAt + width; at += 1) sum += out[at] ?? Number.NaN;
      return sum === sum;
    },
  };
}

function push(history: Float64Array, at: number, bar: Float64Array): void {
  assert(at >= 0 && at + HISTORY_WIDTH <= history.length, 'a history lies within its buffer');
  const close = bar[CLOSE] ?? Number.NaN;
  const volume = bar[VOLUME] ?? Number.NaN;
  const sum = close + volume;
  if (sum - sum !== 0) return;
  history.copyWithin(at, at + 1, at + CLOSES);
  history[at + CLOSES - 1] = close;
  history.copyWithin(at + CLOSES, at + CLOSES + 1, at + HISTORY_WIDTH);
  history[at + HISTORY_WIDTH - 1] = volume;
}

/** Raised when a feature changes what it means without changing its name. */
const LAYOUT_VERSION = 1;
const RETURN_BARS = 5;
const CLOSES = RETURN_BARS + 1;
const VOLUMES = 20;
const HISTORY_WIDTH = CLOSES + VOLUMES;
const CUT = 5;

/** Keeps NaN. */
function cut(value: number): number {
  return Math.max(-CUT, Math.min(CUT, value));
}

function meanVolume(history: Float64Array, at: number, bars: number): number {
  const end = at + HISTORY_WIDTH;
  let sum = 0;
  for (let place = end - bars; place < end; place += 1) sum += history[place] ?? Number.NaN;
  return sum / bars;
}
