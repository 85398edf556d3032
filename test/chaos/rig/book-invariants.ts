import { Ledger } from '../../../src/domain/portfolio/ledger.ts';
import type { Fact } from '../../../src/ports/fact.ts';
import type { VenueBooks } from '../../venue-books.ts';

/** The ledger, folded from facts alone: no read model of the product stands between. */
export function ledgerOf(facts: readonly Fact[]): Ledger {
  const ledger = new Ledger();
  for (const fact of facts) {
    switch (fact.kind) {
      case 'accountOpened':
        ledger.openAccount(fact.cash);
        break;
      case 'filled':
        ledger.fill(fact);
        break;
      case 'positionAdopted':
        ledger.adopt(fact.symbol, fact);
        break;
      case 'cashAdjusted':
        ledger.adjustCash(fact.amount);
        break;
      default:
        break;
    }
  }
  return ledger;
}

/** I3: positions are the sum of fills and what the venue holds, and cash to the ten-thousandth. */
export function bookBreaches(
  facts: readonly Fact[],
  books: VenueBooks,
  nameOf: (symbol: number) => string,
): readonly string[] {
  const ledger = ledgerOf(facts);
  const ours = new Map<string, number>();
  for (const [symbol, { quantity }] of ledger.positions) ours.set(nameOf(symbol), quantity);
  const names = new Set([...ours.keys(), ...books.positions.keys()]);
  const found = [...names]
    .filter((name) => (ours.get(name) ?? 0) !== (books.positions.get(name) ?? 0))
    .map((name) => `I3: of ${name} ${ours.get(name)} here, ${books.positions.get(name)} there`);
  if (Number(ledger.cash) !== books.cash) {
    found.push(`I3: cash is ${ledger.cash} here, ${books.cash} there`);
  }
  return found;
}
