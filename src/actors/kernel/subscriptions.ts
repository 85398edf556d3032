import { unreachable } from '../../core/assert.ts';
import type { AccountId, ClientOrderId, SymbolId } from '../../core/ids.ts';
import { textId } from '../../core/ids.ts';
import { ZERO } from '../../core/money.ts';
import { MINUTE, SECOND } from '../../core/time.ts';
import { signOf } from '../../domain/market/side.ts';
import { isSettled } from '../../domain/orders/machine.ts';
import { planSlots, type SlotCandidate } from '../../domain/universe/subscription-plan.ts';
import type { Fact } from '../../ports/fact.ts';
import type { ActorDefinition, Applied, AppliedOf, Turn } from '../runtime/definition.ts';
import type { SubscriptionsMessage } from './messages.ts';

export interface SubscriptionsOptions {
  /** Symbols whose trades and quotes come at a time. 0: those of all come, and nothing is asked. */
  readonly slots: number;
  /** The plan is looked at on this grid of time. */
  readonly stepUs: number;
  readonly keepUs: number;
}

const APPLIES = [
  'opened',
  'serviceChanged',
  'layerMoved',
  'intended',
  'stood',
  'filled',
  'positionAdopted',
  'positionCarried',
  'slotsAsked',
  'slotsHeld',
] as const;
type Kinds = (typeof APPLIES)[number];

export interface SubscriptionsState {
  readonly positions: Map<SymbolId, number>;
  readonly orders: Map<ClientOrderId, SymbolId>;
  /** Members of the layers 1 and 2, with the score that brought them in. */
  readonly layers: readonly [liquid: Map<SymbolId, number>, active: Map<SymbolId, number>];
  /** Who has a slot, as asked, and since when. */
  readonly held: Map<SymbolId, number>;
  /** The market has confirmed what was asked last. */
  isConfirmed: boolean;
}

/**
 * Plans who gets the provider's slots for trades and quotes. Bars come of every symbol; what is
 * held or ordered is priced by quotes first of all, then what is active, then what is liquid.
 */
export function subscriptions(
  options: SubscriptionsOptions,
): ActorDefinition<SubscriptionsState, SubscriptionsMessage, Kinds> {
  return {
    name: 'subscriptions',
    restart: { restartsMax: 3, withinUs: 10 * SECOND, then: 'quarantine', quarantineUs: MINUTE },
    isOrderPath: false,
    hears: ['opened', 'serviceChanged', 'sessionChanged'],
    applies: APPLIES,
    initial: () => ({
      positions: new Map(),
      orders: new Map(),
      layers: [new Map(), new Map()],
      held: new Map(),
      isConfirmed: true, // That nothing is asked for needs no word.
    }),
    decide(state, message, turn) {
      if (options.slots === 0) return [];
      watch(options, turn);
      if (message.kind === 'timer') return plan(state, options, turn);
      return message.kind === 'replied' ? hear(state, message) : [];
    },
    apply,
    condense,
  };
}

/** The next look, and the one after it: a crash may lose one. */
function watch({ stepUs }: SubscriptionsOptions, turn: Turn): void {
  const nextUs = (Math.floor(turn.nowUs / stepUs) + 1) * stepUs;
  turn.schedule(nextUs, 'plan', 0);
  turn.schedule(nextUs + stepUs, 'plan', 0);
}

function plan(
  state: SubscriptionsState,
  { slots, keepUs }: SubscriptionsOptions,
  turn: Turn,
): readonly Fact[] {
  const { held, positions, orders } = state;
  const needed = [...ascending(positions.keys()), ...ascending(orders.values())];
  const candidates = candidatesOf(state);
  const symbols = planSlots({ slots, needed, candidates, held, keepUs, nowUs: turn.nowUs });
  const isSame = isEqual(symbols, ascending(held.keys()));
  if (isSame && (state.isConfirmed || turn.outstanding('subscribe') > 0)) return [];
  turn.request({ kind: 'subscribe', symbols });
  return isSame ? [] : [{ kind: 'slotsAsked', symbols, atUs: turn.nowUs }];
}

function candidatesOf({ layers }: SubscriptionsState): readonly SlotCandidate[] {
  const [liquid, active] = layers;
  const candidates: SlotCandidate[] = [];
  for (const [symbol, score] of active) candidates.push({ symbol, layer: 2, score });
  for (const [symbol, score] of liquid) {
    if (!active.has(symbol)) candidates.push({ symbol, layer: 1, score });
  }
  return candidates;
}

