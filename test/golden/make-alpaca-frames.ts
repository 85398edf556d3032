import { mkdirSync, writeFileSync } from 'node:fs';
import { encode, encodeTimeSpecToTimestamp, ExtData } from '@msgpack/msgpack';
import { formatTime, parseTime } from '../../src/core/time.ts';
import { exchangePlace } from '../../src/domain/market/nbbo.ts';
import { referenceOfJson } from '../reference/alpaca-events.ts';
import type { GoldenEvent, GoldenFrame } from './alpaca-frames.ts';

/**
 * Writes test/golden/alpaca-data: one frame a file, in both codecs, composed after the shapes that
 * Alpaca documents, with the events that the reference decoder reads from it. Run from the root:
 * node --import ./test/typescript-threads.mjs test/golden/make-alpaca-frames.ts && npm run format
 */
type Message = Readonly<Record<string, unknown>>;

const T = '2026-11-19T15:04:05.120334871Z';

const trade = (more: Message = {}): Message => ({
  T: 't',
  S: 'AAPL',
  i: 71_293,
  x: 'V',
  p: 231.405,
  s: 60,
  c: ['@'],
  z: 'C',
  t: T,
  ...more,
});
const quote = (more: Message = {}): Message => ({
  T: 'q',
  S: 'AAPL',
  bx: 'V',
  bp: 231.4,
  bs: 300,
  ax: 'V',
  ap: 231.42,
  as: 100,
  c: ['R'],
  z: 'C',
  t: T,
  ...more,
});
const bar = (more: Message = {}): Message => ({
  T: 'b',
  S: 'SPY',
  o: 388.985,
  h: 389.13,
  l: 388.975,
  c: 389.12,
  v: 49_378,
  n: 461,
  vw: 389.062639,
  t: '2026-11-19T15:04:00Z',
  ...more,
});
const status = (sc: string, z: string, more: Message = {}): Message => ({
  T: 's',
  S: 'XYZ',
  sc,
  sm: 'Status',
  rc: '',
  rm: '',
  z,
  t: '2026-11-19T15:05:11Z',
  ...more,
});
const band = (u: number, d: number): Message => ({
  T: 'l',
  S: 'XYZ',
  u,
  d,
  i: 'B',
  z: 'C',
  t: '2026-11-19T15:05:00Z',
});
const correction = (more: Message = {}): Message => ({
  T: 'c',
  S: 'EEM',
  x: 'M',
  oi: 1_001,
  op: 39.15,
  os: 4_400,
  oc: [' ', '7'],
  ci: 1_002,
  cp: 39.18,
  cs: 4_300,
  cc: [' ', '7'],
  z: 'B',
  t: '2026-11-19T15:04:06Z',
  ...more,
});
const cancel = (more: Message = {}): Message => ({
  T: 'x',
  S: 'AAPL',
  i: 71_293,
  x: 'V',
  p: 231.405,
  s: 60,
  a: 'C',
  z: 'C',
  t: '2026-11-19T15:04:09Z',
  ...more,
});

