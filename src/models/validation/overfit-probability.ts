import { assert } from '../../core/assert.ts';
import { log } from '../../core/math.ts';
import { ranks } from './ranking.ts';

/** Returns of configurations that were tried: a row for each period, a column for each of them. */
export interface TrialReturns {
  readonly values: Float64Array;
  readonly periods: number;
  readonly trials: number;
}

export interface OverfitProbability {
  /** Share of splits in which the best of one half was below the middle of the other. */
  readonly probability: number;
  readonly splits: number;
  /** For each split, the logit of the rank that the best of one half had in the other. */
  readonly logits: Float64Array;
}

const BLOCKS_MAX = 16;

/**
 * Probability of backtest overfitting by combinatorially symmetric cross-validation (Bailey,
 * Borwein, Lopez de Prado and Zhu 2017): every way to take half of the blocks of time for choosing
 * and the other half for judging. The measure is the Sharpe ratio.
 */
export function overfitProbability(returns: TrialReturns, blocks: number): OverfitProbability {
  const { values, periods, trials } = returns;
  assert(values.length === periods * trials, 'there is a return for each period and trial');
  assert(blocks >= 2 && blocks % 2 === 0 && blocks <= BLOCKS_MAX, 'blocks are even and few');
  assert(periods >= 2 * blocks && trials > 1, 'there are periods for each block and a choice');
  const moments = blockMoments(returns, blocks);
  const halves = combinations(blocks, blocks / 2);
  const logits = Float64Array.from(halves, (half) => {
    const rest = Array.from({ length: blocks }, (_, block) => block).filter(
      (block) => !half.includes(block),
    );
    return logitOfChosen(sharpes(moments, half, trials), sharpes(moments, rest, trials));
  });
  const bad = logits.reduce((count, value) => count + Number(value <= 0), 0);
  return { probability: bad / logits.length, splits: logits.length, logits };
}

/** All ways to choose so many of the numbers from 0 to `count` - 1, each in rising order. */
export function combinations(count: number, chosen: number): readonly (readonly number[])[] {
  const found: number[][] = [];
  const extend = (taken: readonly number[], from: number): void => {
    if (taken.length === chosen) {
      found.push([...taken]);
      return;
    }
    for (let next = from; next <= count - (chosen - taken.length); next += 1) {
      extend([...taken, next], next + 1);
    }
  };
  extend([], 0);
  return found;
}

interface BlockMoments {
  readonly rows: number;
  readonly sums: Float64Array;
  readonly squares: Float64Array;
}

function blockMoments(returns: TrialReturns, blocks: number): readonly BlockMoments[] {
  const { values, periods, trials } = returns;
  return Array.from({ length: blocks }, (_, block) => {
    const from = Math.floor((block * periods) / blocks);
    const to = Math.floor(((block + 1) * periods) / blocks);
    const sums = new Float64Array(trials);
    const squares = new Float64Array(trials);
    for (let at = from * trials; at < to * trials; at += 1) {
      const value = values[at] ?? Number.NaN;
      const trial = at % trials;
      sums[trial] = (sums[trial] ?? 0) + value;
      squares[trial] = (squares[trial] ?? 0) + value * value;
    }
    return { rows: to - from, sums, squares };
  });
}

function sharpes(
  moments: readonly BlockMoments[],
  blocks: readonly number[],
  trials: number,
): Float64Array {
  return new Float64Array(trials).map((_, trial) => {
    let [rows, sum, squares] = [0, 0, 0];
    for (const block of blocks) {
      const of = moments[block];
      rows += of?.rows ?? 0;
      sum += of?.sums[trial] ?? Number.NaN;
      squares += of?.squares[trial] ?? Number.NaN;
    }
    const mean = sum / rows;
    const variance = Math.max(0, (squares - sum * mean) / (rows - 1));
    return variance === 0 ? 0 : mean / Math.sqrt(variance);
  });
}

function logitOfChosen(chosenBy: Float64Array, judgedBy: Float64Array): number {
  let best = 0;
  chosenBy.forEach((value, trial) => {
    if (value > (chosenBy[best] ?? Number.NaN)) best = trial;
  });
  const share = (ranks(judgedBy)[best] ?? Number.NaN) / (judgedBy.length + 1);
  return log(share / (1 - share));
}
