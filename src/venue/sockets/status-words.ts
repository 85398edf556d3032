import type { Tape } from '../archive/wire-codes.ts';

/** What a status message says, with its reason. */
export type StatusWords = {
  readonly sc: string;
  readonly sm: string;
  readonly rc: string;
  readonly rm: string;
};

export type HaltState = 'halted' | 'quoting' | 'trading' | 'shortRestricted';

/** Status and reason codes by tape (venues.md 2.5). `Q` on tape C is not tradable yet. */
export function statusWords(status: HaltState, tape: Tape): StatusWords {
  return tape === 'C' ? UTP[status] : CTA[status];
}

const UTP: Readonly<Record<HaltState, StatusWords>> = {
  halted: { sc: 'H', sm: 'Trading Halt', rc: 'T1', rm: 'Halt News Pending' },
  quoting: { sc: 'Q', sm: 'Quotation Resumption', rc: 'T3', rm: 'News and Resumption Times' },
  trading: { sc: 'T', sm: 'Trading Resumption', rc: 'T3', rm: 'News and Resumption Times' },
  // Tape C has no code for it; the one of the other tapes is understood.
  shortRestricted: { sc: 'E', sm: 'Short Sale Restriction', rc: '', rm: '' },
};

const CTA: Readonly<Record<HaltState, StatusWords>> = {
  halted: { sc: '2', sm: 'Trading Halt', rc: 'P', rm: 'News Pending' },
  quoting: { sc: '5', sm: 'Price Indication', rc: 'D', rm: 'News Released' },
  trading: { sc: '3', sm: 'Resume', rc: 'D', rm: 'News Released' },
  shortRestricted: { sc: 'E', sm: 'Short Sale Restriction', rc: '', rm: '' },
};
