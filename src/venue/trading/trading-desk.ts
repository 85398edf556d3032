import { present } from '../../core/assert.ts';
import { type Money, type Price, price } from '../../core/money.ts';
import { heldQuantity } from '../../domain/matching/account-book.ts';
import type { EventBatch } from '../../domain/market/event-batch.ts';
import {
  allOpen,
  type BrokerageBook,
  createBrokerage,
  dueOf,
  figuresOf,
} from '../../domain/matching/brokerage-book.ts';
import { advanceTo } from '../../domain/matching/brokerage-clock.ts';
import { bustExecution, correctExecution } from '../../domain/matching/brokerage-corrections.ts';
import {
  type BrokerageAnswer,
  cancelBrokerageOrder,
  replaceBrokerageOrder,
  submitOrder,
} from '../../domain/matching/brokerage-desk.ts';
import { applyMarketEvent } from '../../domain/matching/brokerage-fills.ts';
import type { BookedExecution, BrokerageOrder } from '../../domain/matching/brokerage-order.ts';
import { notFound } from '../../domain/matching/brokerage-refusal.ts';
import { type BrokerageRules, PAPER_RULES } from '../../domain/matching/brokerage-rules.ts';
import { type HoursLookup, newYorkHours } from '../../domain/matching/trading-hours.ts';
import type { VenueRefusal } from '../../domain/matching/venue-refusal.ts';
import { uuidOf } from '../../domain/matching/wire-ids.ts';
import { Configurations, writeAccount } from './account-json.ts';
import { Activities } from './activities.ts';
import { AssetTable, type DeskListing } from './asset-table.ts';
import { EquityHistory } from './equity-history.ts';
import { readChange, readOrder } from './order-body.ts';
import { OrderWriter } from './order-json.ts';
import { selectOrders } from './order-query.ts';
import { PositionDesk } from './position-desk.ts';
import { type TradeUpdate, UpdateWriter } from './trade-updates.ts';
import {
  answer,
  type DeskAnswer,
  isRefusal,
  type Json,
  type Query,
  refuse,
  type TimeStyle,
} from './wire.ts';

export interface TradingDeskOptions {
  /** As people see it: `PA3SIM000001`. */
  readonly accountNumber?: string;
  readonly openedUs?: number;
  readonly startingCash: Money;
  readonly seed: number;
  /** Their places are the symbols' numbers in the market's batches; see `listingsOf`. */
  readonly listings: readonly DeskListing[];
  /** Default: the New York Stock Exchange's. */
  readonly hours?: HoursLookup;
  /** Over Alpaca's paper account. The seed is the desk's. */
  readonly rules?: Partial<Omit<BrokerageRules, 'seed'>>;
  /** How times are written. Default `varied`, as the venue does. */
  readonly times?: TimeStyle;
  /** Each event as it happens, within the call that makes it happen: also during `submit`. */
  readonly tell: (update: TradeUpdate) => void;
}

/**
 * One account's trading API in plain values: what HTTP and sockets carry, without them. Every call
 * takes the venue's time, which never decreases, and first does what was due until then. What
 * follows an answer is told by a later call, at the latest by `advance(nextDueUs)`.
 */
export function createTradingDesk(options: TradingDeskOptions): TradingDesk {
  return new TradingDesk(options);
}

export class TradingDesk {
  readonly assets: AssetTable;
  readonly #book: BrokerageBook;
  readonly #orders: OrderWriter;
  readonly #updates: UpdateWriter;
  readonly #positions: PositionDesk;
  readonly #activities: Activities;
  readonly #history: EquityHistory;
  readonly #configurations: Configurations;
  readonly #identity;

