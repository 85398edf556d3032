import type { OrderReport, VenueStatus } from './report.ts';
import type { Standing } from './standing.ts';

/**
 * Where an order may go from where it stands (I4). Two rules made this graph:
 *
 * - Only evidence moves an order. No answer makes it `unknown`, never `rejected`. Absence makes
 *   it `notPlaced`, and that is provisional: a late word of the venue takes it wherever it is.
 * - An end is an end. What arrives after `canceled` or `expired` reopens nothing; but where fills
 *   come in until nothing is left (the cancel lost the race, venues.md 4.5: "fill wins"), the
 *   order is what it truly is: `filled`.
 *
 * Reports may overtake one another, so an order of which we have heard nothing may turn out to be
 * anywhere.
 */
export const TRANSITIONS: Readonly<Record<Standing, readonly Standing[]>> = {
  intended: [
    'unknown',
    'working',
    'partiallyFilled',
    'cancelPending',
    'replacePending',
    'filled',
    'canceled',
    'expired',
    'rejected',
    'replaced',
  ],
  unknown: [
    'working',
    'partiallyFilled',
    'cancelPending',
    'replacePending',
    'filled',
    'canceled',
    'expired',
    'rejected',
    'replaced',
    'notPlaced',
  ],
  working: [
    'partiallyFilled',
    'cancelPending',
    'replacePending',
    'filled',
    'canceled',
    'expired',
    'rejected', // The answer to a submission is early: venues.md 8, #15.
    'replaced',
  ],
  // Not `working`: what is filled stays filled. Not `rejected`: see `standingOf`.
  partiallyFilled: ['cancelPending', 'replacePending', 'filled', 'canceled', 'expired', 'replaced'],
  cancelPending: [
    'working', // The cancel was refused.
    'partiallyFilled',
    'replacePending',
    'filled',
    'canceled',
    'expired',
    'rejected',
    'replaced',
  ],
  replacePending: [
    'working',
    'partiallyFilled',
    'cancelPending',
    'filled',
    'canceled',
    'expired',
    'rejected',
    'replaced',
  ],
  filled: [],
  canceled: ['filled'],
  expired: ['filled'],
  rejected: [],
  replaced: [],
  notPlaced: [
    'working',
    'partiallyFilled',
    'cancelPending',
    'replacePending',
    'filled',
    'canceled',
    'expired',
    'rejected',
    'replaced',
  ],
};

export function mayBecome(from: Standing, to: Standing): boolean {
  return TRANSITIONS[from].includes(to);
}

/** Over for good: nothing at the venue can make exposure of it any more. */
export function isTerminal(standing: Standing): boolean {
  return TERMINAL.has(standing);
}

/** Terminal, or as good as: `notPlaced` is over unless the venue says otherwise. */
export function isSettled(standing: Standing): boolean {
  return TERMINAL.has(standing) || standing === 'notPlaced';
}

/** Nobody has told us that the venue has it. */
export function isUncertain(standing: Standing): boolean {
  return standing === 'intended' || standing === 'unknown' || standing === 'notPlaced';
}

/** What our books say of an order, this report's executions included. */
export interface Known {
  readonly standing: Standing;
  /** Ordered. */
  readonly quantity: number;
  /** Booked. */
  readonly filledQuantity: number;
}

/**
 * Where an order stands once a report is taken in. Always the standing it has, or one that
 * `TRANSITIONS` allows.
 *
 * What is filled is told by what is booked, not by the venue's word: reports overtake one another
 * and `new` may come after a fill. And an order ends only when every fill that the venue counts
 * is booked: until then its exposure is in nobody's books.
 */
export function standingOf(report: OrderReport, known: Known): Standing {
  const { standing, quantity, filledQuantity } = known;
  const isFilled = filledQuantity >= quantity;
  if (isTerminal(standing)) return isFilled && mayBecome(standing, 'filled') ? 'filled' : standing;
  if (isFilled) return 'filled';
  if (missingQuantity(report, known) > 0) return placedStanding(known);
  switch (statusOf(report)) {
    case 'accepted':
    case 'pendingNew':
    case 'new':
    case 'held':
    case 'partiallyFilled':
      return openStanding(known);
    case 'pendingCancel':
      return 'cancelPending';
    case 'pendingReplace':
      return 'replacePending';
    case 'filled': // Of fewer than we ordered: the venue restated the quantity.
      return 'filled';
    case 'canceled':
      return 'canceled';
    case 'expired':
    case 'doneForDay': // We send day and ioc orders only: their day is their life.
      return 'expired';
    case 'rejected': // What was partly filled was taken, so its rest was taken back.
      return filledQuantity > 0 ? 'canceled' : 'rejected';
    case 'replaced':
      return 'replaced';
    case 'unrecognised':
      return filledQuantity > 0 ? placedStanding(known) : standing;
  }
}

/** Fills that the venue counts and we have not booked: to be asked for (venues.md 8, #8, #9). */
export function missingQuantity(report: OrderReport, known: Known): number {
  const counted = statusOf(report) === 'filled' ? report.quantity : report.filledQuantity;
  const told = Math.max(counted, report.filledQuantity);
  return Math.max(0, Math.min(told, known.quantity) - known.filledQuantity);
}

/** A status of a later version of the venue's protocol may still come with an event we know. */
export function statusOf(report: OrderReport): VenueStatus {
  if (report.status !== 'unrecognised') return report.status;
  return EVENT_STATUS[report.event] ?? 'unrecognised';
}

const EVENT_STATUS: Readonly<Partial<Record<OrderReport['event'], VenueStatus>>> = {
  accepted: 'accepted',
  pendingNew: 'pendingNew',
  new: 'new',
  partialFill: 'partiallyFilled',
  fill: 'filled',
  pendingCancel: 'pendingCancel',
  canceled: 'canceled',
  expired: 'expired',
  doneForDay: 'doneForDay',
  pendingReplace: 'pendingReplace',
  replaced: 'replaced',
  rejected: 'rejected',
  held: 'held',
};

const TERMINAL: ReadonlySet<Standing> = new Set([
  'filled',
  'canceled',
  'expired',
  'rejected',
  'replaced',
]);

function openStanding({ filledQuantity }: Known): Standing {
  return filledQuantity > 0 ? 'partiallyFilled' : 'working';
}

/** The venue has it; what it does with it is not told. */
function placedStanding(known: Known): Standing {
  const isPending = known.standing === 'cancelPending' || known.standing === 'replacePending';
  return isPending ? known.standing : openStanding(known);
}
