import { assert } from '../../core/assert.ts';
import { exp, log } from '../../core/math.ts';

/** A chain of states that nobody sees, of which each bar's row shows something. */
export interface HiddenChain {
  readonly states: number;
  /** Probability of each state before the first row. */
  readonly initial: Float64Array;
  /** From state i to j at `i * states + j`. */
  readonly transition: Float64Array;
}

/** What the rows up to each bar say of its state. */
export interface Filtered {
  /** Row `t` at `t * states`: from rows up to `t` alone, so the future cannot be in it. */
  readonly probabilities: Float64Array;
  readonly logLikelihood: number;
}

/**
 * The forward pass. A row's densities are taken relative to the largest of them and each row is
 * made to sum to 1, so nothing underflows however long the series or unlikely a row.
 *
 * @param logDensities of row `t` in state `k` at `t * states + k`.
 */
export function filterStates(chain: HiddenChain, logDensities: Float64Array): Filtered {
  const { states } = chain;
  const rows = rowsOf(chain, logDensities);
  const probabilities = new Float64Array(rows * states);
  const ahead = chain.initial.slice();
  let logLikelihood = 0;
  for (let row = 0; row < rows; row += 1) {
    if (row > 0) stepAhead(chain, probabilities, (row - 1) * states, ahead);
    logLikelihood += seeRow(ahead, logDensities, row * states, probabilities);
  }
  return { probabilities, logLikelihood };
}

/** One row more for a filter that runs: from the last row's probabilities, into `next`. */
export function filterStep(
  chain: HiddenChain,
  last: Float64Array,
  rowLogDensities: Float64Array,
  next: Float64Array,
): number {
  const ahead = new Float64Array(chain.states);
  stepAhead(chain, last, 0, ahead);
  return seeRow(ahead, rowLogDensities, 0, next);
}

/** Where the chain goes from the probabilities at `at`. */
function stepAhead(
  { states, transition }: HiddenChain,
  probabilities: Float64Array,
  at: number,
  ahead: Float64Array,
): void {
  ahead.fill(0);
  for (let from = 0; from < states; from += 1) {
    const share = probabilities[at + from] ?? NaN;
    for (let to = 0; to < states; to += 1) {
      ahead[to] = (ahead[to] ?? NaN) + share * (transition[from * states + to] ?? NaN);
    }
  }
}

/** Bayes: what was expected, weighed by the row. Answers the row's log-likelihood. */
function seeRow(
  ahead: Float64Array,
  logDensities: Float64Array,
  at: number,
  probabilities: Float64Array,
): number {
  const states = ahead.length;
  const most = largest(logDensities, at, states);
  let sum = 0;
  for (let state = 0; state < states; state += 1) {
    const value = (ahead[state] ?? NaN) * exp((logDensities[at + state] ?? NaN) - most);
    probabilities[at + state] = value;
    sum += value;
  }
  for (let state = 0; state < states; state += 1) {
    probabilities[at + state] = (probabilities[at + state] ?? NaN) / sum;
  }
  return most + log(sum);
}

function largest(values: Float64Array, at: number, count: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let index = at; index < at + count; index += 1) most = Math.max(most, values[index] ?? NaN);
  return most;
}

/** What all rows say of each bar's state: it knows the future, so it is for fitting alone. */
export interface Smoothed extends Filtered {
  /** Expected number of steps from state i to j. */
  readonly steps: Float64Array;
}

/** Forward and backward. */
export function smoothStates(chain: HiddenChain, logDensities: Float64Array): Smoothed {
  const { states, transition } = chain;
  const { probabilities: filtered, logLikelihood } = filterStates(chain, logDensities);
  const rows = filtered.length / states;
  const probabilities = filtered.slice();
  const steps = new Float64Array(states * states);
  const ahead = new Float64Array(states);
  for (let row = rows - 2; row >= 0; row -= 1) {
    const [now, next] = [row * states, (row + 1) * states];
    stepAhead(chain, filtered, now, ahead);
    for (let from = 0; from < states; from += 1) {
      let sum = 0;
      for (let to = 0; to < states; to += 1) {
        const expected = ahead[to] ?? NaN;
        const share = expected === 0 ? 0 : (transition[from * states + to] ?? NaN) / expected;
        const step = (filtered[now + from] ?? NaN) * share * (probabilities[next + to] ?? NaN);
        steps[from * states + to] = (steps[from * states + to] ?? NaN) + step;
        sum += step;
      }
      probabilities[now + from] = sum;
    }
  }
  return { probabilities, logLikelihood, steps };
}

/** The most likely way through the states. */
export interface StatePath {
  readonly states: Int32Array;
  /** Of this way together with the rows. */
  readonly logLikelihood: number;
}

/** Viterbi's algorithm, in logarithms. */
export function likeliestPath(chain: HiddenChain, logDensities: Float64Array): StatePath {
  const { states } = chain;
  const rows = rowsOf(chain, logDensities);
  const logTransition = chain.transition.map((value) => log(value));
  const from = new Int32Array(rows * states);
  let best = chain.initial.map((value, state) => log(value) + (logDensities[state] ?? NaN));
  for (let row = 1; row < rows; row += 1) {
    const next = new Float64Array(states);
    for (let to = 0; to < states; to += 1) {
      let [likeliest, most] = [0, Number.NEGATIVE_INFINITY];
      for (let state = 0; state < states; state += 1) {
        const value = (best[state] ?? NaN) + (logTransition[state * states + to] ?? NaN);
        if (value > most) [likeliest, most] = [state, value];
      }
      from[row * states + to] = likeliest;
      next[to] = most + (logDensities[row * states + to] ?? NaN);
    }
    best = next;
  }
  const logLikelihood = largest(best, 0, states);
  const path = new Int32Array(rows);
  path[rows - 1] = best.indexOf(logLikelihood);
  for (let row = rows - 1; row > 0; row -= 1) {
    path[row - 1] = from[row * states + (path[row] ?? 0)] ?? 0;
  }
  return { states: path, logLikelihood };
}

function rowsOf({ states, initial, transition }: HiddenChain, logDensities: Float64Array): number {
  assert(states > 0 && initial.length === states, 'a chain has a probability for each state');
  assert(transition.length === states * states, 'a chain has a step from each state to each');
  const rows = logDensities.length / states;
  assert(Number.isInteger(rows) && rows > 0, 'there are densities of whole rows');
  return rows;
}
