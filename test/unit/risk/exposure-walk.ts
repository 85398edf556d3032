import type { SymbolId } from '../../../src/core/ids.ts';
import type { RiskBook } from '../../../src/domain/risk/book.ts';

/** What risk asks of its exposure, each found by a walk over all holdings and orders. */
export function walked({ exposure, listings }: RiskBook, sector: string) {
  const { cash, holdings, orders } = exposure;
  const entries = [...orders.values()].filter(({ purpose }) => purpose === 'entry');
  const coming = new Set(entries.map(({ symbol }) => symbol).filter((one) => !holdings.has(one)));
  const [held, short] = [[...holdings.values()], [...holdings.values()].filter(isShort)];
  return {
    unreconciled: [...orders.values()].filter(({ isUnreconciled }) => isUnreconciled).length,
    positions: holdings.size + coming.size,
    equity: cash + total(held.map(({ quantity, mark }) => quantity * mark)),
    gross: exposureOf({ exposure }, () => true),
    inSector: exposureOf({ exposure }, (one) => listings.get(one)?.sector === sector),
    freeCash:
      cash +
      total(short.map(({ quantity, mark }) => 2 * quantity * mark)) -
      total(entries.map(({ remaining, price }) => remaining * price)),
  };
}

/** The size of all positions in some symbols, and of all entries there that may still be filled. */
export function exposureOf(
  { exposure: { holdings, orders } }: Pick<RiskBook, 'exposure'>,
  isCounted: (symbol: SymbolId) => boolean,
): number {
  const held = [...holdings].map(([symbol, { quantity, mark }]) =>
    isCounted(symbol) ? Math.abs(quantity) * mark : 0,
  );
  const coming = [...orders.values()].map(({ symbol, purpose, remaining, price }) =>
    purpose === 'entry' && isCounted(symbol) ? remaining * price : 0,
  );
  return total([...held, ...coming]);
}

function isShort({ quantity }: { readonly quantity: number }): boolean {
  return quantity < 0;
}

function total(parts: readonly number[]): number {
  return parts.reduce((sum, part) => sum + part, 0);
}
