import { assert, unreachable } from '../../core/assert.ts';
import type { AccountId, ClientOrderId, SymbolId, VenueOrderId } from '../../core/ids.ts';
import { type Money, money } from '../../core/money.ts';
import { SECOND } from '../../core/time.ts';
import type { EventBatch } from '../../domain/market/event-batch.ts';
import { type AccountBook, createBook, type Listing } from '../../domain/matching/account-book.ts';
import { restoreBook, saveBook } from '../../domain/matching/book-codec.ts';
import { advance, applyEvent, type Moment, openInOrder } from '../../domain/matching/matching.ts';
import {
  cancelOrder,
  enquireOrder,
  placeOrder,
  replaceOrder,
  type VenueAnswer,
} from '../../domain/matching/order-desk.ts';
import type { SessionLookup } from '../../domain/matching/trading-session.ts';
import { transferCash, transferShares } from '../../domain/matching/transfer.ts';
import { isOpen, snapshotOf } from '../../domain/matching/venue-order.ts';
import { accountUnknown } from '../../domain/matching/venue-refusal.ts';
import type { VenueRules } from '../../domain/matching/venue-rules.ts';
import type { OrderReport } from '../../domain/orders/report.ts';
import type { Statement } from '../../domain/orders/statement.ts';
import type { Effect, Requested } from '../../ports/effect.ts';
import type { Agenda, SimulatedPart } from '../../ports/simulated-world.ts';

export interface SimulatedBrokerOptions {
  readonly mode: VenueRules['mode'];
  /** From the venue's event to our receive time. */
  readonly feedLatencyUs: number;
  /** From our request to the venue. */
  readonly orderLatencyUs: number;
  /** From the venue's word to us. At least the feed's: what is answered has been received. */
  readonly answerLatencyUs: number;
  /** The whole spread around bars, for symbols that are never quoted; each side pays half. */
  readonly barSpreadBps: number;
  /** In 0 .. 1; Alpaca's paper account: 0.1. */
  readonly partialFillChance: number;
  readonly seed: number;
  readonly startingCash: Money;
  readonly account: AccountId;
  /** Regular hours: `newYorkSession`, `alwaysOpen`, or what a recording lists. */
  readonly sessions: SessionLookup;
  /** What is listed. Left out: every symbol is a tradable equity. */
  readonly symbols?: (symbol: SymbolId) => Listing | undefined;
  /** Default 1: cash only. */
  readonly multiplier?: VenueRules['multiplier'];
  /** Default false. */
  readonly isShortingAllowed?: boolean;
  /** Default `sim`. A broker that starts anew beside an old journal needs another one. */
  readonly idPrefix?: string;
  /** Default one second: see `VenueRules`. */
  readonly barGraceUs?: number;
}

export interface BrokerPosition {
  readonly symbol: SymbolId;
  /** Negative when short; never 0. */
  readonly quantity: number;
  readonly cost: Money;
  readonly realized: Money;
}

/** The venue outside of the process: it outlives the engine, and its read-outs are the truth. */
export interface SimulatedBroker extends SimulatedPart {
  frame(batch: EventBatch, begin: number, end: number, nowUs: number, agenda: Agenda): void;
  cash(): Money;
  positions(): readonly BrokerPosition[];
  /** Snapshots with all executions, in order of arrival; `venueUs` is that of the arrival. */
  openOrders(): readonly OrderReport[];
  allOrders(): readonly OrderReport[];
  /** The owner moves shares or cash in or out, by no order; `cost` is what they are taken for. */
  transferShares(symbol: SymbolId, quantity: number, cost: Money): void;
  transferCash(amount: Money): void;
  save(): Uint8Array;
  /** Throws `DecodeError` for bytes that are damaged or another account's. */
  restore(bytes: Uint8Array): void;
}

/**
 * A broker in virtual time. The venue's clock runs `feedLatencyUs` before ours: what we receive
 * now happened that long ago. So an order sent at t reaches the venue's time t + order latency,
 * and meets every frame that we receive up to t + order latency + feed latency. The agenda must
 * therefore hand a frame over before it runs happenings of the same instant.
 *
 * The venue's answer comes at t + order latency + answer latency. What it says unasked travels
 * beside the answers and `STREAM_LAG_US` slower, so `new` and a fill follow the answer they
 * belong to, although inputs of one instant are taken updates first.
 */
