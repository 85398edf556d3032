import { BAR_MS } from './ticks.ts';

/**
 * What every pipeline trades: it buys what is so many deviations below the mean of the last twenty
 * trades, for so much, and sells when it is back. Of all rules this is one that can be told in a
 * line, and that ours and a peer compute alike from the twentieth trade on.
 */
export interface Rule {
  readonly zEnter: number;
  readonly zExit: number;
}

/** An order for about a thousand ticks: at 10,000 a second more than a risk limit of 20 allows. */
export const SELDOM: Rule = { zEnter: 2.9, zExit: 1.5 };
/** An order for about fifty: enough for a percentile of theirs. */
export const OFTEN: Rule = { zEnter: 2.2, zExit: 1.2 };

/** Dollars. */
export const NOTIONAL_MAX = 2_000;
export const CASH = 1_000_000_000;
export const POSITIONS_MAX = 1_000;
export const ORDERS_PER_SECOND_MAX = 1_000;
export const LIMIT_OFFSET_BPS = 5;
export const GROSS_EXPOSURE_MAX = 4;

export type Durability = 'os' | 'fsync' | 'none';

/**
 * The same as a configuration: limits out of the way, no model asked (bars are not the usual ones),
 * and every symbol in the upper layers once it has five bars.
 */
export function settingsOf({ zEnter, zExit }: Rule, durability: Durability) {
  return {
    market: { cadence: 'event', observes: 'standard', barSpanMs: BAR_MS },
    account: { startingCash: `${CASH}.00` },
    universe: {
      layer1: { priceMin: '1.00', capRatio: 1, dollarVolume20Min: 0, spreadBpsMax: 1_000 },
      layer2: { enterScore: 0, leaveScore: 0, cap: 10_000, dwellMs: 0 },
    },
    strategies: {
      meanReversion: { zEnter, zExit, zStop: 100, holdMsMax: 86_400_000, newsQuietMs: 0 },
      momentum: { isEnabled: false },
    },
    risk: {
      fractionPerTrade: 0.1,
      positionNotionalMax: `${NOTIONAL_MAX}.00`,
      orderNotionalMin: '1.00',
      positionsMax: POSITIONS_MAX,
      sectorExposureMax: 1,
      grossExposureMax: GROSS_EXPOSURE_MAX,
      dailyLossMax: 0.9,
      barAgeMsMax: 86_400_000,
      spreadBpsMax: 1_000,
      ordersPerSecondMax: ORDERS_PER_SECOND_MAX,
      entriesPerSymbolMax: 1_000,
    },
    execution: { limitOffsetBps: LIMIT_OFFSET_BPS },
    journal: { durability },
  } as const;
}
