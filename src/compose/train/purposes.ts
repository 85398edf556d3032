import { assert } from '../../core/assert.ts';
import { log } from '../../core/math.ts';
import { MINUTE } from '../../core/time.ts';
import { forwardReturns, type Labels } from '../../models/data/labels.ts';
import { nextDayLabels } from '../../models/data/next-day-labels.ts';
import { trailingVolatility } from '../../models/data/trailing-volatility.ts';
import { tripleBarrier } from '../../models/data/triple-barrier.ts';
import type { SymbolRows } from './symbol-rows.ts';
import type { TrainPlan } from './train-plan.ts';

/** What a model of that purpose says, as its card states it. */
export interface LabelStatement {
  readonly kind: string;
  readonly horizonBars: number;
  readonly text: string;
}

export function labelStatement(plan: TrainPlan): LabelStatement {
  const { purpose, label, horizonBars, training } = plan;
  const span = plan.timeframe === '1d' ? 'trading days' : 'minutes';
  if (purpose === 'liquidity') {
    return {
      kind: 'next-day-liquidity',
      horizonBars,
      text:
        'whether the next day trades more dollars for each basis point of its range than ' +
        `the mean of the last ${LIQUIDITY_DAYS} days did: a bar tells volume but no spread, ` +
        'its range stands in for it',
    };
  }
  if (label === 'barrier') {
    const { deviations } = training.barrier;
    return {
      kind: 'triple-barrier',
      horizonBars,
      text:
        `whether the price meets the barrier ${deviations} deviations above before the one as ` +
        `far below, by closes, within ${horizonBars} ${span}; ` +
        'where neither is met, whether it rose',
    };
  }
  return {
    kind: 'forward-return',
    horizonBars,
    text: `whether the price is higher ${horizonBars} ${span} later${
      plan.timeframe === '1d' ? '' : ', within the session'
    }`,
  };
}

/** What came of a decision at each row: 1 or 0, and by how much. */
export function labelsOf(rows: SymbolRows, plan: TrainPlan): Labels {
  const { purpose, label, timeframe, horizonBars } = plan;
  if (purpose === 'liquidity') return liquidityLabels(rows);
  const bars = { ...rows, closeUs: rows.atUs };
  if (label === 'barrier') return barrierLabels(bars, plan);
  if (timeframe === '1d') {
    const tradingDaysMax = horizonBars + MISSING_DAYS_MAX;
    const horizon = { bars: horizonBars };
    return forwardReturns(bars, { horizon, acrossSessions: true, riseAbove: 0, tradingDaysMax });
  }
  return forwardReturns(bars, { horizon: { us: horizonBars * MINUTE }, riseAbove: 0 });
}

/** Days that a symbol may lack within a horizon. */
const MISSING_DAYS_MAX = 2;
const VOLATILITY_BARS = 60;

function barrierLabels(
  bars: SymbolRows & { readonly closeUs: Float64Array },
  plan: TrainPlan,
): Labels {
  const { timeframe, horizonBars, training } = plan;
  const sessions = timeframe === '1d' ? 'across' : 'within';
  const each = trailingVolatility(bars, VOLATILITY_BARS, sessions);
  // Of the horizon: deviations grow with the root of time.
  const volatility = each.map((deviation) => deviation * Math.sqrt(horizonBars));
  const found = tripleBarrier(bars, {
    up: training.barrier.deviations,
    down: training.barrier.deviations,
    volatility,
    horizonBars,
    trigger: 'close',
    timeout: 'sign',
    sessions: timeframe === '1d' ? 'across' : { barUs: MINUTE },
  });
  // -1, 0 and 1 become what a probability is of.
  const label = found.label.map((value) => (Number.isNaN(value) ? value : Number(value > 0)));
  return { label, forwardReturn: found.forwardReturn, knownUs: found.knownUs };
}

const LIQUIDITY_DAYS = 20;
const BPS = 10_000;

function liquidityLabels(rows: SymbolRows): Labels {
  const { atUs, high, low, close, volume } = rows;
  assert(close.length === atUs.length, 'a row has its bar');
  const value = close.map((price, at) => {
    const range = (BPS * ((high[at] ?? Number.NaN) - (low[at] ?? Number.NaN))) / price;
    const dollars = price * (volume[at] ?? Number.NaN);
    return range > 0 && dollars > 0 ? log(dollars / range) : Number.NaN;
  });
  const labels = nextDayLabels({ closeUs: atUs, value, close });
  const usual = trailingMean(value, LIQUIDITY_DAYS);
  const surplus = labels.label.map((next, at) => next - (usual[at] ?? Number.NaN));
  return {
    label: surplus.map((more) => (Number.isNaN(more) ? more : Number(more > 0))),
    forwardReturn: surplus,
    knownUs: labels.knownUs,
  };
}

/** Of the last so many that are numbers, the row itself among them. */
function trailingMean(values: Float64Array, length: number): Float64Array {
  return values.map((_, at) => {
    if (at + 1 < length) return Number.NaN;
    const last = values.subarray(at + 1 - length, at + 1).filter(Number.isFinite);
    return last.length < length / 2
      ? Number.NaN
      : last.reduce((sum, value) => sum + value, 0) / last.length;
  });
}
