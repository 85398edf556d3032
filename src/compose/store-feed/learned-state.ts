import { present } from '../../core/assert.ts';
import type { LayerWarmth } from '../../actors/kernel/layer-warmth.ts';
import type { RowWarmth } from '../../actors/kernel/row-warmth.ts';
import type { Kernel } from '../../actors/runtime/kernel.ts';
import type { RowTable } from '../../actors/runtime/row-table.ts';
import { ROW_BAR_US } from '../../domain/market/symbol-row.ts';

/** How what rows have learned is read out of them: a symbol's own, and those of the layers. */
export interface Warmths {
  readonly row: RowWarmth;
  readonly layers: readonly LayerWarmth[];
}

/** What one family has learned of a symbol. */
export interface LearnedOf {
  readonly layout: string;
  /** As a copy. */
  read(symbol: number): Float64Array;
}

/** The kernel's rows, as they are at the end of a turn. */
export interface LearnedState {
  /** When the last bar of the symbol closed; 0 before. */
  barUs(symbol: number): number;
  readonly row: LearnedOf;
  /** From layer 1 on. */
  readonly layers: readonly LearnedOf[];
}

/** The feed reads the rows of this kernel from now on: it lives as long as the session's life. */
export function bound(kernel: Kernel, feed: { bind(kernel: Kernel): void } | undefined): Kernel {
  feed?.bind(kernel);
  return kernel;
}

export function learnedState(kernel: Kernel, { row, layers }: Warmths): LearnedState {
  const rows = rowsOf(kernel, row.family);
  return {
    barUs: (symbol) => rows.values[rows.at(symbol) + ROW_BAR_US] ?? 0,
    row: learnedOf(rows, row),
    layers: layers.map((layer) => learnedOf(rowsOf(kernel, layer.family), layer)),
  };
}

function learnedOf(rows: RowTable, warmth: RowWarmth | LayerWarmth): LearnedOf {
  return {
    layout: warmth.layout,
    read: (symbol) => warmth.read(rows.values, rows.at(symbol)),
  };
}

function rowsOf(kernel: Kernel, family: string): RowTable {
  const slots = kernel.slots.filter((slot) => slot.type === 'family');
  const found = slots.find(({ definition }) => definition.name === family);
  return present(found, `a kernel that trades has the family ${family}`).rows;
}
