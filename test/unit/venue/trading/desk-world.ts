import { symbolId } from '../../../../src/core/ids.ts';
import { money } from '../../../../src/core/money.ts';
import { HOUR, MINUTE, MS, SECOND } from '../../../../src/core/time.ts';
import {
  EventBatch,
  QUOTE,
  QUOTE_ASK,
  QUOTE_BID,
  STATUS,
  TRADE,
  TRADE_REGULAR,
} from '../../../../src/domain/market/event-batch.ts';
import { newYorkToUs } from '../../../../src/domain/market/calendar.ts';
import type { DeskListing } from '../../../../src/venue/trading/asset-table.ts';
import type { TradeUpdate } from '../../../../src/venue/trading/trade-updates.ts';
import {
  createTradingDesk,
  type TradingDesk,
  type TradingDeskOptions,
} from '../../../../src/venue/trading/trading-desk.ts';
import type { DeskAnswer, Json, JsonObject, Query } from '../../../../src/venue/trading/wire.ts';

export const DOLLAR = 10_000;
/** A Thursday with a full session; the Friday after it is full, too. */
export const DATE = 20261119;
export const HALF_DAY = 20261127;

/** A time of day in New York. */
export function at(hours: number, minutes = 0, date = DATE): number {
  return newYorkToUs(date, hours * HOUR + minutes * MINUTE);
}

/** AAA and BBB are easy to borrow, HTB is hard, NTB is not to be had, HALTED is not traded. */
export const LISTINGS: readonly DeskListing[] = [
  listing('AAA'),
  listing('BBB'),
  { ...listing('HTB'), borrow: 'hard' },
  { ...listing('NTB'), borrow: 'none' },
  { ...listing('OLD'), isTradable: false },
  { ...listing('IDX'), assetClass: 'index', isTradable: false },
];

function listing(name: string): DeskListing {
  return { name, assetClass: 'equity', isTradable: true, exchange: 'NASDAQ', borrow: 'easy' };
}

export type Body = Readonly<Record<string, unknown>>;

/** A desk, its clock, and a market made of single events. Nothing fills in parts unless asked. */
export class DeskWorld {
  readonly desk: TradingDesk;
  readonly updates: TradeUpdate[] = [];
  nowUs: number;

  constructor(options: Partial<TradingDeskOptions> = {}, nowUs = at(10)) {
    const { rules, ...rest } = options;
    this.nowUs = nowUs;
    this.desk = createTradingDesk({
      startingCash: money(100_000 * DOLLAR),
      seed: 7,
      listings: LISTINGS,
      times: 'utc',
      tell: (update) => this.updates.push(update),
      ...rest,
      rules: { partialFillChance: 0, ...rules },
    });
    this.desk.advance(nowUs);
  }

  to(us: number): void {
    while (this.desk.nextDueUs <= us) this.desk.advance(Math.max(this.nowUs, this.desk.nextDueUs));
    this.nowUs = us;
    this.desk.advance(us);
  }

  pass(us = SECOND): void {
    this.to(this.nowUs + us);
  }

  event(fill: (batch: EventBatch) => void): void {
    this.pass(MS);
    const batch = new EventBatch(4, 4);
    fill(batch);
    this.desk.frame(batch, 0, batch.count, this.nowUs);
  }

  /** In dollars. */
  quote(bid: number, ask: number, symbol = 0, size = 1_000): void {
    this.event((batch) => {
      const slot = batch.add(QUOTE, symbolId(symbol), this.nowUs, QUOTE_BID | QUOTE_ASK, 0);
      batch.a[slot] = Math.round(bid * DOLLAR);
      batch.b[slot] = size;
      batch.c[slot] = Math.round(ask * DOLLAR);
      batch.d[slot] = size;
    });
  }

  trade(unit: number, symbol = 0, size = 100): void {
    this.event((batch) => {
      const slot = batch.add(TRADE, symbolId(symbol), this.nowUs, TRADE_REGULAR, 0);
      batch.a[slot] = Math.round(unit * DOLLAR);
      batch.b[slot] = size;
    });
  }

  status(code: number, symbol = 0): void {
    this.event((batch) => batch.add(STATUS, symbolId(symbol), this.nowUs, code, 0));
  }

  submit(body: Body): DeskAnswer {
    return this.desk.submit({ ...MARKET_BUY, ...body }, this.nowUs);
  }

  /** The id of an order that is taken. */
  place(body: Body): string {
    const { status, body: order } = this.submit(body);
    if (status !== 200) throw new Error(`refused: ${JSON.stringify(order)}`);
    return text(order, 'id');
  }

  /** Placed, and time for everything that follows. */
  done(body: Body): string {
    const id = this.place(body);
    this.pass();
    return id;
  }

  order(id: string, query: Query = {}): JsonObject {
    return object(this.desk.order(id, query).body);
  }

  statusOf(id: string): string {
    return text(this.order(id), 'status');
  }

  /** `event status` of every update, in order; of one order if it is named. */
  said(id?: string): readonly string[] {
    return this.updates
      .filter((update) => id === undefined || text(update['order'], 'id') === id)
      .map((update) => text(update, 'event'));
  }

  legs(id: string): readonly JsonObject[] {
    return list(this.order(id, { nested: 'true' })['legs']).map(object);
  }

  account(): JsonObject {
    return object(this.desk.account(this.nowUs).body);
  }

  position(name = 'AAA'): JsonObject {
    return object(this.desk.position(name).body);
  }
}

export const MARKET_BUY = {
  symbol: 'AAA',
  side: 'buy',
  type: 'market',
  time_in_force: 'day',
  qty: '10',
} as const;

export function object(value: Json | undefined): JsonObject {
  if (typeof value !== 'object' || value === null || isList(value)) {
    throw new Error(`no object: ${JSON.stringify(value)}`);
  }
  return value;
}

export function list(value: Json | undefined): readonly Json[] {
  if (value === undefined || !isList(value)) throw new Error(`no list: ${JSON.stringify(value)}`);
  return value;
}

export function text(value: Json | undefined, key: string): string {
  return String(object(value)[key]);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** The refusal's status, code and message in one line. */
export function refusal({ status, body }: DeskAnswer): string {
  return `${status} ${text(body, 'code')} ${text(body, 'message')}`;
}