  constructor(options: TradingDeskOptions) {
    const { seed, startingCash, listings, tell } = options;
    this.assets = new AssetTable(listings, seed);
    this.#book = createBrokerage({
      startingCash,
      rules: { ...PAPER_RULES, ...options.rules, seed },
      hours: options.hours ?? newYorkHours,
      listing: (symbol) => this.assets.listing(symbol),
      tell: (word) => tell(this.#updates.write(word)),
    });
    this.#orders = new OrderWriter(this.assets, options.times ?? 'varied');
    this.#updates = new UpdateWriter(this.#book, this.#orders);
    this.#positions = new PositionDesk(this.#book, this.assets, this.#orders);
    this.#activities = new Activities(this.#book.executions, this.assets, seed);
    this.#history = new EquityHistory(startingCash);
    this.#configurations = new Configurations(this.#book);
    this.#identity = {
      id: uuidOf(seed, 'account', 1),
      number: options.accountNumber ?? 'PA3SIM000001',
      openedUs: options.openedUs ?? OPENED_US,
    };
  }

  /** When something is due next; infinite where nothing is. */
  get nextDueUs(): number {
    return dueOf(this.#book);
  }

  /** Acknowledgements, cancels, replacements, session edges and expiries until now. */
  advance(nowUs: number): void {
    advanceTo(this.#book, nowUs);
    if (this.#history.isDue(nowUs)) this.#history.add(nowUs, figuresOf(this.#book).equity);
  }

  /** Market events, in the order in which the venue sees them. */
  frame(batch: EventBatch, begin: number, end: number, nowUs: number): void {
    this.advance(nowUs);
    for (let at = begin; at < end; at += 1) applyMarketEvent(this.#book, batch, at, nowUs);
  }

  /** POST /orders: the order's early state. */
  submit(body: unknown, nowUs: number): DeskAnswer {
    this.advance(nowUs);
    const terms = readOrder(body, this.assets, (symbol) => heldQuantity(this.#book, symbol));
    if (isRefusal(terms)) return refuse(terms);
    return this.#answer(submitOrder(this.#book, terms, nowUs), 200);
  }

  /** PATCH /orders/{id}: the successor, which may yet lose to a fill. */
  replace(id: string, body: unknown, nowUs: number): DeskAnswer {
    this.advance(nowUs);
    const order = this.#book.orders.get(id);
    if (order === undefined) return refuse(orderUnknown(id));
    const change = readChange(body);
    if (isRefusal(change)) return refuse(change);
    return this.#answer(replaceBrokerageOrder(this.#book, order, change, nowUs), 200);
  }

  /** DELETE /orders/{id}: 204 says that it was asked for. */
  cancel(id: string, nowUs: number): DeskAnswer {
    this.advance(nowUs);
    const order = this.#book.orders.get(id);
    if (order === undefined) return refuse(orderUnknown(id));
    const { refusal } = cancelBrokerageOrder(this.#book, order, nowUs);
    return refusal === undefined ? answer(204, null) : refuse(refusal);
  }

  /** DELETE /orders */
  cancelAll(nowUs: number): DeskAnswer {
    this.advance(nowUs);
    const rows: Json[] = [];
    for (const order of allOpen(this.#book)) {
      const { refusal } = cancelBrokerageOrder(this.#book, order, nowUs);
      rows.push({ id: order.id, status: refusal === undefined ? 200 : 500 });
    }
    return answer(207, rows);
  }

  /** GET /orders/{id} */
  order(id: string, query: Query = {}): DeskAnswer {
    const order = this.#book.orders.get(id);
    if (order === undefined) return refuse(orderUnknown(id));
    return answer(200, this.#orders.write(order, query['nested'] === 'true'));
  }

  /** GET /orders:by_client_order_id: the last order that carries it. */
  orderByClientId(clientOrderId: string): DeskAnswer {
    const order = this.#book.byClientId.get(clientOrderId);
    if (order === undefined) return refuse(orderUnknown(clientOrderId));
    return answer(200, this.#orders.write(order, false));
  }

  /** GET /orders */
  orders(query: Query = {}): DeskAnswer {
    const page = selectOrders(this.#book.orders, query, this.assets);
    if (isRefusal(page)) return refuse(page);
    return answer(
      200,
      page.orders.map((order) => this.#orders.write(order, page.isNested)),
    );
  }

  /** GET /positions */
  positions(): DeskAnswer {
    return this.#positions.list();
  }

  /** GET /positions/{symbol or asset id} */
  position(symbolOrId: string): DeskAnswer {
    return this.#positions.one(symbolOrId);
  }

  /** DELETE /positions/{symbol or asset id}, with `qty` or `percentage`. */
  closePosition(symbolOrId: string, query: Query, nowUs: number): DeskAnswer {
    this.advance(nowUs);
    return this.#positions.close(symbolOrId, query, nowUs);
  }

  /** DELETE /positions, with `cancel_orders`. */
  closeAllPositions(query: Query, nowUs: number): DeskAnswer {
    this.advance(nowUs);
    return this.#positions.closeAll(query, nowUs);
  }

  /** GET /account */
  account(nowUs: number): DeskAnswer {
    this.advance(nowUs);
    return answer(200, writeAccount(this.#book, this.#identity, nowUs));
  }

  configurations(): DeskAnswer {
    return this.#configurations.read();
  }

  patchConfigurations(body: unknown): DeskAnswer {
    return this.#configurations.patch(body);
  }

  /** GET /account/activities; for `/account/activities/{type}` pass it as `activity_types`. */
  activities(query: Query = {}): DeskAnswer {
    return this.#activities.list(query);
  }

  /** GET /account/portfolio/history */
  portfolioHistory(query: Query, nowUs: number): DeskAnswer {
    this.advance(nowUs);
    return this.#history.list(query, nowUs);
  }

  /** The next orders to be routed are answered 200 and turned down later. */
  rejectNext(count: number): void {
    this.#book.rejections += count;
  }

  /** Takes an execution back, by the id that was last told. False where there is none to take. */
  bust(executionId: string, nowUs: number): boolean {
    this.advance(nowUs);
    const execution = this.#execution(executionId);
    return execution !== undefined && bustExecution(this.#book, execution, nowUs);
  }

  /** Says that an execution had another price, in ten-thousandths. */
  correct(executionId: string, unit: number, nowUs: number): boolean {
    this.advance(nowUs);
    const execution = this.#execution(executionId);
    const corrected: Price = price(unit);
    return execution !== undefined && correctExecution(this.#book, execution, corrected, nowUs);
  }

  #execution(executionId: string): BookedExecution | undefined {
    const number = this.#updates.executionOf(executionId);
    return number === undefined
      ? undefined
      : present(this.#book.executions[number - 1], 'an execution that was told');
  }

  #answer({ refusal, order }: BrokerageAnswer, status: number): DeskAnswer {
    return refusal === undefined ? answer(status, this.#write(order)) : refuse(refusal);
  }

  #write(order: BrokerageOrder): Json {
    return this.#orders.write(order, true);
  }
}

/** 2024-01-02 14:00:00 UTC. */
const OPENED_US = 1_704_204_000_000_000;

function orderUnknown(id: string): VenueRefusal {
  return notFound('ORDER_NOT_FOUND', `order not found for ${id}`);
}
