import { SYMBOLS } from '../../../src/actors/kernel/actor-table.ts';
import type { RowTable } from '../../../src/actors/runtime/row-table.ts';
import { closesAt, CLOSES_WIDTH } from '../../../src/domain/market/symbol-row.ts';
import type { KernelHarness } from '../../kernel-harness.ts';
import { FEATURES, type RowScene } from './row-scene.ts';

/** What a row has learned from its bars, to the bit: the closes and all that lives by bars. */
export function learnedBits(scene: RowScene, row = 0): readonly bigint[] {
  const rows = rowsOf(scene);
  const at = rows.at(row) + closesAt('full');
  const width = CLOSES_WIDTH + FEATURES.barPart(FEATURES.timeframe).width;
  const copy = rows.values.slice(at, at + width);
  return [...new BigUint64Array(copy.buffer)];
}

/** The whole row, with what it remembers beside it. */
export function rowBits(harness: KernelHarness, row = 0): readonly bigint[] {
  const rows = tableOf(harness);
  const hot = rows.values.slice(rows.at(row), rows.at(row + 1));
  const cold = rows.coldRow(row)?.slice() ?? new Float64Array(0);
  return [hot, cold].flatMap(({ buffer }) => [...new BigUint64Array(buffer)]);
}

/** Does the row remember bars? */
export function remembers(scene: RowScene, row = 0): boolean {
  return rowsOf(scene).coldRow(row) !== undefined;
}

function rowsOf(scene: RowScene): RowTable {
  return tableOf(scene.harness);
}

function tableOf(harness: KernelHarness): RowTable {
  const slot = harness.kernel.slots[SYMBOLS];
  if (slot?.type !== 'family') throw new Error('symbols are a family');
  return slot.rows;
}
