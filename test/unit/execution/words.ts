import type { OrderReport, VenueStatus } from '../../../src/domain/orders/report.ts';
import type { Standing } from '../../../src/domain/orders/standing.ts';
import { TRANSITIONS } from '../../../src/domain/orders/machine.ts';

/** The words of three tables; a record each, so that the compiler counts them. */
export const STANDINGS = keysOf(TRANSITIONS);

const EVENT_WORDS: Readonly<Record<OrderReport['event'], true>> = {
  accepted: true,
  pendingNew: true,
  new: true,
  partialFill: true,
  fill: true,
  pendingCancel: true,
  canceled: true,
  expired: true,
  doneForDay: true,
  pendingReplace: true,
  replaced: true,
  rejected: true,
  held: true,
  cancelRejected: true,
  replaceRejected: true,
  restated: true,
  snapshot: true,
  unrecognised: true,
};
export const EVENTS = keysOf(EVENT_WORDS);

const STATUS_WORDS: Readonly<Record<VenueStatus, true>> = {
  accepted: true,
  pendingNew: true,
  new: true,
  partiallyFilled: true,
  filled: true,
  pendingCancel: true,
  canceled: true,
  expired: true,
  doneForDay: true,
  pendingReplace: true,
  replaced: true,
  rejected: true,
  held: true,
  unrecognised: true,
};
export const STATUSES = keysOf(STATUS_WORDS);

export type Edge = `${Standing}>${Standing}`;

/** Every edge of the graph. */
export const EDGES: readonly Edge[] = STANDINGS.flatMap((from) =>
  TRANSITIONS[from].map((to): Edge => `${from}>${to}`),
);

function keysOf<Word extends string>(words: Readonly<Record<Word, unknown>>): readonly Word[] {
  const isWord = (key: string): key is Word => key in words;
  return Object.keys(words).filter(isWord);
}
