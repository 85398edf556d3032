import { PRICE_MAX, PRICE_SCALE } from '../../core/money.ts';

/** As for recorded markets: more is a broken message. */
export const SIZE_MAX = 1_000_000_000;
/** The busiest penny stock trades some billions in a day. */
export const VOLUME_MAX = 100_000_000_000;
/** Exact in a double, and beyond any session of ours. */
export const US_MAX = 9_007_199_254_740_991;

/**
 * A price in ten-thousandths. The one place where a venue's decimal is rounded: first to the
 * nearest double, as every JSON reader does, then that double times 10,000 to the nearest whole.
 * So JSON, msgpack and REST agree to the bit about a price, whatever its places.
 */
export function ticksOf(price: number): number {
  return Math.round(price * PRICE_SCALE);
}

/** NaN is none of these. */
export function isPrice(ticks: number): boolean {
  return ticks > 0 && ticks <= PRICE_MAX;
}

/** 0 says that there is no offer on that side. */
export function isOffer(ticks: number): boolean {
  return ticks >= 0 && ticks <= PRICE_MAX;
}

export function isSize(size: number): boolean {
  return size >= 0 && size <= SIZE_MAX;
}

export function isVolume(volume: number): boolean {
  return volume >= 0 && volume <= VOLUME_MAX;
}

export function isMoment(us: number): boolean {
  return us >= 0 && us <= US_MAX;
}
