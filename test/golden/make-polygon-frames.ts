import { mkdirSync, writeFileSync } from 'node:fs';
import { referenceOfPolygon } from '../reference/polygon-events.ts';
import { POLYGON_SYMBOLS } from './polygon-frames.ts';

/**
 * Writes test/golden/polygon: one frame a file, composed after the shapes that Polygon documents,
 * with the events that the reference decoder reads from it. Run from the root:
 * node --import ./test/typescript-threads.mjs test/golden/make-polygon-frames.ts && npm run format
 */
type Message = Readonly<Record<string, unknown>>;

const MS = 1_795_100_645_120;
const MINUTE_MS = 1_795_100_640_000;

const trade = (more: Message = {}): Message => ({
  ev: 'T',
  sym: 'AAPL',
  x: 11,
  i: '52983',
  z: 3,
  p: 231.405,
  s: 60,
  c: [14, 37],
  t: MS,
  q: 1_844_221,
  ...more,
});
const quote = (more: Message = {}): Message => ({
  ev: 'Q',
  sym: 'AAPL',
  bx: 11,
  bp: 231.4,
  bs: 3,
  ax: 12,
  ap: 231.42,
  as: 1,
  c: 1,
  i: [604],
  t: MS + 1,
  q: 1_844_222,
  z: 3,
  ...more,
});
const bar = (more: Message = {}): Message => ({
  ev: 'AM',
  sym: 'AAPL',
  v: 48_211,
  av: 18_233_410,
  op: 230.1,
  vw: 231.3784,
  o: 231.3,
  c: 231.41,
  h: 231.5,
  l: 231.2,
  a: 230.9121,
  z: 94,
  s: MINUTE_MS,
  e: MINUTE_MS + 60_000,
  ...more,
});
const band = (more: Message = {}): Message => ({
  ev: 'LULD',
  T: 'XYZ',
  h: 12.61,
  l: 10.31,
  i: [21],
  z: 3,
  t: MS + 1,
  q: 991,
  ...more,
});
const word = (status: string, message: string): Message => ({ ev: 'status', status, message });

/** A message without some of its fields. */
function without(message: Message, ...names: readonly string[]): Message {
  return Object.fromEntries(Object.entries(message).filter(([name]) => !names.includes(name)));
}

function turned(message: Message): Message {
  return Object.fromEntries(Object.entries(message).toReversed());
}

const SALE_CONDITIONS = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
  27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 41, 52, 53, 55, 57, 60, 62, 71, 72, 99,
];
const QUOTE_CONDITIONS = [
  -1, 0, 1, 2, 3, 5, 10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 27, 33, 34, 35, 40, 41, 43, 44, 71,
  80, 84, 88, 89, 92, 93,
];
const EXCHANGES = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 62,
];
const IDS = [
  '1',
  '0',
  '52983525029461',
  '12345678',
  '123456789',
  '9007199254740993',
  '18446744073709551615',
  '18446744073709551616',
  '007',
  'ABC-1',
  '',
  '71697377593949',
];

