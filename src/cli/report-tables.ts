import { describeFault } from '../domain/market/data-fault.ts';
import { layerName, refusalText, signalMeasure, strategyName } from './describe.ts';
import {
  clock,
  count,
  dollars,
  exactClock,
  measure,
  priceText,
  signedDollars,
  span,
} from './figures.ts';
import { type Column, table } from './html-text.ts';
import { averagePrice, type OrderHistory, standingOf } from './order-histories.ts';
import type { SessionView } from './session-view.ts';

/** Rows that a table of the report shows at most: a page has to open. */
const ROWS_MAX = 500;

const toneOf = (ticks: number) => (ticks > 0 ? 'gain' : ticks < 0 ? 'loss' : '');

/** When two things happened within a second, the microsecond tells which came first. */
function at<T extends { readonly atUs: number }>(): Column<T> {
  return { title: 'New York', text: ({ atUs }) => exactClock(atUs) };
}

export function positionTable(view: SessionView): string {
  const rows = view.heldPositions().map(([symbol, { quantity, cost, mark, realized }]) => ({
    name: view.nameOf(symbol),
    strategy: view.trades.open.get(symbol)?.strategy ?? '',
    quantity,
    average: cost / quantity,
    mark,
    profit: quantity * mark - cost,
    realized,
  }));
  return table(
    [
      { title: 'Symbol', text: ({ name }) => name },
      { title: 'Strategy', text: ({ strategy }) => strategyName(strategy) },
      { title: 'Shares', isNumber: true, text: ({ quantity }) => count(quantity) },
      { title: 'Average cost', isNumber: true, text: ({ average }) => priceText(average) },
      { title: 'Mark', isNumber: true, text: ({ mark }) => priceText(mark) },
      {
        title: 'Open profit',
        isNumber: true,
        text: ({ profit }) => signedDollars(profit),
        tone: ({ profit }) => toneOf(profit),
      },
      { title: 'Booked', isNumber: true, text: ({ realized }) => signedDollars(realized) },
    ],
    rows,
  );
}

export function tradeTable(view: SessionView): string {
  const { closed } = view.trades;
  return table(
    [
      { title: 'Symbol', text: ({ symbol }) => view.nameOf(symbol) },
      { title: 'Strategy', text: ({ strategy }) => strategyName(strategy) },
      { title: 'Opened', text: ({ openedUs }) => clock(openedUs) },
      { title: 'Closed', text: ({ closedUs }) => clock(closedUs) },
      { title: 'Held', isNumber: true, text: (one) => span(one.closedUs - one.openedUs) },
      {
        title: 'Profit',
        isNumber: true,
        text: ({ profit }) => signedDollars(profit),
        tone: ({ profit }) => toneOf(profit),
      },
    ],
    closed.last(ROWS_MAX),
    closed.total,
  );
}

export function orderTable(view: SessionView): string {
  const columns: readonly Column<OrderHistory>[] = [
    { title: 'New York', text: ({ intendedUs }) => exactClock(intendedUs) },
    { title: 'Symbol', text: ({ intent }) => view.nameOf(intent.symbol) },
    { title: 'Side', text: ({ intent }) => intent.side },
    { title: 'For', text: ({ intent }) => intent.purpose },
    { title: 'Shares', isNumber: true, text: ({ intent }) => count(intent.quantity) },
    {
      title: 'Limit',
      isNumber: true,
      text: ({ intent }) =>
        intent.limitPrice === undefined ? 'market' : priceText(intent.limitPrice),
    },
    { title: 'Filled', isNumber: true, text: ({ filledQuantity }) => count(filledQuantity) },
    { title: 'Average', isNumber: true, text: (order) => priceText(averagePrice(order)) },
    { title: 'Stands', text: standingOf, tone: standingTone },
    { title: 'Why', text: reasonOf },
    { title: 'Strategy', text: ({ intent }) => strategyName(intent.strategy) },
    { title: 'Client order id', text: ({ intent }) => intent.clientOrderId },
  ];
  return table(columns, view.orders.list().slice(-ROWS_MAX), view.orders.total);
}

function standingTone(order: OrderHistory): string {
  const standing = standingOf(order);
  if (standing === 'filled' || standing === 'partiallyFilled') return 'gain';
  if (standing === 'rejected' || standing === 'notPlaced') return 'loss';
  return standing === 'unknown' ? 'doubt' : '';
}

function reasonOf({ standings, cancelReason }: OrderHistory): string {
  return standings.at(-1)?.reason ?? cancelReason;
}

export function refusalTable(view: SessionView): string {
  const { refusals } = view;
  return table(
    [
      at(),
      { title: 'Symbol', text: ({ symbol }) => view.nameOf(symbol) },
      { title: 'Code', text: ({ code }) => code },
      { title: 'Why', text: ({ code, value, limit }) => refusalText(code, value, limit) },
      { title: 'Signal', text: ({ signalId }) => signalId },
    ],
    refusals.last(ROWS_MAX),
    refusals.total,
  );
}