export function createSimulatedBroker(options: SimulatedBrokerOptions): SimulatedBroker {
  const { feedLatencyUs, orderLatencyUs, answerLatencyUs } = options;
  for (const latencyUs of [feedLatencyUs, orderLatencyUs, answerLatencyUs]) {
    assert(Number.isSafeInteger(latencyUs) && latencyUs >= 0, 'a latency is in whole us');
  }
  assert(
    answerLatencyUs >= feedLatencyUs,
    `the answer latency (${answerLatencyUs} us) is at least the feed latency (${feedLatencyUs} us)`,
  );
  return new VirtualVenue(options);
}

const STREAM_LAG_US = 1;
const CLOSE_GRACE_US = SECOND;
const ORDERS_MAX = 1_000_000;

type OrderEffect = Extract<
  Effect,
  { kind: 'submitOrder' | 'cancelOrder' | 'replaceOrder' | 'enquireOrder' }
>;

class VirtualVenue implements SimulatedBroker {
  readonly name = 'broker';
  readonly #options: SimulatedBrokerOptions;
  #book;
  readonly #tape: OrderReport[] = [];
  /** The session edge that is already in the agenda. */
  #wakeUs = 0;

  constructor(options: SimulatedBrokerOptions) {
    this.#options = options;
    this.#book = createBook(bookOptions(options));
  }

  handles(kind: Effect['kind']): boolean {
    return isOrderKind(kind) || kind === 'reconcile';
  }

  request(requested: Requested, agenda: Agenda): void {
    const { effect, requestedUs } = requested;
    const isBrokers = isOrderEffect(effect) || effect.kind === 'reconcile';
    assert(isBrokers, `${effect.kind} is not a broker's business`);
    const arrivalUs = requestedUs + this.#options.orderLatencyUs + this.#options.feedLatencyUs;
    agenda.happen(arrivalUs, (nowUs) => {
      const moment = this.#momentOf(nowUs);
      if (effect.kind === 'reconcile') this.#state(requested, effect, moment, agenda);
      else this.#answer(requested, this.#decide(effect, moment), nowUs, agenda);
      this.#tell(nowUs, agenda);
    });
  }

