import type { Kernel } from '../../src/actors/runtime/kernel.ts';
import type { Applied } from '../../src/actors/runtime/definition.ts';
import type { SimulatedBroker } from '../../src/brokers/simulated/simulated-broker.ts';
import { present } from '../../src/core/assert.ts';
import { mayBecome } from '../../src/domain/orders/machine.ts';
import type { Standing } from '../../src/domain/orders/standing.ts';
import type { Fact, FactKind, FactOf } from '../../src/ports/fact.ts';

/** What an actor's state is made of, as a snapshot carries it. */
export function condensed(kernel: Kernel, actor: string): readonly Applied[] {
  const slot = present(
    kernel.slots.find(({ definition }) => definition.name === actor),
    actor,
  );
  return slot.type === 'actor'
    ? slot.definition.condense(slot.state)
    : slot.definition.condense(slot.rows);
}

/**
 * Invariants I1 to I5 of RELIABILITY, over the facts of a journal and the books of the venue;
 * one line for each breach. I3 holds once nothing is on its way.
 */
export function breaches(
  facts: readonly Fact[],
  broker: Pick<SimulatedBroker, 'allOrders' | 'positions' | 'cash'>,
  kernel?: Kernel,
): readonly string[] {
  return [
    ...ordersOnce(facts, broker),
    ...alongTheGraph(facts),
    ...bookedOnce(facts),
    ...(kernel === undefined ? [] : booksEqual(kernel, broker)),
  ];
}

function ordersOnce(
  facts: readonly Fact[],
  broker: Pick<SimulatedBroker, 'allOrders'>,
): readonly string[] {
  const intended = new Set(of(facts, 'intended').map(({ clientOrderId }) => clientOrderId));
  const approved = new Set(of(facts, 'approved').map(({ clientOrderId }) => clientOrderId));
  const seen = new Set<string>();
  const found: string[] = [];
  for (const { clientOrderId } of broker.allOrders()) {
    if (seen.has(clientOrderId)) found.push(`I1: ${clientOrderId} is at the venue twice`);
    if (!intended.has(clientOrderId)) found.push(`I2: ${clientOrderId} was sent unrecorded`);
    if (!approved.has(clientOrderId)) found.push(`I2: ${clientOrderId} was sent unapproved`);
    seen.add(clientOrderId);
  }
  return found;
}

function alongTheGraph(facts: readonly Fact[]): readonly string[] {
  const standings = new Map<string, Standing>();
  const left = new Map<string, number>();
  const found: string[] = [];
  for (const fact of facts) {
    if (fact.kind === 'intended') {
      if (left.has(fact.clientOrderId)) found.push(`I1: ${fact.clientOrderId} is intended twice`);
      standings.set(fact.clientOrderId, 'intended');
      left.set(fact.clientOrderId, fact.quantity);
    } else if (fact.kind === 'stood') {
      const from = standings.get(fact.clientOrderId) ?? 'intended';
      const isEdge = mayBecome(from, fact.standing);
      if (!isEdge) found.push(`I4: ${fact.clientOrderId} went from ${from} to ${fact.standing}`);
      standings.set(fact.clientOrderId, fact.standing);
    } else if (fact.kind === 'filled') {
      const rest = (left.get(fact.clientOrderId) ?? 0) - fact.execution.quantity;
      if (rest < 0) found.push(`I4: ${fact.clientOrderId} is filled beyond what was ordered`);
      left.set(fact.clientOrderId, rest);
    }
  }
  return found;
}

function bookedOnce(facts: readonly Fact[]): readonly string[] {
  const ids = of(facts, 'filled').map(({ execution }) => execution.executionId);
  return ids
    .filter((id, at) => ids.indexOf(id) !== at)
    .map((id) => `I5: execution ${id} is booked twice`);
}

function booksEqual(
  kernel: Kernel,
  broker: Pick<SimulatedBroker, 'positions' | 'cash'>,
): readonly string[] {
  const ours = new Map<number, number>();
  let cash = Number.NaN;
  for (const fact of condensed(kernel, 'portfolio')) {
    if (fact.kind === 'accountCarried') cash = fact.cash;
    if (fact.kind === 'positionCarried') ours.set(fact.symbol, fact.quantity);
  }
  const theirs = new Map<number, number>();
  for (const { symbol, quantity } of broker.positions()) theirs.set(symbol, quantity);
  const found = [...new Set([...ours.keys(), ...theirs.keys()])]
    .filter((symbol) => (ours.get(symbol) ?? 0) !== (theirs.get(symbol) ?? 0))
    .map((symbol) => `I3: of ${symbol} ${ours.get(symbol)} here, ${theirs.get(symbol)} there`);
  if (cash !== broker.cash()) found.push(`I3: cash is ${cash} here, ${broker.cash()} there`);
  return found;
}

function of<K extends FactKind>(facts: readonly Fact[], kind: K): readonly FactOf<K>[] {
  return facts.filter((fact): fact is FactOf<K> => fact.kind === kind);
}