export function signalTable(view: SessionView): string {
  const { signals } = view;
  return table(
    [
      at(),
      { title: 'Symbol', text: ({ symbol }) => view.nameOf(symbol) },
      { title: 'Strategy', text: ({ strategy }) => strategyName(strategy) },
      { title: 'Side', text: ({ side }) => side },
      { title: 'For', text: ({ purpose }) => purpose },
      { title: 'Measure / threshold', isNumber: true, text: signalMeasure },
      { title: 'Why', text: ({ reason }) => reason },
      { title: 'Bid', isNumber: true, text: ({ bid }) => priceText(bid) },
      { title: 'Ask', isNumber: true, text: ({ ask }) => priceText(ask) },
      { title: 'Signal', text: ({ signalId }) => signalId },
    ],
    signals.last(ROWS_MAX),
    signals.total,
  );
}

export function moveTable(view: SessionView): string {
  const { moves } = view;
  return table(
    [
      at(),
      { title: 'Symbol', text: ({ symbol }) => view.nameOf(symbol) },
      { title: 'Move', text: ({ isMember }) => (isMember ? 'into' : 'out of') },
      { title: 'Layer', text: ({ layer }) => `${layer} ${layerName(layer)}` },
      { title: 'Why', text: ({ reason }) => reason },
      { title: 'Score', isNumber: true, text: ({ score }) => measure(score) },
    ],
    moves.last(ROWS_MAX),
    moves.total,
  );
}

export function haltTable(view: SessionView): string {
  const { halts } = view.health;
  return table(
    [
      at(),
      { title: 'What', text: ({ what }) => what },
      { title: 'Code', text: ({ code }) => code },
      { title: 'Why', text: ({ reason }) => reason },
      { title: 'By', text: ({ by }) => by },
    ],
    halts.last(ROWS_MAX),
    halts.total,
  );
}

/** What the broker's books hold that no order of ours made: orders of others, adopted, drift. */
export function adoptionTable(view: SessionView): string {
  const { adoptions } = view.broker;
  return table(
    [
      at(),
      { title: 'Symbol', text: ({ symbol }) => view.nameOf(symbol) },
      { title: 'Shares', isNumber: true, text: ({ quantity }) => count(quantity) },
      { title: 'Came', text: ({ origin }) => origin },
    ],
    adoptions.last(ROWS_MAX),
    adoptions.total,
  );
}

export function externalOrderTable(view: SessionView): string {
  const orders = [...view.broker.externalOrders.values()];
  return table(
    [
      { title: 'Order', text: ({ clientOrderId }) => clientOrderId },
      { title: 'Symbol', text: ({ symbol }) => view.nameOf(symbol) },
      { title: 'Side', text: ({ side }) => side },
      { title: 'Shares', isNumber: true, text: ({ quantity }) => count(quantity) },
      { title: 'Filled', isNumber: true, text: ({ filledQuantity }) => count(filledQuantity) },
      { title: 'State', text: ({ isOpen }) => (isOpen ? 'open' : 'over') },
    ],
    orders.slice(-ROWS_MAX),
    orders.length,
  );
}

export function crashTable(view: SessionView): string {
  const { crashes } = view.health;
  return table(
    [
      at(),
      { title: 'Actor', text: ({ actor }) => actor },
      { title: 'Row', text: ({ row }) => (row < 0 ? 'the whole actor' : view.nameOf(row)) },
      { title: 'Error', text: ({ code }) => code },
      { title: 'Message', text: ({ message }) => message, tone: () => 'wide' },
    ],
    crashes.last(ROWS_MAX),
    crashes.total,
  );
}

export function alertTable(view: SessionView): string {
  const { alerts } = view.health;
  return table(
    [
      at(),
      { title: 'Severity', text: ({ severity }) => severity },
      { title: 'Code', text: ({ code }) => code },
      { title: 'Text', text: ({ text }) => text, tone: () => 'wide' },
    ],
    alerts.last(ROWS_MAX),
    alerts.total,
  );
}

export function faultTable({ faults }: SessionView): string {
  const column = { title: 'Fault', text: describeFault, tone: () => 'wide' };
  const more = faults.count - faults.first.length;
  const note = more > 0 ? `<p class="note">And ${count(more)} more like them.</p>` : '';
  return table([column], faults.first) + note;
}

export function strategyTable(view: SessionView): string {
  return table(
    [
      { title: 'Strategy', text: ([code]) => strategyName(code) },
      { title: 'Signals', isNumber: true, text: ([, one]) => count(one.signals) },
      { title: 'Refused', isNumber: true, text: ([, one]) => count(one.refused) },
      { title: 'Orders', isNumber: true, text: ([, one]) => count(one.orders) },
      { title: 'Fills', isNumber: true, text: ([, one]) => count(one.fills) },
      { title: 'Trades', isNumber: true, text: ([, one]) => count(one.trades) },
      {
        title: 'Won',
        isNumber: true,
        text: ([, one]) =>
          one.trades > 0 ? `${Math.round((100 * one.wins) / one.trades)} %` : '-',
      },
      {
        title: 'Booked',
        isNumber: true,
        text: ([, one]) => dollars(one.realized),
        tone: ([, one]) => toneOf(one.realized),
      },
    ],
    [...view.strategies],
  );
}
