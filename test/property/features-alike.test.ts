import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../src/core/time.ts';
import { createFeatureSet, isFeatureSet } from '../../src/domain/features/feature-set.ts';
import { STANDARD_OUTPUTS } from '../../src/domain/features/momentum-set.ts';
import { STANDARD_REGISTRY } from '../../src/domain/features/standard-registry.ts';
import { differences, engineRows, kernelRows, type RowsOptions } from '../feature-rows.ts';
import { type WildOptions, wildMarket } from '../wild-market.ts';

const isLong = process.env['STRATA_LONG'] === '1';
const SEEDS = Array.from({ length: isLong ? 200 : 4 }, (_, seed) => seed + 1);
const GRACE_US = 250_000;

/** Bars, what is learned from them soon, what hears trades and quotes, and what hangs on time. */
const NAMES = [
  'bar.open',
  'bar.high',
  'bar.low',
  'bar.close',
  'bar.volume',
  'return1',
  'sma3',
  'ema5',
  'vwap',
  'obv',
  'flow.volume',
  'flow.trades',
  'quotedSpreadBps',
  'quoteAge',
];

function set(timeframe = '1m') {
  const layout = { feed: 'any', timeframe, names: NAMES };
  const made = createFeatureSet(STANDARD_REGISTRY, layout, 1, STANDARD_OUTPUTS);
  if (!isFeatureSet(made)) throw new Error(made.reason);
  return made;
}

/** Answers how many rows there were. */
function compare(
  wild: Omit<WildOptions, 'graceUs'>,
  options: Omit<RowsOptions, 'set' | 'graceUs'> & { timeframe?: string } = {},
  graceUs = GRACE_US,
): number {
  const { timeframe, ...rest } = options;
  const rows = { ...rest, graceUs, set: () => set(timeframe) };
  const open = () => wildMarket({ ...wild, graceUs });
  const inKernel = kernelRows(open(), rows);
  const inEngine = engineRows(open(), rows);

  expect(differences(inKernel, inEngine), `seed ${wild.seed}`).toEqual([]);
  return inKernel.size;
}

describe('F7 a row of features at a bar’s close is the same in the kernel and in training', () => {
  it.each(SEEDS)('out of late, corrected and disordered trades: seed %i', (seed) => {
    const rows = compare({ seed, symbols: 3, frames: 4_000, trades: true });
    expect(rows).toBeGreaterThan(300);
  });

  it.each(SEEDS)('D6 where data are lost between them: seed %i', (seed) => {
    const rows = compare({ seed, symbols: 3, frames: 4_000, trades: true, lossChance: 0.004 });
    expect(rows).toBeGreaterThan(100);
  });

  it.each(SEEDS)('with a grace of none, and of longer than a bar: seed %i', (seed) => {
    compare({ seed, symbols: 2, frames: 3_000, trades: true }, {}, 0);
    const rows = compare({ seed, symbols: 2, frames: 3_000, trades: true }, {}, 90 * SECOND);
    expect(rows).toBeGreaterThan(200);
  });

  it.each(SEEDS)('where bars of the venue come beside trades: seed %i', (seed) => {
    const wild = { seed, symbols: 3, frames: 4_000, trades: true, venueSpanUs: MINUTE };
    expect(compare(wild)).toBeGreaterThan(300);
    expect(compare({ ...wild, lossChance: 0.004 })).toBeGreaterThan(100);
    const parts = { ...wild, venueSpanUs: 30 * SECOND, lossChance: 0.004 };
    expect(compare(parts)).toBeGreaterThan(100);
  });

  it.each(SEEDS)('where the venue makes the bars, or parts of them: seed %i', (seed) => {
    const wild = { seed, symbols: 3, frames: 3_000, trades: false, lossChance: 0.002 };
    const bars = 'venue';
    expect(compare({ ...wild, venueSpanUs: MINUTE }, { bars })).toBeGreaterThan(200);
    // A part that is told anew no row of the kernel remembers: it is counted there.
    const parts = { ...wild, venueSpanUs: MINUTE, anew: false };
    expect(compare(parts, { bars, timeframe: '5m' })).toBeGreaterThan(20);
  });

  it('of more symbols than one slice of a sweep closes', () => {
    const rows = compare({ seed: 7, symbols: 1_300, frames: 6_000, trades: true });
    expect(rows).toBeGreaterThan(1_000);
  });
});
