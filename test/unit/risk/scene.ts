import {
  type AccountId,
  type SessionId,
  type StrategyId,
  type SymbolId,
  symbolId,
  textId,
} from '../../../src/core/ids.ts';
import { money, price, shares } from '../../../src/core/money.ts';
import { HOUR, MINUTE, SECOND } from '../../../src/core/time.ts';
import { ClientOrderIds } from '../../../src/domain/orders/client-order-id.ts';
import { emptyBook, type RiskBook } from '../../../src/domain/risk/book.ts';
import { decideEntry } from '../../../src/domain/risk/decide-entry.ts';
import { decideExit } from '../../../src/domain/risk/decide-exit.ts';
import type { RiskDecision } from '../../../src/domain/risk/decision.ts';
import type { RiskLimits } from '../../../src/domain/risk/limits.ts';
import type { MarketView } from '../../../src/domain/risk/market-view.ts';
import type { Signal } from '../../../src/domain/signals/signal.ts';

/** The middle of a made-up session of four hours: risk asks no calendar. */
export const NOW_US = 1_700_000_000_000_000;
export const OPEN_US = NOW_US - HOUR;
export const CLOSE_US = NOW_US + 3 * HOUR;
export const DATE = 20231114;

export const ACCOUNT = textId<AccountId>('PAPER');
export const OWNER = { account: ACCOUNT, session: textId<SessionId>('s-1'), epoch: 1 };
export const STRATEGY = textId<StrategyId>('mr');
/** $100,000.00. */
export const CASH = 1_000_000_000;
/** $100.00. */
export const HUNDRED = 1_000_000;

/** The defaults of the configuration, for any size, and a limit is the far side itself. */
export const LIMITS: RiskLimits = {
  fractionPerTrade: 0.01,
  positionNotionalMax: money(200_000_000),
  orderNotionalMax: money(250_000_000),
  orderNotionalMin: money(1),
  positionsMax: 20,
  sectorExposureMax: 0.4,
  grossExposureMax: 1,
  dailyLossMax: 0.02,
  dailyLossHalt: 'noEntries',
  quoteAgeMsMax: 5_000,
  barAgeMsMax: 180_000,
  spreadBpsMax: 50,
  ordersPerSecondMax: 20,
  entriesPerSymbolMax: 10,
  limitOffsetBps: 0,
  flattenBeforeCloseUs: 5 * MINUTE,
  barPatienceUs: 150 * SECOND,
  isShortingAllowed: false,
};

export const SYMBOLS = 12;
export const symbol = (at: number): SymbolId => symbolId(at);
/** Even symbols are in one sector, odd ones in another. */
export const sectorOf = (at: number): string => (at % 2 === 0 ? 'technology' : 'energy');

export function listing(at: number) {
  return {
    symbol: symbol(at),
    name: `S${at}`,
    assetClass: 'equity',
    sector: sectorOf(at),
    isTradable: true,
  } as const;
}

/** A funded account in the middle of a session, with twelve shares to trade. */
export function openBook(cash = CASH): RiskBook {
  const book = emptyBook();
  for (let at = 0; at < SYMBOLS; at += 1) book.listings.set(symbol(at), listing(at));
  book.isOpened = true;
  book.exposure.cash = money(cash);
  book.restrictions.isReconciled = true;
  book.restrictions.hasAgreed = true;
  const day = { date: DATE, openUs: OPEN_US, closeUs: CLOSE_US };
  book.restrictions.session = { phase: 'core', ...day };
  book.restrictions.day = { ...day, equity: money(cash) };
  return book;
}

export function hold(book: RiskBook, at: number, quantity: number, mark = HUNDRED): void {
  book.exposure.hold(symbol(at), quantity, mark);
}

export function reserve(
  book: RiskBook,
  at: number,
  purpose: 'entry' | 'exit',
  quantity: number,
  ticks = HUNDRED,
): void {
  book.exposure.reserve({
    clientOrderId: textId(`o-${at}-${purpose}-${book.exposure.orders.size}`),
    symbol: symbol(at),
    side: purpose === 'entry' ? 'buy' : 'sell',
    purpose,
    quantity: shares(quantity),
    price: price(ticks),
  });
}

/** $99.99 to $100.00, seen just now. */
export function quoted(change: Partial<MarketView> = {}): MarketView {
  return {
    bid: 999_900,
    ask: HUNDRED,
    quoteUs: NOW_US,
    isBarOnly: false,
    last: 999_950,
    barUs: NOW_US - MINUTE,
    isHalted: false,
    bandLow: Number.NaN,
    bandHigh: Number.NaN,
    averageRange: 10_000,
    ...change,
  };
}

/** A wish to buy symbol 0, wrong at two dollars below. */
export function entry(change: Partial<Signal> = {}): Signal {
  return {
    signalId: textId('mr-S0-1'),
    strategy: STRATEGY,
    symbol: symbol(0),
    side: 'buy',
    purpose: 'entry',
    value: -2.3,
    threshold: -2,
    reason: 'z -2.30 below -2.00',
    bid: 999_900,
    ask: HUNDRED,
    last: 999_950,
    stopDistance: 20_000,
    atUs: NOW_US,
    ...change,
  };
}

export function exit(change: Partial<Signal> = {}): Signal {
  return { ...entry(), side: 'sell', purpose: 'exit', ...change };
}

export interface Asked {
  readonly signal?: Signal;
  readonly view?: MarketView | undefined;
  readonly limits?: Partial<RiskLimits>;
  readonly nowUs?: number;
  readonly isFlattening?: boolean;
}

export function askEntry(book: RiskBook, asked: Asked = {}): RiskDecision {
  return decideEntry(questionOf(book, entry(), asked));
}

export function askExit(book: RiskBook, asked: Asked = {}): RiskDecision {
  return decideExit(questionOf(book, exit(), asked));
}

/** What was answered, in a word: a number of shares, or the code of a refusal. */
export function wordOf(decision: RiskDecision): number | string {
  return decision.isApproved ? decision.approval.value.quantity : decision.refusal.code;
}

function questionOf(book: RiskBook, signal: Signal, asked: Asked) {
  return {
    book,
    signal: asked.signal ?? signal,
    view: 'view' in asked ? asked.view : quoted(),
    limits: { ...LIMITS, ...asked.limits },
    isFlattening: asked.isFlattening ?? false,
    owner: { account: ACCOUNT, ids: new ClientOrderIds(OWNER) },
    nowUs: asked.nowUs ?? NOW_US,
  };
}