/** An answer to what is not wanted any more says nothing. A failed one is asked again. */
function hear(
  { held, isConfirmed }: SubscriptionsState,
  { effect, answer }: Extract<SubscriptionsMessage, { kind: 'replied' }>,
): readonly Fact[] {
  if (effect.kind !== 'subscribe' || answer.outcome !== 'done' || isConfirmed) return [];
  const { symbols } = effect;
  return isEqual(symbols, ascending(held.keys())) ? [{ kind: 'slotsHeld', symbols }] : [];
}

function apply(state: SubscriptionsState, applied: AppliedOf<Kinds>): void {
  const { positions, orders, held } = state;
  switch (applied.kind) {
    case 'opened':
      state.isConfirmed = held.size === 0;
      return;
    case 'serviceChanged':
      // Who comes back may have forgotten.
      if (applied.service === 'market' && held.size > 0) state.isConfirmed = false;
      return;
    case 'layerMoved':
      return moveIn(state, applied);
    case 'intended':
      orders.set(applied.clientOrderId, applied.symbol);
      return;
    case 'stood':
      if (isSettled(applied.standing)) orders.delete(applied.clientOrderId);
      else orders.set(applied.clientOrderId, applied.symbol);
      return;
    case 'filled': {
      const { symbol, side, execution } = applied;
      const before = positions.get(symbol) ?? 0;
      return hold(positions, symbol, before + signOf(side) * execution.quantity);
    }
    case 'positionAdopted':
    case 'positionCarried':
      return hold(positions, applied.symbol, applied.quantity);
    case 'slotsAsked':
      return assign(state, applied);
    case 'slotsHeld':
      state.isConfirmed = true;
      return;
    default:
      return unreachable(applied);
  }
}

function moveIn(
  { layers }: SubscriptionsState,
  { layer, symbol, isMember, score }: AppliedOf<'layerMoved'>,
): void {
  const members = layers[layer - 1];
  if (members === undefined) return;
  if (isMember) members.set(symbol, score);
  else members.delete(symbol);
}

function assign(
  state: SubscriptionsState,
  { symbols, atUs }: Pick<AppliedOf<'slotsAsked'>, 'symbols' | 'atUs'>,
): void {
  const { held } = state;
  const wanted = new Set(symbols);
  for (const symbol of held.keys()) if (!wanted.has(symbol)) held.delete(symbol);
  for (const symbol of symbols) if (!held.has(symbol)) held.set(symbol, atUs);
  state.isConfirmed = false;
}

function hold(positions: Map<SymbolId, number>, symbol: SymbolId, quantity: number): void {
  if (quantity === 0) positions.delete(symbol);
  else positions.set(symbol, quantity);
}

const CARRIED_POSITION = {
  account: textId<AccountId>('carried'),
  cost: ZERO,
  realized: ZERO,
  mark: 0,
} as const;
const CARRIED_MOVE = { isMember: true, reason: 'carried', atUs: 0 } as const;

function condense(state: SubscriptionsState): readonly Applied[] {
  const { positions, orders, layers, held, isConfirmed } = state;
  const facts: Applied[] = [];
  for (const [symbol, quantity] of positions) {
    facts.push({ kind: 'positionCarried', symbol, quantity, ...CARRIED_POSITION });
  }
  for (const [clientOrderId, symbol] of orders) {
    facts.push({ kind: 'stood', clientOrderId, symbol, standing: 'working', atUs: 0 });
  }
  layers.forEach((members, below) => {
    for (const [symbol, score] of members) {
      facts.push({ kind: 'layerMoved', layer: below + 1, symbol, score, ...CARRIED_MOVE });
    }
  });
  // A slot is as old as the question that gave it: told oldest first, all are as they were.
  const times = [...new Set(held.values())].toSorted((left, right) => left - right);
  for (const atUs of times) {
    const symbols = [...held].filter(([, since]) => since <= atUs).map(([symbol]) => symbol);
    facts.push({ kind: 'slotsAsked', symbols: ascending(symbols), atUs });
  }
  if (isConfirmed && held.size > 0) {
    facts.push({ kind: 'slotsHeld', symbols: ascending(held.keys()) });
  }
  return facts;
}

function ascending(symbols: Iterable<SymbolId>): readonly SymbolId[] {
  return [...symbols].toSorted((left, right) => left - right);
}

function isEqual(left: readonly SymbolId[], right: readonly SymbolId[]): boolean {
  return left.length === right.length && left.every((symbol, at) => symbol === right[at]);
}
