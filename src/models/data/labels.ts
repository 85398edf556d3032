import { assert } from '../../core/assert.ts';
import { sessionKeys, tradingDaysBetween } from './sessions.ts';

/**
 * The bars of one symbol in the order of time. A decision at a bar is made when it closes, at its
 * close.
 */
export interface LabelBars {
  /** When the bar was complete. */
  readonly closeUs: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
}

/**
 * What came of a decision at each bar. All three are NaN where it is not known: a label that needs
 * a bar which is not there is left open, never filled in.
 */
export interface Labels {
  readonly label: Float64Array;
  readonly forwardReturn: Float64Array;
  /** The close of the last bar that was needed to know it. */
  readonly knownUs: Float64Array;
}

/** How far a label looks: whole bars, or a time. */
export type Horizon = { readonly bars: number } | { readonly us: number };

export interface ForwardOptions {
  readonly horizon: Horizon;
  /** Otherwise a label ends with its session, and what would pass it is not known. */
  readonly acrossSessions?: boolean;
  /** The label is 1 where the return is above this, else 0. Without it, the label is the return. */
  readonly riseAbove?: number;
  /** Trading days from the first bar to the last, at most: past it, bars are missing between. */
  readonly tradingDaysMax?: number;
}

/**
 * Return from the close of a bar to the close that stands at the horizon.
 *
 * By bars it is the close of the bar that many later. By time it is the last close up to then, and
 * it is known at the first bar that closes at or after it: a quiet symbol needs a later bar to
 * prove that nothing was missed.
 */
export function forwardReturns(
  bars: Pick<LabelBars, 'closeUs' | 'close'>,
  options: ForwardOptions,
): Labels {
  const { closeUs, close } = bars;
  const { tradingDaysMax } = options;
  const labels = openLabels(closeUs.length);
  const end = endFinder(closeUs, options.horizon);
  const sessions = options.acrossSessions === true ? undefined : sessionKeys(closeUs);
  for (let at = 0; at < closeUs.length; at += 1) {
    const { last, proof } = end(at);
    if (last <= at || proof >= closeUs.length) continue;
    const fromUs = closeUs[at] ?? Number.NaN;
    const proofUs = closeUs[proof] ?? Number.NaN;
    if (sessions !== undefined && sessions[at] !== sessions[proof]) continue;
    if (tradingDaysMax !== undefined && tradingDaysBetween(fromUs, proofUs) > tradingDaysMax) {
      continue;
    }
    const value = (close[last] ?? Number.NaN) / (close[at] ?? Number.NaN) - 1;
    if (!Number.isFinite(value)) continue;
    labels.forwardReturn[at] = value;
    labels.label[at] = options.riseAbove === undefined ? value : Number(value > options.riseAbove);
    labels.knownUs[at] = proofUs;
  }
  return labels;
}

/** Labels of which nothing is known yet. */
export function openLabels(count: number): Labels {
  const column = () => new Float64Array(count).fill(Number.NaN);
  return { label: column(), forwardReturn: column(), knownUs: column() };
}

type EndFinder = (at: number) => { readonly last: number; readonly proof: number };

/** Asked bar by bar, in order. */
function endFinder(closeUs: Float64Array, horizon: Horizon): EndFinder {
  if ('bars' in horizon) {
    const { bars } = horizon;
    assert(Number.isInteger(bars) && bars > 0, 'a horizon is a positive number of bars');
    return (at) => ({ last: at + bars, proof: at + bars });
  }
  const { us } = horizon;
  assert(us > 0, 'a horizon is a positive time');
  let proof = 0;
  return (at) => {
    const targetUs = (closeUs[at] ?? Number.NaN) + us;
    while (proof < closeUs.length && (closeUs[proof] ?? Number.NaN) < targetUs) proof += 1;
    return { last: closeUs[proof] === targetUs ? proof : proof - 1, proof };
  };
}
