import { absentRows, type ConformanceRow, of, rowsOf } from '../venue-conformance.ts';

const STREAM = "the venue's Polygon stream, to the official client";
const DOOR = "the venue's Polygon stream, about who may connect";
const KNOBS = 'the knobs of the Polygon stream';
const REST = "the venue's Polygon REST, to the official client";
const PAGES = "the pages of the venue's Polygon REST";
const REFUSED = 'what the Polygon REST refuses';
const CHAOS = 'chaos on the Polygon stream';
const REST_CHAOS = 'chaos on the Polygon REST';
const HOSTILE = 'clients of the Polygon stream that no client of ours is';
const SLOW = 'a client of the Polygon stream that stops reading';
const GOLDEN_MESSAGE = of(
  'messages of the Polygon stream',
  'of the kind %s have the documented keys and types',
);
const GOLDEN_BODY = of('bodies of the Polygon REST', 'have the documented keys and types: $path');
const ACKS = of(
  STREAM,
  'welcomes, authenticates and acknowledges each topic with a status of its own',
);
const KINDS = of(STREAM, 'brings trades, quotes and bars of both lengths');
const AGAIN = of(STREAM, 'D8 tells a minute again when a late trade has changed it');
const SHAPED = of(REST, 'shows the market, one symbol of it and what moved most at once');
const LONGER = of(REST, 'makes longer bars of minutes and of days, either way round');
const MINUTES = of(REST, 'has the minutes that Alpaca’s host has');
const ONE_DAY = of(REST, 'has the day before and the prices of a day');
const LAST = of(REST, 'has the last trade and the best bid and offer in letters');
const TICKS = of(REST, 'has trades and quotes to the nanosecond, which the client rounds');
const COMPANY = of(REST, 'has splits and dividends by ticker, date and kind');
const CODES = of(REST, 'names every exchange and condition that the stream has numbers for');
const REVERSED = of(PAGES, 'come reversed from the client’s own paging, and in order from ours');
const ORIGIN = of(PAGES, 'D12 lead to our own origin, with a question mark and without the key');

const SECOND_CONNECTION =
  'D4 takes one connection of a cluster and ends a second by max_connections';
const TIMEOUT = 'does nothing for who has not authenticated, and ends it after ten seconds';
const SLOW_CUT = 'D10 is cut without a word, and the market goes on for others';
const MUTE = 'is mute for who has assigned onopen, which is what sends the key';
const ODD = 'D9 says what nobody expects: statuses, events, garbage, large frames';
const KEYS = '401 without a key or with a wrong one; it comes in the query or as Bearer';
const UNKNOWN = 'gives an unknown ticker 200, a count of 0 and no results';
const PAGED_TRADES = 'pages trades of a span in order, without losing or repeating one';
const PAGES_OF_NOTHING =
  'D12 emptyPage and repeatToken lead nowhere, and say so by where they lead';

const session = rowsOf('6.1', 'rule', [
  ['always arrays; welcome, authentication, a status for each topic', ACKS],
  ['one connection of a cluster', of(DOOR, SECOND_CONNECTION)],
  [
    'either the newcomer or the oldest is dropped',
    of(KNOBS, 'let the newcomer in and end the oldest'),
  ],
  ['ten seconds to authenticate', of(DOOR, TIMEOUT)],
  ['wildcards by topic', KINDS],
  [
    'q rises per ticker, with gaps',
    of(STREAM, 'numbers the events of a ticker upwards, with gaps'),
  ],
  ['aggregates are told again when late trades change a recent window', AGAIN],
  [
    'and not when the window is long past',
    of(STREAM, 'tells no window again that is more than a quarter of an hour old'),
  ],
  [
    'second bars do not sum exactly to minutes',
    of(STREAM, 'has seconds that lie within their minute'),
  ],
  ['units of quote sizes', of(KNOBS, 'tell sizes of quotes in round lots')],
  ['a slow consumer is cut without a warning', of(SLOW, SLOW_CUT)],
  ['the client answers pings and authenticates from onopen', of(STREAM, MUTE)],
]);

const events = rowsOf(
  '6.1',
  'message',
  ['T', 'Q', 'A', 'AM', 'LULD', 'status'].map((ev) => [ev, GOLDEN_MESSAGE] as const),
);

const statuses = rowsOf('6.1', 'error', [
  ['auth_failed', of(DOOR, 'refuses the key %j by auth_failed and 1008')],
  ['auth_timeout', of(DOOR, TIMEOUT)],
  ['max_connections and 1008', of(DOOR, SECOND_CONNECTION)],
  [
    'error not authorized, the other topics of the request work',
    of(KNOBS, 'refuse topics outside of the plan and keep the others of the request'),
  ],
  ['error: no access to real-time data', of(CHAOS, ODD)],
  [
    'invalid JSON, binary frames, unknown actions',
    of(HOSTILE, 'are told what was wrong, and stay: %s'),
  ],
  ['a message that is too large', of(HOSTILE, 'are cut by 1009 where a message is too large')],
]);

