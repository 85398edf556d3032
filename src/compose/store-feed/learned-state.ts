import { present } from '../../core/assert.ts';
import type { RowWarmth } from '../../actors/kernel/row-warmth.ts';
import type { Kernel } from '../../actors/runtime/kernel.ts';
import type { RowTable } from '../../actors/runtime/row-table.ts';
import { ROW_BAR_US } from '../../domain/market/symbol-row.ts';
import type { LearnedState } from './learned-rows.ts';

/** The feed reads the rows of this kernel from now on: it lives as long as the session's life. */
export function bound(kernel: Kernel, feed: { bind(rows: RowTable): void } | undefined): Kernel {
  feed?.bind(symbolRows(kernel));
  return kernel;
}

/** Of the family that has a row for each symbol. */
export function symbolRows(kernel: Kernel): RowTable {
  const slots = kernel.slots.filter((slot) => slot.type === 'family');
  const found = slots.find(({ definition }) => definition.name === 'symbols');
  return present(found, 'a kernel that trades has a row for each symbol').rows;
}

export function learnedState(rows: RowTable, warmth: RowWarmth): LearnedState {
  return {
    barUs: (symbol) => rows.values[rows.at(symbol) + ROW_BAR_US] ?? 0,
    warmth: (symbol) => warmth.read(rows.values, rows.at(symbol)),
    layout: warmth.layout,
  };
}
