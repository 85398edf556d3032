import { dirname } from 'node:path';
import { type DataFault, describeFault, FAULTS_NAMED_MAX } from '../domain/market/data-fault.ts';
import type { SessionDescription } from '../ports/session-reader.ts';
import {
  bytesText,
  clock,
  count,
  dateOf,
  dollars,
  measure,
  percent,
  plural,
  signedDollars,
  span,
} from './figures.ts';
import { type LiveLoad, loadRows } from './live-load.ts';
import { DATA_DIR } from './verbs.ts';
import type { SessionView } from './session-view.ts';
import { onOneLine } from './terminal-text.ts';

/** What only the one who ran the session knows of it. */
export interface SessionEnding {
  /** 16 hex digits: the decision hash after the last turn. */
  readonly decisionHash: string;
  /** `the market closed`, `stopped by a person`, an error's text. */
  readonly reason: string;
  readonly wallUs: number;
  /** Processor time of the process; 0 where it was not measured. */
  readonly cpuUs: number;
  /** The last sequence number. */
  readonly inputs: number;
  readonly journalPath: string;
  readonly journalBytes: number;
  /** Empty where none was written. */
  readonly reportPath: string;
  /** Said once, at the end: that there was no history, that a part was left out. */
  readonly notes: readonly string[];
  /** The store that took its rows; left out where none did. */
  readonly store?: string | undefined;
  /** Of a session in the time of the world. */
  readonly load?: LiveLoad | undefined;
}

const CODES_NAMED_MAX = 4;

/** The end of a session in a screenful of text. */
export function renderSummary(
  view: SessionView,
  description: SessionDescription,
  ending: SessionEnding,
): string {
  const { sessionId, kind, source } = description;
  const rows: readonly (readonly [string, string])[] = [
    ['ended', ending.reason],
    ['market time', marketTime(view, ending)],
    ['events', eventsText(view, ending)],
    ['universe', universeText(view)],
    ['signals', signalsText(view)],
    ['orders', ordersText(view)],
    ['trades', tradesText(view)],
    ['equity', equityText(view)],
    ...view.models.lines().map((text, at) => [at === 0 ? 'models' : '', text] as const),
    ...brokerRows(view),
    ['crashes', crashesText(view)],
    ['halts', haltsText(view)],
    ...faultRows(view),
    ...(ending.load === undefined ? [] : loadRows(ending.load)),
    ...ending.notes.map((note) => ['note', note] as const),
    ['decisions', `${ending.decisionHash} after ${count(ending.inputs)} records`],
    ...(ending.reportPath === '' ? [] : [['report', ending.reportPath] as const]),
    ['journal', `${ending.journalPath} (${bytesText(ending.journalBytes)})`],
    ...storeRows(ending.store),
    ['check it', verifyCommand(sessionId, ending)],
  ];
  const lines = rows.map(([name, text]) => `  ${name.padEnd(12)} ${onOneLine(text)}`);
  return `\nSession ${sessionId} (${kind}: ${onOneLine(source)})\n${lines.join('\n')}\n`;
}

/** The same for machines. Money in ten-thousandths of a dollar, times in microseconds. */
export function summaryJson(
  view: SessionView,
  description: SessionDescription,
  ending: SessionEnding,
): Readonly<Record<string, unknown>> {
  const { counters, ledger, orders, trades, health } = view;
  const { load, ...ended } = ending;
  const wallSeconds = ending.wallUs / 1_000_000;
  const cpuSeconds = ending.cpuUs / 1_000_000;
  return {
    ...description,
    ...ended,
    ...load,
    market: { startedUs: view.startedUs, endedUs: view.nowUs },
    counts: {
      ...counters,
      symbols: view.symbols.size,
      layers: view.layers.map(({ size }) => size),
      layerMoves: view.moves.total,
      signals: view.signals.total,
      refusals: view.refusals.total,
      orders: orders.total,
      fills: view.fills.total,
      trades: trades.closed.total,
      crashes: health.crashes.total,
      quarantines: health.quarantines,
      halts: health.haltsTotal,
      alerts: health.alerts.total,
      strays: health.strays,
      faults: view.faults.count,
      lives: health.lives,
      externalOrders: view.broker.externalOrders.size,
      adoptions: view.broker.adoptions.total,
      drifts: view.broker.drifts.total,
    },
    /** The first of them in full; `count` has them all. */
    faults: { count: view.faults.count, first: firstFaults(view) },
    refusals: Object.fromEntries(view.refusalsByCode),
    standings: Object.fromEntries([...orders.byStanding].filter(([, many]) => many > 0)),
    strategies: Object.fromEntries(view.strategies),
    models: view.models.list(),
    money: {
      startingEquity: view.startingEquity,
      equity: ledger.equity,
      cash: ledger.cash,
      realized: ledger.realized,
      unrealized: ledger.unrealized,
      profit: view.profit,
      drawdownMax: view.drawdownMax,
    },
    rates: {
      eventsPerSecond: wallSeconds > 0 ? counters.events / wallSeconds : 0,
      eventsPerCpuSecond: cpuSeconds > 0 ? counters.events / cpuSeconds : 0,
    },
  };
}

function storeRows(store: string | undefined): readonly (readonly [string, string])[] {
  return store === undefined ? [] : [['store', `${store}: npx strata query says what is in it`]];
}

/** As a shell takes it: the journal lies in `DIR/sessions/ID/journal`. */
export function verifyCommand(sessionId: string, { journalPath }: SessionEnding): string {
  const command = `npx strata verify ${sessionId}`;
  const dataDir = dirname(dirname(dirname(journalPath)));
  if (dataDir === DATA_DIR) return command;
  const isPlain = /^[\w./@%+:,-]+$/.test(dataDir);
  const quoted = `'${dataDir.replaceAll("'", String.raw`'\''`)}'`;
  return `${command} --data-dir ${isPlain ? dataDir : quoted}`;
}