const FRAMES: Readonly<Record<string, readonly Message[]>> = {
  'trade-regular': [trade()],
  'trade-odd-lot-sweep': [trade({ c: ['@', 'F', 'I'], s: 3 })],
  'trade-extended-hours': [trade({ c: ['@', 'T'], t: '2026-11-19T12:00:00.5Z' })],
  'trade-tape-a-no-condition': [trade({ z: 'A', c: [' '], x: 'N' })],
  'trade-tape-b-qct': [trade({ z: 'B', c: [' ', '7'], x: 'P' })],
  'trade-average-price-tape-a': [trade({ z: 'A', c: ['B'] })],
  'trade-bunched-tape-c': [trade({ c: ['B'] })],
  'trade-official-close': [trade({ c: ['M'], x: 'Q' })],
  'trade-out-of-sequence': [trade({ c: ['@', 'Z'] })],
  'trade-otc-tape': [trade({ z: 'O' })],
  'trade-unknown-tape': [trade({ z: 'Y', c: ['B'] })],
  'trade-no-conditions-at-all': [trade({ c: [] })],
  'trade-long-id': [trade({ i: 8_124_455_512_345_678_901n })],
  'trade-largest-id': [trade({ i: 18_446_744_073_709_551_615n })],
  'trade-two-long-ids-that-differ-in-the-last-digit': [
    trade({ i: 8_124_455_512_345_678_901n }),
    trade({ i: 8_124_455_512_345_678_902n }),
  ],
  'trade-crypto': [
    { T: 't', S: 'BTC/USD', p: 91_231.2, s: 0.0041, i: 293_648_598, tks: 'B', t: T },
  ],
  'trade-unknown-exchange': [trade({ x: '?' })],
  'trade-unknown-condition': [trade({ c: ['~'] })],
  'trade-condition-of-two-letters': [trade({ c: ['@', 'XY'] })],
  'trade-unknown-symbol': [trade({ S: 'NONE' })],
  'trade-without-price': [{ ...trade(), p: undefined }],
  'trade-price-null': [trade({ p: null })],
  'trade-price-zero': [trade({ p: 0 })],
  'trade-price-text': [trade({ p: '231.405' })],
  'trade-price-tenth-of-a-cent': [trade({ p: 0.0001 })],
  'trade-price-below-what-we-tell-apart': [trade({ p: 0.00004 })],
  'trade-price-half-of-a-ten-thousandth': [trade({ p: 1.00005 })],
  'trade-price-many-places': [trade({ p: 129.879_999_999_999_97 })],
  'trade-price-high': [trade({ S: 'BRK.A', p: 741_230.55 })],
  'trade-price-beyond-limits': [trade({ p: 900_000.0001 })],
  'trade-whole-price': [trade({ p: 231 })],
  'trade-size-zero': [trade({ s: 0 })],
  'trade-size-large': [trade({ s: 6_211_548 })],
  'trade-size-negative': [trade({ s: -1 })],
  'trade-time-without-fraction': [trade({ t: '2026-11-19T15:04:05Z' })],
  'trade-time-three-places': [trade({ t: '2026-11-19T15:04:05.208Z' })],
  'trade-time-nine-places': [trade({ t: '2026-11-19T15:04:05.999999999Z' })],
  'trade-time-in-new-york': [trade({ t: '2026-11-19T10:04:05.1-05:00' })],
  'trade-time-missing': [{ ...trade(), t: undefined }],
  'trade-time-is-no-date': [trade({ t: '2026-02-30T10:00:00Z' })],
  'trade-hidden-receive-time': [trade({ r: '2026-11-19T15:04:05.121Z' })],
  'trade-nested-extra': [trade({ meta: { p: 1, list: [1, [2, { S: 'MSFT' }]] }, zz: null })],
  'trade-repeated': [trade(), trade(), trade({ i: 71_294 })],
  'trade-same-id-other-exchange': [trade(), trade({ x: 'Q' })],
  'trade-kind-comes-last': [Object.fromEntries(Object.entries(trade()).toReversed())],
  'quote-regular': [quote()],
  'quote-no-bid': [quote({ bp: 0, bs: 0 })],
  'quote-no-ask': [quote({ ap: 0, as: 200 })],
  'quote-nothing': [quote({ bp: 0, bs: 0, ap: 0, as: 0 })],
  'quote-locked': [quote({ bp: 231.42 })],
  'quote-two-conditions': [quote({ c: ['R', 'A'] })],
  'quote-ask-not-firm': [quote({ c: ['R', 'N'], z: 'A' })],
  'quote-closed': [quote({ c: ['C'], z: 'A' })],
  'quote-slow-both-sides-tape-b': [quote({ c: ['H'], z: 'B' })],
  'quote-manual-both-sides-tape-c': [quote({ c: ['H'] })],
  'quote-unknown-condition': [quote({ c: ['~'] })],
  'quote-crypto': [{ T: 'q', S: 'BTC/USD', bp: 91_230.1, bs: 0.42, ap: 91_231.9, as: 0.31, t: T }],
  'quote-without-ask': [{ ...quote(), ap: undefined }],
  'quote-negative': [quote({ bp: -1 })],
  'bar-minute': [bar()],
  'bar-updated': [bar({ T: 'u', h: 389.2 })],
  'bar-daily': [bar({ T: 'd', v: 18_233_410, t: '2026-11-19T05:00:00Z' })],
  'bar-pre-market': [bar({ t: '2026-11-19T09:00:00Z' })],
  'bar-one-price': [bar({ o: 9.12, h: 9.12, l: 9.12, c: 9.12, v: 100 })],
  'bar-high-below-low': [bar({ h: 388 })],
  'bar-close-above-high': [bar({ c: 400 })],
  'bar-open-zero': [bar({ o: 0 })],
  'bar-volume-large': [bar({ v: 2_147_483_648 })],
  'bar-volume-fractional': [bar({ S: 'BTC/USD', v: 0.315_427 })],
  'bar-repeated': [bar(), bar(), bar({ T: 'u' })],
  'bars-of-one-minute': [bar(), bar({ S: 'AAPL' }), bar({ S: 'XYZ' }), bar({ S: 'NONE' })],
  'status-halt-tape-a': [status('2', 'A', { rc: 'D' })],
  'status-resume-tape-b': [status('3', 'B')],
  'status-halt-tape-c': [status('H', 'C', { rc: 'T12' })],
  'status-quoting-tape-c': [status('Q', 'C')],
  'status-trading-tape-c': [status('T', 'C')],
  'status-volatility-pause': [status('P', 'C', { rc: 'LUDP' })],
  'status-short-restricted': [status('E', 'A')],
  'status-limit-pause-tape-a': [status('F', 'A', { rc: 'M' })],
  'status-limit-band-tape-a': [status('F', 'A')],
  'status-price-indication': [status('5', 'A')],
  'status-unknown-code': [status('W', 'C')],
  'status-of-an-otc-symbol': [status('T', 'O')],
  'band-regular': [band(12.61, 10.31)],
  'band-one-price': [band(3.24, 3.24)],
  'band-upside-down': [band(2.65, 3.24)],
  'band-without-upper': [{ ...band(1, 1), u: undefined }],
  'correction-of-an-unseen-trade': [correction()],
  'correction-of-a-trade': [
    trade({ S: 'EEM', x: 'M', i: 1_001, p: 39.15, s: 4_400, z: 'B', c: [' '] }),
    correction(),
  ],
  'correction-repeated': [correction(), correction()],
  'correction-without-new-price': [{ ...correction(), cp: undefined }],
  'cancel-of-an-unseen-trade': [cancel()],
  'cancel-of-a-trade': [trade(), cancel()],
  'cancel-for-an-error': [cancel({ a: 'E' })],
  imbalance: [{ T: 'i', S: 'XYZ', p: 9.12, z: 'C', t: T }],
  'order-book': [{ T: 'o', S: 'BTC/USD', t: T, b: [{ p: 91_230.1, s: 0.42 }], a: [], r: true }],
  'unknown-kind': [{ T: '?', S: 'AAPL', p: 1, t: T }],
  'without-kind': [{ S: 'AAPL', p: 1, t: T }],
  mixed: [trade(), quote({ t: '2026-11-19T15:04:05.120901002Z' }), status('P', 'C'), band(2, 1)],
  'hundred-trades': Array.from({ length: 100 }, (_, at) => trade({ i: at, p: 231 + at / 100 })),
  empty: [],
  connected: [{ T: 'success', msg: 'connected' }],
  authenticated: [{ T: 'success', msg: 'authenticated' }],
  'error-405': [{ T: 'error', code: 405, msg: 'symbol limit exceeded' }],
  subscription: [
    {
      T: 'subscription',
      trades: ['AAPL', 'MSFT'],
      quotes: [],
      bars: ['*'],
      updatedBars: [],
      dailyBars: [],
      statuses: [],
      lulds: [],
      imbalances: [],
      corrections: ['AAPL', 'MSFT'],
      cancelErrors: ['AAPL', 'MSFT'],
    },
  ],
  news: [
    {
      T: 'n',
      id: 50_011_223,
      headline: 'Chipmaker lifts outlook',
      summary: '',
      author: 'Desk',
      content: '<p>..</p>',
      url: 'https://example.invalid/1',
      symbols: ['NVDA', 'AMD'],
      source: 'benzinga',
      created_at: '2026-11-19T15:04:01Z',
      updated_at: '2026-11-19T15:04:02Z',
    },
  ],
};

