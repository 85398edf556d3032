import { PRICE_MAX, price } from '../../core/money.ts';
import { SECOND } from '../../core/time.ts';
import type { AccountId } from '../../core/ids.ts';
import { Ledger } from '../../domain/portfolio/ledger.ts';
import { unreachable } from '../../core/assert.ts';
import type { ActorDefinition, Applied, AppliedOf } from '../runtime/definition.ts';
import { RISK } from './actor-table.ts';
import type { PortfolioMessage } from './messages.ts';

const APPLIES = [
  'accountOpened',
  'filled',
  'marked',
  'positionAdopted',
  'cashAdjusted',
  'positionCarried',
  'accountCarried',
] as const;
type Kinds = (typeof APPLIES)[number];

export interface PortfolioState {
  /** Known once the account was opened. */
  account: AccountId | undefined;
  readonly ledger: Ledger;
}

/** Keeps the books: every fill, and what the positions are worth at the last bar's close. */
export function portfolio(): ActorDefinition<PortfolioState, PortfolioMessage, Kinds> {
  return {
    name: 'portfolio',
    restart: { restartsMax: 3, withinUs: 10 * SECOND, then: 'stop', quarantineUs: 0 },
    isOrderPath: true,
    hears: [],
    applies: APPLIES,
    initial: () => ({ account: undefined, ledger: new Ledger() }),
    decide({ ledger }, message, turn) {
      const { quantity, mark } = ledger.position(message.symbol);
      const ticks = Math.round(message.price);
      // NaN, nothing and what money cannot hold are no prices to reckon with.
      const isPrice = ticks > 0 && ticks <= PRICE_MAX;
      if (quantity === 0 || !isPrice || ticks === mark) return [];
      turn.send(RISK, { kind: 'valued' });
      return [{ kind: 'marked', symbol: message.symbol, price: price(ticks) }];
    },
    apply,
    condense,
  };
}

function apply(state: PortfolioState, fact: AppliedOf<Kinds>): void {
  const { ledger } = state;
  switch (fact.kind) {
    case 'accountOpened':
      state.account = fact.account;
      return ledger.openAccount(fact.cash);
    case 'filled':
      return ledger.fill(fact);
    case 'marked':
      return ledger.mark(fact.symbol, fact.price);
    case 'positionAdopted':
      return ledger.adopt(fact.symbol, fact);
    case 'cashAdjusted':
      return ledger.adjustCash(fact.amount);
    case 'positionCarried': {
      const { quantity, cost, realized, mark } = fact;
      return ledger.carryPosition(fact.symbol, { quantity, cost, realized, mark });
    }
    case 'accountCarried':
      state.account = fact.account;
      return ledger.carryAccount(fact.cash, fact.realized);
    default:
      return unreachable(fact);
  }
}

function condense({ account, ledger }: PortfolioState): readonly Applied[] {
  if (account === undefined) return [];
  const { cash, realized, positions } = ledger;
  const facts: Applied[] = [{ kind: 'accountCarried', account, cash, realized }];
  for (const [symbol, position] of positions) {
    facts.push({ kind: 'positionCarried', account, symbol, ...position });
  }
  return facts;
}
