import { absentRows, type ConformanceRow, of, rowsOf } from '../venue-conformance.ts';

const SDK = 'the trading host under the official client';
const ACCOUNT = `${SDK} > answers the account and its configurations`;
const ASSETS = `${SDK} > lists the assets and finds one by its symbol and its id`;
const ORDER = `${SDK} > takes an order, shows it by both ids and in lists, and fills it`;
const POSITIONS = of(
  SDK,
  'shows positions, their fills and the account’s history, and closes them',
);
const CANCEL = of(
  SDK,
  'answers 204 without a body to a cancel, and 207 with a list to a cancel of all',
);
const REPLACE = `${SDK} > replaces an order by a new one`;
const CLOSE_ALL = `${SDK} > closes all positions with 207, an order for each`;
const REFUSALS = `${SDK} > gives refusals as the client’s own errors, with code and request id`;

const CLOCK = 'the clock > at %s says New York’s time and the next edges';
const CALENDAR = 'the calendar > has holidays and half days, whichever date format it is asked in';
const MARKET_CALENDAR = 'the calendar > of a market has the edges of its sessions as times';
const ANNOUNCED = 'corporate actions > are announced on the trading host too';

const BARS = 'historical bars > are those of the archive, sorted by symbol and time';
const SINGLE_BARS = 'historical bars > of one symbol are a list with its name';
const TRADE_FIELDS =
  'trades and quotes > have every field of the reference, with nanoseconds and exact numbers';
const TRADE_MARKS = 'trades and quotes > mark what was taken back or changed with u';
const PAGES = 'trades and quotes > page to the end, each once, up and down';
const LATEST =
  'what is latest > is the last trade, quote and minute of each symbol, in lists and alone';
const SNAPSHOTS = 'what is latest > comes at once in snapshots, which have no wrapping key';
const WRONG = 'a parameter that is wrong > is answered 400 with its name: %s';
const ABSENT = 'a request that cannot be understood > is refused and never redirected: %s %s';

const trading = rowsOf('4.1', 'endpoint', [
  ['GET /v2/account', ACCOUNT],
  ['GET /v2/account/configurations', ACCOUNT],
  ['PATCH /v2/account/configurations', ACCOUNT],
  ['GET /v2/account/activities', 'what the desk is asked > for %s %s'],
  ['GET /v2/account/activities/{}', POSITIONS],
  ['GET /v2/account/portfolio/history', POSITIONS],
  ['GET /v2/orders', ORDER],
  ['POST /v2/orders', ORDER],
  ['DELETE /v2/orders', CANCEL],
  ['GET /v2/orders:by_client_order_id', ORDER],
  ['GET /v2/orders/{}', ORDER],
  ['PATCH /v2/orders/{}', REPLACE],
  ['DELETE /v2/orders/{}', CANCEL],
  ['GET /v2/positions', POSITIONS],
  ['DELETE /v2/positions', CLOSE_ALL],
  ['GET /v2/positions/{}', POSITIONS],
  ['DELETE /v2/positions/{}', POSITIONS],
  ['GET /v2/assets', ASSETS],
  ['GET /v2/assets/{}', ASSETS],
  ['GET /v2/clock', CLOCK],
  ['GET /v3/clock', CLOCK, 'the clock > knows no other markets'],
  ['GET /v2/calendar', CALENDAR, 'the calendar > can be asked by the day of settlement'],
  ['GET /v3/calendar/{}', MARKET_CALENDAR],
  ['GET /v2/corporate_actions/announcements', ANNOUNCED],
  ['GET /v2/corporate_actions/announcements/{}', ANNOUNCED],
]);

