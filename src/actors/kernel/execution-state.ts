import { unreachable } from '../../core/assert.ts';
import type { AccountId } from '../../core/ids.ts';
import { type Order, Orders } from '../../domain/orders/order-book.ts';
import type { FactOf } from '../../ports/fact.ts';
import type { Applied, AppliedOf } from '../runtime/definition.ts';
import { intentOf } from './execution-intents.ts';

/** Of which facts the order path's state is made. */
export const EXECUTION_APPLIES = [
  'intended',
  'stood',
  'filled',
  'released',
  'cancelAsked',
  'enquired',
  'absent',
  'orderCarried',
  'bookedCarried',
  'sequenceCarried',
  'tradingHalted',
  'tradingResumed',
  'reconcileAsked',
] as const;

export type ExecutionKind = (typeof EXECUTION_APPLIES)[number];

export interface ExecutionState {
  readonly orders: Orders;
  /** Accounts that make no entries now, with the halt that stopped them. */
  readonly halts: Map<AccountId, FactOf<'tradingHalted'>>;
  /** Orders from this place on were meant after the broker was last asked for its books. */
  askedOrdinal: number;
}

export function emptyExecution(): ExecutionState {
  return { orders: new Orders(), halts: new Map(), askedOrdinal: 0 };
}

/** The only writer, live and on recovery. */
export function applyToExecution(state: ExecutionState, fact: AppliedOf<ExecutionKind>): void {
  const { orders, halts } = state;
  switch (fact.kind) {
    case 'intended':
      return orders.add(intentOf(fact));
    case 'stood':
      return orders.setStanding(fact);
    case 'filled':
      return orders.addExecution(fact.clientOrderId, fact.execution);
    case 'released':
      return orders.release(fact.clientOrderId);
    case 'cancelAsked':
      return orders.addCancel(fact.clientOrderId);
    case 'enquired':
      return orders.addEnquiry(fact.clientOrderId, fact.attempt, fact.atUs);
    case 'absent':
      return orders.addAbsence(fact.clientOrderId);
    case 'orderCarried': {
      const { kind: _, ...carried } = fact;
      return orders.carry(carried);
    }
    case 'bookedCarried':
      return orders.carryBooked(fact.executionIds);
    case 'sequenceCarried':
      return orders.carrySequence(fact.strategy, fact.symbol, fact.next);
    case 'tradingHalted':
      halts.set(fact.account, fact);
      return;
    case 'tradingResumed':
      halts.delete(fact.account);
      return;
    case 'reconcileAsked':
      state.askedOrdinal = orders.nextOrdinal;
      return;
    default:
      return unreachable(fact);
  }
}

/** Facts that rebuild the state. What is not kept in full comes first, then orders by age. */
export function condenseExecution({ orders, halts }: ExecutionState): readonly Applied[] {
  const facts: Applied[] = [...halts.values()];
  for (const sequence of orders.sequences()) facts.push({ kind: 'sequenceCarried', ...sequence });
  const booked = [...orders.bookedBefore()];
  for (let at = 0; at < booked.length; at += BOOKED_CARRIED_MAX) {
    const executionIds = booked.slice(at, at + BOOKED_CARRIED_MAX);
    facts.push({ kind: 'bookedCarried', executionIds });
  }
  for (const order of orders.all()) facts.push(carriedOf(order));
  return facts;
}

/** What the list in the fact holds. */
const BOOKED_CARRIED_MAX = 65_535;

function carriedOf(order: Order): FactOf<'orderCarried'> {
  const { venueOrderId, successor } = order;
  return {
    kind: 'orderCarried',
    intent: order.intent,
    standing: order.standing,
    ...(venueOrderId === undefined ? {} : { venueOrderId }),
    ...(successor === undefined ? {} : { successor }),
    executions: [...order.executions],
    isCancelAsked: order.isCancelAsked,
    enquiries: order.enquiries,
    lastEnquiryUs: order.lastEnquiryUs,
    unknownUs: order.unknownUs,
    isReleased: order.isReleased,
    absences: order.absences,
    ordinal: order.ordinal,
  };
}
