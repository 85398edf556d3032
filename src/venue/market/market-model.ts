import { HOUR, MINUTE, MS, SECOND } from '../../core/time.ts';

/**
 * The numbers of the seeded market. It looks like a US session and is none: what trades well here
 * has proved that the machinery works, never that a strategy earns.
 *
 * log price = level + beta * market + gamma * sector + own + transient
 *
 * Market, sectors and own parts are random walks whose variance clusters (GARCH(1,1), Bollerslev
 * 1986) and follows the hour. Two things can be learned, both weak:
 *
 * - own has a slow drift, an Ornstein-Uhlenbeck process that lives about forty minutes. While it
 *   is strong the symbol is also busier, so volume tells momentum from noise;
 * - transient is a second one around zero that lives about ninety seconds: overshoots come back.
 *
 * The cards in `config/models` state how much models get out of it.
 */
export const SESSION_SECONDS = 23_400;

/** Volatility of a session: 0.008 is 0.8 % from open to close. */
export const MARKET_DAY = 0.008;
export const SECTOR_DAY = 0.007;
export const OWN_DAY = 0.014;
export const OWN_DAY_MIN = 0.008;
export const OWN_DAY_MAX = 0.05;
export const FUND_OWN_DAY = 0.0008;
/** From close to open, as a share of a session's variance. */
export const OVERNIGHT_SHARE = 0.4;

/** variance' = base + shock * (return^2 / expected) + memory * variance, each `SLOW_US`. Mean 1. */
export const GARCH_SHOCK = 0.06;
export const GARCH_MEMORY = 0.92;
export const GARCH_BASE = 1 - GARCH_SHOCK - GARCH_MEMORY;
export const VARIANCE_MIN = 0.3;
export const VARIANCE_MAX = 6;

/** Deviation of the drift's effect over `SIGNAL_SECONDS`, in deviations of own noise. */
export const SIGNAL_SECONDS = 300;
export const DRIFT_RATIO = 0.4;
export const DRIFT_SECONDS = 2_400;
/** Deviation of the transient part, in the same unit. */
export const TRANSIENT_RATIO = 0.5;
export const TRANSIENT_SECONDS = 90;

/** Activity = sqrt(variance) * (CALM + BUSY * |drift| in its deviations). */
export const ACTIVITY_CALM = 0.5;
export const ACTIVITY_BUSY = 0.65;
export const ACTIVITY_MIN = 0.2;
export const ACTIVITY_MAX = 6;

/** Jumps without news, per symbol and session, and their size in session deviations. */
export const JUMPS_PER_DAY = 0.3;
export const JUMP_MIN = 0.4;
export const JUMP_MAX = 1.6;
/** A jump starts a drift in its own direction: this many of the drift's deviations. */
export const JUMP_DRIFT = 1;
/**
 * Stories per symbol and day. A story moves its symbol in the told direction three times of four,
 * mostly a little (least + cube of chance * range), seldom out of its bands.
 */
export const NEWS_PER_DAY = 0.03;
export const NEWS_JUMP_MIN = 0.6;
export const NEWS_JUMP_MAX = 8;
export const NEWS_BELIEVED = 0.75;
export const NEWS_DELAY_MIN_US = 200 * MS;
export const NEWS_DELAY_MAX_US = 20 * SECOND;

/** An arrival refreshes the quote and is a trade with this chance: four quotes a trade. */
export const TRADE_SHARE = 0.25;
/** Deviation of log activity between symbols: a hundred times between busy and quiet ones. */
export const LIQUIDITY_DEVIATION = 1.3;
export const FUND_LIQUIDITY = 8;
/** spread = 4 bps at average activity, wider where it is quiet: activity^-0.8. */
export const SPREAD_BPS = 4;
export const SPREAD_POWER = -0.8;
export const SPREAD_BPS_MIN = 1;
export const SPREAD_BPS_MAX = 250;
export const EXTENDED_SPREAD = 4;
export const EXTENDED_RATE = 0.015;
/** Variance per second outside the core session, compared with its average. */
export const EXTENDED_VARIANCE = 0.1;

export const PRICE_MIDDLE = 45;
export const PRICE_DEVIATION = 0.8;
export const PRICE_LEAST = 4;
export const PRICE_MOST = 900;

/** Share of a day's volume in the two auctions. */
export const OPENING_SHARE = 0.015;
export const CLOSING_SHARE = 0.07;

/** Chance of a trade to be a doubtful print, and to be corrected later. */
export const SUSPICIOUS_CHANCE = 1 / 10_000;
export const CORRECTED_CHANCE = 1 / 10_000;
export const CORRECTION_DELAY_MIN_US = SECOND;
export const CORRECTION_DELAY_MAX_US = 20 * SECOND;

/** Planned halts per symbol and day; at least one a day. */
export const HALTS_PER_DAY = 0.005;
export const HALT_MIN_US = 5 * MINUTE;
export const HALT_MAX_US = 15 * MINUTE;
/** Quotes are announced this long before trading resumes. */
export const QUOTING_US = 10 * SECOND;
export const FIRST_HALT_US = 10 * MINUTE;
export const LAST_HALT_US = 40 * MINUTE;
/** Limit up, limit down (NMS plan): 5 % for tier 1, 10 % else, doubled at both ends of the day. */
export const BAND_TIER_1 = 0.05;
export const BAND_TIER_2 = 0.1;
export const BAND_WIDE_OPEN_US = 15 * MINUTE;
export const BAND_WIDE_CLOSE_US = 25 * MINUTE;
/** The reference price follows when the price is 1 % away from it. */
export const BAND_STEP = 0.01;
export const BAND_HALT_US = 5 * MINUTE;

/** What arrives within 5 ms arrives together. */
export const FRAME_US = 5 * MS;
export const FRAME_EVENTS_MAX = 256;
export const FACTOR_US = 250 * MS;
export const SLOW_US = 30 * SECOND;
export const BAR_STEP_US = 10 * SECOND;
/** Symbols handled at one instant of a sweep, and the pause to the next. */
export const SWEEP_SYMBOLS = 32;
export const SWEEP_US = 2 * MS;

/** Activity of the hour: 0.6 at noon, 2.6 at both ends, 1 on average (the mean of x^4 is 1/5). */
export function shapeOfDay(fraction: number): number {
  const x = 2 * Math.min(1, Math.max(0, fraction)) - 1;
  return 0.6 + 2 * x * x * x * x;
}

/** Spreads start at two and a half times their width and calm down in the first half hour. */
export function spreadOfDay(sinceOpenUs: number): number {
  const x = 1 - sinceOpenUs / (HOUR / 2);
  return x > 0 ? 1 + 1.5 * x * x : 1;
}
