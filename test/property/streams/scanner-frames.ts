import fc from 'fast-check';
import { formatTime } from '../../../src/core/time.ts';
import { pack, type Packed } from '../../reference/packing.ts';

export const SYMBOLS = ['AAPL', 'MSFT', 'BRK.B', 'A', 'GOOGL', 'BTC/USD', 'É'] as const;

/** A value in both codecs, with the same meaning. */
interface Spelled {
  readonly json: string;
  readonly packed: Packed;
}

type Field = readonly [name: string, value: Spelled];

const BASE_US = 1_795_100_640_000_000;

/** Frames with every kind of message, key order and spelling, in both codecs. */
export const frames = fc
  .array(fc.integer({ min: 0, max: 30 }), { maxLength: 6 })
  .chain((places) => fc.tuple(...places.map((_, index) => message(index))));

const space = fc.constantFrom('', '', '', ' ', '\n', '\t\r ');

export function jsonFrame(messages: readonly (readonly Field[])[], gap: string): Uint8Array {
  const maps = messages.map((fields) => {
    const pairs = fields.map(([name, { json }]) => `${gap}${nameOf(name)}${gap}:${gap}${json}`);
    return `{${pairs.join(`${gap},`)}${gap}}`;
  });
  return new TextEncoder().encode(`${gap}[${gap}${maps.join(`${gap},${gap}`)}${gap}]${gap}`);
}

export const gaps = space;

function nameOf(name: string): string {
  // One name in the frames is written with an escape.
  return name === 'vw' ? '"\\u0076w"' : JSON.stringify(name);
}

export function packedFrame(messages: readonly (readonly Field[])[], width: 0 | 2 | 4): Uint8Array {
  const list = messages.map((fields) => ({
    map: fields.map(([name, { packed }]) => [{ text: name }, packed] as const),
    width,
  }));
  return pack({ list, width });
}

function message(index: number): fc.Arbitrary<readonly Field[]> {
  return fc
    .oneof(
      { weight: 4, arbitrary: trade(index) },
      { weight: 3, arbitrary: quote() },
      { weight: 2, arbitrary: bar(index) },
      status(),
      band(),
      correction(index),
      cancel(index),
    )
    .chain((fields) =>
      fc
        .tuple(extra(), fc.option(fc.nat(fields.length - 1), { freq: 8 }), fc.boolean())
        .chain(([more, missing, isShuffled]) => {
          const kept = fields.filter((_, at) => at !== missing);
          const all = [...kept, ...more];
          return isShuffled
            ? fc.shuffledSubarray(all, { minLength: all.length })
            : fc.constant(all);
        }),
    );
}

function trade(index: number) {
  return fields('t', index, [
    ['p', price()],
    ['s', size()],
    ['i', id(index)],
    ['x', letter()],
    ['c', conditions()],
    ['z', tape()],
    ['t', moment()],
  ]);
}

function quote() {
  return fields('q', 0, [
    ['bx', letter()],
    ['bp', price()],
    ['bs', size()],
    ['ax', letter()],
    ['ap', price()],
    ['as', size()],
    ['c', conditions()],
    ['z', tape()],
    ['t', moment()],
  ]);
}

function bar(index: number) {
  return fc.constantFrom('b', 'u', 'd').chain((kind) =>
    fc
      .tuple(fc.array(fc.integer({ min: 1, max: 3_000_000 }), { minLength: 4, maxLength: 4 }))
      .chain(([ticks]) => {
        const [low = 1, open = 1, close = 1, high = 1] = ticks.toSorted((a, b) => a - b);
        const dollars = (value: number) => fc.constant(decimal(String(value / 10_000)));
        return fields(kind, index, [
          ['o', dollars(open)],
          ['h', fc.oneof({ weight: 9, arbitrary: dollars(high) }, price())],
          ['l', dollars(low)],
          ['c', dollars(close)],
          ['v', size()],
          ['n', size()],
          ['vw', price()],
          ['t', fc.constant(timeOf(BASE_US + index * 60_000_000, 0))],
        ]);
      }),
  );
}

function status() {
  return fields('s', 0, [
    ['sc', words('2', '3', '5', 'A', 'E', 'F', 'H', 'Q', 'T', 'P', 'W', '', 'HH')],
    ['sm', words('Halt "x"', 'Trading')],
    ['rc', words('M', 'LUDP', 'T1', '')],
    ['z', tape()],
    ['t', moment()],
  ]);
}

