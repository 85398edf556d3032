import { assert } from '../../../core/assert.ts';
import { hashText } from '../../../core/hash.ts';
import { fitGaussianHmm, type GaussianHmm, sortedStates, startOf } from '../gaussian-hmm.ts';

/**
 * Hidden states of the market, fitted to returns in per cent, ordered by the mean: the first is
 * BEAR's, the last BULL's, those between are CHOPPY's. It is fitted offline and frozen: what is
 * live only filters with it.
 */
export interface RegimeModel {
  /** Span of the bars whose returns it was fitted to. */
  readonly spanUs: number;
  readonly hmm: GaussianHmm;
}

/** Fewer returns say nothing certain about states that last for months. */
export const REGIME_RETURNS_LEAST = 500;

/**
 * The likeliest of three starts, which differ in how long states last.
 *
 * @param returns in per cent, in order: of raw returns the smallest variance would be lost.
 * @returns undefined where the series does not move or the fit does not settle.
 */
export function fitRegimeModel(
  returns: Float64Array,
  states: 2 | 3 | 4,
  spanUs: number,
): RegimeModel | undefined {
  assert(returns.length >= REGIME_RETURNS_LEAST, 'there are enough returns to fit');
  const starts = [0.8, 0.9, 0.98].map((stay) => startOf(returns, 1, states, stay));
  const fitted = fitGaussianHmm(returns, starts, { iterationsMax: 2_000, gainLeast: 1e-8 });
  if (fitted === undefined || !fitted.hasConverged) return undefined;
  // Of equal means the calmer state is the better one.
  const hmm = sortedStates(fitted.model, ([mean = NaN]) => mean);
  return { spanUs, hmm: { ...hmm, initial: longRunShares(hmm) } };
}

/** Where the chain is after long: what is known of it before the first return of any history. */
function longRunShares({ states, transition }: GaussianHmm): Float64Array {
  let shares = new Float64Array(states).fill(1 / states);
  for (let step = 0; step < LONG_RUN; step += 1) {
    const next = new Float64Array(states);
    for (let from = 0; from < states; from += 1) {
      for (let to = 0; to < states; to += 1) {
        const share = (shares[from] ?? NaN) * (transition[from * states + to] ?? NaN);
        next[to] = (next[to] ?? NaN) + share;
      }
    }
    shares = next;
  }
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => share / sum);
}

const LONG_RUN = 10_000;

/** A number that moves with every parameter: a source's version, and so in a layout's hash. */
export function modelVersion({ spanUs, hmm }: RegimeModel): number {
  const { states, dimensions, initial, transition, means, variances } = hmm;
  const values = [initial, transition, means, variances].map((part) => part.join());
  const text = [spanUs, states, dimensions, ...values].join(';');
  return Number.parseInt(hashText(text).slice(0, 12), 16);
}

export function regimeModelFault({ hmm }: RegimeModel): string | undefined {
  const { states, dimensions, initial, transition, means, variances } = hmm;
  if (!(states >= 2 && states <= REGIME_STATES_MAX)) return 'states are 2 to 8';
  if (dimensions !== 1) return 'it is of returns alone';
  if (initial.length !== states || means.length !== states || variances.length !== states)
    return 'each state has a share, a mean and a variance';
  if (transition.length !== states * states) return 'each state has a step to each';
  if (!isShares(initial)) return 'the shares at the start sum to 1';
  for (let from = 0; from < states; from += 1) {
    if (!isShares(transition.subarray(from * states, (from + 1) * states)))
      return 'the steps from a state sum to 1';
  }
  if (!variances.every((variance) => variance > 0 && variance < Infinity))
    return 'a variance is above 0';
  const isSorted = means.every((mean, at) => at === 0 || mean >= (means[at - 1] ?? NaN));
  return isSorted && means[0] === means[0] ? undefined : 'states are ordered by their mean';
}

export const REGIME_STATES_MAX = 8;

function isShares(values: Float64Array): boolean {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.every((value) => value >= 0) && Math.abs(sum - 1) < 1e-9;
}
