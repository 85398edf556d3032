import fc from 'fast-check';
import { odd, price, size } from './scanner-frames.ts';

export const SYMBOLS = [
  'AAPL',
  'MSFT',
  'BRK.B',
  'A',
  'GOOGL',
  'ABCDEFGH',
  'ABCDEFGHIJ',
  'É',
] as const;

/** A name and its value as they are spelled. */
type Field = readonly [name: string, json: string];

const BASE_MS = 1_795_100_640_000;

/** Messages of every kind, key order and spelling. */
export const messages = fc
  .array(fc.constant(0), { maxLength: 6 })
  .chain((places) => fc.tuple(...places.map((_, index) => message(index))));

/** What may stand between the parts of JSON: mostly nothing. */
export const gaps = fc.constantFrom('', '', '', ' ', '\n', '\t\r ');

export function frameOf(of: readonly (readonly Field[])[], gap: string): Uint8Array {
  const maps = of.map((fields) => {
    const pairs = fields.map(([name, json]) => `${gap}${spell(name)}${gap}:${gap}${json}`);
    return `{${pairs.join(`${gap},`)}${gap}}`;
  });
  return new TextEncoder().encode(`${gap}[${gap}${maps.join(`${gap},${gap}`)}${gap}]${gap}`);
}

function spell(name: string): string {
  // One name in the frames is written with an escape.
  return name === 'vw' ? '"\\u0076w"' : JSON.stringify(name);
}

function message(index: number): fc.Arbitrary<readonly Field[]> {
  return fc
    .oneof(
      { weight: 5, arbitrary: trade(index) },
      { weight: 3, arbitrary: quote() },
      { weight: 2, arbitrary: bar(index) },
      { weight: 2, arbitrary: band() },
      { weight: 1, arbitrary: other() },
    )
    .chain((fields) =>
      fc
        .tuple(extra(), fc.option(fc.nat(fields.length - 1), { freq: 8 }), fc.boolean(), fc.nat(40))
        .chain(([more, missing, isShuffled, twice]) => {
          const kept = fields.filter((_, at) => at !== missing);
          // The last of two values of a name counts, as it does in JSON.parse.
          const again = fields[twice];
          const all = [...(again === undefined ? [] : [again]), ...kept, ...more];
          return isShuffled
            ? fc.shuffledSubarray(all, { minLength: all.length })
            : fc.constant(all);
        }),
    );
}

function trade(index: number) {
  return fields('T', 'sym', [
    ['x', exchange()],
    ['i', id(index)],
    ['z', tape()],
    ['p', json(price())],
    ['s', json(size())],
    ['c', conditions()],
    ['t', moment()],
    ['q', whole()],
    ['trfi', tape()],
  ]);
}

function quote() {
  return fields('Q', 'sym', [
    ['bx', exchange()],
    ['bp', json(price())],
    ['bs', json(size())],
    ['ax', exchange()],
    ['ap', json(price())],
    ['as', json(size())],
    ['c', fc.oneof({ weight: 5, arbitrary: code() }, { weight: 2, arbitrary: conditions() })],
    ['i', fc.constant('[604]')],
    ['t', moment()],
    ['z', tape()],
  ]);
}

/** Of a symbol and minute of its own, so that none is told again. */
function bar(index: number) {
  const start = BASE_MS + index * 60_000;
  return fc
    .array(fc.integer({ min: 1, max: 3_000_000 }), { minLength: 4, maxLength: 4 })
    .chain((ticks) => {
      const [low = 1, open = 1, close = 1, high = 1] = ticks.toSorted((a, b) => a - b);
      const dollars = (value: number) => fc.constant(String(value / 10_000));
      return fields('AM', 'sym', [
        ['v', json(size())],
        ['av', whole()],
        ['vw', json(price())],
        ['o', dollars(open)],
        ['c', dollars(close)],
        ['h', fc.oneof({ weight: 9, arbitrary: dollars(high) }, json(price()))],
        ['l', dollars(low)],
        ['s', fc.constant(String(start))],
        ['e', fc.constantFrom(String(start + 60_000), String(start + 60_000), String(start))],
        ['otc', fc.constantFrom('true', 'false')],
      ]);
    });
}

function band() {
  return fields('LULD', 'T', [
    ['h', json(price())],
    ['l', json(price())],
    ['i', fc.constantFrom('[21]', '[22,16]', '[17]', '[18]', '[18,17]', '[]', '[99]', 'null')],
    ['z', tape()],
    ['t', moment()],
    ['q', whole()],
  ]);
}

function other() {
  const kind = fc.constantFrom(
    'NOI',
    'FMV',
    'A',
    'XT',
    'status',
    'T ',
    '',
    'LULDS',
    'news',
    'statuss',
  );
  return kind.chain((ev) => fields(ev, 'sym', [['status', fc.constant('"connected"')]]));
}