const data = rowsOf('5', 'endpoint', [
  ['GET /v2/stocks/bars', BARS],
  ['GET /v2/stocks/{}/bars', SINGLE_BARS],
  ['GET /v2/stocks/trades', TRADE_FIELDS, PAGES],
  ['GET /v2/stocks/{}/trades', TRADE_MARKS],
  ['GET /v2/stocks/quotes', TRADE_FIELDS, PAGES],
  ['GET /v2/stocks/{}/quotes', 'the bodies of the REST host > have the keys that %s has'],
  ['GET /v2/stocks/bars/latest', LATEST],
  ['GET /v2/stocks/{}/bars/latest', LATEST],
  ['GET /v2/stocks/trades/latest', LATEST],
  ['GET /v2/stocks/{}/trades/latest', LATEST],
  ['GET /v2/stocks/quotes/latest', LATEST],
  ['GET /v2/stocks/{}/quotes/latest', LATEST],
  ['GET /v2/stocks/snapshots', SNAPSHOTS],
  ['GET /v2/stocks/{}/snapshot', SNAPSHOTS],
  [
    'GET /v2/stocks/meta/conditions/{}',
    'the tables of letters > explain every letter that trades and quotes carry',
    'the tables of letters > want to know the tape',
  ],
  [
    'GET /v2/stocks/meta/exchanges',
    'the tables of letters > explain every letter that trades and quotes carry',
  ],
  ['GET /v1beta1/news', 'the news > comes newest first, of the past alone, with whole ids'],
  ['GET /v1/corporate-actions', 'corporate actions > come in their groups with dates and rates'],
  [
    'GET /v1beta1/screener/stocks/most-actives',
    'the screener > names the busiest by volume and by trades',
  ],
  [
    'GET /v1beta1/screener/{}/movers',
    'the screener > names those that rose and fell most since the last close',
  ],
  // Answered, so that a user of them reads why they are empty.
  ['GET /v2/stocks/auctions', ABSENT],
  ['GET /v2/stocks/{}/auctions', ABSENT],
]);

const notServed: readonly ConformanceRow[] = [
  ...absentRows('4.1', 'endpoint', 'no options are listed', [
    'GET /v2/options/contracts',
    'GET /v2/options/contracts/{}',
  ]),
  ...absentRows('4.1', 'endpoint', 'low priority in the reference; no engine of ours uses them', [
    'GET /v2/watchlists',
    'POST /v2/watchlists',
  ]),
  ...absentRows('3.1', 'endpoint', 'the reference advises engines not to depend on either', [
    'GET /v2/events/trades',
    'GET /v2beta1/events/activities',
  ]),
  ...absentRows('5', 'endpoint', 'the seeded market has stocks alone', [
    'GET /v1beta3/crypto/{}/bars',
    'GET /v1beta3/crypto/{}/latest/trades',
    'GET /v1beta1/options/bars',
    'GET /v1beta1/options/snapshots/{}',
  ]),
  ...absentRows('5', 'rule', 'one market is simulated, without a delayed copy of it', [
    'feed delayed_sip',
  ]),
  ...absentRows('5', 'rule', 'no symbol is ever renamed in a session', ['asof maps old names']),
  ...absentRows('5', 'rule', 'minute bars and ticks are kept for the running day alone', [
    'minute bars of earlier days',
  ]),
];

const errors = rowsOf('4.6', 'error', [
  [
    '401 40110000 access key verification failed',
    'the keys of a request > that are wrong reach the client as AuthError, and the desk not at all',
  ],
  ['403 40310000 insufficient buying power', REFUSALS],
  [
    '403 42210000 subscription does not permit querying recent SIP data',
    of(
      'the feeds of a plan',
      'basic: recent SIP is refused by 403 with the words that clients look for',
    ),
  ],
  ['404 40410000 order not found, position does not exist', REFUSALS, POSITIONS],
  ['404 unknown path', ABSENT],
  ['422 42210000 sub-penny increment', REFUSALS],
  ['400 of the data host', WRONG],
  [
    '400 body that is no JSON, 413 body too large',
    of(
      'a request that cannot be understood',
      'with a body that is no JSON is answered 400, and one too large 413',
    ),
  ],
  [
    '429 42910000 rate limit exceeded',
    'the rate limit > refuses the 201st request of a minute of the venue’s clock, not of the next',
  ],
  [
    'Retry-After, with and without',
    'the rate limit > says in wall seconds when to come again, or nothing where that is asked for',
  ],
  [
    'X-RateLimit-* and X-Request-ID on every answer',
    'every answer > has an id of its own and the three rate headers, refusals too',
  ],
]);

