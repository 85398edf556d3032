import type { EngineBooks } from './engine-books.ts';
import { isOpen, type VenueBooks } from '../venue-books.ts';

/** What must hold at every moment, quiet or not; one line for each breach. */
export function breachesAlways(engine: EngineBooks, venue: VenueBooks): readonly string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  for (const { clientOrderId } of venue.orders) {
    if (seen.has(clientOrderId)) found.push(`I1: ${clientOrderId} is at the venue twice`);
    if (!engine.standings.has(clientOrderId)) {
      found.push(`I2: ${clientOrderId} is at the venue and not in the journal`);
    }
    seen.add(clientOrderId);
  }
  for (const [name, quantity] of venue.positions) {
    if (quantity < 0) found.push(`oversold: ${quantity} of ${name}, and no strategy sells short`);
  }
  for (const id of engine.repeated) found.push(`I1, I5: ${id} is in the journal twice`);
  for (const id of engine.early) found.push(`B3: ${id} entered before reconciliation`);
  for (const id of engine.underHalt) found.push(`I6: ${id} entered while halted`);
  return found;
}

/** What must hold once nothing is on its way; one line for each breach. */
export function breachesWhenQuiet(engine: EngineBooks, venue: VenueBooks): readonly string[] {
  const found: string[] = [];
  const { cash } = engine.ledger;
  if (cash !== venue.cash) found.push(`I3: cash is ${cash} here, ${venue.cash} there`);
  for (const name of new Set([...engine.positions.keys(), ...venue.positions.keys()])) {
    const [ours, theirs] = [engine.positions.get(name) ?? 0, venue.positions.get(name) ?? 0];
    if (ours !== theirs) found.push(`I3: of ${name} ${ours} here, ${theirs} there`);
  }
  const orders = new Map(venue.orders.map((order) => [order.clientOrderId, order]));
  for (const [id, standing] of engine.standings) {
    const order = orders.get(id);
    const isEnded = ENDED.has(standing);
    if (standing === 'unknown') found.push(`unknown: ${id}, at the venue ${order?.status}`);
    else if (!isEnded) found.push(`open here: ${id} is ${standing}, there ${order?.status}`);
    const [ours, theirs] = [engine.filled.get(id) ?? 0, order?.filledQuantity ?? 0];
    if (ours !== theirs) found.push(`I5: of ${id} ${ours} are booked here, ${theirs} there`);
  }
  for (const order of venue.orders) {
    if (isOpen(order)) found.push(`open there: ${order.clientOrderId} is ${order.status}`);
  }
  return found;
}

const ENDED: ReadonlySet<string> = new Set([
  'filled',
  'canceled',
  'expired',
  'rejected',
  'replaced',
  'notPlaced',
]);

/** Orders that are open at the venue, or there and not known here yet: what a kill leaves. */
export function inFlight(engine: EngineBooks, venue: VenueBooks): number {
  return venue.orders.filter((order) => {
    const here = engine.standings.get(order.clientOrderId);
    return isOpen(order) || here === 'intended' || here === 'unknown';
  }).length;
}