function band() {
  return fields('l', 0, [
    ['u', price()],
    ['d', price()],
    ['i', words('B', 'A')],
    ['t', moment()],
  ]);
}

function correction(index: number) {
  return fields('c', 0, [
    ['x', letter()],
    ['oi', id(index)],
    ['op', price()],
    ['os', size()],
    ['oc', conditions()],
    ['ci', id(index + 100)],
    ['cp', price()],
    ['cs', size()],
    ['cc', conditions()],
    ['z', tape()],
    ['t', moment()],
  ]);
}

function cancel(index: number) {
  return fields('x', 0, [
    ['i', id(index + 200)],
    ['x', letter()],
    ['p', price()],
    ['s', size()],
    ['a', words('C', 'E')],
    ['t', moment()],
  ]);
}

function fields(
  kind: string,
  index: number,
  rest: readonly (readonly [string, fc.Arbitrary<Spelled>])[],
): fc.Arbitrary<readonly Field[]> {
  const isBar = 'bud'.includes(kind);
  // One symbol a bar, so that its minutes go forward.
  const names = isBar ? [SYMBOLS[index % SYMBOLS.length] ?? 'A'] : [...SYMBOLS, 'NONE', 'AAPLX'];
  const symbol = fc.tuple(fc.constantFrom(...names), fc.boolean()).map(([name, isEscaped]) => ({
    json: isEscaped ? escaped(name) : JSON.stringify(name),
    packed: { text: name },
  }));
  return fc
    .tuple(symbol, ...rest.map(([, value]) => value))
    .map(([of, ...values]) => [
      ['T', { json: JSON.stringify(kind), packed: { text: kind } }] as const,
      ['S', of] as const,
      ...rest.map(([name], at) => [name, values[at] ?? of] as const),
    ]);
}

function escaped(name: string): string {
  const code = name.charCodeAt(0).toString(16).padStart(4, '0');
  return `"\\u${code}${name.slice(1).replaceAll('/', '\\/')}"`;
}

/** Numbers as they may be written: fewer and more places, exponents, and none at all. */
export function price(): fc.Arbitrary<Spelled> {
  return fc.oneof(
    { weight: 12, arbitrary: places(4) },
    { weight: 3, arbitrary: places(9) },
    { weight: 1, arbitrary: spelled('0', '-0', '-1.5', '0.00004', '0.00005', '1e6', '1000000.1') },
    { weight: 1, arbitrary: spelled('1e999', '1.5E2', '231.40500000000003', '2.5e-1') },
    { weight: 1, arbitrary: spelled('0.1234567890123456789', '99999999999999999999.5') },
    { weight: 1, arbitrary: odd() },
    {
      weight: 1,
      arbitrary: fc.double().map((value) => ({
        json: Number.isFinite(value) ? String(value) : 'null',
        packed: { float: value, width: 8 as const },
      })),
    },
  );
}

function places(count: number): fc.Arbitrary<Spelled> {
  return fc
    .tuple(fc.integer({ min: 0, max: 900_000 }), fc.nat(10 ** count - 1), fc.boolean())
    .map(([whole, part, isWhole]) =>
      decimal(isWhole ? String(whole) : `${whole}.${String(part).padStart(count, '0')}`),
    );
}

function spelled(...texts: readonly string[]): fc.Arbitrary<Spelled> {
  return fc.constantFrom(...texts.map(decimal));
}

function decimal(text: string): Spelled {
  const value = Number(text);
  const isInt = Number.isSafeInteger(value) && !Object.is(value, -0);
  return {
    json: text,
    packed: isInt ? { int: BigInt(value) } : { float: value, width: 8 },
  };
}

/** Something else where a number, a text or a list belongs. */
export function odd(): fc.Arbitrary<Spelled> {
  return fc.constantFrom<Spelled>(
    { json: 'null', packed: { word: null } },
    { json: 'true', packed: { word: true } },
    { json: '"12.5"', packed: { text: '12.5' } },
    { json: '[1,[2,{"p":3}]]', packed: { list: [{ int: 1n }, { list: [{ int: 2n }] }] } },
    { json: '{"p":1,"S":{"T":[]}}', packed: { map: [[{ text: 'p' }, { int: 1n }]] } },
  );
}