const rules: readonly ConformanceRow[] = [
  ...rowsOf('1', 'rule', [
    [
      'keys by header, bearer or basic',
      'the keys of a request > let it in or refuse it with 401: %s',
    ],
    ['no redirect, ever', ABSENT],
    [
      'dates and full ISO timestamps',
      'historical bars > take dates and times, and mean whole New York days by dates',
      CALENDAR,
    ],
    ['lists arrive percent-encoded', 'what the desk is asked > for %s %s'],
    ['prices and ids are exact', TRADE_FIELDS],
  ]),
  ...rowsOf('4.2', 'rule', [
    ['the clock speaks New York’s offset', CLOCK],
    ['calendar days in two time formats', CALENDAR],
    [
      'range of the calendar: 1990 to 2029 of 1970 to 2029',
      'the calendar > is served from 1990 to 2029 where no span is asked for',
    ],
  ]),
  ...rowsOf('5', 'rule', [
    [
      'limit counts points over all symbols, sorted by symbol then time',
      'historical bars > page to the end, each point once, counted over all symbols',
    ],
    [
      'sort desc',
      'historical bars > come newest first where that is asked for, symbols still in order',
    ],
    [
      'no start: the current day; end inclusive',
      of(
        'historical bars',
        'are of the current day where no start is given, and keep both ends of a span',
      ),
    ],
    [
      'timeframes of minutes and hours',
      'historical bars > of longer spans are those of shorter ones put together',
    ],
    [
      'daily bars at New York midnight; weeks and months',
      of(
        'historical bars',
        'of weeks and months begin on Monday and on the first, at New York’s midnight',
      ),
    ],
    [
      'adjustment split',
      of(
        'the adjustment of daily bars',
        'by splits divides the prices before and multiplies the volume',
      ),
    ],
    [
      'adjustment dividend leaves volume; csv; all',
      'the adjustment of daily bars > by dividends lowers the prices before and leaves the volume',
    ],
    [
      'basic plan: SIP 15 minutes late',
      'the feeds of a plan > basic: older SIP is answered, and no end means 15 minutes ago',
    ],
    ['plus plan: SIP at once', 'the feeds of a plan > plus: recent SIP is answered'],
    ['trade rows carry u', TRADE_MARKS],
    ['news pages', 'the news > pages to the end in both orders, each story once'],
    [
      'news by symbol, span and content',
      'the news > can be asked for symbols, a span and its content',
    ],
    [
      'corporate actions page and filter',
      'corporate actions > page to the end and can be asked by type, symbol, id and order',
    ],
  ]),
  ...rowsOf('2.5', 'rule', [
    [
      'bars by the rules of conditions',
      'a book of bars > makes of a seeded session what a naive grouping of its trades makes',
      'the letters of a trade > mean on tape %s what its flags mean',
    ],
    [
      'no bar where a value would be 0',
      'the minute bars of the venue > leave out a minute in which no trade may set a price',
      'bars that the market makes itself > are no bars where they have no volume',
    ],
    [
      'T prints add to daily volume and not to its prices',
      of(
        'the minute bars of the venue',
        'of the early hours are made from extended trades, which add volume alone to the day',
      ),
    ],
    [
      'b right after the minute, d with it',
      of(
        'the minute bars of the venue',
        'are told once, when their minute is over, with the day that they belong to',
      ),
    ],
    [
      'u after the half minute where a late trade changed it',
      of(
        'a minute bar that changes',
        'is told as updated at the half minute after a late trade, and not before',
      ),
    ],
  ]),
];

const chaos = rowsOf('10', 'chaos', [
  [
    'delay POST response past client timeout but execute',
    of(
      'a fault of the trading host',
      'delays an answer past what the client waits, after the order took effect',
    ),
  ],
  [
    'execute, then drop the connection',
    'a fault of the trading host > cuts the connection after the order took effect',
  ],
  ['execute then 5xx', 'a fault of the trading host > answers 5xx after the order took effect'],
  [
    '5xx before execution',
    'a fault of the trading host > refuses by 5xx before the order takes effect',
  ],
  [
    '429 with headers',
    'a fault of the trading host > answers 429 for a time of the venue’s clock, with the headers',
  ],
  [
    '429 without headers',
    'a fault of the trading host > answers 429 without any header of the venue',
  ],
  ['body that is no JSON', 'a fault of the trading host > sends a body that is no JSON'],
  [
    'page with token but no rows',
    'a fault of a page > has a token and no rows, and leads on to the same rows',
  ],
  [
    'repeated token',
    'a fault of a page > repeats the token that it was asked with, and only such a request',
  ],
]);

/** What REST decides: venues.md 1, 4.1, 4.2, 4.6, 5 and its share of 2.5 and 10. */
export const REST_ROWS: readonly ConformanceRow[] = [
  ...trading,
  ...data,
  ...notServed,
  ...errors,
  ...rules,
  ...chaos,
];
