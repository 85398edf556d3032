import { type SymbolId, symbolId } from '../../core/ids.ts';
import type { SymbolDirectory } from '../../ports/live-market.ts';
import type { ListedSymbol } from '../../ports/market-source.ts';

/** The session's symbols by name; an id is a place in the list. */
export function listedDirectory(symbols: readonly ListedSymbol[]): SymbolDirectory {
  const ids = new Map<string, SymbolId>(symbols.map(({ name }, at) => [name, symbolId(at)]));
  return {
    size: symbols.length,
    idOf: (name) => ids.get(name),
    nameOf: (symbol) => symbols[symbol]?.name ?? `#${symbol}`,
  };
}
