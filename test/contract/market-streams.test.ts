import {
  bar as alpacaBar,
  quote as alpacaQuote,
  trade as alpacaTrade,
} from '../unit/streams/alpaca-messages.ts';
import { alpacaHarness, polygonHarness } from '../unit/streams/market-harness.ts';
import { bar, quote, trade } from '../unit/streams/polygon-messages.ts';
import { describeMarketStream } from './market-stream.ts';

describeMarketStream('Alpaca', {
  open: alpacaHarness,
  wire: {
    bar: alpacaBar,
    barAgain: (...given) => ({ ...alpacaBar(...given), T: 'u' }),
    trade: alpacaTrade,
    quote: alpacaQuote,
    past: (us, id) => ({ us, id: `${id}`, ...PAST, exchange: 'V', tape: 'C', conditions: ['@'] }),
    lists: { trades: 'trades', quotes: 'quotes', bars: 'bars' },
  },
});

describeMarketStream('Polygon', {
  open: polygonHarness,
  wire: {
    bar,
    barAgain: bar,
    trade,
    quote,
    past: (us, id) => ({ us, id: `${id}`, ...PAST, exchange: '11', tape: '3', conditions: [] }),
    lists: { trades: 'T', quotes: 'Q', bars: 'AM' },
  },
});

const PAST = { price: 100, size: 1 };
