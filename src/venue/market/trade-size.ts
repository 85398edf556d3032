import type { Random } from '../../core/random.ts';
import { CLOSING_SHARE, OPENING_SHARE } from './market-model.ts';

export const LOT = 100;
/** In ten-thousandths of a dollar. */
export const CENT = 100;

const ODD_SHARE = 0.3;
const ONE_LOT_SHARE = 0.5;
const FEW_LOTS_SHARE = 0.19;
const FEW_LOTS_MAX = 10;
const BLOCK_LOTS_MIN = 20;
const BLOCK_LOTS_MAX = 100;

/** Shares of one trade: a third odd lots, mostly one lot, now and then a block. */
export function drawTradeSize(random: Random): number {
  const draw = random.unit();
  if (draw < ODD_SHARE) return 1 + random.below(LOT - 1);
  if (draw < ODD_SHARE + ONE_LOT_SHARE) return LOT;
  if (draw < ODD_SHARE + ONE_LOT_SHARE + FEW_LOTS_SHARE) {
    return LOT * (1 + random.below(FEW_LOTS_MAX));
  }
  return LOT * (BLOCK_LOTS_MIN + random.below(BLOCK_LOTS_MAX - BLOCK_LOTS_MIN));
}

/** What `drawTradeSize` gives on average: by it history and session agree on daily volume. */
export const TRADE_SIZE_MEAN =
  ODD_SHARE * (LOT / 2) +
  ONE_LOT_SHARE * LOT +
  FEW_LOTS_SHARE * LOT * ((FEW_LOTS_MAX + 1) / 2) +
  (1 - ODD_SHARE - ONE_LOT_SHARE - FEW_LOTS_SHARE) *
    LOT *
    ((BLOCK_LOTS_MIN + BLOCK_LOTS_MAX - 1) / 2);

/** Rounded up to whole lots: sizes on quotes and in auctions. */
export function wholeLots(shares: number): number {
  return LOT * Math.max(1, Math.round(shares / LOT));
}

/** Shares a day at average activity, auctions included. */
export function dailyShares(liquidity: number, tradesPerDay: number): number {
  const continuous = liquidity * tradesPerDay * TRADE_SIZE_MEAN;
  return continuous / (1 - OPENING_SHARE - CLOSING_SHARE);
}

/** Rounded to the nearest cent, never to nothing. */
export function wholeCents(price: number): number {
  return Math.max(1, Math.round(price / CENT)) * CENT;
}
