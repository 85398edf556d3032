import type { AccountId, SymbolId } from '../core/ids.ts';
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
import { reportFields } from '../domain/orders/report.ts';
import { statementFields } from '../domain/orders/statement.ts';

/**
 * Everything that enters the kernel besides market events, which travel as an `EventBatch`. Numbers
 * and field order are the journal's format: append, never reorder.
 */
export const INPUTS = {
  /** A life of the engine begins: the first, or one after a crash. */
  opened: row(1, {
    life: index(),
    account: text<AccountId>(),
    startingCash: integer(),
    buildId: text(),
    configHash: text(),
    /** Names of the actors in table order: turn records name an actor by its place. */
    actors: list(text(), 255),
  }),
  /** A symbol gets its id. Always before any event that carries the id. */
  symbolNamed: row(2, {
    symbol: index<SymbolId>(),
    name: text(),
    assetClass: oneOf('equity', 'fund', 'index', 'crypto', 'option'),
    sector: text(),
    isTradable: truth,
  }),
  /** The calendar speaks: a day and its session edges. */
  sessionChanged: row(3, {
    phase: oneOf('closed', 'pre', 'core', 'post'),
    /** `20131007`. */
    date: index(),
    openUs: integer(),
    closeUs: integer(),
  }),
  /** A person decided. */
  commanded: row(4, {
    commandId: text(),
    verb: oneOf(
      'halt',
      'resume',
      'cancelAll',
      'flatten',
      'ban',
      'unban',
      'handsOff',
      'handsOn',
      'drain',
    ),
    account: text<AccountId>(),
    symbol: optional(index<SymbolId>()),
    by: text(),
    reason: text(),
  }),
  /** The venue said something about an order, unasked. */
  orderUpdated: row(5, { report: nested(reportFields) }),
  /** A service's health changed; the journal's disk is one of them. */
  serviceChanged: row(6, {
    service: oneOf('broker', 'inference', 'market', 'journal', 'store'),
    state: oneOf('up', 'down', 'degraded', 'overloaded'),
    reason: text(),
  }),
  /** Nothing happened, and it is later now. */
  timePassed: row(7, {}),
  /** The one final answer to an effect. */
  answered: row(8, {
    /** The effect's id: the sequence of the input whose turn requested it, and its place there. */
    effectInput: integer(),
    effectIndex: index(),
    outcome: oneOf('done', 'refused', 'failed', 'unknown', 'expired'),
    code: optional(text()),
    message: optional(text()),
    /** What the venue knows of the order, for broker effects that were answered. */
    order: optional(nested(reportFields)),
    /** For `infer`: one score a row, or a column a model as `model-columns.ts` says. */
    scores: optional(doubles),
    modelVersion: optional(text()),
    /** For `reconcile`. */
    statement: optional(nested(statementFields)),
  }),
  newsArrived: row(9, {
    newsId: text(),
    symbols: list(index<SymbolId>(), 1_000),
    headline: text(),
    /** -1 .. 1 where the provider scores it, else NaN. */
    sentiment: double,
    venueUs: integer(),
  }),
  /**
   * What a row of the symbol's had learned by the end of an earlier session, bit for bit: taken
   * from the store before the session begins, and from here wherever it is fed again.
   */
  rowWarmed: row(10, {
    symbol: index<SymbolId>(),
    /** Of what the doubles mean: a row of another layout stays as it is. */
    layout: text(),
    values: doubles,
    /** Bars may have been lost since then. */
    mayLack: truth,
    /** Where it comes from: the session, and the record in its journal. */
    session: text(),
    sequence: integer(),
    /** Whose row it is: the name of the family that keeps it. */
    family: text(),
  }),
  /**
   * A person changed a policy, and the registry took it: this value is the current one from here
   * on. A session begins with one for every policy there is, so that its journal has them all.
   */
  policyChanged: row(11, {
    changeId: text(),
    name: text(),
    version: index(),
    /** JSON. */
    value: text(),
    by: text(),
    reason: text(),
  }),
} as const;

export type Input = UnionOf<typeof INPUTS>;
export type InputKind = Input['kind'];
export type Answer = Extract<Input, { kind: 'answered' }>;
export type Command = Extract<Input, { kind: 'commanded' }>;

export const inputCodec = unionCodec(INPUTS);

/** Who goes first when several inputs wait: the choice is made before numbering. */
export const INPUT_CLASS: Readonly<Record<InputKind, number>> = {
  opened: 0,
  commanded: 0,
  policyChanged: 0,
  orderUpdated: 1,
  serviceChanged: 2,
  symbolNamed: 2,
  rowWarmed: 2,
  sessionChanged: 3,
  timePassed: 3,
  answered: 4,
  newsArrived: 5,
};
/** Market batches come last. */
export const MARKET_CLASS = 6;
