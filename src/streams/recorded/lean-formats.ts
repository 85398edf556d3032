import { DAY, type DateNumber, HOUR, MINUTE, SECOND } from '../../core/time.ts';
import { newYorkToUs } from '../../domain/market/calendar.ts';
import { leanQuoteFlags, leanTradeFlags } from '../../domain/market/conditions.ts';
import {
  BAR,
  BAR_FINAL,
  type EventBatch,
  QUOTE,
  QUOTE_ASK,
  QUOTE_BID,
  QUOTE_INELIGIBLE,
  TRADE,
  TRADE_SUSPICIOUS,
} from '../../domain/market/event-batch.ts';
import { exchangePlace } from '../../domain/market/nbbo.ts';
import type { Column, FieldKind } from './row-fields.ts';
import { checkBar, isPrice, isSize, type RowFormat, SIZE_MAX } from './row-format.ts';

export type LeanResolution = 'tick' | 'second' | 'minute';
export type LeanKind = 'trade' | 'quote';

/**
 * What the rows of a Lean file mean (Data_equity_readme.md of the Lean data folder): no header,
 * milliseconds since midnight in New York, prices already in ten-thousandths, second and minute
 * rows stamped with their start.
 */
export function leanFormat(
  resolution: LeanResolution,
  kind: LeanKind,
  date: DateNumber,
): RowFormat {
  // The clocks change at night, so noon knows the offset of the whole session.
  const midnightUs = newYorkToUs(date, 12 * HOUR) - 12 * HOUR;
  if (resolution === 'tick')
    return kind === 'trade' ? tickTrades(midnightUs) : tickQuotes(midnightUs);
  const spanUs = resolution === 'second' ? SECOND : MINUTE;
  return kind === 'trade' ? tradeBars(midnightUs, spanUs) : quoteBars(midnightUs, spanUs);
}

const TIME_EXPECTS = 'milliseconds since midnight, below 86,400,000';
const PRICE_EXPECTS = 'a price above 0 in ten-thousandths';
const OFFER_EXPECTS = 'a price in ten-thousandths, 0 for none';
const SIZE_EXPECTS = `shares, 0 to ${SIZE_MAX}`;
const EXCHANGE_EXPECTS = 'the letter of a known exchange';
const HEX_EXPECTS = 'condition bits in hex';
const SUSPICIOUS_EXPECTS = '0 or 1';

const TIME = column('time', 'millis', TIME_EXPECTS);

function column(name: string, kind: FieldKind, expects: string): Column {
  return { name, kind, expects };
}

function isTimeOfDay(us: number | undefined): boolean {
  return us !== undefined && us >= 0 && us < DAY;
}

function tickTrades(midnightUs: number): RowFormat {
  const at = (fields: Float64Array) => midnightUs + (fields[0] ?? 0);
  return {
    columns: [
      TIME,
      column('price', 'number', PRICE_EXPECTS),
      column('size', 'number', SIZE_EXPECTS),
      column('exchange', 'letter', EXCHANGE_EXPECTS),
      column('condition', 'hex', HEX_EXPECTS),
      column('suspicious', 'number', SUSPICIOUS_EXPECTS),
    ],
    hasHeader: false,
    isOncePerMoment: false,
    receiveUs: at,
    startUs: at,
    check(fields) {
      if (!isTimeOfDay(fields[0])) return 0;
      if (!isPrice(fields[1])) return 1;
      if (!isSize(fields[2])) return 2;
      if (exchangePlace(fields[3] ?? 0) === 0) return 3;
      return fields[5] === 0 || fields[5] === 1 ? -1 : 5;
    },
    write(batch, symbol, fields) {
      const flags = fields[5] === 1 ? TRADE_SUSPICIOUS : leanTradeFlags(fields[4] ?? 0);
      const place = exchangePlace(fields[3] ?? 0);
      const slot = batch.add(TRADE, symbol, at(fields), flags, place);
      batch.a[slot] = fields[1] ?? 0;
      batch.b[slot] = fields[2] ?? 0;
    },
  };
}

/**
 * Each row holds one side of the national best and the exchange that shows it; the other side is 0.
 *
 * Lean's documentation leaves open whether the rows are exchanges' own quotes. They are not: read
 * so, the book of 2013-10-07 is crossed 98 % of the time; read as the national best it is crossed
 * at 0.02 % of the rows, and its closes equal those of Lean's own quote bars (IBM 553 of 554
 * minutes, AIG 19,775 of 19,775 seconds). So they become consolidated quotes, exchange 0.
 */
