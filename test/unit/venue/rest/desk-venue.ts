import { money, PRICE_SCALE } from '../../../../src/core/money.ts';
import { HOUR } from '../../../../src/core/time.ts';
import {
  EventBatch,
  QUOTE,
  QUOTE_ASK,
  QUOTE_BID,
} from '../../../../src/domain/market/event-batch.ts';
import { listingsOf } from '../../../../src/venue/trading/asset-table.ts';
import { createTradingDesk } from '../../../../src/venue/trading/trading-desk.ts';
import { archiveUntil, openVenue, OPEN_US, SEED } from './rest-harness.ts';

const NOW_US = OPEN_US + HOUR;
export const archive = archiveUntil(NOW_US, 3);
export const NAME = archive.symbols[0]?.name ?? '';

/** The real desk, with a quote of 100 to 100.10 in the first symbol. */
export async function openDesk() {
  const desk = createTradingDesk({
    startingCash: money(100_000 * PRICE_SCALE),
    seed: SEED,
    listings: listingsOf(archive.symbols, 4),
    tell: () => {},
  });
  const venue = await openVenue(archive, NOW_US, { desk });
  const quote = (us: number) => {
    const batch = new EventBatch(4, 4);
    const at = batch.add(QUOTE, 0, us, QUOTE_BID | QUOTE_ASK, 0);
    batch.a[at] = 1_000_000;
    batch.b[at] = 1_000;
    batch.c[at] = 1_001_000;
    batch.d[at] = 1_000;
    desk.frame(batch, 0, 1, us);
  };
  desk.advance(NOW_US);
  quote(NOW_US);
  /** Time passes: acknowledgements and fills happen. */
  const pass = () => {
    for (let step = 0; step < 20; step += 1) {
      venue.time.advance(250);
      desk.advance(venue.time.nowUs());
      quote(venue.time.nowUs());
    }
  };
  return { ...venue, trading: venue.sdk.trading, pass };
}
