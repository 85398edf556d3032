import { formatTime } from '../core/time.ts';
import { EXIT_CODES, type ExitCode } from './exit-codes.ts';
import { bytesText, clock, count, dateOf, dollars, plural, signedDollars } from './figures.ts';
import { type LiveLoad, loadRows, readLoad } from './live-load.ts';
import type { SessionView } from './session-view.ts';
import { onOneLine } from './terminal-text.ts';

/**
 * What a running engine says of itself over its control channel. Money in ten-thousandths, times in
 * microseconds since 1970, texts empty where there is nothing to say. The table is the format.
 */
const STATUS_FIELDS = {
  sessionId: 'text',
  kind: 'text',
  source: 'text',
  pid: 'number',
  /** When the session began, by the machine's clock. */
  sinceUs: 'number',
  marketUs: 'number',
  phase: 'text',
  records: 'number',
  events: 'number',
  decisionHash: 'text',
  journalState: 'text',
  journalBytes: 'number',
  layer0: 'number',
  layer1: 'number',
  layer2: 'number',
  signals: 'number',
  refusals: 'number',
  orders: 'number',
  openOrders: 'number',
  fills: 'number',
  positions: 'number',
  equity: 'number',
  profit: 'number',
  crashes: 'number',
  out: 'number',
  alerts: 'number',
  faults: 'number',
  lives: 'number',
  /** `noEntries: DAILY_LOSS, ...`; empty where trading goes on. */
  halt: 'text',
  /** Names of the symbols that are never entered, and of those that the operator has. */
  banned: 'texts',
  handsOff: 'texts',
  /** Did the broker's books and ours agree, since the broker was last away? */
  reconciliation: 'text',
  externalOrders: 'number',
  drifts: 'number',
  /** Symbols whose trades and quotes were asked for; 0 where they come of all. */
  slots: 'number',
  /** How right each model has been, a line each. */
  models: 'texts',
} as const satisfies Readonly<Record<string, keyof FieldKinds>>;

interface FieldKinds {
  readonly text: string;
  readonly texts: readonly string[];
  readonly number: number;
}

/** A session in the time of the world also tells how hard it works. */
export type EngineStatus = Partial<LiveLoad> & {
  readonly [Field in keyof typeof STATUS_FIELDS]: FieldKinds[(typeof STATUS_FIELDS)[Field]];
};

/** What the view does not know. */
export type StatusParts = Pick<
  EngineStatus,
  | 'sessionId'
  | 'kind'
  | 'source'
  | 'pid'
  | 'sinceUs'
  | 'records'
  | 'events'
  | 'decisionHash'
  | 'journalState'
  | 'journalBytes'
>;

export function engineStatus(view: SessionView, parts: StatusParts): EngineStatus {
  const { health, layers, orders, ledger } = view;
  const { halt } = health;
  const [layer0 = 0, layer1 = 0, layer2 = 0] = layers.map(({ size }) => size);
  return {
    ...parts,
    layer0,
    layer1,
    layer2,
    marketUs: view.nowUs,
    phase: view.phase,
    signals: view.signals.total,
    refusals: view.refusals.total,
    orders: orders.total,
    openOrders: orders.open().length,
    fills: view.fills.total,
    positions: view.heldPositions().length,
    equity: ledger.equity,
    profit: view.profit,
    crashes: health.crashes.total,
    out: health.outNow,
    alerts: health.alerts.total,
    faults: view.faults.count,
    lives: health.lives,
    halt: halt === undefined ? '' : `${halt.level}: ${halt.code}, ${halt.reason}`,
    banned: [...health.banned].map((symbol) => view.nameOf(symbol)),
    handsOff: [...health.handsOff].map((symbol) => view.nameOf(symbol)),
    reconciliation: reconciliationText(view),
    externalOrders: view.broker.openExternalOrders,
    drifts: view.broker.drifts.total,
    slots: view.broker.slots.length,
    models: view.models.lines(),
  };
}

