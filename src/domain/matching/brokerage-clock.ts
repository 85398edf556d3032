import { MINUTE } from '../../core/time.ts';
import { money } from '../../core/money.ts';
import {
  type Act,
  allOpen,
  type BrokerageBook,
  dueOf,
  type Edge,
  figuresOf,
} from './brokerage-book.ts';
import { lookAt, matchAtClose } from './brokerage-fills.ts';
import { endOrder, isRoutable, routeOrder, say } from './brokerage-lifecycle.ts';
import { type BrokerageOrder, isEnded, isForExtendedHours, isWorking } from './brokerage-order.ts';
import { settleReplacement } from './brokerage-replacement.ts';
import { follow } from './stop-rules.ts';
import type { TradingHours } from './trading-hours.ts';

/** Everything that became due until now, in the order of its time. Cheap where nothing did. */
export function advanceTo(book: BrokerageBook, nowUs: number): void {
  if (book.day === undefined && book.edges.length === 0) beginDay(book, nowUs);
  while (dueOf(book) <= nowUs) {
    const [act] = book.acts;
    const [edge] = book.edges;
    if (edge !== undefined && edge.us <= (act?.dueUs ?? edge.us)) {
      book.edges.shift();
      pass(book, edge);
    } else if (act !== undefined) {
      book.acts.shift();
      perform(book, act);
    }
  }
}

function beginDay(book: BrokerageBook, nowUs: number): void {
  book.day = book.hours(nowUs);
  book.edges = book.day === undefined ? [] : edgesOf(book.day).filter(({ us }) => us > nowUs);
}

/** The sweep ends gtc orders that are too old: at 16:15 on a full day (4.3). */
function edgesOf(day: TradingHours): Edge[] {
  const edges: Edge[] = [
    { us: day.preUs, kind: 'pre' },
    { us: day.openUs, kind: 'open' },
    { us: day.closeUs, kind: 'close' },
    { us: day.closeUs + 15 * MINUTE, kind: 'sweep' },
    { us: day.postUs, kind: 'post' },
  ];
  return edges.toSorted((left, right) => left.us - right.us);
}

function pass(book: BrokerageBook, { us, kind }: Edge): void {
  switch (kind) {
    case 'pre':
      rollDay(book);
      return beginSession(book, us, isForExtendedHours);
    case 'open':
      return beginSession(book, us, (order) => !isForExtendedHours(order));
    case 'close':
      closeCore(book, us);
      return endSession(book, us, (order) => !isForExtendedHours(order));
    case 'sweep':
      for (const order of allOpen(book)) {
        const isOld = order.timeInForce === 'gtc' && (order.expiresUs ?? us + 1) <= us;
        if (isOld) endOrder(book, order, 'canceled', us);
      }
      return;
    case 'post':
      endSession(book, us, isForExtendedHours);
      beginDay(book, us);
  }
}

/** What the account was worth, and held, before the day. */
function rollDay(book: BrokerageBook): void {
  const { equity, maintenanceMargin } = figuresOf(book);
  book.lastEquity = money(equity);
  book.lastMaintenance = money(maintenanceMargin);
  book.startQuantity.clear();
  for (const [symbol, { quantity }] of book.positions) {
    if (quantity !== 0) book.startQuantity.set(symbol, quantity);
  }
  book.startPrice = book.market.last.slice();
}

type Choice = (order: BrokerageOrder) => boolean;

function beginSession(book: BrokerageBook, us: number, isConcerned: Choice): void {
  for (const order of allOpen(book)) {
    if (!isConcerned(order)) continue;
    if (order.status === 'accepted') routeOrder(book, order, us);
    if (order.status !== 'doneForDay') continue;
    order.status = order.filledQuantity > 0 ? 'partiallyFilled' : 'new';
    say(book, 'new', order, us);
    lookAt(book, order, us);
  }
}

function closeCore(book: BrokerageBook, us: number): void {
  for (const order of allOpen(book)) {
    if (order.timeInForce !== 'cls' || order.status === 'accepted') continue;
    matchAtClose(book, order, us);
    endOrder(book, order, 'canceled', us);
  }
}

/** Day orders are over; gtc orders live on tomorrow. What waits for a later session waits. */
function endSession(book: BrokerageBook, us: number, isConcerned: Choice): void {
  for (const order of allOpen(book)) {
    if (!isConcerned(order) || isEnded(order)) continue;
    if (order.status === 'accepted' || order.status === 'held') continue;
    if (order.timeInForce !== 'gtc') {
      endOrder(book, order, order.timeInForce === 'day' ? 'expired' : 'canceled', us);
    } else if (isWorking(order)) {
      if (!book.rules.tellsDoneForDay) continue;
      order.status = 'doneForDay';
      say(book, 'doneForDay', order, us);
    }
  }
}

function perform(book: BrokerageBook, { kind, order, dueUs }: Act): void {
  switch (kind) {
    case 'acknowledge':
      return acknowledge(book, order, dueUs);
    case 'reject':
      return endOrder(book, order, 'rejected', dueUs);
    case 'replace':
      return settleReplacement(book, order, dueUs);
    case 'cancel':
      if (isEnded(order)) return say(book, 'orderCancelRejected', order, dueUs);
      return endOrder(book, order, 'canceled', dueUs);
  }
}

function acknowledge(book: BrokerageBook, order: BrokerageOrder, nowUs: number): void {
  if (order.status !== 'pendingNew') return;
  // The session ended on the way: it waits for the next one.
  if (!isRoutable(book, order, nowUs)) return routeOrder(book, order, nowUs);
  order.status = 'new';
  if (order.type === 'trailingStop') follow(order, book.market.mark(order.request.symbol));
  say(book, 'new', order, nowUs);
  lookAt(book, order, nowUs);
}
