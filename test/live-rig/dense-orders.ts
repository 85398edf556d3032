import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VenueOptions } from '../../src/venue/process/venue-options.ts';

const SECOND_US = 1_000_000;
/** Market seconds in one of ours. */
export const DENSE_SPEED = 60;

/**
 * A venue that makes orders live long: it takes its time to acknowledge and to cancel, and fills
 * in parts, so that an engine which is killed at any moment leaves something on its way.
 */
export const DENSE_VENUE: VenueOptions = {
  seed: 7,
  symbols: 60,
  speed: DENSE_SPEED,
  // Six hours and twenty minutes of trading: so many of ours, in seconds.
  atUsOfDay: (9 * 60 + 35) * 60 * SECOND_US,
  plan: 'plus',
  tradesPerDay: 3_000,
  rules: {
    mode: 'realistic',
    acknowledgeUs: 20 * SECOND_US,
    cancelUs: 10 * SECOND_US,
    partialFillChance: 0.5,
  },
  knobs: { requestsPerMinute: 1_000_000 },
};

/**
 * Strategies that trade at the least excuse, and no limit that stops them. Times of the market are
 * sixty times those of the wall here: what a request may take is not.
 */
const DENSE_CONFIG = `
market: { bars: venue, slots: 100, cadence: event }
universe:
  layer1:
    { priceMin: '1.00', dollarVolume20Min: 1, historyDaysMin: 1, spreadBpsMax: 500, capRatio: 1 }
  layer2: { enterScore: 0.2, leaveScore: 0.1, dwellMs: 60000, floor: 30 }
strategies:
  meanReversion: { zEnter: 0.8, zExit: 0.3, zStop: 20, holdMsMax: 60000, newsQuietMs: 0 }
  momentum: { scoreEnter: 0.5, scoreExit: 0.5, holdMsMax: 60000 }
risk:
  positionNotionalMax: '2000.00'
  orderNotionalMin: '10.00'
  positionsMax: 200
  grossExposureMax: 4
  sectorExposureMax: 1
  dailyLossMax: 0.9
  quoteAgeMsMax: 60000
  barAgeMsMax: 600000
  spreadBpsMax: 500
  ordersPerSecondMax: 1000
  entriesPerSymbolMax: 1000
# The market goes on while an embedded registry is made.
store: { relational: { sessions: none } }
execution:
  orderDeadlineMs: 60000
  unfilledCancelMs: 30000
  settlingMs: 120000
  enquiryRetryMs: 20000
  limitOffsetBps: 0
broker: { requestsPerMinute: 100000 }
services: { restartsMax: 100 }
`;

/** Writes the configuration into a folder; answers its path. */
export function denseConfig(folder: string, more = ''): string {
  const path = join(folder, 'dense.yaml');
  writeFileSync(path, `${DENSE_CONFIG}${more}`);
  return path;
}
