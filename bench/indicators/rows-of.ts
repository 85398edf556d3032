import { present } from '../../src/core/assert.ts';
import { createFeatureSet, isFeatureSet } from '../../src/domain/features/feature-set.ts';
import { momentumSet, STANDARD_OUTPUTS } from '../../src/domain/features/momentum-set.ts';
import { STANDARD_REGISTRY } from '../../src/domain/features/standard-registry.ts';
import type { StrideSet } from './own-set.ts';
import { TEN_OUTPUTS, type TenOutput } from './peer-set.ts';

export interface TenSet extends StrideSet {
  /** Where in the stride an output stands. */
  slot(output: TenOutput): number;
}

/**
 * The ten as every symbol's row has them, in a feature set that hears closed bars; without the last
 * bar and its averages, which a row carries too and no peer has.
 */
export function tenOfRows(): TenSet {
  const slots = new Map<string, number>();
  const set = rowsOf(STANDARD_OUTPUTS, slots);
  return {
    ...set,
    slot: (output) => {
      const name = present(STANDARD_OUTPUTS[TEN_OUTPUTS.indexOf(output)], output);
      return present(slots.get(name), name);
    },
  };
}

/**
 * A feature set's part that hears closed bars: all that a row needs for such columns, each
 * indicator once. A session makes its sets more than once, to name their layout, so this does.
 *
 * @param slots is told where in the stride each of them stands.
 */
export function rowsOf(names: readonly string[], slots?: Map<string, number>): StrideSet {
  momentumSet();
  const set = createFeatureSet(STANDARD_REGISTRY, { feed: 'any', names }, 1);
  if (!isFeatureSet(set)) throw new Error(`these cannot be planned: ${JSON.stringify(set)}`);
  for (const name of names) slots?.set(name, set.slot(name));
  return {
    width: set.symbolWidth,
    reset: (state, at) => set.resetSymbol(state, at),
    update: (state, at, bar) => set.bar(state, at, set.timeframe, bar),
  };
}
