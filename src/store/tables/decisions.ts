import type { ColumnDeclaration, TableDeclaration } from '../../ports/time-series.ts';
import { PLACE, SEQUENCE, SESSION, SYMBOL } from './columns.ts';

const DECIDED: ColumnDeclaration = { name: 'at_us', kind: 'time', tells: 'when the turn was' };

/** Which turn, and which row of it. */
const TURN: readonly ColumnDeclaration[] = [DECIDED, SESSION, SEQUENCE, PLACE];

/** A turn is one instant: with the session and the place in it, no two rows are the same. */
const OF_A_TURN = {
  version: 1,
  time: 'at_us',
  partition: 'month',
  keys: ['session', 'sequence', 'place'],
} as const;

/** Risk's answer comes later and replaces the row: the signal's own id keeps it apart. */
export const signals: TableDeclaration = {
  ...OF_A_TURN,
  name: 'signals',
  tells: 'What a strategy wanted, and what risk made of it.',
  keys: ['session', 'signal_id'],
  columns: [
    { name: 'at_us', kind: 'time', tells: 'when it was decided' },
    SESSION,
    SEQUENCE,
    SYMBOL,
    { name: 'signal_id', kind: 'text', tells: 'names it in orders and refusals' },
    { name: 'strategy', kind: 'symbol', tells: 'who wanted it' },
    { name: 'side', kind: 'symbol', tells: 'buy or sell' },
    { name: 'purpose', kind: 'symbol', tells: 'entry, exit, ...' },
    { name: 'value', kind: 'double', tells: "where the strategy's measure stood" },
    { name: 'threshold', kind: 'double', tells: 'where it had to stand' },
    { name: 'last', kind: 'double', tells: 'dollars when it was decided' },
    { name: 'stop_distance', kind: 'double', tells: 'dollars a share at which it is wrong' },
    { name: 'reason', kind: 'text', tells: 'in a few words' },
    { name: 'model_version', kind: 'symbol', tells: 'of the model that scored it; empty: none' },
    { name: 'outcome', kind: 'symbol', tells: 'approved, a refusal code, or empty: no answer yet' },
  ],
};

/** One row each time that it stands differently. */
export const orders: TableDeclaration = {
  ...OF_A_TURN,
  name: 'orders',
  tells: 'An order, each time that it stands differently.',
  columns: [
    ...TURN,
    SYMBOL,
    { name: 'account', kind: 'symbol', tells: 'whose it is' },
    { name: 'order_id', kind: 'text', tells: 'our id of it' },
    { name: 'venue_order_id', kind: 'text', tells: "the venue's id; empty: not known" },
    { name: 'standing', kind: 'symbol', tells: 'as the order state machine names it' },
    { name: 'side', kind: 'symbol', tells: 'buy or sell' },
    { name: 'kind', kind: 'symbol', tells: 'market, limit, ...' },
    { name: 'quantity', kind: 'double', tells: 'shares' },
    { name: 'limit_price', kind: 'double', tells: 'dollars; NaN: none' },
    { name: 'reason', kind: 'text', tells: 'why it stands so; empty: not told' },
  ],
};

export const fills: TableDeclaration = {
  ...OF_A_TURN,
  name: 'fills',
  tells: 'An execution of an order of ours.',
  columns: [
    ...TURN,
    SYMBOL,
    { name: 'account', kind: 'symbol', tells: 'whose it is' },
    { name: 'order_id', kind: 'text', tells: 'our id of the order' },
    { name: 'execution_id', kind: 'text', tells: "the venue's id" },
    { name: 'side', kind: 'symbol', tells: 'buy or sell' },
    { name: 'quantity', kind: 'double', tells: 'shares' },
    { name: 'price', kind: 'double', tells: 'dollars a share' },
    { name: 'venue_us', kind: 'time', tells: 'when the venue made it' },
  ],
};

export const incidents: TableDeclaration = {
  ...OF_A_TURN,
  name: 'incidents',
  tells: 'What went wrong, was stopped or was lifted: crashes, halts, drift, lost data.',
  columns: [
    ...TURN,
    { name: 'severity', kind: 'symbol', tells: 'info, warn, error or fatal' },
    { name: 'code', kind: 'symbol', tells: 'as the journal names it' },
    { name: 'subject', kind: 'text', tells: 'actor, symbol or account' },
    { name: 'detail', kind: 'text', tells: 'in words' },
  ],
};
