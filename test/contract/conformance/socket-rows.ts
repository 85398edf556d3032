import { absentRows, type ConformanceRow, of, rowsOf } from '../venue-conformance.ts';

const SDK = "the venue's data stream, to the official SDK";
const PLAIN = "the venue's data stream, to a plain client";
const ERRORS = 'the errors of the data stream';
const SHAKE = 'the handshake of the data stream';
const ORDERS = 'the handshake of the order stream';
const EVENTS = 'the events of an order';

const FIRST_SIGHT = of(
  SDK,
  'brings quotes, trades, bands and bars over msgpack, times to the nanosecond',
);
const CODECS = of(PLAIN, 'says the same in both codecs, event by event');
const WELCOME = of(
  SHAKE,
  'welcomes, lets in and acknowledges with the complete set of every channel',
);
const ACKS = 'a subscription > D5 is acknowledged as a simple model has it, after any history';
const HALT = of(
  'chaos on the market',
  'halt stops quotes and trades of a symbol and says so, resume says both words',
);
const CORRECTED = of(
  'chaos on the market',
  'D8 correction and cancelTrade name the trade that they are about',
);
const LATE = 'chaos on the market > D8 lateTrade is told out of sequence, and its minute again';

const framing = rowsOf('2.2', 'rule', [
  ['the codec is chosen by the header', CODECS],
  [
    'arrays; control messages alone',
    of(PLAIN, 'never puts a control message together with another'),
  ],
  ['T is the first key', 'a message of the wire > has T as its first key in both codecs'],
  [
    'times as timestamp extension, in nanoseconds',
    'a message of the wire > says the same in JSON and in msgpack, times to the nanosecond',
  ],
  [
    'whole numbers as integers',
    of(
      'a message of the wire',
      'writes whole numbers past 32 bits as integers, which strict clients want',
    ),
  ],
  [
    'permessage-deflate where it is offered',
    of(PLAIN, 'compresses for those who offer it and for nobody else'),
  ],
  ['fragmented messages', of(PLAIN, 'D9 reads a message that comes in fragments')],
  [
    'frames of at most 256 KiB (10)',
    'a subscription > never makes a frame of a quarter of a megabyte',
  ],
]);

const session = rowsOf('2.3', 'rule', [
  ['welcome, auth, full acknowledgement', WELCOME, ACKS],
  ['credentials in headers', of(SHAKE, 'lets a client in by its headers alone: %o')],
  ['oauth and access_token', of(SHAKE, 'takes tokens for keys: oauth and access_token')],
  ['trades add corrections and cancelErrors', ACKS],
  ['news on its own endpoint', of(SDK, 'brings news over its own endpoint')],
  [
    'nothing is replayed after a reconnect',
    of(SDK, 'D5 restores the whole subscription after the connection was dropped'),
  ],
  [
    'the delayed feed is 15 minutes late (2.1)',
    'a subscription > of the delayed feed hears fifteen minutes later',
  ],
  [
    'the test stream is always on (2.1)',
    'the test stream > brings FAKEPACA whatever the market does, and nothing else',
  ],
  [
    'messages have the keys and types that are documented',
    of(
      'messages as the documentation prints them',
      'have the keys and the types of ours, kind by kind',
    ),
  ],
]);

const messages = rowsOf('2.5', 'message', [
  ['t trades', FIRST_SIGHT, CODECS],
  ['q quotes', FIRST_SIGHT, CODECS],
  ['b bars', FIRST_SIGHT],
  ['u updatedBars', LATE],
  [
    'd dailyBars',
    of(
      'the minute bars of the venue',
      'are told once, when their minute is over, with the day that they belong to',
    ),
  ],
  ['c corrections', CORRECTED],
  ['x cancelErrors', CORRECTED],
  ['l lulds', FIRST_SIGHT],
  ['s statuses: halt, quoting, trading', HALT],
  ['n news', of(SDK, 'brings news over its own endpoint')],
  [
    'conditions that read back to their meaning',
    of(PLAIN, 'gives every trade conditions that the condition tables read back to its flags'),
  ],
]);

const errors = rowsOf('2.6', 'error', [
  ['400 invalid syntax', of(ERRORS, '400 for what it cannot read, and it stays')],
  [
    '401 not authenticated, 403 already authenticated',
    of(ERRORS, '401 before authentication, 403 after it, and it stays'),
  ],
  [
    '402 auth failed',
    of(ERRORS, '402 for a wrong key, in a message or in headers, and it closes'),
    of(SDK, 'D4 tells a wrong key once, and the SDK gives up for good'),
  ],
  [
    '404 auth timeout',
    of(ERRORS, '404 ten seconds of the market after the connection, and it closes'),
  ],
  [
    '405 symbol limit exceeded',
    of(ERRORS, '405 over the limit: all of the request is refused and the list stays'),
  ],
  [
    '406 connection limit exceeded, stays',
    of(ERRORS, '406 while the slot is taken; a retry on the same socket succeeds when it is free'),
  ],
  ['406 connection limit exceeded, closes', of(ERRORS, '406 closes where the knob says so')],
  [
    '407 slow client',
    of(ERRORS, 'D10 407 for a client that does not read: it is cut, and its memory with it'),
    of(
      'a client that stops reading',
      'D10 is cut, its memory is let go, and the market goes on for others',
    ),
  ],
  [
    '409 insufficient subscription',
    of(ERRORS, '409 for a feed that is not in the plan, and it closes'),
  ],
  [
    '410 invalid subscribe action for this feed',
    of(ERRORS, '410 for a channel of another feed, and it stays'),
  ],
  ['500 and other codes on demand', 'chaos on connections > sendError sends %d with its text'],
  [
    'HTTP 429 on the upgrade',
    of(PLAIN, 'answers paths that are no streams with 404, and refused upgrades with 429'),
  ],
]);