function marketTime({ startedUs, nowUs }: SessionView, { wallUs }: SessionEnding): string {
  if (startedUs === 0) return 'nothing came';
  const first = `${dateOf(startedUs)} ${clock(startedUs)}`;
  const isOneDay = dateOf(nowUs) === dateOf(startedUs);
  const last = isOneDay ? clock(nowUs) : `${dateOf(nowUs)} ${clock(nowUs)}`;
  const pace = wallUs > 0 ? ` (x${measure(Math.round((nowUs - startedUs) / wallUs))})` : '';
  return `${first} to ${last} New York, in ${span(wallUs)}${pace}`;
}

function eventsText({ counters }: SessionView, { wallUs }: SessionEnding): string {
  const rate = wallUs > 0 ? `, ${count((counters.events * 1_000_000) / wallUs)} a second` : '';
  return `${count(counters.events)} in ${count(counters.frames)} frames${rate}`;
}

function universeText({ layers, moves }: SessionView): string {
  const [universe = 0, liquid = 0, active = 0] = layers.map(({ size }) => size);
  const moved = plural(moves.total, 'move');
  return `${count(universe)} symbols, ${count(liquid)} liquid, ${count(active)} active; ${moved}`;
}

function signalsText({ signals, refusals, refusalsByCode }: SessionView): string {
  const codes = byCount(refusalsByCode);
  const named = codes.slice(0, CODES_NAMED_MAX);
  const others = codes.slice(CODES_NAMED_MAX).reduce((sum, [, many]) => sum + many, 0);
  const shown = others > 0 ? [...named, ['other', others] as const] : named;
  const why = shown.map(([code, many]) => `${code} ${count(many)}`).join(', ');
  const refused = `${count(refusals.total)} refused${why === '' ? '' : ` (${why})`}`;
  return `${count(signals.total)}, ${refused}`;
}

function ordersText({ orders }: SessionView): string {
  const standings = byCount(orders.byStanding).filter(([, many]) => many > 0);
  const parts = standings.map(([standing, many]) => `${count(many)} ${standing}`);
  return parts.length === 0 ? 'none' : `${count(orders.total)}: ${parts.join(', ')}`;
}

function tradesText({ trades }: SessionView): string {
  if (trades.closed.total === 0) return 'none closed';
  const { won, lost, wins, closed, hitRate } = trades;
  const factor = lost > 0 ? `, ${(won / lost).toFixed(2)} won for each 1.00 lost` : '';
  const share = `${wins} won (${Math.round(hitRate * 100)} %)`;
  return `${count(closed.total)} closed, ${share}${factor}`;
}

function equityText(view: SessionView): string {
  const { ledger, startingEquity, profit, drawdownMax } = view;
  const ratio = startingEquity > 0 ? profit / startingEquity : 0;
  const change = `${signedDollars(profit)} (${percent(ratio)})`;
  const open = view.heldPositions().length;
  const held = open === 0 ? 'flat' : `${plural(open, 'position')} open`;
  return `${dollars(ledger.equity)}, ${change}; drawdown ${dollars(drawdownMax)}; ${held}`;
}

/** Nothing where the account was ours alone and the books agreed. */
function brokerRows({ broker }: SessionView): readonly (readonly [string, string])[] {
  const { externalOrders, adoptions, drifts, unlisted, cashAdjusted } = broker;
  const parts = [
    ...(externalOrders.size > 0 ? [plural(externalOrders.size, 'external order')] : []),
    ...(adoptions.total > 0 ? [`${plural(adoptions.total, 'position')} adopted`] : []),
    ...(drifts.total > 0 ? [plural(drifts.total, 'DRIFT', 'DRIFTS')] : []),
    ...(unlisted.size > 0 ? [`held outside of the session: ${[...unlisted].join(', ')}`] : []),
    ...(cashAdjusted === 0 ? [] : [`cash ${signedDollars(cashAdjusted)} by no trade of ours`]),
  ];
  return parts.length === 0 ? [] : [['broker', parts.join('; ')]];
}

function crashesText({ health }: SessionView): string {
  const { crashes, quarantines, outNow, lives } = health;
  const again = lives > 1 ? `; the engine was recovered ${plural(lives - 1, 'time')}` : '';
  if (crashes.total === 0) return `none${again}`;
  return `${count(crashes.total)} healed, ${quarantines} quarantined, ${outNow} still out${again}`;
}

function haltsText({ health }: SessionView): string {
  const { halt, haltsTotal, lastHalt } = health;
  if (halt !== undefined) return `HALTED now, ${halt.level}: ${halt.code}, ${halt.reason}`;
  return lastHalt === undefined
    ? 'none'
    : `${count(haltsTotal)}, the last: ${lastHalt.what} (${lastHalt.reason})`;
}

/** Which file and line to look at: a count alone would send a person searching. */
function faultRows(view: SessionView): readonly (readonly [string, string])[] {
  const { faults } = view;
  if (faults.count === 0) return [['data', 'no faults']];
  const first = firstFaults(view);
  const more = faults.count - first.length;
  return [
    ['data', `${plural(faults.count, 'fault')}; what is good was kept`],
    ...first.map((fault) => ['', describeFault(fault)] as const),
    ...(more > 0 ? [['', `and ${count(more)} more`] as const] : []),
  ];
}

function firstFaults({ faults }: SessionView): readonly DataFault[] {
  return faults.first.slice(0, FAULTS_NAMED_MAX);
}

/** The largest first. */
export function byCount<K>(counts: ReadonlyMap<K, number>): readonly (readonly [K, number])[] {
  return [...counts].toSorted(([, left], [, right]) => right - left);
}
