import type { SymbolId } from '../../core/ids.ts';
import { symbolId } from '../../core/ids.ts';
import { MINUTE } from '../../core/time.ts';
import { newYorkDate, previousTradingDay, tradingDay } from '../../domain/market/calendar.ts';
import type { Input } from '../../ports/input.ts';
import type { RowBatch, TimeSeriesStore } from '../../ports/time-series.ts';
import { symbolStates } from '../../store/tables/rows.ts';

export type RowWarmed = Extract<Input, { kind: 'rowWarmed' }>;

export interface WarmQuestion {
  readonly store: Pick<TimeSeriesStore, 'read'>;
  readonly feed: string;
  readonly layout: string;
  /** In the order of their ids. */
  readonly names: readonly string[];
  readonly nowUs: number;
  /** The venue makes the bars, and sends again those that were missed today. */
  readonly areBarsSent: boolean;
}

export interface WarmAnswer {
  readonly rows: readonly RowWarmed[];
  /** Why there are none; undefined where there are some. */
  readonly reason: string | undefined;
}

/** A busy symbol's last bar is in the first step; one that rarely trades takes several. */
const STEP_US = 15 * MINUTE;

/**
 * What the symbols' rows had learned when their last bars closed, as inputs of a session that
 * begins. Only of a past that is whole: of the trading day before, kept until its close, or of
 * today, where what was missed since then is sent again.
 */
export async function readWarmRows(question: WarmQuestion): Promise<WarmAnswer> {
  const { nowUs, areBarsSent } = question;
  const date = newYorkDate(nowUs);
  const today = tradingDay(date);
  if (today !== undefined && nowUs > today.openUs) {
    const found = await lastStates(question, today.openUs, nowUs);
    if (found.size > 0) {
      if (areBarsSent) return { rows: inputsOf(question, found, true), reason: undefined };
      return { rows: [], reason: 'bars of today were missed, and nobody sends them again' };
    }
  }
  const before = previousTradingDay(date);
  if (before === undefined) return { rows: [], reason: 'there is no trading day before' };
  // A bar that ends at the close is kept under that very time.
  const found = await lastStates(question, before.openUs, before.closeUs + 1);
  if (found.size === 0) return { rows: [], reason: 'the store has none of the trading day before' };
  const lastUs = Math.max(...[...found.values()].map(({ barUs }) => barUs));
  if (lastUs < before.closeUs) {
    return { rows: [], reason: 'what it has of the trading day before ends before the close' };
  }
  return { rows: inputsOf(question, found, false), reason: undefined };
}

interface FoundState {
  readonly barUs: number;
  readonly session: string;
  readonly sequence: number;
  readonly values: Float64Array;
}

/** From the end backwards, and of each symbol only until it is found. */
async function lastStates(
  { store, feed, layout, names }: WarmQuestion,
  fromUs: number,
  untilUs: number,
): Promise<ReadonlyMap<string, FoundState>> {
  const found = new Map<string, FoundState>();
  for (let endUs = untilUs; endUs > fromUs; endUs -= STEP_US) {
    const missing = names.filter((name) => !found.has(name));
    if (missing.length === 0) break;
    const only = { feed: [feed], layout: [layout], symbol: missing };
    const span = { fromUs: Math.max(fromUs, endUs - STEP_US), untilUs: endUs };
    // In order of time: the last one of a symbol stands.
    for await (const batch of store.read({ table: symbolStates, ...span, only })) {
      takeStates(found, batch);
    }
  }
  return found;
}

/** Columns in the order of the table: at_us, symbol, feed, session, sequence, layout, state. */
function takeStates(found: Map<string, FoundState>, { rows, columns }: RowBatch): void {
  const [at, symbols, , sessions, sequences, , states] = columns;
  for (let row = 0; row < rows; row += 1) {
    const values = states?.[row];
    if (!(values instanceof Float64Array)) continue;
    found.set(String(symbols?.[row]), {
      barUs: Number(at?.[row]),
      session: String(sessions?.[row]),
      sequence: Number(sequences?.[row]),
      values,
    });
  }
}

function inputsOf(
  { names, layout }: WarmQuestion,
  found: ReadonlyMap<string, FoundState>,
  mayLack: boolean,
): readonly RowWarmed[] {
  const rows: RowWarmed[] = [];
  for (const [place, name] of names.entries()) {
    const state = found.get(name);
    if (state === undefined) continue;
    const { session, sequence, values } = state;
    const symbol: SymbolId = symbolId(place);
    rows.push({ kind: 'rowWarmed', symbol, layout, values, mayLack, session, sequence });
  }
  return rows;
}
