import { mayBecome } from '../../../src/domain/orders/machine.ts';
import type { Standing } from '../../../src/domain/orders/standing.ts';
import type { Fact } from '../../../src/ports/fact.ts';
import { factsOf } from './journal-story.ts';
import { isOpen, type VenueBooks } from '../../venue-books.ts';

/** By client order id: what somebody else ordered, and of what the venue took a fill back. */
export interface Strange {
  readonly others: ReadonlySet<string>;
  readonly busted: ReadonlySet<string>;
}

/**
 * I1, I2, I4, I5 of RELIABILITY over what the journal says and what the venue's books say; one line
 * for each breach. Orders that somebody else made are named.
 */
export function orderBreaches(
  facts: readonly Fact[],
  books: VenueBooks,
  { others, busted }: Strange,
): readonly string[] {
  return [
    ...ordersOnce(facts, books, others),
    ...alongTheGraph(facts),
    ...bookedOnce(facts, books, new Set([...others, ...busted])),
    ...endsAgree(facts, books, others),
  ];
}

function ordersOnce(
  facts: readonly Fact[],
  { orders }: VenueBooks,
  others: ReadonlySet<string>,
): readonly string[] {
  const intended = factsOf(facts, 'intended').map(({ clientOrderId }) => String(clientOrderId));
  const approved = new Set<string>(
    factsOf(facts, 'approved').map(({ clientOrderId }) => clientOrderId),
  );
  const known = new Set(intended);
  const placed = orders.map(({ clientOrderId }) => clientOrderId);
  const ours = placed.filter((id) => !others.has(id));
  return [
    ...repeated(intended).map((id) => `I1: ${id} is intended twice`),
    ...repeated(placed).map((id) => `I1: ${id} is at the venue twice`),
    ...ours.filter((id) => !known.has(id)).map((id) => `I2: ${id} was sent unrecorded`),
    ...ours.filter((id) => !approved.has(id)).map((id) => `I2: ${id} was sent unapproved`),
  ];
}

function alongTheGraph(facts: readonly Fact[]): readonly string[] {
  const standings = new Map<string, Standing>();
  const left = new Map<string, number>();
  const found: string[] = [];
  for (const fact of facts) {
    if (fact.kind === 'intended') {
      standings.set(fact.clientOrderId, 'intended');
      left.set(fact.clientOrderId, fact.quantity);
    } else if (fact.kind === 'stood') {
      const from = standings.get(fact.clientOrderId) ?? 'intended';
      const isEdge = mayBecome(from, fact.standing);
      if (!isEdge) found.push(`I4: ${fact.clientOrderId} went from ${from} to ${fact.standing}`);
      standings.set(fact.clientOrderId, fact.standing);
    } else if (fact.kind === 'filled') {
      const { quantity } = fact.execution;
      const rest = (left.get(fact.clientOrderId) ?? 0) - quantity;
      if (quantity <= 0) found.push(`I4: ${fact.clientOrderId} had ${quantity} shares taken back`);
      if (rest < 0) found.push(`I4: ${fact.clientOrderId} is filled beyond what was ordered`);
      left.set(fact.clientOrderId, rest);
    }
  }
  return found;
}

/** Each execution once, and of each order as much as the venue says. */
function bookedOnce(
  facts: readonly Fact[],
  { orders }: VenueBooks,
  others: ReadonlySet<string>,
): readonly string[] {
  const fills = factsOf(facts, 'filled');
  const booked = new Map<string, number>();
  for (const { clientOrderId, execution } of fills) {
    booked.set(clientOrderId, (booked.get(clientOrderId) ?? 0) + execution.quantity);
  }
  return [
    ...repeated(fills.map(({ execution }) => String(execution.executionId))).map(
      (id) => `I5: execution ${id} is booked twice`,
    ),
    ...orders
      .filter(({ clientOrderId }) => !others.has(clientOrderId))
      .filter((order) => (booked.get(order.clientOrderId) ?? 0) !== order.filledQuantity)
      .map(
        ({ clientOrderId: id, filledQuantity: there }) =>
          `I5: of ${id} ${booked.get(id) ?? 0} shares are booked, ${there} are filled there`,
      ),
  ];
}

const GONE: ReadonlySet<Standing> = new Set([
  'filled',
  'canceled',
  'expired',
  'rejected',
  'replaced',
  'notPlaced',
]);

/** Once quiet no order is unknown, and none is open on one side alone. */
function endsAgree(
  facts: readonly Fact[],
  { orders }: VenueBooks,
  others: ReadonlySet<string>,
): readonly string[] {
  const standings = new Map<string, Standing>();
  for (const fact of facts) {
    if (fact.kind === 'intended') standings.set(fact.clientOrderId, 'intended');
    if (fact.kind === 'stood') standings.set(fact.clientOrderId, fact.standing);
  }
  const there = new Map(orders.map((order) => [order.clientOrderId, order]));
  const found: string[] = [];
  for (const [id, standing] of standings) {
    const order = there.get(id);
    const isOpenThere = order !== undefined && isOpen(order) && !others.has(id);
    if (GONE.has(standing) === isOpenThere) {
      found.push(`I4: ${id} stands ${standing} here, ${order?.status ?? 'absent'} there`);
    }
  }
  return found;
}

function repeated(ids: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return ids.filter((id) => seen.size === seen.add(id).size);
}
