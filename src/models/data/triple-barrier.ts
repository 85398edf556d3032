import { assert } from '../../core/assert.ts';
import {
  tradingDay,
  newYorkDate,
  type SessionKind,
  sessionOf,
} from '../../domain/market/calendar.ts';
import { type LabelBars, type Labels, openLabels } from './labels.ts';
import { sessionKeys } from './sessions.ts';

export interface BarrierOptions {
  /** Distances as shares of the price; with `volatility`, as so many times it. */
  readonly up: number;
  readonly down: number;
  /** At each bar, by what was known at its close. Where it is NaN there is no label. */
  readonly volatility?: Float64Array;
  readonly horizonBars: number;
  /**
   * `close`: a barrier is touched by the close of a bar, and left at it. `range`: by its high or
   * low, and left at the barrier or, where the bar opened past it, at the open.
   */
  readonly trigger: 'close' | 'range';
  /** What stands where time ran out: 0, or the sign of the return. */
  readonly timeout: 'zero' | 'sign';
  /** The length of a bar keeps labels in their session; or they pass its end. */
  readonly sessions: 'across' | { readonly barUs: number };
}

export interface BarrierLabels extends Labels {
  /** Bars until the barrier was touched or time ran out. */
  readonly bars: Float64Array;
}

/**
 * The triple barrier (Lopez de Prado, "Advances in financial machine learning", 3.4): which is
 * touched first, the one above (1), the one below (-1), or the end of the time. A bar that touches
 * both has met the stop first: its order inside is not known, so the worse is assumed.
 *
 * Within sessions, a bar has a label only where the whole horizon fits before the session's end by
 * the calendar. To label a later one by its touch alone would keep just those that had one.
 */
export function tripleBarrier(bars: LabelBars, options: BarrierOptions): BarrierLabels {
  const { closeUs } = bars;
  const { horizonBars, sessions } = options;
  assert(Number.isInteger(horizonBars) && horizonBars > 0, 'a horizon is a number of bars');
  assert(options.up > 0 && options.down > 0, 'a barrier is away from the price');
  const labels = { ...openLabels(closeUs.length), bars: openLabels(closeUs.length).label };
  const keys = sessions === 'across' ? undefined : sessionKeys(closeUs);
  const lengthUs = sessions === 'across' ? 0 : horizonBars * sessions.barUs;
  for (let at = 0; at < closeUs.length; at += 1) {
    if (keys !== undefined && sessionEndUs(closeUs[at] ?? 0) < (closeUs[at] ?? 0) + lengthUs)
      continue;
    const end = endOf(bars, keys, options, at);
    if (end === undefined) continue;
    labels.label[at] = end.label;
    labels.forwardReturn[at] = end.price / (bars.close[at] ?? Number.NaN) - 1;
    labels.knownUs[at] = closeUs[end.proof] ?? Number.NaN;
    labels.bars[at] = end.last - at;
  }
  return labels;
}

interface BarrierEnd {
  readonly label: number;
  readonly price: number;
  readonly last: number;
  /** The bar by which it is known: after the last where a session ended with bars missing. */
  readonly proof: number;
}

function endOf(
  bars: LabelBars,
  keys: Float64Array | undefined,
  options: BarrierOptions,
  at: number,
): BarrierEnd | undefined {
  const price = bars.close[at] ?? Number.NaN;
  const unit = options.volatility === undefined ? 1 : (options.volatility[at] ?? Number.NaN);
  if (!(unit > 0)) return undefined;
  const walls = {
    above: price * (1 + options.up * unit),
    below: price * (1 - options.down * unit),
  };
  const count = bars.closeUs.length;
  let last = at;
  while (last < at + options.horizonBars) {
    if (last + 1 >= count) return undefined;
    if (keys !== undefined && keys[last + 1] !== keys[at]) {
      return last === at ? undefined : outOfTime(bars, options, { at, last, proof: last + 1 });
    }
    last += 1;
    const left = leftAt(bars, options.trigger, walls, last);
    if (left !== undefined) return { ...left, last, proof: last };
  }
  return outOfTime(bars, options, { at, last, proof: last });
}

function outOfTime(
  bars: LabelBars,
  { timeout }: BarrierOptions,
  { at, last, proof }: { readonly at: number; readonly last: number; readonly proof: number },
): BarrierEnd {
  const price = bars.close[last] ?? Number.NaN;
  const label = timeout === 'zero' ? 0 : Math.sign(price - (bars.close[at] ?? Number.NaN));
  return { label, price, last, proof };
}

interface Walls {
  readonly above: number;
  readonly below: number;
}

function leftAt(
  bars: LabelBars,
  trigger: BarrierOptions['trigger'],
  { above, below }: Walls,
  at: number,
): { readonly label: number; readonly price: number } | undefined {
  const close = bars.close[at] ?? Number.NaN;
  if (trigger === 'close') {
    if (close <= below) return { label: -1, price: close };
    return close >= above ? { label: 1, price: close } : undefined;
  }
  const open = bars.open[at] ?? Number.NaN;
  if ((bars.low[at] ?? Number.NaN) <= below) return { label: -1, price: Math.min(open, below) };
  if ((bars.high[at] ?? Number.NaN) >= above) return { label: 1, price: Math.max(open, above) };
  return undefined;
}

/** When the session ends in which something was complete; never, where there is none. */
function sessionEndUs(completeUs: number): number {
  const day = tradingDay(newYorkDate(completeUs - 1));
  if (day === undefined) return Number.POSITIVE_INFINITY;
  const kind: SessionKind = sessionOf(completeUs - 1);
  switch (kind) {
    case 'pre':
      return day.openUs;
    case 'core':
      return day.closeUs;
    case 'post':
      return day.postUs;
    case 'closed':
      return Number.POSITIVE_INFINITY;
  }
}
