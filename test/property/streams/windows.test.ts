import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTime, MINUTE, parseTime } from '../../../src/core/time.ts';
import { BarWindow } from '../../../src/streams/wire/bar-window.ts';
import { ticksOf } from '../../../src/streams/wire/event-values.ts';
import { JsonBytes } from '../../../src/streams/wire/json-bytes.ts';
import { SymbolBytes } from '../../../src/streams/wire/symbol-bytes.ts';
import { TimeBytes } from '../../../src/streams/alpaca/wire/time-bytes.ts';
import { type TradeKey, TradeWindow } from '../../../src/streams/wire/trade-window.ts';

const isLong = process.env['STRATA_LONG'] === '1';
const numRuns = isLong ? 1_000_000 : 10_000;
const LONG_MS = 3_600_000;
const encoder = new TextEncoder();

const key: fc.Arbitrary<TradeKey> = fc.record({
  symbol: fc.nat(2),
  kind: fc.nat(2),
  exchange: fc.constantFrom(0, 0x56, 0xffff),
  tape: fc.constantFrom(0, 0x41, 0xffff),
  billions: fc.constantFrom(0, 1, 18_446_744_073),
  rest: fc.nat(3),
  day: fc.nat(1),
  us: fc.constant(0),
});

describe('the windows of a feed', () => {
  it(
    'D7 know each of the newest trades, and no other, as a plain list does',
    () => {
      const property = fc.property(fc.array(key, { maxLength: 80 }), fc.nat(11), (keys, size) => {
        const max = size + 1;
        // Few numbers, so that they begin anew now and then.
        const window = new TradeWindow(max, max * 2 + 3);
        const model: { readonly text: string; readonly us: number }[] = [];
        for (const [us, next] of keys.entries()) {
          const text = JSON.stringify(Object.values(next));
          const known = model.find((one) => one.text === text);
          expect(window.usOf({ ...next })).toBe(known?.us ?? Number.NaN);
          expect(window.add({ ...next, us })).toBe(known === undefined);
          if (known !== undefined) continue;
          model.push({ text, us });
          if (model.length > max) model.shift();
        }
        expect(window.count).toBe(model.length);
      });
      fc.assert(property, { numRuns: numRuns / 5 });
    },
    LONG_MS,
  );

  it(
    'D7 D8 take each bar of the last half hour once, in any order',
    () => {
      const minute = fc.integer({ min: 0, max: 90 });
      const property = fc.property(fc.array(minute, { maxLength: 60 }), (minutes) => {
        const window = new BarWindow(1);
        const seen = new Set<number>();
        let newest = -1;
        for (const at of minutes) {
          newest = Math.max(newest, at);
          const expected = at < newest - 31 ? 'late' : seen.has(at) ? 'repeated' : 'new';
          expect(window.add(0, at * MINUTE)).toBe(expected);
          if (expected === 'new') seen.add(at);
          expect(window.lastUs).toBe(newest * MINUTE);
        }
      });
      fc.assert(property, { numRuns });
    },
    LONG_MS,
  );
});

describe('the readers of a feed', () => {
  it(
    'E1 read times as parseTime does, valid or not',
    () => {
      const reader = new TimeBytes();
      const valid = fc
        .tuple(fc.integer({ min: 0, max: 7_258_118_400 }), fc.nat(999_999_999), fc.nat(9))
        .map(([second, ns, places]) => {
          const text = formatTime(second * 1_000_000).slice(0, 19);
          const fraction = String(ns).padStart(9, '0').slice(0, places);
          return places === 0 ? text : `${text}.${fraction}`;
        });
      const zone = fc.constantFrom(
        'Z',
        'z',
        '',
        '+00:00',
        '-05:00',
        '+0530',
        '-5:00',
        '+24:00',
        'ZZ',
      );
      const text = fc.tuple(valid, zone).map(([clock, of]) => clock + of);
      const mutated = fc
        .tuple(text, fc.nat(30), fc.constantFrom(...'0123456789-:.TZ+ a'))
        .map(([of, at, letter]) => of.slice(0, at) + letter + of.slice(at + 1));
      const property = fc.property(fc.oneof(text, mutated), (of) => {
        const bytes = encoder.encode(`"${of}"`);
        const us = reader.read(bytes, 1, bytes.length - 1);
        expect(Number.isNaN(us) ? undefined : us).toBe(parseTime(of));
      });
      fc.assert(property, { numRuns });
    },
    LONG_MS,
  );

  it(
    'E1 read every number to the bit as JSON.parse does, and round a price once',
    () => {
      const json = new JsonBytes();
      const digits = fc.stringMatching(/^(0|[1-9]\d{0,24})(\.\d{1,24})?([eE][+-]?\d{1,3})?$/);
      const number = fc.oneof(
        digits,
        digits.map((text) => `-${text}`),
        fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
        fc.tuple(fc.nat(900_000), fc.nat(99_999)).map(([whole, part]) => `${whole}.${part}`),
      );
      const property = fc.property(number, (text) => {
        json.load(encoder.encode(text));
        expect(json.readNumber(0)).toBe(text.length);
        const exact: unknown = JSON.parse(text);
        expect(Object.is(json.number, exact)).toBe(true);
        expect(Object.is(ticksOf(json.number), Math.round(Number(text) * 10_000))).toBe(true);
      });
      fc.assert(property, { numRuns });
    },
    LONG_MS,
  );

  it(
    'round a price of at most four places to the one that was written',
    () => {
      const property = fc.property(fc.nat(9_000_000_000), (ticks) => {
        const text = `${Math.floor(ticks / 10_000)}.${String(ticks % 10_000).padStart(4, '0')}`;
        expect(ticksOf(Number(text))).toBe(ticks);
      });
      fc.assert(property, { numRuns });
    },
    LONG_MS,
  );

  it(
    'find each symbol by its bytes, and nothing else',
    () => {
      const name = fc.stringMatching(/^[A-Z./:0-9]{1,12}$/);
      const names = fc.uniqueArray(name, { maxLength: 60 });
      const property = fc.property(names, fc.array(name), (known, others) => {
        const symbols = new SymbolBytes({
          size: known.length,
          idOf: () => undefined,
          nameOf: (symbol) => known[symbol] ?? '',
        });
        for (const of of [...known, ...others]) {
          const bytes = encoder.encode(`xx${of}yy`);
          expect(symbols.find(bytes, 2, bytes.length - 2)).toBe(known.indexOf(of));
        }
      });
      fc.assert(property, { numRuns: numRuns / 10 });
    },
    LONG_MS,
  );
});
