import { isRecord } from '../../core/json.ts';
import { formatTime } from '../../core/time.ts';
import { type BrokerageBook, figuresOf } from '../../domain/matching/brokerage-book.ts';
import { amountText, parameterInvalid } from '../../domain/matching/brokerage-refusal.ts';
import { newYorkDate, previousTradingDay } from '../../domain/market/calendar.ts';
import { answer, type DeskAnswer, type Json, type JsonObject, refuse } from './wire.ts';

export interface AccountIdentity {
  readonly id: string;
  readonly number: string;
  readonly openedUs: number;
}

/** venues.md 4.2, 4.7 and 12.1. A paper account has no fees and no transfers. */
export function writeAccount(
  book: BrokerageBook,
  identity: AccountIdentity,
  nowUs: number,
): JsonObject {
  const figures = figuresOf(book);
  const equity = amountText(figures.equity);
  const cashPower = amountText(figures.cashBuyingPower);
  const canShort = book.rules.isShortingAllowed && !book.isShortingOff && figures.multiplier > 1;
  return {
    id: identity.id,
    account_number: identity.number,
    status: 'ACTIVE',
    crypto_status: 'ACTIVE',
    currency: 'USD',
    cash: amountText(book.cash),
    equity,
    last_equity: amountText(book.lastEquity),
    portfolio_value: equity,
    buying_power: amountText(figures.buyingPower),
    regt_buying_power: amountText(figures.regulationBuyingPower),
    non_marginable_buying_power: cashPower,
    options_buying_power: cashPower,
    long_market_value: amountText(figures.longValue),
    short_market_value: amountText(figures.shortValue),
    initial_margin: amountText(figures.initialMargin),
    maintenance_margin: amountText(figures.maintenanceMargin),
    last_maintenance_margin: amountText(book.lastMaintenance),
    sma: amountText(Math.max(0, figures.equity - figures.initialMargin)),
    multiplier: String(figures.multiplier),
    accrued_fees: '0',
    pending_reg_taf_fees: '0',
    pending_transfer_in: '0',
    pending_transfer_out: '0',
    intraday_adjustments: '0',
    balance_asof: dateText(previousTradingDay(newYorkDate(nowUs))?.date ?? 19700101),
    created_at: formatTime(identity.openedUs),
    trading_blocked: false,
    transfers_blocked: false,
    account_blocked: false,
    trade_suspended_by_user: book.isSuspended,
    shorting_enabled: canShort,
    options_approved_level: 0,
    options_trading_level: 0,
  };
}

export function dateText(date: number): string {
  const text = String(date);
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
}

/** What the customer may set (venues.md 4.1); the first three change what is admitted. */
export class Configurations {
  readonly #book: BrokerageBook;
  readonly #rest = new Map<string, Json>([
    ['fractional_trading', false],
    ['max_options_trading_level', null],
    ['trade_confirm_email', 'none'],
    ['ptp_no_exception_entry', false],
    ['disable_overnight_trading', false],
  ]);

  constructor(book: BrokerageBook) {
    this.#book = book;
  }

  read(): DeskAnswer {
    const { isSuspended, isShortingOff, multiplierMax } = this.#book;
    return answer(200, {
      suspend_trade: isSuspended,
      no_shorting: isShortingOff,
      max_margin_multiplier: String(multiplierMax),
      ...Object.fromEntries(this.#rest),
    });
  }

  /** All of the body or nothing of it. */
  patch(body: unknown): DeskAnswer {
    if (!isRecord(body)) return refuse(parameterInvalid('request body format is invalid'));
    for (const [key, value] of Object.entries(body)) {
      if (!this.#isValid(key, value)) return refuse(parameterInvalid(`invalid ${key}`));
    }
    for (const [key, value] of Object.entries(body)) this.#set(key, value);
    return this.read();
  }

  #isValid(key: string, value: unknown): boolean {
    if (key === 'suspend_trade' || key === 'no_shorting') return typeof value === 'boolean';
    if (key === 'max_margin_multiplier') return multiplierOf(value) !== undefined;
    const present = this.#rest.get(key);
    if (present === undefined) return false;
    if (key === 'max_options_trading_level') return value === null || Number.isInteger(value);
    return typeof value === typeof present;
  }

  #set(key: string, value: unknown): void {
    const isTrue = value === true;
    if (key === 'suspend_trade') this.#book.isSuspended = isTrue;
    else if (key === 'no_shorting') this.#book.isShortingOff = isTrue;
    else if (key === 'max_margin_multiplier') {
      this.#book.multiplierMax = multiplierOf(value) ?? this.#book.multiplierMax;
    } else if (typeof value === 'string' || typeof value === 'number') this.#rest.set(key, value);
    else this.#rest.set(key, value === null ? null : isTrue);
  }
}

function multiplierOf(value: unknown): 1 | 2 | 4 | undefined {
  switch (String(value)) {
    case '1':
      return 1;
    case '2':
      return 2;
    case '4':
      return 4;
  }
  return undefined;
}