function reconciliationText({ broker }: SessionView): string {
  const { isReconciled, failures, questions } = broker;
  if (isReconciled) return 'books agree';
  const failed = failures > 0 ? `, ${plural(failures, 'failure')} in a row` : '';
  return `no entries before the broker has told its books (question ${questions}${failed})`;
}

/** Reads an answer; undefined where it is not of this format: an engine of another build. */
export function parseStatus(answer: Readonly<Record<string, unknown>>): EngineStatus | undefined {
  return isStatus(answer) ? answer : undefined;
}

function isStatus(answer: object): answer is EngineStatus {
  const fields = new Map<string, unknown>(Object.entries(answer));
  return Object.entries(STATUS_FIELDS).every(([name, kind]) => {
    return isOfKind(fields.get(name), kind);
  });
}

function isOfKind(value: unknown, kind: keyof FieldKinds): boolean {
  switch (kind) {
    case 'text':
      return typeof value === 'string';
    case 'texts':
      return Array.isArray(value) && value.every((one) => typeof one === 'string');
    case 'number':
      return typeof value === 'number';
  }
}

/** 6 where trading is halted, so that a script need not read the text. */
export function statusExitCode({ halt }: EngineStatus): ExitCode {
  return halt === '' ? EXIT_CODES.ok : EXIT_CODES.riskHalted;
}

export function renderStatus(status: EngineStatus): string {
  const { marketUs, halt } = status;
  const time = marketUs > 0 ? `${dateOf(marketUs)} ${clock(marketUs)} New York` : 'not begun';
  const { kind, source, layer0, layer1, layer2, orders, openOrders, fills } = status;
  const load = readLoad(status);
  const rows: readonly (readonly [string, string])[] = [
    ['session', `${status.sessionId} (${kind}: ${source})`],
    ['process', `${status.pid}, life ${status.lives} of what began ${formatTime(status.sinceUs)}`],
    ['trading', halt === '' ? 'goes on' : `HALTED ${halt}`],
    ...namesRow('banned', status.banned),
    ...namesRow('hands off', status.handsOff),
    ['broker', brokerText(status)],
    ['market', `${time}, ${status.phase}`],
    ['universe', `${count(layer0)} symbols, ${count(layer1)} liquid, ${count(layer2)} active`],
    ['signals', `${count(status.signals)}, ${count(status.refusals)} refused`],
    ['orders', `${count(orders)}, ${count(openOrders)} open; ${plural(fills, 'fill')}`],
    ['equity', `${dollars(status.equity)} (${signedDollars(status.profit)})`],
    ['positions', count(status.positions)],
    ...status.models.map((text, at) => [at === 0 ? 'models' : '', text] as const),
    ['crashes', `${count(status.crashes)} healed, ${status.out} out now`],
    ['data', `${count(status.events)} events, ${plural(status.faults, 'fault')}`],
    ['journal', `${status.journalState}, ${bytesText(status.journalBytes)}`],
    ['decisions', `${status.decisionHash} after ${count(status.records)} records`],
    ['alerts', count(status.alerts)],
    ...(load === undefined ? [] : loadRows(load)),
  ];
  return `${rows.map(([name, text]) => `${name.padEnd(10)} ${onOneLine(text)}`).join('\n')}\n`;
}

function brokerText({ reconciliation, externalOrders, drifts, slots }: EngineStatus): string {
  const told = [
    reconciliation,
    ...(externalOrders > 0 ? [plural(externalOrders, 'external order')] : []),
    ...(drifts > 0 ? [plural(drifts, 'DRIFT', 'DRIFTS')] : []),
    ...(slots > 0 ? [`quotes of ${plural(slots, 'symbol')}`] : []),
  ];
  return told.join('; ');
}

const NAMED_MAX = 10;

function namesRow(row: string, names: readonly string[]): readonly (readonly [string, string])[] {
  if (names.length === 0) return [];
  const more = names.length - NAMED_MAX;
  const named = names.slice(0, NAMED_MAX).join(', ');
  return [[row, more > 0 ? `${named} and ${count(more)} more` : named]];
}
