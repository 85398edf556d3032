import type {
  AccountId,
  ClientOrderId,
  ExecutionId,
  SignalId,
  StrategyId,
  SymbolId,
  VenueOrderId,
} from '../core/ids.ts';
import type { Money, Price, Shares } from '../core/money.ts';
import {
  double,
  doubles,
  index,
  integer,
  list,
  nested,
  oneOf,
  optional,
  row,
  text,
  truth,
  type UnionOf,
  unionCodec,
} from '../core/record.ts';
import { intentFields } from '../domain/orders/intent.ts';
import { executionFields } from '../domain/orders/report.ts';
import { standing } from '../domain/orders/standing.ts';
import { refusalCode } from '../domain/risk/refusal.ts';
import { purpose } from '../domain/signals/purpose.ts';
import { signalFields } from '../domain/signals/signal.ts';

/** How far trading is stopped; each step includes the ones before it. */
export const haltLevel = oneOf('noEntries', 'cancelAll', 'flatten', 'stop');

/** Why the broker's word was taken into our books where no order of ours made it so. */
export const adoptionOrigin = oneOf('opening', 'external', 'drift');

/**
 * What the kernel decided and the world may depend on. Facts are applied when decided and again,
 * by the same code, on recovery. No fact carries a turn, input or effect number: how inputs were
 * grouped must not change a decision's bytes.
 */