const frames: readonly (readonly [name: string, frame: string])[] = [
  ...SALE_CONDITIONS.map((code) => frame(`trade-condition-${code}`, trade({ c: [code] }))),
  ...SALE_CONDITIONS.filter((code) => code < 34).map((code) =>
    frame(`trade-condition-${code}-tape-a`, trade({ c: [code], z: 1 })),
  ),
  ...QUOTE_CONDITIONS.map((code) => frame(`quote-condition-${code}`, quote({ c: code }))),
  ...EXCHANGES.map((exchange) => frame(`trade-exchange-${exchange}`, trade({ x: exchange }))),
  ...IDS.map((id, at) => frame(`trade-id-${at}`, trade({ i: id }))),
  frame('trade', trade()),
  frame('trade-turned', turned(trade())),
  frame('trade-odd-lot-on-no-tape', trade({ z: 9 })),
  frame('trade-no-conditions', without(trade(), 'c')),
  frame('trade-empty-conditions', trade({ c: [] })),
  frame('trade-conditions-no-list', trade({ c: 14 })),
  frame('trade-conditions-of-letters', trade({ c: ['@', 'I'] })),
  frame('trade-reported-late', trade({ trfi: 201, trft: MS + 7 })),
  frame('trade-fraction-of-a-share', trade({ s: 0.25, ds: '0.25' })),
  frame('trade-number-as-id', trade({ i: 52_983 })),
  frame('trade-no-id', without(trade(), 'i')),
  frame('trade-no-symbol', without(trade(), 'sym')),
  frame('trade-no-time', without(trade(), 't')),
  frame('trade-no-price', without(trade(), 'p')),
  frame('trade-price-zero', trade({ p: 0 })),
  frame('trade-price-below-zero', trade({ p: -1 })),
  frame('trade-price-as-text', trade({ p: '231.405' })),
  frame('trade-price-too-high', trade({ p: 900_000.01 })),
  frame('trade-price-of-nine-places', trade({ p: 0.123456789 })),
  frame('trade-size-too-large', trade({ s: 1_000_000_001 })),
  frame('trade-in-microseconds', trade({ t: MS * 1_000 + 334 })),
  frame('trade-unknown-symbol', trade({ sym: 'NONE' })),
  frame('trade-of-an-option', trade({ sym: 'O:AAPL261218C00230000', x: 302 })),
  frame('trade-share-class', trade({ sym: 'BRK.A' })),
  frame('trades-of-two-symbols', trade(), trade({ sym: 'MSFT', i: '9' })),
  frame('trades-same-id-of-two-exchanges', trade(), trade({ x: 12 })),
  frame('trades-same-id-of-two-facilities', trade({ x: 4, trfi: 201 }), trade({ x: 4, trfi: 202 })),
  frame('quote', quote()),
  frame('quote-turned', turned(quote())),
  frame('quote-no-bid', quote({ bp: 0, bs: 0 })),
  frame('quote-no-ask', quote({ ap: 0, as: 0 })),
  frame('quote-bid-missing', without(quote(), 'bp')),
  frame('quote-crossed', quote({ bp: 231.5 })),
  frame('quote-no-condition', without(quote(), 'c')),
  frame('quote-list-of-conditions', quote({ c: [1, 2] })),
  frame('quote-list-with-a-bad-one', quote({ c: [1, 20] })),
  frame('quote-condition-no-number', quote({ c: 'R' })),
  frame('quote-price-below-zero', quote({ bp: -0.01 })),
  frame('bar', bar()),
  frame('bar-turned', turned(bar())),
  frame('bar-over-the-counter', bar({ otc: true })),
  frame('bar-fraction-of-a-share', bar({ v: 48_211.5, dv: '48211.5' })),
  frame('bar-no-end', without(bar(), 'e')),
  frame('bar-of-two-minutes', bar({ e: MINUTE_MS + 120_000 })),
  frame('bar-high-below-low', bar({ h: 231.1 })),
  frame('bar-close-above-high', bar({ c: 231.6 })),
  frame('bar-no-volume', without(bar(), 'v')),
  frame('bar-of-a-second', { ...bar(), ev: 'A', e: MINUTE_MS + 1_000 }),
  frame('bars-of-two-minutes', bar(), bar({ s: MINUTE_MS + 60_000, e: MINUTE_MS + 120_000 })),
  frame('band', band()),
  frame('band-in-microseconds', band({ t: MS * 1_000 })),
  frame('band-in-nanoseconds', band({ t: MS * 1_000_000 })),
  frame('band-told-again', band({ i: [22, 16] })),
  frame('band-halt', band({ i: [17] })),
  frame('band-halt-without-prices', band({ i: [17], h: 0, l: 0 })),
  frame('band-reopening', band({ i: [18] })),
  frame('band-halt-and-reopening', band({ i: [18, 17] })),
  frame('band-unknown-indicator', band({ i: [99] })),
  frame('band-no-indicator', without(band(), 'i')),
  frame('band-upside-down', band({ h: 10, l: 12 })),
  frame('band-symbol-elsewhere', { ...without(band(), 'T'), sym: 'XYZ' }),
  frame('imbalance', { ev: 'NOI', T: 'XYZ', t: MS, at: 930, a: 'M', i: 1, x: 10, o: 480, p: 440 }),
  frame('fair-value', { ev: 'FMV', sym: 'AAPL', fmv: 231.4, t: MS * 1_000_000 }),
  frame('index', { ev: 'V', T: 'I:SPX', val: 6_700.1, t: MS }),
  frame('no-kind', { sym: 'AAPL' }),
  frame('connected', word('connected', 'Connected Successfully')),
  frame('authenticated', word('auth_success', 'authenticated')),
  frame('auth-failed', word('auth_failed', 'authentication failed')),
  frame('auth-timeout', word('auth_timeout', 'No authentication request received.')),
  frame('subscribed', word('success', 'subscribed to: T.AAPL')),
  frame('unsubscribed', word('success', 'unsubscribed to: AM.*')),
  frame('not-authorized', word('error', 'not authorized')),
  frame('max-connections', word('max_connections', 'Maximum number of websocket connections')),
  frame('word-and-trade', word('success', 'subscribed to: T.AAPL'), trade()),
  ['empty-list', '[]'],
  ['spaced', ` [ ${JSON.stringify(trade(), undefined, 2)} ,\t${JSON.stringify(quote())} ]\n`],
  [
    'escaped',
    JSON.stringify([trade()]).replace('"AAPL"', '"\\u0041APL"').replace('"sym"', '"s\\u0079m"'),
  ],
  ['exponents', JSON.stringify([trade()]).replace('231.405', '2.31405e2').replace(':60', ':6E+1')],
  ['two-prices', JSON.stringify([trade()]).replace('"s":60', '"p":1.5,"s":60')],
  ['no-message', '[1,"a",null,[],{}]'],
];

function frame(name: string, ...messages: readonly Message[]): readonly [string, string] {
  return [name, JSON.stringify(messages)];
}

const folder = new URL('polygon/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [name, text] of frames) {
  const bytes = new TextEncoder().encode(text);
  const events = referenceOfPolygon(bytes).filter(({ symbol }) =>
    POLYGON_SYMBOLS.some((known) => known === symbol),
  );
  const messages: unknown = JSON.parse(text);
  const words = Array.isArray(messages)
    ? messages.filter((message: unknown) => Reflect.get(Object(message), 'ev') === 'status')
    : [];
  const golden = { frame: text, events, words };
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(golden, undefined, 2)}\n`);
}
process.stdout.write(`${frames.length} frames\n`);
