import { PRICE_SCALE } from '../../core/money.ts';
import {
  BAND,
  CORRECTION,
  type EventBatch,
  QUOTE,
  QUOTE_ASK,
  QUOTE_BID,
  QUOTE_INELIGIBLE,
  STATUS,
  STATUS_HALTED,
  STATUS_QUOTING,
  STATUS_TRADING,
  TRADE,
  TRADE_REGULAR,
} from '../../domain/market/event-batch.ts';
import {
  exchangeCode,
  QUOTE_CONDITIONS,
  type Tape,
  tradeConditions,
} from '../archive/wire-codes.ts';
import type { DataChannel } from './data-channels.ts';
import { type HaltState, statusWords } from './status-words.ts';
import { WireEvent, type WireMap, wireTime } from './wire-event.ts';

/** The channel an event of the market belongs to; undefined where no channel carries it. */
export function channelOf(batch: EventBatch, at: number): DataChannel | undefined {
  switch (batch.kind[at]) {
    case TRADE:
      return 'trades';
    case QUOTE:
      return 'quotes';
    case STATUS:
      return 'statuses';
    case BAND:
      return 'lulds';
    case CORRECTION:
      return batch.d[at] === 0 ? 'cancelErrors' : 'corrections';
    default:
      return undefined; // Bars come from the archive, which has seen every trade.
  }
}

export interface WireSymbol {
  readonly name: string;
  readonly tape: Tape;
}

/** Auctions print like any trade; their letters say more than their flags. */
export type TradeMoment = 'usual' | 'opening' | 'reopening' | 'closing';

/** How an event looks on the wire. `moment` matters to trades alone; `skewUs` to all. */
export interface WireView {
  readonly symbol: WireSymbol;
  readonly moment: TradeMoment;
  readonly isCore: boolean;
  readonly skewUs: number;
  /** The id of the trade that a correction is about. */
  readonly tradeId: number;
}

/** One event of a batch as the data stream says it (venues.md 2.5). */
export function wireOfMarket(batch: EventBatch, at: number, view: WireView): WireEvent {
  switch (channelOf(batch, at)) {
    case 'trades':
      return new WireEvent(tradeMap(batch, at, view));
    case 'quotes':
      return new WireEvent(quoteMap(batch, at, view));
    case 'statuses':
      return new WireEvent(statusMap(batch, at, view));
    case 'lulds':
      return new WireEvent(bandMap(batch, at, view));
    case 'corrections':
      return new WireEvent(correctionMap(batch, at, view));
    default:
      return new WireEvent(cancelMap(batch, at, view));
  }
}

function tradeMap(batch: EventBatch, at: number, view: WireView): WireMap {
  const { name, tape } = view.symbol;
  return {
    T: 't',
    S: name,
    i: batch.c[at] ?? 0,
    x: exchangeCode(batch.exchange[at] ?? 0, tape),
    p: dollars(batch.a[at]),
    s: batch.b[at] ?? 0,
    c: conditionsOf(batch.flags[at] ?? 0, view),
    z: tape,
    t: timeOf(batch, at, view),
  };
}

/** The sale conditions of a trade, in the letters of its tape. */
export function conditionsOf(
  flags: number,
  view: Pick<WireView, 'symbol' | 'isCore' | 'moment'>,
): readonly string[] {
  const conditions = tradeConditions(flags, view.isCore, view.symbol.tape);
  const letter = AUCTION_LETTERS[view.moment];
  if (letter === undefined || (flags & TRADE_REGULAR) !== TRADE_REGULAR) return conditions;
  return [...conditions, letter];
}

const AUCTION_LETTERS: Readonly<Record<TradeMoment, string | undefined>> = {
  usual: undefined,
  opening: 'O',
  reopening: '5',
  closing: '6',
};

/** Price 0 is the absent side. */
function quoteMap(batch: EventBatch, at: number, view: WireView): WireMap {
  const { name, tape } = view.symbol;
  const flags = batch.flags[at] ?? 0;
  const letter = exchangeCode(batch.exchange[at] ?? 0, tape);
  const hasBid = (flags & QUOTE_BID) !== 0;
  const hasAsk = (flags & QUOTE_ASK) !== 0;
  return {
    T: 'q',
    S: name,
    bx: letter,
    bp: hasBid ? dollars(batch.a[at]) : 0,
    bs: hasBid ? (batch.b[at] ?? 0) : 0,
    ax: letter,
    ap: hasAsk ? dollars(batch.c[at]) : 0,
    as: hasAsk ? (batch.d[at] ?? 0) : 0,
    c: (flags & QUOTE_INELIGIBLE) === 0 ? QUOTE_CONDITIONS : NOT_FIRM,
    z: tape,
    t: timeOf(batch, at, view),
  };
}

const NOT_FIRM = ['N'];

function statusMap(batch: EventBatch, at: number, view: WireView): WireMap {
  const { name, tape } = view.symbol;
  const words = statusWords(haltState(batch.flags[at] ?? 0), tape);
  return { T: 's', S: name, ...words, z: tape, t: timeOf(batch, at, view) };
}

function haltState(status: number): HaltState {
  if (status === STATUS_HALTED) return 'halted';
  if (status === STATUS_QUOTING) return 'quoting';
  return status === STATUS_TRADING ? 'trading' : 'shortRestricted';
}

function bandMap(batch: EventBatch, at: number, view: WireView): WireMap {
  const { name, tape } = view.symbol;
  return {
    T: 'l',
    S: name,
    u: dollars(batch.b[at]),
    d: dollars(batch.a[at]),
    i: 'B', // Both bands: the indicator of a usual update.
    z: tape,
    t: timeOf(batch, at, view),
  };
}

function correctionMap(batch: EventBatch, at: number, view: WireView): WireMap {
  const { name, tape } = view.symbol;
  const conditions = conditionsOf(batch.flags[at] ?? 0, view);
  return {
    T: 'c',
    S: name,
    x: exchangeCode(batch.exchange[at] ?? 0, tape),
    oi: view.tradeId,
    op: dollars(batch.a[at]),
    os: batch.b[at] ?? 0,
    oc: conditions,
    ci: CORRECTED_ID + view.tradeId,
    cp: dollars(batch.c[at]),
    cs: batch.d[at] ?? 0,
    cc: conditions,
    z: tape,
    t: timeOf(batch, at, view),
  };
}

/** Corrected trades have ids of their own, past those of any day. */
const CORRECTED_ID = 1_000_000_000_000;

function cancelMap(batch: EventBatch, at: number, view: WireView): WireMap {
  const { name, tape } = view.symbol;
  return {
    T: 'x',
    S: name,
    i: view.tradeId,
    x: exchangeCode(batch.exchange[at] ?? 0, tape),
    p: dollars(batch.a[at]),
    s: batch.b[at] ?? 0,
    a: 'C',
    z: tape,
    t: timeOf(batch, at, view),
  };
}

function timeOf(batch: EventBatch, at: number, view: WireView) {
  return wireTime((batch.venueUs[at] ?? 0) + view.skewUs);
}

/** Ten-thousandths to a decimal number: the division is correctly rounded, so it prints whole. */
export function dollars(tenThousandths: number | undefined): number {
  return (tenThousandths ?? 0) / PRICE_SCALE;
}
