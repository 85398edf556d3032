import { PRICE_SCALE } from '../../core/money.ts';
import { MS } from '../../core/time.ts';
import {
  type EventBatch,
  QUOTE_ASK,
  QUOTE_BID,
  QUOTE_INELIGIBLE,
} from '../../domain/market/event-batch.ts';
import type { BarRow } from '../archive/bar-row.ts';
import { exchangeCode } from '../archive/wire-codes.ts';
import {
  conditionsOf,
  dollars,
  type TradeMoment,
  type WireSymbol,
} from '../sockets/market-wire.ts';
import { WireEvent } from '../sockets/wire-event.ts';
import {
  conditionNumbers,
  exchangeNumber,
  FACILITY_ID,
  QUOTE_INDICATORS,
  QUOTE_NOT_FIRM,
  QUOTE_REGULAR,
  REPORTING_FACILITY,
  TAPE_NUMBERS,
} from './polygon-codes.ts';

/** How an event looks on the wire. */
export interface PolygonView {
  readonly symbol: WireSymbol;
  /** Rises for every ticker, with gaps. */
  readonly sequence: number;
  readonly skewUs: number;
}

export interface TradeView extends PolygonView {
  readonly moment: TradeMoment;
  readonly isCore: boolean;
}

export function tradeEvent(batch: EventBatch, at: number, view: TradeView): WireEvent {
  const { name, tape } = view.symbol;
  const exchange = exchangeNumber(exchangeCode(batch.exchange[at] ?? 0, tape));
  const conditions = conditionNumbers(conditionsOf(batch.flags[at] ?? 0, view), tape);
  const t = millis((batch.venueUs[at] ?? 0) + view.skewUs);
  return new WireEvent({
    ev: 'T',
    sym: name,
    x: exchange,
    i: String(batch.c[at] ?? 0),
    z: TAPE_NUMBERS[tape],
    p: dollars(batch.a[at]),
    s: batch.b[at] ?? 0,
    ...(conditions.length === 0 ? {} : { c: conditions }),
    t,
    q: view.sequence,
    ...(exchange === REPORTING_FACILITY ? { trfi: FACILITY_ID, trft: t } : {}),
  });
}

/** Sizes in shares, or in round lots where the venue is told to be an older one. */
export interface QuoteView extends PolygonView {
  readonly sharesAUnit: number;
}

/** Price 0 is the absent side. */
export function quoteEvent(batch: EventBatch, at: number, view: QuoteView): WireEvent {
  const { name, tape } = view.symbol;
  const flags = batch.flags[at] ?? 0;
  const exchange = exchangeNumber(exchangeCode(batch.exchange[at] ?? 0, tape));
  const hasBid = (flags & QUOTE_BID) !== 0;
  const hasAsk = (flags & QUOTE_ASK) !== 0;
  const unit = view.sharesAUnit;
  return new WireEvent({
    ev: 'Q',
    sym: name,
    bx: exchange,
    bp: hasBid ? dollars(batch.a[at]) : 0,
    bs: hasBid ? sizeIn(batch.b[at], unit) : 0,
    ax: exchange,
    ap: hasAsk ? dollars(batch.c[at]) : 0,
    as: hasAsk ? sizeIn(batch.d[at], unit) : 0,
    c: (flags & QUOTE_INELIGIBLE) === 0 ? QUOTE_REGULAR : QUOTE_NOT_FIRM,
    i: QUOTE_INDICATORS,
    t: millis((batch.venueUs[at] ?? 0) + view.skewUs),
    q: view.sequence,
    z: TAPE_NUMBERS[tape],
  });
}

/** A side that is there has one lot at least. */
function sizeIn(shares: number | undefined, unit: number): number {
  return unit === 1 ? (shares ?? 0) : Math.max(1, Math.floor((shares ?? 0) / unit));
}

/** Times of bands were seen in milli-, micro- and nanoseconds (venues.md 6.1). */
export type BandTimes = 'ms' | 'us' | 'ns';

export interface BandView extends PolygonView {
  readonly times: BandTimes;
  readonly indicator: number;
}

/** The symbol is under `T` here and nowhere else. */
export function bandEvent(lower: number, upper: number, us: number, view: BandView): WireEvent {
  const { name, tape } = view.symbol;
  return new WireEvent({
    ev: 'LULD',
    T: name,
    h: dollars(upper),
    l: dollars(lower),
    i: [view.indicator],
    z: TAPE_NUMBERS[tape],
    t: bandTime(us + view.skewUs, view.times),
    q: view.sequence,
  });
}

function bandTime(us: number, times: BandTimes): number {
  if (times === 'ns') return us * 1_000;
  return times === 'us' ? us : millis(us);
}

/** The day so far, as every bar tells it. */
export interface DaySoFar {
  readonly volume: number;
  readonly turnover: number;
  /** Of the core session; undefined before it. */
  readonly open: number | undefined;
}

export function barEvent(
  ev: 'A' | 'AM',
  name: string,
  row: Readonly<BarRow>,
  lengthUs: number,
  day: DaySoFar,
): WireEvent {
  const start = millis(row.startUs);
  return new WireEvent({
    ev,
    sym: name,
    v: row.volume,
    av: day.volume,
    ...(day.open === undefined ? {} : { op: dollars(day.open) }),
    vw: rounded(row.vwap),
    o: dollars(row.open),
    c: dollars(row.close),
    h: dollars(row.high),
    l: dollars(row.low),
    a: rounded(day.volume === 0 ? 0 : day.turnover / day.volume),
    z: Math.round(row.volume / Math.max(1, row.trades)),
    s: start,
    e: start + lengthUs / MS,
  });
}

export function millis(us: number): number {
  return Math.floor(us / MS);
}

/** Four places. */
export function rounded(ticks: number): number {
  return Math.round(ticks) / PRICE_SCALE;
}
