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
  /** Of a symbol's own row: without it nothing of the symbol is taken over. */
  readonly row: RowLayout;
  readonly layers: readonly RowLayout[];
  /** In the order of their ids. */
  readonly names: readonly string[];
  readonly nowUs: number;
  /** The venue makes the bars, and sends again those that were missed today. */
  readonly areBarsSent: boolean;
}

/** Whose doubles a state is, and what they mean. */
export interface RowLayout {
  readonly family: string;
  readonly layout: string;
}

export interface WarmAnswer {
  readonly rows: readonly RowWarmed[];
  /** Why there are none; undefined where there are some. */
  readonly reason: string | undefined;
}

/** A busy symbol's last bar is in the first step; one that rarely trades takes several. */
const STEP_US = 15 * MINUTE;
/** A bar that ends at the close is kept under that very time; a layer's last word comes after. */
const AFTER_CLOSE_US = 15 * MINUTE;

/**
 * What the rows of symbols had learned when their last bars closed, and those of the layers when
 * they last moved or were measured, as inputs of a session that begins. Only of a past that is
 * whole: of the trading day before, kept until its close, or of today, where what was missed since
 * then is sent again.
 */
export async function readWarmRows(question: WarmQuestion): Promise<WarmAnswer> {
  const { nowUs, areBarsSent } = question;
  const date = newYorkDate(nowUs);
  const today = tradingDay(date);
  if (today !== undefined && nowUs > today.openUs) {
    const found = await lastStates(question, today.openUs, nowUs);
    if (found.row.size > 0) {
      if (areBarsSent) return { rows: inputsOf(question, found, true), reason: undefined };
      return { rows: [], reason: 'bars of today were missed, and nobody sends them again' };
    }
  }
  const before = previousTradingDay(date);
  if (before === undefined) return { rows: [], reason: 'there is no trading day before' };
  const untilUs = Math.min(nowUs, before.closeUs + AFTER_CLOSE_US);
  const found = await lastStates(question, before.openUs, untilUs);
  if (found.row.size === 0)
    return { rows: [], reason: 'the store has none of the trading day before' };
  const lastUs = Math.max(...[...found.row.values()].map(({ barUs }) => barUs));
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

type ByName = ReadonlyMap<string, FoundState>;

interface Found {
  readonly row: ByName;
  /** As the question has the layers. */
  readonly layers: readonly ByName[];
}

/**
 * From the end backwards, and of each symbol only until its own row is found: that was kept in the
 * turn of its last bar, and what the layers' rows were then or later has been met by then.
 */
async function lastStates(
  { store, feed, row, layers, names }: WarmQuestion,
  fromUs: number,
  untilUs: number,
): Promise<Found> {
  const layouts = [row, ...layers].map(({ layout }) => layout);
  const all = layouts.map(() => new Map<string, FoundState>());
  const [own, ...others] = all;
  for (let endUs = untilUs; endUs > fromUs; endUs -= STEP_US) {
    const missing = names.filter((name) => own?.has(name) !== true);
    if (missing.length === 0) break;
    const only = { feed: [feed], layout: layouts, symbol: missing };
    const span = { fromUs: Math.max(fromUs, endUs - STEP_US), untilUs: endUs };
    const here = layouts.map(() => new Map<string, FoundState>());
    for await (const batch of store.read({ table: symbolStates, ...span, only })) {
      takeStates(here, layouts, batch);
    }
    for (const [place, states] of here.entries()) takeOlder(all[place], states);
  }
  return { row: own ?? new Map(), layers: others };
}

/** What was found before is later. */
function takeOlder(found: Map<string, FoundState> | undefined, older: ByName): void {
  for (const [name, state] of older) if (found?.has(name) === false) found.set(name, state);
}

/**
 * Columns in the order of the table: at_us, symbol, feed, session, sequence, layout, state. They
 * come in the order of time: the last one stands.
 */
function takeStates(
  found: readonly Map<string, FoundState>[],
  layouts: readonly string[],
  { rows, columns }: RowBatch,
): void {
  const [at, symbols, , sessions, sequences, meant, states] = columns;
  for (let row = 0; row < rows; row += 1) {
    const values = states?.[row];
    if (!(values instanceof Float64Array)) continue;
    found[layouts.indexOf(String(meant?.[row]))]?.set(String(symbols?.[row]), {
      barUs: Number(at?.[row]),
      session: String(sessions?.[row]),
      sequence: Number(sequences?.[row]),
      values,
    });
  }
}

/** A symbol's own row first; those of the layers, of the same session, from the lowest on. */
function inputsOf(
  { names, row, layers }: WarmQuestion,
  found: Found,
  mayLack: boolean,
): readonly RowWarmed[] {
  const rows: RowWarmed[] = [];
  for (const [place, name] of names.entries()) {
    const own = found.row.get(name);
    if (own === undefined) continue;
    const symbol: SymbolId = symbolId(place);
    const take = (of: RowLayout, state: FoundState | undefined): void => {
      if (state === undefined || state.session !== own.session) return;
      const { session, sequence, values } = state;
      rows.push({ kind: 'rowWarmed', symbol, ...of, values, mayLack, session, sequence });
    };
    take(row, own);
    for (const [layer, of] of layers.entries()) take(of, found.layers[layer]?.get(name));
  }
  return rows;
}
