import { type StrategyId, type SymbolId, textId } from '../../core/ids.ts';
import { MINUTE, SECOND } from '../../core/time.ts';
import { isTerminal } from '../../domain/orders/machine.ts';
import type { MarketView } from '../../domain/risk/market-view.ts';
import {
  decideMeanReversion,
  type MeanReversionRules,
  type Wish,
} from '../../domain/signals/mean-reversion.ts';
import {
  decideMomentum,
  decideMomentumAge,
  type MomentumRules,
} from '../../domain/signals/momentum.ts';
import { Stances } from '../../domain/signals/stance.ts';
import type { FactOf } from '../../ports/fact.ts';
import type { ActorDefinition, Applied, AppliedOf, Turn } from '../runtime/definition.ts';
import { RISK } from './actor-table.ts';
import type { StrategyMessage } from './messages.ts';

type Kinds =
  | 'symbolNamed'
  | 'newsArrived'
  | 'signalled'
  | 'intended'
  | 'filled'
  | 'stood'
  | 'stanceCarried';

type Strategy = ActorDefinition<Stances, StrategyMessage, Kinds>;

/** Average true ranges from the price at which the idea is wrong. */
export interface StopRule {
  readonly stopDistanceAtr: number;
}

/** Buys unusual falls of active symbols and waits for the way back. */
export function meanReversion(rules: MeanReversionRules & StopRule): Strategy {
  return strategy('mean-reversion', 'mr', (stances, message, turn) => {
    if (message.kind !== 'observed') return [];
    const { symbol, zScore, layer, view } = message;
    const wish = decideMeanReversion(rules, stances.of(symbol), zScore, layer, turn.nowUs);
    if (wish === undefined) return [];
    return signal(stances, symbol, wish, view, rules.stopDistanceAtr, turn);
  });
}

/** Follows the model's score. */
export function momentum(rules: MomentumRules & StopRule): Strategy {
  return strategy('momentum', 'mo', (stances, message, turn) => {
    if (message.kind === 'timer') return [];
    const { symbol, view } = message;
    const stance = stances.of(symbol);
    const wish =
      message.kind === 'scored'
        ? decideMomentum(rules, stance, message)
        : decideMomentumAge(rules, stance, turn.nowUs);
    if (wish === undefined) return [];
    const version = message.kind === 'scored' ? message.modelVersion : undefined;
    return signal(stances, symbol, wish, view, rules.stopDistanceAtr, turn, version);
  });
}

function strategy(name: string, code: string, decide: Strategy['decide']): Strategy {
  return {
    name: `strategy/${name}`,
    restart: { restartsMax: 3, withinUs: 10 * SECOND, then: 'quarantine', quarantineUs: MINUTE },
    isOrderPath: false,
    hears: [],
    applies: [
      'symbolNamed',
      'newsArrived',
      'signalled',
      'intended',
      'filled',
      'stood',
      'stanceCarried',
    ],
    initial: () => new Stances(textId<StrategyId>(code)),
    decide,
    apply,
    condense,
  };
}

function signal(
  stances: Stances,
  symbol: SymbolId,
  wish: Wish,
  view: MarketView,
  stopDistanceAtr: number,
  turn: Turn,
  modelVersion?: string,
): readonly FactOf<'signalled'>[] {
  const { signals } = stances.of(symbol);
  const made: Draft<FactOf<'signalled'>> = {
    kind: 'signalled',
    signalId: textId(`${stances.strategy}-${stances.nameOf(symbol)}-${signals + 1}`),
    strategy: stances.strategy,
    symbol,
    side: wish.purpose === 'entry' ? 'buy' : 'sell',
    purpose: wish.purpose,
    value: wish.value,
    threshold: wish.threshold,
    reason: wish.reason,
    bid: view.bid,
    ask: view.ask,
    last: view.last,
    stopDistance: view.averageRange * stopDistanceAtr,
    atUs: turn.nowUs,
  };
  if (modelVersion !== undefined) made.modelVersion = modelVersion;
  turn.send(RISK, { kind: 'signalMade', signal: made, view });
  return [made];
}

type Draft<T> = { -readonly [Key in keyof T]: T[Key] };

function apply(stances: Stances, applied: AppliedOf<Kinds>): void {
  switch (applied.kind) {
    case 'symbolNamed':
      stances.named(applied.symbol, applied.name);
      return;
    case 'newsArrived':
      for (const symbol of applied.symbols) {
        const stance = stances.touch(symbol);
        stance.newsUs = Math.max(stance.newsUs, applied.venueUs); // They may come late.
      }
      return;
    case 'signalled':
      if (applied.strategy === stances.strategy) stances.touch(applied.symbol).signals += 1;
      return;
    case 'intended':
      stances.intended(applied.strategy, applied.clientOrderId, applied.symbol);
      return;
    case 'filled': {
      const { clientOrderId, symbol, side, execution } = applied;
      stances.filled(clientOrderId, symbol, side, execution.quantity, execution.venueUs);
      return;
    }
    case 'stood':
      if (isTerminal(applied.standing)) stances.ended(applied.clientOrderId);
      return;
    case 'stanceCarried': {
      if (applied.strategy !== stances.strategy) return;
      const { symbol, name, quantity, enteredUs, signals, newsUs, openOrders } = applied;
      stances.named(symbol, name);
      const isTouched = quantity > 0 || signals > 0 || newsUs > 0;
      if (isTouched) Object.assign(stances.touch(symbol), { quantity, enteredUs, signals, newsUs });
      for (const id of openOrders) stances.intended(stances.strategy, id, symbol);
      for (const id of applied.endedOrders) stances.remember(id, symbol);
    }
  }
}

function condense(stances: Stances): readonly Applied[] {
  const { strategy } = stances;
  const open = stances.openOrders();
  return stances.list().map(([symbol, { quantity, enteredUs, signals, newsUs }]) => ({
    kind: 'stanceCarried',
    strategy,
    symbol,
    name: stances.nameOf(symbol),
    quantity,
    enteredUs,
    signals,
    newsUs,
    openOrders: open.flatMap(([id, of]) => (of === symbol ? [id] : [])),
    endedOrders: stances.endedOrders(symbol),
  }));
}
