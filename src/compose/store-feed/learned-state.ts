import { present } from '../../core/assert.ts';
import type { Kernel } from '../../actors/runtime/kernel.ts';
import { ROW_BAR_US } from '../../domain/market/symbol-row.ts';
import type { LearnedState } from './learned-rows.ts';
import type { StoreFeed } from './store-feed.ts';

/** The feed reads the rows of this kernel from now on: it lives as long as the session's life. */
export function bound(kernel: Kernel, feed: StoreFeed | undefined): Kernel {
  feed?.bind(learnedState(kernel));
  return kernel;
}

export function learnedState(kernel: Kernel): LearnedState {
  const slots = kernel.slots.filter((slot) => slot.type === 'family');
  const { rows } = present(
    slots.find(({ definition }) => definition.name === 'symbols'),
    'a kernel that trades has a row for each symbol',
  );
  return { barUs: (symbol) => rows.values[rows.at(symbol) + ROW_BAR_US] ?? 0 };
}
