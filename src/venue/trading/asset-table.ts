import { present } from '../../core/assert.ts';
import { type SymbolId, symbolId } from '../../core/ids.ts';
import type { Price } from '../../core/money.ts';
import { Random } from '../../core/random.ts';
import type { BrokerageListing } from '../../domain/matching/brokerage-book.ts';
import { notFound } from '../../domain/matching/brokerage-refusal.ts';
import { uuidOf } from '../../domain/matching/wire-ids.ts';
import type { ListedSymbol } from '../../ports/market-source.ts';
import { answer, type DeskAnswer, type JsonObject, type Query, refuse } from './wire.ts';

/** What the venue lists; its place in the list is its number in the market's batches. */
export interface DeskListing extends BrokerageListing {
  readonly exchange: string;
  /** The close before the first day, where it is known. */
  readonly previousClose?: Price | undefined;
}

/**
 * A market's symbols as a brokerage lists them. Where a share trades and whether it can be borrowed
 * is drawn from the seed: some are hard to borrow and a few cannot be sold short, as in life.
 */
export function listingsOf(symbols: readonly ListedSymbol[], seed: number): DeskListing[] {
  return symbols.map(({ name, assetClass, isTradable }, number) => {
    const draw = new Random(seed, number).unit();
    if (assetClass !== 'equity') {
      return { name, assetClass, isTradable, exchange: 'ARCA', borrow: 'easy' };
    }
    const borrow = draw < 0.04 ? 'none' : draw < 0.1 ? 'hard' : 'easy';
    const exchange = number % 5 < 3 ? 'NASDAQ' : 'NYSE';
    return { name, assetClass, isTradable, exchange, borrow };
  });
}

export interface Asset {
  readonly symbol: SymbolId;
  readonly id: string;
  readonly name: string;
  readonly listing: DeskListing;
}

/** Assets by number, name and id, and as the API lists them (venues.md 4.2). */
export class AssetTable {
  readonly #assets: readonly Asset[];
  readonly #byName = new Map<string, Asset>();

  constructor(listings: readonly DeskListing[], seed: number) {
    this.#assets = listings.map((listing, number) => {
      const symbol = symbolId(number);
      return { symbol, id: uuidOf(seed, 'asset', number), name: listing.name, listing };
    });
    for (const asset of this.#assets) {
      this.#byName.set(asset.name, asset);
      this.#byName.set(asset.id, asset);
    }
  }

  at(symbol: SymbolId): Asset {
    return present(this.#assets[symbol], `asset ${symbol}`);
  }

  listing(symbol: SymbolId): DeskListing | undefined {
    return this.#assets[symbol]?.listing;
  }

  /** By symbol or id. */
  find(text: string): Asset | undefined {
    return this.#byName.get(text);
  }

  one(text: string): DeskAnswer {
    const asset = this.find(text);
    if (asset !== undefined && isShares(asset)) return answer(200, write(asset));
    return refuse(notFound('ASSET_NOT_FOUND', `asset not found for ${text}`));
  }

  /** `attributes` of ours there are none, so asking for any finds nothing. */
  list(query: Query): DeskAnswer {
    const { status, exchange, attributes } = query;
    const assetClass = query['asset_class'] ?? 'us_equity';
    if (assetClass !== 'us_equity' || (attributes ?? '') !== '') return answer(200, []);
    const found = this.#assets.filter(
      (asset) =>
        isShares(asset) &&
        (status === undefined || status === statusOf(asset)) &&
        (exchange === undefined || exchange === asset.listing.exchange),
    );
    return answer(200, found.map(write));
  }
}

function isShares({ listing }: Asset): boolean {
  return listing.assetClass === 'equity' || listing.assetClass === 'fund';
}

function statusOf(asset: Asset): 'active' | 'inactive' {
  return asset.listing.isTradable ? 'active' : 'inactive';
}

/**
 * No asset is fractionable: the books are in whole shares. Fractional and notional orders are
 * refused with the venue's own words (order-body.ts).
 */
function write(asset: Asset): JsonObject {
  const { exchange, isTradable, borrow } = asset.listing;
  return {
    id: asset.id,
    class: 'us_equity',
    exchange,
    symbol: asset.name,
    name: `${asset.name} Common Stock`,
    status: statusOf(asset),
    tradable: isTradable,
    marginable: true,
    shortable: borrow !== 'none',
    easy_to_borrow: borrow === 'easy',
    borrow_status: BORROW_WORDS[borrow],
    fractionable: false,
    maintenance_margin_requirement: 30,
    margin_requirement_long: '30',
    margin_requirement_short: '30',
    attributes: [],
    min_order_size: '1',
    min_trade_increment: '1',
    price_increment: '0.01',
  };
}

const BORROW_WORDS = {
  easy: 'easy_to_borrow',
  hard: 'hard_to_borrow',
  none: 'not_shortable',
} as const;
