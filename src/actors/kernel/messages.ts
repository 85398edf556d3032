import type { ClientOrderId, SymbolId } from '../../core/ids.ts';
import type { OrderIntent } from '../../domain/orders/intent.ts';
import type { OrderReport } from '../../domain/orders/report.ts';
import type { Statement } from '../../domain/orders/statement.ts';
import type { RiskApproved } from '../../domain/risk/approval.ts';
import type { MarketView } from '../../domain/risk/market-view.ts';
import type { Signal } from '../../domain/signals/signal.ts';
import type { Command, Input } from '../../ports/input.ts';
import type { ReplyMessage, TimerMessage } from '../runtime/definition.ts';

type InputOf<Kind extends Input['kind']> = Extract<Input, { kind: Kind }>;

/** A row closed a bar (or, by config, took an event) and its indicators moved. */
export interface Observed {
  readonly kind: 'observed';
  readonly symbol: SymbolId;
  /** Distance of the price from its mean in standard deviations; NaN until ready. */
  readonly zScore: number;
  readonly view: MarketView;
  /** Layer the symbol is in, 0 to 3. */
  readonly layer: number;
}

/** What the models say of a symbol, for the ensemble to make one score of. */
export interface MembersScored {
  readonly kind: 'membersScored';
  readonly symbol: SymbolId;
  /** In the order in which the models are asked; NaN of one that has none. */
  readonly scores: Float64Array;
  readonly versions: readonly string[];
  readonly layer: number;
  /** As it is now that the scores have come. */
  readonly view: MarketView;
}

export interface Scored {
  readonly kind: 'scored';
  readonly symbol: SymbolId;
  /** The probability that the price rises, or the strength that the members agreed on. */
  readonly score: number;
  /** Enough models agreed for a position to begin. */
  readonly isAgreed: boolean;
  /** Who says so. */
  readonly modelVersion: string;
  readonly reason: string;
  readonly layer: number;
  /** As it is now that the score has come. */
  readonly view: MarketView;
}

/** A bar closed, held or not: what the portfolio marks by. */
export interface Priced {
  readonly kind: 'priced';
  readonly symbol: SymbolId;
  /** The middle of the quote, or the close of the bar where there is none. */
  readonly price: number;
}

export interface SignalMade {
  readonly kind: 'signalMade';
  readonly signal: Signal;
  readonly view: MarketView;
}

/** Marks moved: risk looks at its breakers. */
export interface Valued {
  readonly kind: 'valued';
}

export interface Approved {
  readonly kind: 'approved';
  readonly approval: RiskApproved<OrderIntent>;
}

export interface CancelWanted {
  readonly kind: 'cancelWanted';
  readonly clientOrderId: ClientOrderId;
  readonly reason: string;
}

/** Every open order, or only those that make exposure. */
export interface CancelAllWanted {
  readonly kind: 'cancelAllWanted';
  readonly entriesOnly: boolean;
  readonly reason: string;
}

/** One order of a statement, as the broker has it. */
export interface OrderStated {
  readonly kind: 'orderStated';
  readonly report: OrderReport;
}

/** All orders of the statement have been told. */
export interface OrdersStated {
  readonly kind: 'ordersStated';
  readonly statement: Statement;
}

/** Orders that execution does not know, told unasked or, with all of ours taken, in a statement. */
export interface OrdersTaken {
  readonly kind: 'ordersTaken';
  readonly statement?: Statement;
  readonly notOurs: readonly OrderReport[];
}

export type StrategyMessage = Observed | Scored | TimerMessage;
export type EnsembleMessage = MembersScored;
export type PortfolioMessage = Priced;
export type RiskMessage =
  | SignalMade
  | Valued
  | TimerMessage
  | Command
  | InputOf<'serviceChanged'>
  | InputOf<'sessionChanged'>
  | InputOf<'policyChanged'>
  | InputOf<'opened'>;
export type ExecutionMessage =
  | Approved
  | CancelWanted
  | CancelAllWanted
  | OrderStated
  | OrdersStated
  | ReplyMessage
  | TimerMessage
  | InputOf<'orderUpdated'>
  | InputOf<'opened'>;
export type ReconciliationMessage =
  | OrdersTaken
  | ReplyMessage
  | TimerMessage
  | InputOf<'serviceChanged'>
  | InputOf<'opened'>;
/** When a life opens, a session begins, the market is back, and on a grid of time. */
export type SubscriptionsMessage =
  | ReplyMessage
  | TimerMessage
  | InputOf<'serviceChanged'>
  | InputOf<'sessionChanged'>
  | InputOf<'opened'>;