const WORDS = new Set(['success', 'error', 'subscription', 'n']);
const TIMES = new Set(['t', 'r', 'created_at', 'updated_at']);

function jsonText(messages: readonly Message[]): string {
  // JSON has no word for a long integer, so it is written by hand.
  const text = JSON.stringify(messages, (_name, value: unknown) =>
    typeof value === 'bigint' ? `long ${value}` : value,
  );
  return text.replaceAll(/"long (\d+)"/g, '$1');
}

function packed(messages: readonly Message[]): Uint8Array {
  const list = messages.map((message) =>
    Object.fromEntries(
      Object.entries(message).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, TIMES.has(name) ? momentOf(value) : value]],
      ),
    ),
  );
  return encode(list, { useBigInt64: true });
}

/** As an extension, with all nine places; as text where it is no moment. */
function momentOf(value: unknown): unknown {
  const text = String(value);
  const us = parseTime(text);
  if (us === undefined) return value;
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? '';
  const nsec = Number(fraction.padEnd(9, '0'));
  return new ExtData(-1, encodeTimeSpecToTimestamp({ sec: Math.floor(us / 1e6), nsec }));
}

/** What the reference reads, each event once, and corrections with the time of their trade. */
function eventsOf(messages: readonly Message[]): readonly GoldenEvent[] {
  const events: GoldenEvent[] = [];
  const seen = new Map<string, number>();
  for (const message of messages) {
    const [event] = referenceOfJson(new TextEncoder().encode(jsonText([message])));
    const read = (name: string) => String(message[name]);
    if (event === undefined || event.symbol === 'NONE') continue;
    const place = ['S', 'x', 'z'].map(read).join();
    const id = message['T'] === 'c' ? read('ci') : read('i');
    const isBar = message['T'] === 'b';
    const key = isBar ? `b${read('S')}${event.us}` : `${read('T')}${place}${id}`;
    if (seen.has(key) && ['t', 'b', 'c', 'x'].includes(read('T'))) continue;
    seen.set(key, event.us);
    const original = seen.get(`t${place}${read(message['T'] === 'c' ? 'oi' : 'i')}`);
    const hasPlace = event.kind === 'trade' || event.kind === 'correction';
    const letter = typeof message['x'] === 'string' ? message['x'].charCodeAt(0) : 0;
    events.push({
      ...event,
      exchange: hasPlace ? exchangePlace(letter) : 0,
      values: event.values.map((value) => (Number.isNaN(value) ? (original ?? event.us) : value)),
    });
  }
  return events;
}

function wordsOf(messages: readonly Message[], codec: string): readonly unknown[] {
  return messages
    .filter(({ T: kind }) => typeof kind === 'string' && WORDS.has(kind))
    .map((message) =>
      Object.fromEntries(
        Object.entries(message).map(([name, value]) => {
          const us = TIMES.has(name) && codec === 'msgpack' ? parseTime(String(value)) : undefined;
          return [name, us === undefined ? value : formatTime(us)];
        }),
      ),
    );
}

const folder = new URL('alpaca-data/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [name, messages] of Object.entries(FRAMES)) {
  const events = eventsOf(messages);
  const frames: readonly GoldenFrame[] = [
    { codec: 'json', frame: jsonText(messages), events, words: wordsOf(messages, 'json') },
    {
      codec: 'msgpack',
      frame: Buffer.from(packed(messages)).toString('hex'),
      events,
      words: wordsOf(messages, 'msgpack'),
    },
  ];
  for (const frame of frames) {
    const file = new URL(`${name}.${frame.codec}.json`, folder);
    writeFileSync(file, `${JSON.stringify(frame, undefined, 1)}\n`);
  }
}
