import type { TableDeclaration } from '../../ports/time-series.ts';
import { FEED, SYMBOL } from './columns.ts';

/** Every trade as the feed told it; a correction replaces it, a bust leaves it with size 0. */
export const trades: TableDeclaration = {
  name: 'trades',
  tells: 'A trade as the feed told it.',
  version: 1,
  columns: [
    { name: 'venue_us', kind: 'time', tells: 'when the exchange made it' },
    SYMBOL,
    FEED,
    { name: 'trade_id', kind: 'whole', tells: "the exchange's number, of one symbol and day" },
    { name: 'exchange', kind: 'whole', tells: 'place of the exchange in our list' },
    { name: 'price', kind: 'double', tells: 'dollars' },
    { name: 'size', kind: 'double', tells: 'shares; 0: it was busted' },
    { name: 'flags', kind: 'whole', tells: 'TRADE_* of an event batch' },
    { name: 'received_us', kind: 'time', tells: 'when its frame reached us' },
  ],
  time: 'venue_us',
  partition: 'day',
  keys: ['symbol', 'feed', 'exchange', 'trade_id'],
};

export const quotes: TableDeclaration = {
  name: 'quotes',
  tells: 'A best quote as the feed told it.',
  version: 1,
  columns: [
    { name: 'venue_us', kind: 'time', tells: 'when the exchange made it' },
    SYMBOL,
    FEED,
    { name: 'exchange', kind: 'whole', tells: 'place of the exchange in our list' },
    { name: 'place', kind: 'whole', tells: 'counts those of one symbol in one microsecond' },
    { name: 'bid', kind: 'double', tells: 'dollars; NaN: none' },
    { name: 'bid_size', kind: 'double', tells: 'shares' },
    { name: 'ask', kind: 'double', tells: 'dollars; NaN: none' },
    { name: 'ask_size', kind: 'double', tells: 'shares' },
    { name: 'flags', kind: 'whole', tells: 'QUOTE_* of an event batch' },
    { name: 'received_us', kind: 'time', tells: 'when its frame reached us' },
  ],
  time: 'venue_us',
  partition: 'hour',
  keys: ['symbol', 'feed', 'exchange', 'place'],
};

/**
 * Prices as they were traded: splits and dividends are applied by whoever reads. Of the span that a
 * session lives by they are the very bars that it decided on; of all others the feed's.
 */
export const bars: TableDeclaration = {
  name: 'bars',
  tells: 'A closed bar, unadjusted; a corrected one replaces it, with volume 0 if it is none now.',
  version: 1,
  columns: [
    { name: 'start_us', kind: 'time', tells: 'when it began' },
    SYMBOL,
    FEED,
    { name: 'timeframe', kind: 'symbol', tells: '1s to 1d' },
    { name: 'open', kind: 'double', tells: 'dollars' },
    { name: 'high', kind: 'double', tells: 'dollars' },
    { name: 'low', kind: 'double', tells: 'dollars' },
    { name: 'close', kind: 'double', tells: 'dollars' },
    { name: 'volume', kind: 'double', tells: 'shares' },
    { name: 'vwap', kind: 'double', tells: 'dollars; NaN: not told' },
    { name: 'trades', kind: 'double', tells: 'how many; NaN: not told' },
    { name: 'known_us', kind: 'time', tells: 'when we knew it as it is here' },
  ],
  time: 'start_us',
  partition: 'month',
  keys: ['symbol', 'feed', 'timeframe'],
};