const orderStream: readonly ConformanceRow[] = [
  ...rowsOf('3.1', 'rule', [
    ['no welcome; binary frames of JSON', of(ORDERS, 'has no welcome, and JSON in binary frames')],
    ['the form of the data streams too', of(ORDERS, 'takes the form of the data streams too')],
    [
      'unauthorized for a wrong key and an early listen',
      of(ORDERS, 'refuses a wrong key, and listening before authentication'),
    ],
    [
      'listen replaces the set',
      of(ORDERS, 'replaces the set at every listen, and leaves out streams it does not know'),
    ],
    [
      'one connection an account',
      of(ORDERS, 'refuses a second connection of the account at the upgrade, by 429'),
    ],
    ['msgpack by the header', of(ORDERS, 'speaks msgpack where the header asks for it')],
    ['error as an object', of(ORDERS, 'says an error as an object where it cannot read a message')],
    [
      'the heartbeat byte',
      'chaos on the order stream > heartbeatByte sends the one byte of the older protocol',
    ],
  ]),
  ...rowsOf('3.2', 'message', [
    [
      'the whole order, execution_id, event_id',
      of(EVENTS, 'carry the whole order, an id of their own and the size of this fill alone'),
    ],
    [
      'qty of this execution; filled_qty of all',
      'a market order > tells each part by its own quantity and the sum in the order',
    ],
    ['pending_cancel, canceled', of(EVENTS, 'of a cancel: pending_cancel, then canceled')],
    [
      'pending_replace, replaced, new',
      of(EVENTS, 'of a replacement: the old order first, then its successor (12.3)'),
    ],
    ['accepted', 'a day order > is told of as accepted only where the knob says so'],
    ['rejected', 'chaos on answers > rejectOrders says 200, and no by the stream'],
    [
      'expired, done_for_day',
      'a day order > expires at the close of its session',
      'a gtc order > is done for the day at the close and new again the next morning',
    ],
    [
      'order_replace_rejected',
      'a replacement > that loses to a fill leaves the old order filled and rejects the new one',
    ],
  ]),
];

const chaos = rowsOf('10', 'chaos', [
  ['drop TCP without close', 'chaos on connections > drop ends TCP without a goodbye'],
  ['close with code', 'chaos on connections > close says goodbye with the code that was asked for'],
  [
    'stop data but pong',
    of(
      'chaos on connections',
      'D2 mute stops data while pongs and acknowledgements go on, and ends by itself',
    ),
  ],
  ['pong delay', 'chaos on connections > pongDelay answers pings late, noPong never'],
  [
    'duplicate last trade updates',
    'chaos on the order stream > D7 duplicateUpdates says the last ones again, with the same ids',
  ],
  [
    'replay new and fill',
    'chaos on the order stream > B13 replayFill says new and fill of a finished order again',
  ],
  [
    'fill before the POST response',
    'chaos on answers > fillBeforeAnswer: the fill is told before the answer comes',
  ],
  [
    'unknown event, status, keys',
    of(
      'chaos on the order stream',
      'alterUpdates brings unknown words and keys, unknownUpdate an unknown event',
    ),
  ],
  [
    '406 stay, close, then 404',
    'chaos on connections > D4 nextAuth: 406 that stays, that closes, and that times out into 404',
  ],
  ['405 on resubscribe', 'chaos on connections > nextSubscribe refuses by 405 and changes nothing'],
  [
    'text frame on msgpack, oversized frame',
    of(
      'chaos on connections',
      'D9 textOnMsgpack, unknownMessage and oversizedFrame send what nobody expects',
    ),
  ],
  ['late trade and updated bar', LATE],
  ['correction and cancel', CORRECTED],
  ['halt and resume', HALT],
  ['stale quotes', 'chaos on the market > staleQuotes holds quotes back for a while of the market'],
  ['clock skew', 'chaos on the market > D11 clockSkew changes what is told, clockStep what is'],
  ['slow-consumer cut', 'chaos on connections > slowConsumer says 407 and cuts'],
]);

const absent: readonly ConformanceRow[] = [
  ...absentRows('2.1', 'endpoint', 'the seeded market has stocks alone', [
    '/v1beta3/crypto/us',
    '/v1beta1/indicative',
    '/v1beta1/opra',
  ]),
  ...absentRows('2.5', 'message', 'the seeded market has no auction imbalances', ['i imbalances']),
  ...absentRows('2.5', 'message', 'the seeded market has stocks alone', ['o orderbooks']),
  ...absentRows('2.6', 'error', 'options alone', ['412 and 413']),
  ...absentRows('2.6', 'error', 'only in SDK tables, absent from current docs', [
    '408 v2 not enabled',
  ]),
  ...absentRows('3.2', 'message', 'rare: no rule of the simulated venue brings them about', [
    'stopped, suspended, calculated',
  ]),
];

/** What the streams decide: venues.md 2, 3 and their share of 10. */
export const SOCKET_ROWS: readonly ConformanceRow[] = [
  ...framing,
  ...session,
  ...messages,
  ...errors,
  ...orderStream,
  ...chaos,
  ...absent,
];
