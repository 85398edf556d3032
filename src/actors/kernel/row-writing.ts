import { symbolId } from '../../core/ids.ts';
import { BAR_END_US } from '../../domain/market/bars/bar-record.ts';
import { toldBar } from '../../domain/market/bars/told-bar.ts';
import type { FamilyTurn } from '../runtime/definition.ts';
import type { RowFeatures } from './row-features.ts';

const NONE = new Float64Array(0);

/** A bar of a row's that has just closed, for the time series store; the journal keeps its hash. */
export interface ClosedBar {
  readonly endUs: number;
  readonly told: Float64Array;
}

export function closedBar(record: Float64Array, at: number): ClosedBar {
  return { endUs: record[at + BAR_END_US] ?? Number.NaN, told: toldBar(record, at) };
}

/** With what the row's indicators are after it, prices in dollars. */
export function writeClosed(
  turn: FamilyTurn,
  row: number,
  bar: ClosedBar,
  features: RowFeatures,
  outputs: Float64Array,
): void {
  turn.request({
    kind: 'writeRows',
    table: 'indicators',
    rows: [symbolId(row)],
    width: outputs.length,
    values: outputs,
    layoutHash: features.outputsLayout,
    barUs: Float64Array.of(bar.endUs),
    bars: bar.told,
  });
}

/** A closed bar is another one now. What was said when it closed stands. */
export function writeAnew(turn: FamilyTurn | undefined, row: number, record: Float64Array): void {
  turn?.request({
    kind: 'writeRows',
    table: 'bars',
    rows: [symbolId(row)],
    width: 0,
    values: NONE,
    layoutHash: '',
    barUs: Float64Array.of(record[BAR_END_US] ?? Number.NaN),
    bars: toldBar(record, 0),
  });
}