function tickQuotes(midnightUs: number): RowFormat {
  const at = (fields: Float64Array) => midnightUs + (fields[0] ?? 0);
  return {
    columns: [
      TIME,
      column('bid', 'number', OFFER_EXPECTS),
      column('bid size', 'number', SIZE_EXPECTS),
      column('ask', 'number', OFFER_EXPECTS),
      column('ask size', 'number', SIZE_EXPECTS),
      column('exchange', 'letter', EXCHANGE_EXPECTS),
      column('condition', 'hex', HEX_EXPECTS),
      column('suspicious', 'number', SUSPICIOUS_EXPECTS),
    ],
    hasHeader: false,
    isOncePerMoment: false,
    receiveUs: at,
    startUs: at,
    check(fields) {
      if (!isTimeOfDay(fields[0])) return 0;
      const bad = checkOffers(fields, 1, 3);
      if (bad >= 0) return bad;
      if (exchangePlace(fields[5] ?? 0) === 0) return 5;
      return fields[7] === 0 || fields[7] === 1 ? -1 : 7;
    },
    write(batch, symbol, fields) {
      const [bid, ask] = [fields[1] ?? 0, fields[3] ?? 0];
      // A row without any price says that there is nothing on either side.
      const sides = (ask === 0 ? QUOTE_BID : 0) | (bid === 0 ? QUOTE_ASK : 0);
      const doubt = fields[7] === 1 ? QUOTE_INELIGIBLE : leanQuoteFlags(fields[6] ?? 0);
      const flags = (sides === 0 ? QUOTE_BID | QUOTE_ASK : sides) | doubt;
      const slot = batch.add(QUOTE, symbol, at(fields), flags, 0);
      writeOffers(batch, slot, fields, 1, 3);
    },
  };
}

function tradeBars(midnightUs: number, spanUs: number): RowFormat {
  const start = (fields: Float64Array) => midnightUs + (fields[0] ?? 0);
  return {
    columns: [
      TIME,
      column('open', 'number', PRICE_EXPECTS),
      column('high', 'number', `${PRICE_EXPECTS}, not below open, low and close`),
      column('low', 'number', `${PRICE_EXPECTS}, not above open and close`),
      column('close', 'number', PRICE_EXPECTS),
      column('volume', 'number', SIZE_EXPECTS),
    ],
    hasHeader: false,
    isOncePerMoment: true,
    receiveUs: (fields) => start(fields) + spanUs,
    startUs: start,
    check: (fields) => (isTimeOfDay(fields[0]) ? checkBar(fields, 1, SIZE_MAX) : 0),
    write: (batch, symbol, fields) => writeBar(batch, symbol, start(fields), spanUs, fields),
  };
}

/** A complete bar, its prices and volume in the columns 1 to 5. */
export function writeBar(
  batch: EventBatch,
  symbol: number,
  startUs: number,
  spanUs: number,
  fields: Float64Array,
): void {
  const slot = batch.add(BAR, symbol, startUs, BAR_FINAL, 0);
  batch.a[slot] = fields[1] ?? 0;
  batch.b[slot] = fields[2] ?? 0;
  batch.c[slot] = fields[3] ?? 0;
  batch.d[slot] = fields[4] ?? 0;
  batch.e[slot] = fields[5] ?? 0;
  batch.f[slot] = spanUs;
}

/** A consolidated quote as the span ends: the closing bid and ask are known then, not before. */
function quoteBars(midnightUs: number, spanUs: number): RowFormat {
  const start = (fields: Float64Array) => midnightUs + (fields[0] ?? 0);
  const side = (name: string) =>
    ['open', 'high', 'low', 'close'].map((part) =>
      column(`${name} ${part}`, 'blankNumber', OFFER_EXPECTS),
    );
  return {
    columns: [
      TIME,
      ...side('bid'),
      column('bid size', 'blankNumber', SIZE_EXPECTS),
      ...side('ask'),
      column('ask size', 'blankNumber', SIZE_EXPECTS),
    ],
    hasHeader: false,
    isOncePerMoment: true,
    receiveUs: (fields) => start(fields) + spanUs,
    startUs: start,
    check: (fields) => (isTimeOfDay(fields[0]) ? checkOffers(fields, 4, 9) : 0),
    write(batch, symbol, fields) {
      const endUs = start(fields) + spanUs;
      const slot = batch.add(QUOTE, symbol, endUs, QUOTE_BID | QUOTE_ASK, 0);
      writeOffers(batch, slot, fields, 4, 9);
    },
  };
}

/** Price and size of a bid and an ask; a size follows its price. */
function checkOffers(fields: Float64Array, bidAt: number, askAt: number): number {
  for (let at = bidAt; at <= askAt; at += askAt - bidAt) {
    if (fields[at] !== 0 && !isPrice(fields[at])) return at;
    if (!isSize(fields[at + 1])) return at + 1;
  }
  return -1;
}

function writeOffers(
  batch: EventBatch,
  slot: number,
  fields: Float64Array,
  bidAt: number,
  askAt: number,
): void {
  batch.a[slot] = fields[bidAt] ?? 0;
  batch.b[slot] = fields[bidAt + 1] ?? 0;
  batch.c[slot] = fields[askAt] ?? 0;
  batch.d[slot] = fields[askAt + 1] ?? 0;
}
