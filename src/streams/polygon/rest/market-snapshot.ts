import { MINUTE } from '../../../core/time.ts';
import type { HistoryBar, HistorySpan } from '../../market/market-history.ts';
import { numberOf, readBar, usOf, valueOf } from './rest-rows.ts';

/** What a snapshot of the market says of a symbol. */
export interface SnapshotRow {
  readonly name: string;
  /** The newest minute in which it traded. */
  readonly minute: HistoryBar | undefined;
  readonly lastTradeUs: number | undefined;
  /** Traded today. */
  readonly dollars: number;
}

export function readSnapshotRow(row: unknown): SnapshotRow | undefined {
  const name = valueOf(row, 'ticker');
  if (typeof name !== 'string') return undefined;
  const day = valueOf(row, 'day');
  const dollars = numberOf(day, 'c') * numberOf(day, 'v');
  return {
    name,
    minute: readBar(valueOf(row, 'min')),
    lastTradeUs: usOf(valueOf(valueOf(row, 'lastTrade'), 't')),
    dollars: Number.isFinite(dollars) ? dollars : 0,
  };
}

/** A symbol's bars of a span as far as the snapshot alone tells them: all of them, or undefined. */
export function barsBySnapshot(
  row: SnapshotRow | undefined,
  { fromUs, toUs }: Pick<HistorySpan, 'fromUs' | 'toUs'>,
): readonly HistoryBar[] | undefined {
  const { minute, lastTradeUs } = row ?? {};
  // It has not traded since.
  if (lastTradeUs !== undefined && lastTradeUs < fromUs) return [];
  if (minute === undefined) return undefined;
  // Traded, and not so that it made a bar.
  if (minute.startUs < fromUs) return [];
  const isOnly = minute.startUs < toUs && minute.startUs - MINUTE < fromUs;
  return isOnly ? [minute] : undefined;
}