export function size(): fc.Arbitrary<Spelled> {
  return fc.oneof(
    { weight: 8, arbitrary: fc.nat(1_000_000).map((value) => decimal(String(value))) },
    fc.tuple(fc.nat(70_000), fc.constantFrom(1, 2, 4, 8)).map(([value, width]) => ({
      json: String(value),
      packed: { int: BigInt(value), width },
    })),
    places(6),
    spelled('-1', '1e9', '1000000001', '1e12', '-0'),
    odd(),
  );
}

/** Different for each place of the frame, up to 64 bits. */
function id(place: number): fc.Arbitrary<Spelled> {
  return fc
    .oneof(
      { weight: 6, arbitrary: fc.bigInt(1n, (1n << 44n) - 1n) },
      { weight: 3, arbitrary: fc.bigInt(1n << 44n, (1n << 55n) - 1n) },
    )
    .map((value) => {
      const own = value * 500n + BigInt(place);
      return { json: String(own), packed: { int: own } };
    });
}

function letter(): fc.Arbitrary<Spelled> {
  return fc.oneof({ weight: 9, arbitrary: words('V', 'Q', 'N', 'D', 'P', '?', '') }, odd());
}

function tape(): fc.Arbitrary<Spelled> {
  return words('A', 'B', 'C', 'C', 'O', 'N', 'Y', '');
}

function conditions(): fc.Arbitrary<Spelled> {
  const code = fc.constantFrom(
    '@',
    ' ',
    'I',
    'T',
    'F',
    'R',
    'Z',
    '4',
    'M',
    'W',
    '~',
    'XY',
    '',
    'é',
  );
  return fc.oneof(
    {
      weight: 9,
      arbitrary: fc
        .tuple(fc.array(code, { maxLength: 4 }), fc.boolean())
        .map(([codes, isPlain]) => ({
          json: `[${codes.map((one) => spellCode(one, isPlain)).join(' ,')}]`,
          packed: { list: codes.map((text) => ({ text })) },
        })),
    },
    odd(),
  );
}

function spellCode(code: string, isPlain: boolean): string {
  return isPlain || code === '' ? JSON.stringify(code) : escaped(code);
}

function words(...texts: readonly string[]): fc.Arbitrary<Spelled> {
  return fc.constantFrom(
    ...texts.map((text) => ({ json: JSON.stringify(text), packed: { text } })),
  );
}

function moment(): fc.Arbitrary<Spelled> {
  return fc.oneof(
    {
      weight: 9,
      arbitrary: fc
        .tuple(fc.integer({ min: 0, max: 40_000_000_000 }), fc.nat(999), fc.nat(9), fc.nat(3))
        .map(([us, ns, digits, zone]) => timeOf(BASE_US + us, ns, digits, zone)),
    },
    odd(),
    words('2026-02-30T00:00:00Z', '2026-11-19T24:00:00Z', '2026-11-19T15:04:60Z', 'now', ''),
    words('2026-11-19T15:04:05', '2026-11-19 15:04:05.5Z', '2026-11-19T15:04:05.1234567890Z'),
    words('2026-11-19T15:04:05.Z', '2026-11-19T15:04:05+0530', '1969-12-31T23:59:59Z'),
  );
}

const ZONES = ['Z', '+00:00', '-05:00', '+0530'] as const;
const ZONE_MINUTES = [0, 0, -300, 330] as const;

/** The same moment as text and as an extension, with as many places as are wanted. */
function timeOf(us: number, ns: number, digits = 6, zone = 0): Spelled {
  const shifted = us + (ZONE_MINUTES[zone] ?? 0) * 60_000_000;
  const text = formatTime(shifted);
  const fraction = (text.slice(20, 26) + String(ns).padStart(3, '0')).slice(0, digits);
  const json = `${text.slice(0, 19)}${digits === 0 ? '' : `.${fraction}`}${ZONES[zone] ?? 'Z'}`;
  const kept = Number(fraction.padEnd(9, '0'));
  const seconds = BigInt(Math.floor(us / 1_000_000));
  const width = digits === 0 ? 4 : digits > 7 ? 12 : 8;
  return { json: JSON.stringify(json), packed: { seconds, ns: kept, width } };
}

/** Fields that nobody asked for. */
function extra(): fc.Arbitrary<readonly Field[]> {
  const name = fc.constantFrom('r', 'vw', 'n', '__proto', 'constructor', 'tks', 'é', 'zz', 'abc');
  return fc.array(fc.tuple(name, fc.oneof(odd(), size(), words('"\\', '\u2028', 'x'))), {
    maxLength: 2,
  });
}
