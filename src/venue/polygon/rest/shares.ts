import type { MarketArchive } from '../../archive/market-archive.ts';

/** Numbers of what trades here: an index is no stock, and its prices are of another plan. */
export function shareNumbers({ symbols }: MarketArchive): readonly number[] {
  return symbols.flatMap(({ assetClass }, symbol) =>
    assetClass === 'equity' || assetClass === 'fund' ? symbol : [],
  );
}

/** The number of a stock, or -1. */
export function findShare(archive: MarketArchive, ticker: string): number {
  const symbol = archive.find(ticker);
  return archive.symbols[symbol]?.assetClass === 'index' ? -1 : symbol;
}
