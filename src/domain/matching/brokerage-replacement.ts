import { type BrokerageBook, keepOrder, schedule } from './brokerage-book.ts';
import { lookAt } from './brokerage-fills.ts';
import { endOrder, routeOrder, say } from './brokerage-lifecycle.ts';
import { type BrokerageOrder, isEnded, resize } from './brokerage-order.ts';
import { keepDistance } from './stop-rules.ts';

/** Both orders stand until it is settled; 200 was said, which proves nothing (venues.md 4.4). */
export function beginReplacement(
  book: BrokerageBook,
  successor: BrokerageOrder,
  nowUs: number,
): void {
  const { replaces } = successor;
  if (replaces === undefined) return;
  replaces.pending = 'replace';
  if (successor.timeInForce === replaces.timeInForce) successor.expiresUs = replaces.expiresUs;
  keepOrder(book, successor);
  say(book, 'pendingReplace', replaces, nowUs);
  schedule(book, { dueUs: nowUs + book.rules.replaceUs, kind: 'replace', order: successor });
}

/** A fill that came first wins: the old order is done, or is all that was wanted (12.3). */
export function settleReplacement(
  book: BrokerageBook,
  successor: BrokerageOrder,
  nowUs: number,
): void {
  const { replaces } = successor;
  if (replaces === undefined) return;
  const isTotal = book.rules.replacedQuantity === 'total';
  const since = isTotal ? replaces.filledQuantity - successor.filledBefore : 0;
  const left = successor.request.quantity - since;
  if (isEnded(replaces) || replaces.pending !== 'replace' || isEnded(successor) || left <= 0) {
    if (replaces.pending === 'replace') replaces.pending = undefined;
    say(book, 'orderReplaceRejected', replaces, nowUs);
    endOrder(book, successor, 'rejected', nowUs);
    return;
  }
  const before = replaces.status;
  replaces.replacedBy = successor;
  inherit(replaces, successor);
  resize(successor, left);
  endOrder(book, replaces, 'replaced', nowUs);
  if (before === 'held') {
    successor.status = 'held';
    return;
  }
  if (before === 'doneForDay') return routeOrder(book, successor, nowUs);
  successor.status = 'new';
  say(book, 'new', successor, nowUs);
  lookAt(book, successor, nowUs);
}

/** The successor takes the old order's place in its family. */
function inherit(old: BrokerageOrder, successor: BrokerageOrder): void {
  const { family } = old;
  if (old.highWater !== undefined) keepDistance(successor, old.highWater);
  if (family === undefined) return;
  successor.family = family;
  if (family.entry === old) {
    family.entry = successor;
    family.carried += old.filledQuantity;
  } else {
    family.exits = family.exits.map((exit) => (exit === old ? successor : exit));
  }
}
