import type { AccountId, SymbolId } from '../core/ids.ts';
import { SECOND } from '../core/time.ts';
import {
  doubles,
  index,
  integer,
  list,
  oneOf,
  row,
  text,
  type UnionOf,
  unionCodec,
} from '../core/record.ts';
import { cancelFields, orderRequestFields, replaceFields } from '../domain/orders/intent.ts';

/** What the kernel asks of the world. Each gets exactly one final answer as an input. */
export const EFFECTS = {
  submitOrder: row(1, orderRequestFields),
  cancelOrder: row(2, cancelFields),
  replaceOrder: row(3, replaceFields),
  /** What became of it? By client order id, because that is the one id we always have. */
  enquireOrder: row(4, {
    account: cancelFields.account,
    clientOrderId: cancelFields.clientOrderId,
    /** Counts from 1, so that repeated enquiries are different effects. */
    attempt: index(),
  }),
  /** Score `rows.length` rows of `width` doubles each. */
  infer: row(5, {
    /** A model, or several in one pass: see `model-columns.ts`. */
    model: text(),
    rows: list(index<SymbolId>(), 65_535),
    width: index(),
    features: doubles,
  }),
  /**
   * Bars that closed and the indicators of their rows, prices in dollars, for the time series
   * store. A closed bar that is told anew has no indicators of its own: `width` is 0 then.
   */
  writeRows: row(6, {
    table: text(),
    rows: list(index<SymbolId>(), 65_535),
    width: index(),
    values: doubles,
    layoutHash: text(),
    /** Of each row the end of its bar. */
    barUs: doubles,
    /** Of each row its bar, as `told-bar.ts` writes it. */
    bars: doubles,
  }),
  /** Somebody should know. */
  alert: row(7, {
    severity: oneOf('info', 'warn', 'error', 'fatal'),
    code: text(),
    text: text(),
  }),
  /** What does the broker hold, and what became of late orders? Answered by a statement. */
  reconcile: row(8, {
    account: text<AccountId>(),
    /** Orders that ended before this are not asked about. */
    sinceUs: integer(),
    /** Counts from 1, so that repeated questions are different effects. */
    attempt: index(),
  }),
  /** The symbols whose trades and quotes are wanted: the whole set, not a change of it. */
  subscribe: row(9, {
    symbols: list(index<SymbolId>(), 65_535),
  }),
} as const;

export type Effect = UnionOf<typeof EFFECTS>;
export type EffectKind = Effect['kind'];

export const effectCodec = unionCodec(EFFECTS);

export interface EffectTraits {
  /** Can it make us own more? Then it leaves only when its turn's record is safe. */
  readonly makesExposure: boolean;
  /** Is doing it twice the same as once? */
  readonly isIdempotent: boolean;
  /** Past this it is answered `unknown` if it touches an order, else `expired`. */
  readonly deadlineUs: number;
  /** What a recovery does with one that was requested and never answered. */
  readonly recovery: 'reissue' | 'enquire' | 'forget';
  /** Does the journal keep all of its bytes, or only their hash (bulky and never reissued)? */
  readonly journaled: 'whole' | 'hash';
}

export const EFFECT_TRAITS: Readonly<Record<EffectKind, EffectTraits>> = {
  submitOrder: {
    makesExposure: true,
    isIdempotent: true, // By its client order id: the venue refuses a second one.
    deadlineUs: 5 * SECOND,
    recovery: 'enquire',
    journaled: 'whole',
  },
  cancelOrder: {
    makesExposure: false,
    isIdempotent: true,
    deadlineUs: 5 * SECOND,
    recovery: 'reissue',
    journaled: 'whole',
  },
  replaceOrder: {
    makesExposure: true,
    isIdempotent: false,
    deadlineUs: 5 * SECOND,
    recovery: 'enquire',
    journaled: 'whole',
  },
  enquireOrder: {
    makesExposure: false,
    isIdempotent: true,
    deadlineUs: 5 * SECOND,
    recovery: 'reissue',
    journaled: 'whole',
  },
  infer: {
    makesExposure: false,
    isIdempotent: true,
    deadlineUs: SECOND / 2,
    recovery: 'reissue', // A pure question: asked again it has the same answer, if still in time.
    journaled: 'whole',
  },
  writeRows: {
    makesExposure: false,
    isIdempotent: true, // Keyed by symbol and time.
    deadlineUs: 60 * SECOND,
    recovery: 'forget',
    journaled: 'hash',
  },
  alert: {
    makesExposure: false,
    isIdempotent: false,
    deadlineUs: 10 * SECOND,
    recovery: 'forget',
    journaled: 'whole',
  },
  reconcile: {
    makesExposure: false,
    isIdempotent: true,
    deadlineUs: 30 * SECOND, // Several pages of several lists.
    recovery: 'forget', // A life begins with a question of its own.
    journaled: 'whole',
  },
  subscribe: {
    makesExposure: false,
    isIdempotent: true,
    deadlineUs: 10 * SECOND,
    recovery: 'forget', // Planned anew from the layers when a life begins.
    journaled: 'whole',
  },
};

/** An effect on its way: the id is how its answer finds back. */
export interface Requested {
  readonly input: number;
  readonly index: number;
  /** The kernel's `now` when it was requested. */
  readonly requestedUs: number;
  readonly effect: Effect;
}