const endpoints = rowsOf('6.2', 'endpoint', [
  ['GET /v2/aggs/ticker/{}/range/{}/{}/{}/{}', MINUTES, LONGER],
  [
    'GET /v2/aggs/grouped/locale/us/market/stocks/{}',
    of(REST, 'has the whole market of a day, with the end of the day under t'),
  ],
  ['GET /v2/aggs/ticker/{}/prev', ONE_DAY],
  ['GET /v1/open-close/{}/{}', ONE_DAY],
  ['GET /v2/snapshot/locale/us/markets/stocks/tickers', SHAPED],
  ['GET /v2/snapshot/locale/us/markets/stocks/tickers/{}', SHAPED],
  ['GET /v2/snapshot/locale/us/markets/stocks/{}', SHAPED],
  [
    'GET /v3/snapshot',
    of(REST, 'answers for each symbol of a list, or says what is wrong with it'),
  ],
  ['GET /v3/reference/tickers', REVERSED],
  ['GET /v3/reference/tickers/{}', GOLDEN_BODY],
  ['GET /v3/reference/tickers/types', GOLDEN_BODY],
  [
    'GET /v1/marketstatus/now',
    of(
      'the hours of the Polygon REST',
      'says whether the market is open, in the words of every hour',
    ),
  ],
  [
    'GET /v1/marketstatus/upcoming',
    of(REST, 'knows the days on which it will be closed, and those that end early'),
  ],
  ['GET /v2/reference/news', of(REST, 'has news of a company, newest first, and what it means')],
  ['GET /v3/reference/splits', COMPANY],
  ['GET /v3/reference/dividends', COMPANY],
  ['GET /v3/trades/{}', TICKS],
  ['GET /v3/quotes/{}', TICKS],
  ['GET /v2/last/trade/{}', LAST],
  ['GET /v2/last/nbbo/{}', LAST],
  ['GET /v3/reference/exchanges', CODES],
  ['GET /v3/reference/conditions', CODES],
]);

const rules = rowsOf('6.2', 'rule', [
  ['apiKey in the query, or Bearer', of(REFUSED, KEYS)],
  ['an unknown ticker on aggregates is 200 without results', of(REST, UNKNOWN)],
  ['next_url is absolute, ours, with a question mark and without the key', ORIGIN],
  ['pagination of the client comes reversed', REVERSED],
  [
    'limit counts base bars',
    of(REST, 'counts base bars against the limit and leads on to the rest'),
  ],
  [
    'from and to are dates or milliseconds',
    of(REST, 'takes times in milliseconds as well as dates'),
  ],
  ['nanoseconds exceed 2^53', TICKS],
  ['trades are paged by timestamp', of(REST, PAGED_TRADES)],
  ['the keys and types that are documented', GOLDEN_BODY],
  ['the same bars as on the other wire', MINUTES],
]);

const errors = rowsOf('6.2', 'error', [
  ['401 Unknown API Key', of(REFUSED, KEYS)],
  ['403 NOT_AUTHORIZED', of(REFUSED, '403 what is no stock')],
  ['404 NOT_FOUND', of(REFUSED, '404 an unknown ticker of %s')],
  [
    '429 with a body',
    of(
      'the limit of the Polygon REST',
      '429 past so many requests in a minute, on this wire alone',
    ),
  ],
  ['429 without one', of(REST_CHAOS, 'rateLimit meets its paths alone, with a body or without')],
  ['400 a wrong word', of(REFUSED, '400 %s')],
]);

const chaos = rowsOf('10', 'chaos', [
  [
    'Polygon max_connections after auth',
    of(CHAOS, 'D4 polygonMaxConnections: let in, and a moment later one too many'),
  ],
  ['Polygon slow-consumer cut', of(CHAOS, 'D10 polygonSlowCut ends a client by %s without a word')],
  [
    'Polygon oversized frame',
    of(CHAOS, 'D9 a frame over a megabyte ends the official client by 1009'),
  ],
  ['Polygon unknown event and status', of(CHAOS, ODD)],
  ['Polygon times of bands in three units', of(CHAOS, 'polygonBandTimes tells bands in %s')],
  ['Polygon pages without rows, and with their own token', of(REST_CHAOS, PAGES_OF_NOTHING)],
]);

const absent = [
  ...absentRows('6.1', 'message', 'the seeded market has no auction imbalances', ['NOI']),
  ...absentRows('6.1', 'message', 'a plan of businesses', ['FMV']),
  ...absentRows('6.1', 'message', 'no event of it is documented: bars are told again', [
    'corrections and cancels of trades',
  ]),
  ...absentRows('6.1', 'message', 'the seeded market has stocks alone', [
    'V, XT, XQ, XL2, XA, XAS, C, CA, CAS and options',
  ]),
  ...absentRows('6.1', 'endpoint', 'one market is simulated, without a delayed copy of it', [
    'the delayed host',
  ]),
  ...absentRows('6.1', 'endpoint', 'the seeded market has stocks alone', [
    '/options, /forex, /crypto, /indices, /futures',
  ]),
  ...absentRows('6.2', 'endpoint', 'no options are listed', ['GET /v3/snapshot/options/{}']),
  ...absentRows('6.2', 'endpoint', 'of Massive 10.8 alone, whose client is not installed', [
    'GET /stocks/v1/splits',
    'GET /stocks/v1/dividends',
  ]),
  ...absentRows('6.2', 'rule', 'nobody keeps the bars of seconds or of days but one at a time', [
    'aggregates of seconds, and of several days or weeks',
  ]),
  ...absentRows('6.2', 'rule', 'minute bars and ticks are kept for the running day alone', [
    'minute bars and ticks of earlier days on Polygon’s paths',
  ]),
  ...absentRows('6.2', 'rule', 'sizes of the seeded market are whole', [
    'decimal sizes: ds, dv, dav, decimal_size, decimal_volume',
  ]),
];

/** Polygon's wire: venues.md 6, and what 10 has of it. */
export const POLYGON_ROWS: readonly ConformanceRow[] = [
  ...session,
  ...events,
  ...statuses,
  ...endpoints,
  ...rules,
  ...errors,
  ...chaos,
  ...absent,
];