function fields(
  ev: string,
  symbolName: string,
  rest: readonly (readonly [string, fc.Arbitrary<string>])[],
): fc.Arbitrary<readonly Field[]> {
  const name = fc
    .tuple(fc.constantFrom(...SYMBOLS, 'NONE', 'AAPLX', 'ABCDEFGHX', ''), fc.boolean())
    .map(([of, isEscaped]) => (isEscaped && of !== '' ? escaped(of) : JSON.stringify(of)));
  return fc
    .tuple(name, ...rest.map(([, value]) => value))
    .map(([symbol, ...values]) => [
      ['ev', JSON.stringify(ev)] as const,
      [symbolName, symbol] as const,
      ...rest.map(([of], at) => [of, values[at] ?? '0'] as const),
    ]);
}

function escaped(name: string): string {
  return `"\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}${name.slice(1)}"`;
}

function json(of: fc.Arbitrary<{ readonly json: string }>): fc.Arbitrary<string> {
  return of.map((spelled) => spelled.json);
}

function whole(): fc.Arbitrary<string> {
  return fc.oneof(fc.nat(2_000_000_000).map(String), fc.maxSafeNat().map(String));
}

function exchange(): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 9, arbitrary: fc.nat(23).map(String) },
    fc.constantFrom('62', '-1', '4.5', '1e1', '300', '65547'),
    json(odd()),
  );
}

function tape(): fc.Arbitrary<string> {
  return fc.constantFrom('1', '2', '3', '3', '0', '4', '-1', '3.0', '"C"', 'null');
}

function code(): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 12, arbitrary: fc.nat(99).map(String) },
    fc.constantFrom(
      '-1',
      '127',
      '128',
      '1000',
      '65535',
      '65536',
      '99999',
      '1e1',
      '2.0',
      '2.5',
      '-0',
    ),
    fc.constantFrom('"2"', '"@"', 'null', '[3]', '{"c":4}', 'true'),
  );
}

function conditions(): fc.Arbitrary<string> {
  return fc.oneof(
    {
      weight: 9,
      arbitrary: fc.array(code(), { maxLength: 5 }).map((codes) => `[${codes.join(',')}]`),
    },
    fc.array(code(), { maxLength: 90 }).map((codes) => `[ ${codes.join(' , ')} ]`),
    json(odd()),
  );
}

/** Different for each place of the frame: texts of digits, of 64 bits and more, others, numbers. */
function id(place: number): fc.Arbitrary<string> {
  const digits = fc
    .oneof(
      fc.bigInt(1n, 999n),
      fc.bigInt(1_000n, 1n << 30n),
      fc.bigInt(1n << 30n, 1n << 50n),
      fc.bigInt(1n << 50n, 1n << 55n),
      fc.bigInt(1n << 55n, 1n << 70n),
    )
    .map((value) => String(value * 500n + BigInt(place)));
  return fc.oneof(
    { weight: 12, arbitrary: digits.map((text) => `"${text}"`) },
    { weight: 2, arbitrary: digits },
    { weight: 2, arbitrary: fc.constantFrom(`"x-${place}"`, `"0${place}"`, `"\\u0039${place}"`) },
    { weight: 1, arbitrary: fc.constantFrom(`"é${place}"`, `"${'9'.repeat(30)}${place}"`) },
    { weight: 1, arbitrary: json(odd()).filter((text) => !text.startsWith('"')) },
  );
}

function moment(): fc.Arbitrary<string> {
  const ms = fc.nat(86_400_000).map((part) => BASE_MS + part);
  return fc.oneof(
    { weight: 9, arbitrary: ms.map(String) },
    { weight: 2, arbitrary: ms.map((of) => `${of}123`) },
    { weight: 2, arbitrary: ms.map((of) => `${of}123456`) },
    { weight: 1, arbitrary: ms.map((of) => `${of}.5`) },
    { weight: 1, arbitrary: fc.constantFrom('0', '-1', '1e12', '1e30', '"1795100645120"', 'null') },
    { weight: 1, arbitrary: json(odd()) },
  );
}

/** Fields that nobody reads, or that would be a trap for one who builds objects. */
function extra(): fc.Arbitrary<readonly Field[]> {
  const name = fc.constantFrom(
    'r',
    'vw',
    'n',
    '__proto__',
    'constructor',
    'é',
    'zz',
    'abc',
    'abcd',
    '',
  );
  const value = fc.oneof(
    json(odd()),
    fc.constantFrom(
      '""',
      '"a\\"b\\\\"',
      '[]',
      '{}',
      '[[],{}]',
      '-0.0e-0',
      '"\\ud83d\\ude00"',
      '"é😀"',
    ),
  );
  return fc.array(fc.tuple(name, value), { maxLength: 2 });
}
