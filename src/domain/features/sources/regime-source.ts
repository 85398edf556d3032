import { assert } from '../../../core/assert.ts';
import { log } from '../../../core/math.ts';
import { CLOSE, START_US } from '../../indicators/indicator.ts';
import type { SourceDeclaration, SourceOptions } from '../registry.ts';
import type { ColumnDeclaration, FeatureSource } from '../source.ts';
import {
  benchmarkPlace,
  CORE_WIDTH,
  hearCore,
  isCoreBar,
  isSoundBar,
  resetCore,
} from './cross-section.ts';
import { hearIndex, INDEX_WIDTH, longVixAt, resetIndex, vixAt, vixRank } from './index-days.ts';
import { RegimeFilter } from './regime-filter.ts';
import {
  modelVersion,
  REGIME_STATES_MAX,
  type RegimeModel,
  regimeModelFault,
} from './regime-model.ts';
import {
  dwell,
  DWELL_WIDTH,
  regimeAge,
  regimeCode,
  regimeOf,
  type RegimeSigns,
  resetDwell,
} from './regime-rules.ts';

const SPY = benchmarkPlace('SPY');

const MEAN_BARS = 200;
const SLOPE_BARS = 20;
const CLOSES = MEAN_BARS + SLOPE_BARS;
const VOLATILITY_BARS = 20;
const VOLATILITIES = 252;

const LAST = 0; // The last close, and when its bar began.
const LAST_US = 1;
const COUNT = 2; // Closes so far, at most CLOSES; and the next place of the ring.
const PLACE = 3;
const VOLATILITY_COUNT = 4;
const VOLATILITY_PLACE = 5;
const OVER_MEAN = 6; // Columns as they were after the last bar.
const MEAN_SLOPE = 7;
const VOLATILITY = 8;
const VOLATILITY_RANK = 9;
const UNPLACED = 10;
const STATES = 11;
const DWELL = STATES + REGIME_STATES_MAX;
const CORE = DWELL + DWELL_WIDTH;
const INDEX = CORE + CORE_WIDTH;
const CLOSE_RING = INDEX + INDEX_WIDTH;
const VOLATILITY_RING = CLOSE_RING + CLOSES;
const WIDTH = VOLATILITY_RING + VOLATILITIES;

const COLUMNS: readonly ColumnDeclaration[] = [
  { name: 'code', units: 'score', tells: '0 BULL, 1 BEAR, 2 CHOPPY, 3 VOLATILE.' },
  { name: 'age', units: 'count', tells: 'Bars since the regime began.' },
  { name: 'bull', units: 'probability', tells: 'That the hidden state is that of BULL.' },
  { name: 'bear', units: 'probability', tells: 'That the hidden state is that of BEAR.' },
  { name: 'choppy', units: 'probability', tells: 'That the hidden state is one between.' },
  { name: 'overMean', units: 'ratio', tells: 'Close of SPY over its mean of 200 bars, less one.' },
  { name: 'meanSlope', units: 'ratio', tells: 'That mean over itself 20 bars before, less one.' },
  { name: 'volatility', units: 'percent', tells: "Deviation of SPY's last 20 returns." },
  {
    name: 'volatilityRank',
    units: 'share',
    tells: 'Share of the last 252 bars at which it was smaller.',
  },
  { name: 'unplaced', units: 'count', tells: 'Bars of SPY out of order, or not sound.' },
];

/**
 * What the market is like, of SPY's bars and VIX: by rules (regime-rules.ts) and by a frozen model
 * of hidden states. A model is of one span of bars; for bars of a span without one, what needs it
 * is NaN.
 */
export function regimeSource(models: readonly RegimeModel[]): SourceDeclaration {
  for (const model of models) {
    const fault = regimeModelFault(model);
    assert(fault === undefined, `a model of regimes: ${fault ?? ''}`);
  }
  return { name: 'regime', isTimeframed: true, build: (options) => build(models, options) };
}

function build(models: readonly RegimeModel[], { spanUs }: SourceOptions): FeatureSource {
  const model = models.find((one) => one.spanUs === spanUs);
  const filter = model === undefined ? undefined : new RegimeFilter(model.hmm);
  const states = filter?.states ?? 0;
  const judge = judgeOf(states);

  return {
    name: 'regime',
    scope: 'market',
    columns: COLUMNS,
    // A model's own number, because a column means something else with another; by its place,
    // because of two for one span the first is taken.
    version: models.reduce((version, one, at) => version + (at + 1) * modelVersion(one), 2),
    width: WIDTH,
    warmupBars: VOLATILITY_BARS + VOLATILITIES + 1,

    reset(state, at) {
      state.fill(NaN, at, at + WIDTH);
      for (const slot of [COUNT, PLACE, VOLATILITY_COUNT, VOLATILITY_PLACE, UNPLACED])
        state[at + slot] = 0;
      resetDwell(state, at + DWELL);
      resetCore(state, at + CORE);
      resetIndex(state, at + INDEX);
    },

    fact(state, at, fact) {
      hearCore(state, at + CORE, fact);
      hearIndex(state, at + INDEX, fact);
    },

    bar(state, at, bar, who) {
      if (who.benchmark !== SPY) return;
      const startUs = bar[START_US] ?? NaN;
      if (!isSoundBar(bar) || startUs <= (state[at + LAST_US] ?? NaN)) {
        state[at + UNPLACED] = (state[at + UNPLACED] ?? NaN) + 1;
        return;
      }
      if (!isCoreBar(state, at + CORE, bar)) return;
      const close = bar[CLOSE] ?? NaN;
      const last = state[at + LAST] ?? NaN;
      state[at + LAST] = close;
      state[at + LAST_US] = startUs;
      takeClose(state, at, close);
      if (last === last) filter?.update(state, at + STATES, 100 * (close / last - 1));
      dwell(state, at + DWELL, judge(state, at, startUs + spanUs));
    },

    read(state, at, _nowUs, out, outAt) {
      const bear = state[at + STATES] ?? NaN;
      const bull = states > 0 ? (state[at + STATES + states - 1] ?? NaN) : NaN;
      out[outAt] = regimeCode(state, at + DWELL);
      out[outAt + 1] = regimeAge(state, at + DWELL);
      out[outAt + 2] = bull;
      out[outAt + 3] = bear;
      out[outAt + 4] = Math.max(0, 1 - bull - bear);
      out[outAt + 5] = state[at + OVER_MEAN] ?? NaN;
      out[outAt + 6] = state[at + MEAN_SLOPE] ?? NaN;
      out[outAt + 7] = state[at + VOLATILITY] ?? NaN;
      out[outAt + 8] = state[at + VOLATILITY_RANK] ?? NaN;
      out[outAt + 9] = state[at + UNPLACED] ?? NaN;
    },
  };
}

