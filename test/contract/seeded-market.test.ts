import { createSeededMarket } from '../../src/venue/market/seeded-market.ts';
import { describeMarketSource } from './market-source.ts';

/** The largest frame of the seeded market: a batch must hold it. */
const FRAME_EVENTS_MAX = 256;

describeMarketSource(
  'a seeded market',
  () => createSeededMarket({ seed: 3, symbols: 6, tradesPerDay: 20, extendedHours: false }),
  FRAME_EVENTS_MAX,
);
