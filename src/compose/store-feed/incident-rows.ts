import { formatMoney } from '../../core/money.ts';
import {
  CHANNEL_BARS,
  CHANNEL_QUOTES,
  CHANNEL_TRADES,
  type EventBatch,
} from '../../domain/market/event-batch.ts';
import type { Fact } from '../../ports/fact.ts';
import type { Input } from '../../ports/input.ts';
import { incidents } from '../../store/tables/decisions.ts';
import type { SymbolNames } from './symbol-names.ts';
import { type RowsTaken, TableRows } from './table-rows.ts';
import { Places, type TurnPlace } from './turn-place.ts';

export interface IncidentRowsOptions {
  readonly names: SymbolNames;
  readonly rowsMax: number;
  readonly taken: RowsTaken;
}

/** Codes of incidents that are neither facts nor inputs of their own kind. */
const DATA_GAP = 'dataGap';
const ROWS_REFUSED = 'rowsRefused';
/** What the store says is of no turn: it stands behind those of the turn that it came after. */
const PLACE_OF_STORE = 1_000_000;

const CHANNELS: ReadonlyMap<number, string> = new Map([
  [CHANNEL_TRADES, 'trades'],
  [CHANNEL_QUOTES, 'quotes'],
  [CHANNEL_BARS, 'bars'],
]);

type Incident = readonly [
  severity: 'info' | 'warn' | 'error' | 'fatal',
  subject: string,
  detail: string,
];

/** What went wrong, was stopped or was lifted. The code is the fact's or the input's own name. */
export class IncidentRows {
  readonly #names: SymbolNames;
  readonly #rows: TableRows;
  readonly #places = new Places();
  #storePlace = PLACE_OF_STORE;

  constructor({ names, rowsMax, taken }: IncidentRowsOptions) {
    this.#names = names;
    this.#rows = new TableRows(incidents, rowsMax, taken);
  }

  get tables(): readonly TableRows[] {
    return [this.#rows];
  }

  fact(fact: Fact, turn: TurnPlace): void {
    const incident = incidentOf(fact, this.#names);
    if (incident !== undefined) this.#add(fact.kind, incident, turn);
  }

  input(input: Input, turn: TurnPlace): void {
    if (input.kind === 'serviceChanged') {
      const { service, state, reason } = input;
      const severity = state === 'up' ? 'info' : state === 'down' ? 'error' : 'warn';
      const detail = reason === '' ? state : `${state}: ${reason}`;
      this.#add(input.kind, [severity, service, detail], turn);
    } else if (input.kind === 'opened' && input.life > 1) {
      this.#add('recovered', ['warn', input.account, `life ${input.life} begins`], turn);
    }
  }

  /** The channel lost data: of one symbol, or of all. */
  gap(batch: EventBatch, event: number, turn: TurnPlace): void {
    const symbol = batch.symbol[event] ?? -1;
    const subject = symbol < 0 ? 'all symbols' : this.#names.of(symbol);
    const lost = batch.a[event] ?? 0;
    const channel = CHANNELS.get(batch.flags[event] ?? 0) ?? 'another channel';
    const detail = lost > 0 ? `${channel}: ${lost} lost` : channel;
    this.#add(DATA_GAP, ['warn', subject, detail], turn);
  }

  /** The store took other rows of the table, and not these. No journal tells it. */
  rowsRefused(table: string, detail: string, turn: TurnPlace): void {
    const place = this.#storePlace;
    this.#storePlace += 1;
    const { atUs, session, sequence } = turn;
    this.#rows.add([atUs, session, sequence, place, 'error', ROWS_REFUSED, table, detail]);
  }

  #add(code: string, [severity, subject, detail]: Incident, turn: TurnPlace): void {
    const { atUs, session, sequence } = turn;
    const place = this.#places.next(turn);
    this.#rows.add([atUs, session, sequence, place, severity, code, subject, detail]);
  }
}

/** Undefined for a fact that is none. */
function incidentOf(fact: Fact, names: SymbolNames): Incident | undefined {
  switch (fact.kind) {
    case 'crashed':
      return ['error', whoOf(fact, names), `${fact.code}: ${fact.message}`];
    case 'quarantined':
      return ['error', whoOf(fact, names), `out until ${fact.untilUs}`];
    case 'lifted':
      return ['info', whoOf(fact, names), ''];
    case 'tradingHalted': {
      const { account, level, code, reason, by } = fact;
      return ['error', account, `${level}, ${code} by ${by}: ${reason}`];
    }
    case 'tradingResumed':
      return ['warn', fact.account, `by ${fact.by}: ${fact.reason}`];
    case 'entriesEnded':
      return ['info', fact.account, `by ${fact.by}: ${fact.reason}`];
    case 'policyTaken': {
      const { name, value, version, by, reason, unheeded } = fact;
      const left = unheeded === undefined ? '' : `; ${unheeded}`;
      return ['warn', name, `${value}, version ${version} by ${by}: ${reason}${left}`];
    }
    case 'symbolBanned':
      return restriction(fact, fact.isBanned ? 'banned' : 'not banned any more', names);
    case 'handsOff':
      return restriction(fact, fact.isOff ? 'hands off' : 'hands on', names);
    case 'strayReported':
      return ['warn', fact.clientOrderId, `${fact.venueOrderId}: ${fact.detail}`];
  }
  return booksIncident(fact, names);
}

/** Where our books and the broker's are not the same. */
function booksIncident(fact: Fact, names: SymbolNames): Incident | undefined {
  switch (fact.kind) {
    case 'positionDoubted':
      return ['warn', names.of(fact.symbol), `ours ${fact.ours}, theirs ${fact.theirs}`];
    case 'driftFound':
      return ['error', names.of(fact.symbol), `ours ${fact.ours}, theirs ${fact.theirs}`];
    case 'cashDoubted': {
      const [ours, theirs] = [formatMoney(fact.ours), formatMoney(fact.theirs)];
      return ['warn', 'cash', `ours ${ours}, theirs ${theirs}`];
    }
    case 'positionAdopted':
      return ['warn', names.of(fact.symbol), `${fact.origin}: ${fact.quantity} shares`];
    case 'cashAdjusted':
      return ['warn', fact.account, `${fact.origin}: ${formatMoney(fact.amount)}`];
    case 'externalOrder': {
      const { clientOrderId, venueOrderId, side, quantity, symbol } = fact;
      const what = `${venueOrderId}: ${side} ${quantity} ${names.of(symbol)}`;
      return ['warn', clientOrderId, what];
    }
    case 'unlistedHeld':
      return ['warn', fact.name, 'held, and not listed here'];
  }
  return undefined;
}

function whoOf(
  { actor, row }: { readonly actor: string; readonly row: number },
  names: SymbolNames,
): string {
  return row < 0 ? actor : `${actor}/${names.of(row)}`;
}

function restriction(
  { symbol, by, reason }: { readonly symbol: number; readonly by: string; readonly reason: string },
  what: string,
  names: SymbolNames,
): Incident {
  return ['warn', names.of(symbol), `${what}, by ${by}: ${reason}`];
}