export const FACTS = {
  /** A handler threw: nothing it did stands, and the message is not tried again. */
  crashed: row(1, { actor: text(), row: integer(), code: text(), message: text() }),
  /** Past its crash budget: out until it is lifted. Row -1 is the whole actor. */
  quarantined: row(2, { actor: text(), row: integer(), untilUs: integer() }),
  lifted: row(3, { actor: text(), row: integer() }),

  accountOpened: row(10, { account: text<AccountId>(), cash: integer<Money>() }),
  tradingHalted: row(11, {
    account: text<AccountId>(),
    level: haltLevel,
    code: text(),
    reason: text(),
    by: text(),
  }),
  tradingResumed: row(12, { account: text<AccountId>(), by: text(), reason: text() }),
  symbolBanned: row(13, { symbol: index<SymbolId>(), isBanned: truth, by: text(), reason: text() }),
  handsOff: row(14, { symbol: index<SymbolId>(), isOff: truth, by: text(), reason: text() }),
  /** The day's base for the loss limit. */
  dayOpened: row(15, {
    date: index(),
    openUs: integer(),
    closeUs: integer(),
    equity: integer<Money>(),
  }),

  layerMoved: row(20, {
    layer: index(),
    symbol: index<SymbolId>(),
    isMember: truth,
    reason: text(),
    score: double,
    atUs: integer(),
  }),
  layerCompleted: row(21, {
    layer: index(),
    members: index(),
    qualified: index(),
    disqualified: index(),
  }),

  signalled: row(30, signalFields),
  refused: row(31, {
    signalId: text<SignalId>(),
    symbol: index<SymbolId>(),
    code: refusalCode,
    value: double,
    limit: double,
  }),
  /** Risk's proof: without it no order leaves. */
  approved: row(32, {
    signalId: text<SignalId>(),
    clientOrderId: text<ClientOrderId>(),
    symbol: index<SymbolId>(),
    notional: integer<Money>(),
  }),
  released: row(33, { clientOrderId: text<ClientOrderId>(), symbol: index<SymbolId>() }),

  intended: row(40, intentFields),
  stood: row(41, {
    clientOrderId: text<ClientOrderId>(),
    symbol: index<SymbolId>(),
    standing,
    venueOrderId: optional(text<VenueOrderId>()),
    reason: optional(text()),
    /** Set when the order was replaced: its successor carries the rest. */
    successor: optional(text<ClientOrderId>()),
    atUs: integer(),
  }),
  filled: row(42, {
    account: text<AccountId>(),
    clientOrderId: text<ClientOrderId>(),
    symbol: index<SymbolId>(),
    side: intentFields.side,
    execution: nested(executionFields),
  }),
  /** The value a position is reckoned at, taken at a bar's close. */
  marked: row(43, { symbol: index<SymbolId>(), price: integer<Price>() }),
  cancelAsked: row(44, {
    clientOrderId: text<ClientOrderId>(),
    symbol: index<SymbolId>(),
    reason: text(),
  }),
  enquired: row(45, { clientOrderId: text<ClientOrderId>(), attempt: index(), atUs: integer() }),
  /** The venue reported something about an order we do not know. */
  strayReported: row(46, {
    clientOrderId: text<ClientOrderId>(),
    venueOrderId: text(),
    detail: text(),
  }),
  /** An enquiry did not find the order: proof only when repeated, and late enough. */
  absent: row(47, { clientOrderId: text<ClientOrderId>(), atUs: integer() }),

  /** A whole order as it stands, for snapshots that rebuild a state of any build. */
  orderCarried: row(50, {
    intent: nested(intentFields),
    standing,
    venueOrderId: optional(text<VenueOrderId>()),
    successor: optional(text<ClientOrderId>()),
    executions: list(nested(executionFields), 10_000),
    isCancelAsked: truth,
    enquiries: index(),
    lastEnquiryUs: integer(),
    /** When its fate became unknown: absence proves something only from then on. 0 for never. */
    unknownUs: integer(),
    isReleased: truth,
    /** Enquiries that did not find it. */
    absences: index(),
    /** Its place among all orders of the session: timers find it by this. */
    ordinal: index(),
  }),
  positionCarried: row(51, {
    account: text<AccountId>(),
    symbol: index<SymbolId>(),
    quantity: integer(),
    /** Exact: the sum paid for what is held, fees none. */
    cost: integer<Money>(),
    realized: integer<Money>(),
    mark: integer(),
  }),
  accountCarried: row(52, {
    account: text<AccountId>(),
    cash: integer<Money>(),
    realized: integer<Money>(),
  }),
  sequenceCarried: row(53, { strategy: text(), symbol: index<SymbolId>(), next: index() }),
  bookedCarried: row(54, { executionIds: list(text<ExecutionId>(), 65_535) }),
  /** A strategy's own view of one symbol. */
  stanceCarried: row(55, {
    strategy: text<StrategyId>(),
    symbol: index<SymbolId>(),
    name: text(),
    quantity: integer(),
    enteredUs: integer(),
    signals: index(),
    newsUs: integer(),
    openOrders: list(text<ClientOrderId>(), 1_000),
    /** The last that ended: their fills are still ours. */
    endedOrders: list(text<ClientOrderId>(), 1_000),
  }),
  healthCarried: row(56, {
    crashes: index(),
    quarantines: index(),
    halts: index(),
    strays: index(),
  }),

  /** Of scores whose horizon is over: how many of each model's were looked at, and were right. */
  modelsJudged: row(57, {
    models: list(text(), 64),
    judged: list(index(), 64),
    right: list(index(), 64),
  }),
  /** Of several models that were asked in one pass, who had anything to say. */
  modelsAnswered: row(59, { models: list(text(), 64), hasAnswered: list(truth, 64) }),
  /** What is known of a member of the ensemble, as its state has it. */
  memberCarried: row(58, { model: text(), values: doubles }),

  /** Risk put this much aside; `approved` says the same to the world, in one number. */
  reserved: row(60, {
    clientOrderId: text<ClientOrderId>(),
    strategy: text<StrategyId>(),
    symbol: index<SymbolId>(),
    side: intentFields.side,
    purpose,
    quantity: integer<Shares>(),
    /** The worst price a share may cost. */
    price: integer<Price>(),
    sequence: index(),
    /** Orders are counted by the second. */
    atUs: integer(),
  }),
  /** Risk's own book of a position: it knows no cost. */
  holdingCarried: row(61, { symbol: index<SymbolId>(), quantity: integer(), mark: integer() }),
  reservationCarried: row(62, {
    clientOrderId: text<ClientOrderId>(),
    symbol: index<SymbolId>(),
    side: intentFields.side,
    purpose,
    /** Shares that may still be filled. */
    remaining: integer(),
    price: integer<Price>(),
    standing,
    isIntended: truth,
    isCancelAsked: truth,
    isUnreconciled: truth,
    isReleased: truth,
  }),
  /** Entries approved in the present session. */
  entriesCarried: row(63, { symbol: index<SymbolId>(), entries: index() }),
  /** An order of the last second. */
  paceCarried: row(64, { symbol: index<SymbolId>(), isEntry: truth, atUs: integer() }),

  /** The broker's books were asked for. */
  reconcileAsked: row(70, {
    account: text<AccountId>(),
    attempt: index(),
    /** Questions before this one, in a row, that were not answered. */
    failures: index(),
    /** No entry before the books have been laid side by side again. */
    isBlocking: truth,
    sinceUs: integer(),
    atUs: integer(),
  }),
  /** Our books and the broker's have been laid side by side: entries may be made. */
  reconciled: row(71, { account: text<AccountId>(), attempt: index(), atUs: integer() }),
  /** What the broker holds in a symbol is taken into our books; it replaces what they said. */
  positionAdopted: row(72, {
    account: text<AccountId>(),
    symbol: index<SymbolId>(),
    quantity: integer(),
    /** What the broker says was paid for all of it. */
    cost: integer<Money>(),
    /** Reckoned at this until a bar closes. */
    price: integer<Price>(),
    origin: adoptionOrigin,
  }),
  /** Cash that came or went by no fill of ours. */
  cashAdjusted: row(73, {
    account: text<AccountId>(),
    amount: integer<Money>(),
    origin: adoptionOrigin,
  }),
  /** Said once of a difference that nothing explains, and once more when it is gone: equal then. */
  positionDoubted: row(74, { symbol: index<SymbolId>(), ours: integer(), theirs: integer() }),
  cashDoubted: row(75, { ours: integer<Money>(), theirs: integer<Money>() }),
  /** The same difference twice in a row, and no order explains it. */
  driftFound: row(76, { symbol: index<SymbolId>(), ours: integer(), theirs: integer() }),
  /** An order in our account that this session did not make. */
  externalOrder: row(77, {
    clientOrderId: text<ClientOrderId>(),
    venueOrderId: text<VenueOrderId>(),
    symbol: index<SymbolId>(),
    side: intentFields.side,
    quantity: integer<Shares>(),
    filledQuantity: integer<Shares>(),
    isOpen: truth,
    /** Has it the form of our ids? Then it is of another session, or of a journal that was lost. */
    isFormOurs: truth,
  }),
  /** A position in what has no id here, by the broker's name. */
  unlistedHeld: row(78, { name: text() }),
  /** A person ends the session: no entry any more in this life. */
  entriesEnded: row(79, { account: text<AccountId>(), by: text(), reason: text() }),

  /** Trades and quotes of these symbols were asked for, and of no others. */
  slotsAsked: row(80, { symbols: list(index<SymbolId>(), 65_535), atUs: integer() }),
  /** The market has confirmed that these are the symbols whose trades and quotes come. */
  slotsHeld: row(81, { symbols: list(index<SymbolId>(), 65_535) }),
  /** The first so many of what was to be told to people have been told. */
  peopleTold: row(82, { count: index() }),
  /** A newer version of a policy is known. */
  policyTaken: row(83, {
    name: text(),
    version: index(),
    value: text(),
    by: text(),
    reason: text(),
    /** Why nothing follows from it; absent where it holds from here on. */
    unheeded: optional(text()),
  }),
} as const;

export type Fact = UnionOf<typeof FACTS>;
export type FactKind = Fact['kind'];
export type FactOf<K extends FactKind> = Extract<Fact, { kind: K }>;

export const factCodec = unionCodec(FACTS);