/** What a bar is found to be, by all that was heard. */
function judgeOf(states: number) {
  const signs: RegimeSigns = {
    vix: NaN,
    vixRank: NaN,
    longVix: NaN,
    volatilityRank: NaN,
    overMean: NaN,
    meanSlope: NaN,
    bear: NaN,
    bull: NaN,
  };
  return (state: Float64Array, at: number, nowUs: number): number => {
    signs.vix = vixAt(state, at + INDEX, nowUs);
    signs.vixRank = vixRank(state, at + INDEX, nowUs);
    signs.longVix = longVixAt(state, at + INDEX, nowUs);
    signs.volatilityRank = state[at + VOLATILITY_RANK] ?? NaN;
    signs.overMean = state[at + OVER_MEAN] ?? NaN;
    signs.meanSlope = state[at + MEAN_SLOPE] ?? NaN;
    signs.bear = state[at + STATES] ?? NaN;
    signs.bull = states > 0 ? (state[at + STATES + states - 1] ?? NaN) : NaN;
    return regimeOf(signs);
  };
}

/** Only SPY comes here: windows are gone through anew, and nothing can add up. */
function takeClose(state: Float64Array, at: number, close: number): void {
  const place = state[at + PLACE] ?? NaN;
  const count = Math.min(CLOSES, (state[at + COUNT] ?? NaN) + 1);
  state[at + CLOSE_RING + place] = close;
  state[at + PLACE] = place + 1 === CLOSES ? 0 : place + 1;
  state[at + COUNT] = count;
  const mean = count >= MEAN_BARS ? meanBefore(state, at, 0) : NaN;
  const meanThen = count >= CLOSES ? meanBefore(state, at, SLOPE_BARS) : NaN;
  state[at + OVER_MEAN] = close / mean - 1;
  state[at + MEAN_SLOPE] = mean / meanThen - 1;
  if (count <= VOLATILITY_BARS) return;
  const volatility = deviation(state, at);
  state[at + VOLATILITY] = volatility;
  takeVolatility(state, at, volatility);
}

/** The close so many bars before the last. */
function closeBefore(state: Float64Array, at: number, bars: number): number {
  const place = (state[at + PLACE] ?? NaN) - 1 - bars;
  return state[at + CLOSE_RING + (place < 0 ? place + CLOSES : place)] ?? NaN;
}

function meanBefore(state: Float64Array, at: number, bars: number): number {
  let sum = 0;
  for (let bar = bars; bar < bars + MEAN_BARS; bar += 1) sum += closeBefore(state, at, bar);
  return sum / MEAN_BARS;
}

/** Sample deviation of the last logarithmic returns, in per cent. */
function deviation(state: Float64Array, at: number): number {
  const first = closeBefore(state, at, VOLATILITY_BARS);
  const mean = log(closeBefore(state, at, 0) / first) / VOLATILITY_BARS;
  let squares = 0;
  for (let bar = 0; bar < VOLATILITY_BARS; bar += 1) {
    const change = log(closeBefore(state, at, bar) / closeBefore(state, at, bar + 1)) - mean;
    squares += change * change;
  }
  return 100 * Math.sqrt(squares / (VOLATILITY_BARS - 1));
}

/** Ranked among those before it; then one of them. */
function takeVolatility(state: Float64Array, at: number, volatility: number): void {
  const count = state[at + VOLATILITY_COUNT] ?? NaN;
  let below = 0;
  for (let place = 0; place < count; place += 1) {
    if ((state[at + VOLATILITY_RING + place] ?? NaN) < volatility) below += 1;
  }
  state[at + VOLATILITY_RANK] = count < VOLATILITIES ? NaN : below / VOLATILITIES;
  const place = state[at + VOLATILITY_PLACE] ?? NaN;
  state[at + VOLATILITY_RING + place] = volatility;
  state[at + VOLATILITY_PLACE] = place + 1 === VOLATILITIES ? 0 : place + 1;
  state[at + VOLATILITY_COUNT] = Math.min(VOLATILITIES, count + 1);
}