  frame(batch: EventBatch, begin: number, end: number, nowUs: number, agenda: Agenda): void {
    const moment = this.#momentOf(nowUs);
    for (let at = begin; at < end; at += 1) applyEvent(moment, batch, at);
    if (this.#tape.length > 0 || this.#book.openCount > 0) this.#tell(nowUs, agenda);
  }

  cash(): Money {
    return this.#book.cash;
  }

  positions(): readonly BrokerPosition[] {
    return [...this.#book.positions]
      .filter(([, { quantity }]) => quantity !== 0)
      .map(([symbol, { quantity, cost, realized }]) => ({ symbol, quantity, cost, realized }))
      .toSorted((left, right) => left.symbol - right.symbol);
  }

  openOrders(): readonly OrderReport[] {
    return openInOrder(this.#book).map((order) => snapshotOf(order, order.arrivedUs));
  }

  allOrders(): readonly OrderReport[] {
    return [...this.#book.orders.values()].map((order) => snapshotOf(order, order.arrivedUs));
  }

  transferShares(symbol: SymbolId, quantity: number, cost: Money): void {
    transferShares(this.#book, symbol, quantity, cost);
  }

  transferCash(amount: Money): void {
    transferCash(this.#book, amount);
  }

  save(): Uint8Array {
    return saveBook(this.#book);
  }

  restore(bytes: Uint8Array): void {
    this.#book = restoreBook(bytes, bookOptions(this.#options));
    this.#wakeUs = 0;
  }

  /** The venue's instant behind ours, with its sessions up to date. */
  #momentOf(nowUs: number): Moment {
    const venueUs = nowUs - this.#options.feedLatencyUs;
    const moment = { book: this.#book, venueUs, tape: this.#tape };
    advance(moment);
    return moment;
  }

  #decide(effect: OrderEffect, moment: Moment): VenueAnswer {
    if (effect.account !== this.#book.account) return { refusal: accountUnknown() };
    switch (effect.kind) {
      case 'submitOrder': {
        const { kind: _, ...request } = effect;
        return placeOrder(moment, request);
      }
      case 'cancelOrder':
        return cancelOrder(moment, nameOf(effect));
      case 'replaceOrder':
        return replaceOrder(moment, effect);
      case 'enquireOrder':
        return enquireOrder(moment, nameOf(effect));
      default:
        return unreachable(effect);
    }
  }

  /** Its books as they are at this moment, every list of it. */
  #state(
    { input, index }: Requested,
    { account, sinceUs }: Extract<Effect, { kind: 'reconcile' }>,
    { book, venueUs }: Moment,
    agenda: Agenda,
  ): void {
    const id = { kind: 'answered', effectInput: input, effectIndex: index } as const;
    const heardUs = this.#heardUs(venueUs + this.#options.feedLatencyUs);
    if (account !== book.account) {
      const { code, message } = accountUnknown();
      return agenda.enter(heardUs, { ...id, outcome: 'refused', code, message });
    }
    const statement = statementOf(book, sinceUs, venueUs, this.positions());
    agenda.enter(heardUs, { ...id, outcome: 'done', statement });
  }

  /** The one place where an order's effect is answered. */
  #answer(requested: Requested, answer: VenueAnswer, nowUs: number, agenda: Agenda): void {
    const { refusal, report } = answer;
    agenda.enter(this.#heardUs(nowUs), {
      kind: 'answered',
      effectInput: requested.input,
      effectIndex: requested.index,
      ...(refusal === undefined
        ? { outcome: 'done', order: report }
        : { outcome: 'refused', code: refusal.code, message: refusal.message }),
    });
  }

  /** The one place where the venue speaks unasked; also sees to being woken for the next edge. */
  #tell(nowUs: number, agenda: Agenda): void {
    const dueUs = this.#heardUs(nowUs) + STREAM_LAG_US;
    for (const report of this.#tape) agenda.enter(dueUs, { kind: 'orderUpdated', report });
    this.#tape.length = 0;
    const { openCount, edgeUs } = this.#book;
    if (openCount === 0 || edgeUs <= this.#wakeUs || edgeUs >= NEVER_US) return;
    this.#wakeUs = edgeUs;
    agenda.happen(edgeUs + this.#options.feedLatencyUs, (wokenUs) => {
      this.#momentOf(wokenUs);
      this.#tell(wokenUs, agenda);
    });
  }

  #heardUs(nowUs: number): number {
    return nowUs - this.#options.feedLatencyUs + this.#options.answerLatencyUs;
  }
}

/**
 * When an order ended the book does not keep: those that came or were filled since are told. One
 * that is lacking is asked about by whoever misses it.
 */
function statementOf(
  book: AccountBook,
  sinceUs: number,
  venueUs: number,
  held: readonly BrokerPosition[],
): Statement {
  let equity: number = book.cash;
  for (const { symbol, quantity } of held) {
    equity += Math.floor(quantity * book.market.mark(symbol));
  }
  const orders = [...book.orders.values()].filter(
    (order) =>
      isOpen(order) ||
      order.arrivedUs >= sinceUs ||
      order.executions.some((execution) => execution.venueUs >= sinceUs),
  );
  return {
    account: book.account,
    cash: book.cash,
    equity: money(equity),
    positions: held.map(({ symbol, quantity, cost }) => ({ symbol, quantity, cost })),
    unlisted: [],
    orders: orders.slice(-STATED_ORDERS_MAX).map((order) => snapshotOf(order, venueUs)),
    venueUs,
  };
}

/** What the list in a statement holds. */
const STATED_ORDERS_MAX = 65_535;

/** Past any session: `alwaysOpen` ends here. */
const NEVER_US = Number.MAX_SAFE_INTEGER;

function bookOptions(options: SimulatedBrokerOptions) {
  const { account, startingCash, sessions, symbols } = options;
  const { mode, partialFillChance, seed, barSpreadBps } = options;
  const rules: VenueRules = {
    mode,
    partialFillChance,
    seed,
    barSpreadBps,
    barGraceUs: options.barGraceUs ?? SECOND,
    closeGraceUs: CLOSE_GRACE_US,
    multiplier: options.multiplier ?? 1,
    isShortingAllowed: options.isShortingAllowed ?? false,
    idPrefix: options.idPrefix ?? 'sim',
    ordersMax: ORDERS_MAX,
  };
  return {
    account,
    startingCash: money(startingCash),
    rules,
    sessions,
    listing: symbols ?? anyEquity,
  };
}

function anyEquity(symbol: SymbolId): Listing {
  return { name: `#${symbol}`, assetClass: 'equity', isTradable: true };
}

function isOrderKind(kind: Effect['kind']): boolean {
  return (
    kind === 'submitOrder' ||
    kind === 'cancelOrder' ||
    kind === 'replaceOrder' ||
    kind === 'enquireOrder'
  );
}

function isOrderEffect(effect: Effect): effect is OrderEffect {
  return isOrderKind(effect.kind);
}

function nameOf(effect: {
  readonly clientOrderId: ClientOrderId;
  readonly venueOrderId?: VenueOrderId;
}) {
  const { clientOrderId, venueOrderId } = effect;
  return venueOrderId === undefined ? { clientOrderId } : { clientOrderId, venueOrderId };
}
