import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../../src/core/assert.ts';
import { configure } from '../../../../src/domain/indicators/declaration.ts';
import { createIndicatorSet } from '../../../../src/domain/indicators/indicator-set.ts';
import { IndicatorTable } from '../../../../src/domain/indicators/indicator-table.ts';
import { atr } from '../../../../src/domain/indicators/volatility/atr.ts';
import { obv } from '../../../../src/domain/indicators/volume/obv.ts';
import { sma } from '../../../../src/domain/indicators/overlap/sma.ts';
import { BarSource } from '../../../reference/bars.ts';

const SYMBOLS = ['BAC', 'KO', 'XOM'];
const [HIGH, LOW, CLOSE, VOLUME, SESSION, START_US] = [1, 2, 3, 4, 5, 6];

function makeTable(): IndicatorTable {
  const set = createIndicatorSet([configure(sma, [3]), configure(atr, [3]), configure(obv)]);
  return new IndicatorTable(set, SYMBOLS);
}

/** A table that has taken bars of every symbol, and the bar that comes next. */
function warm(): { readonly table: IndicatorTable; readonly next: Float64Array } {
  const table = makeTable();
  const source = new BarSource(41);
  for (const bar of source.take(10)) {
    for (const symbol of SYMBOLS) expect(table.update(symbol, bar)).toBeUndefined();
  }
  return { table, next: source.next() };
}

describe('IndicatorTable', () => {
  it('gives every symbol what it gives alone', () => {
    const table = makeTable();
    const sources = SYMBOLS.map((_, at) => new BarSource(at));
    for (let round = 0; round < 30; round += 1) {
      SYMBOLS.forEach((symbol, at) => {
        expect(table.update(symbol, sources[at]?.next() ?? new Float64Array(8))).toBeUndefined();
      });
    }
    SYMBOLS.forEach((symbol, at) => {
      const alone = new Float64Array(table.set.width);
      table.set.reset(alone, 0);
      for (const bar of new BarSource(at).take(30)) table.set.update(alone, 0, bar);
      const from = at * table.set.width;
      expect([...table.values.subarray(from, from + table.set.width)]).toEqual([...alone]);
      expect(table.value(symbol, 'sma', 'sma')).toBe(alone[table.set.output('sma', 'sma')]);
    });
  });

  it('answers NaN for what is not ready', () => {
    const table = makeTable();
    expect(table.value('KO', 'atr3', 'atr')).toBeNaN();
    table.update('KO', new BarSource(5).next());
    expect(table.value('KO', 'atr3', 'atr')).toBeNaN();
    expect(table.value('KO', 'obv', 'obv')).toBeGreaterThan(0);
  });

  it.each([
    ['a close that is no number', CLOSE, Number.NaN, 'sma3', 'close', 'a number'],
    ['an infinite high', HIGH, Number.POSITIVE_INFINITY, 'atr3', 'high', 'a number'],
    ['a low of minus infinity', LOW, Number.NEGATIVE_INFINITY, 'atr3', 'low', 'a number'],
    ['a price of zero', CLOSE, 0, 'sma3', 'close', 'a price above 0'],
    ['a negative price', LOW, -0.01, 'atr3', 'low', 'a price above 0'],
    ['a negative volume', VOLUME, -1, 'obv', 'volume', 'a volume of 0 or more'],
    [
      'a start that is no number',
      START_US,
      Number.NaN,
      'sma3',
      'startUs',
      'a bar that began after',
    ],
  ] as const)(
    'F2 refuses %s and changes nothing',
    (_, place, value, indicator, field, expected) => {
      const { table, next } = warm();
      const before = table.values.slice();
      const bad = next.slice();
      bad[place] = value;

      const fault = table.update('KO', bad);
      expect(fault).toMatchObject({ indicator, field, value });
      expect(fault?.expected).toContain(expected);
      expect([...table.values]).toEqual([...before]);
      // The refused bar has no place in time either: the right one still comes.
      expect(table.update('KO', next)).toBeUndefined();
      expect([...table.values]).not.toEqual([...before]);
    },
  );

  it('F2 refuses a bar that begins with the last one, or before it, symbol by symbol', () => {
    const { table, next } = warm();
    expect(table.update('KO', next)).toBeUndefined();
    const before = table.values.slice();
    const earlier = next.slice();
    earlier[START_US] = (next[START_US] ?? 0) - 1;

    for (const bar of [next, earlier]) {
      const fault = table.update('KO', bar);
      expect(fault).toMatchObject({ field: 'startUs', value: bar[START_US] });
      expect(fault?.expected).toBe(`a bar that began after ${next[START_US]}`);
    }
    expect([...table.values]).toEqual([...before]);
    expect(table.update('XOM', next)).toBeUndefined();
  });

  it('F2 refuses a first bar that began at no time', () => {
    const table = makeTable();
    const bar = new BarSource(6).next();
    bar[START_US] = Number.NaN;
    expect(table.update('BAC', bar)).toMatchObject({ field: 'startUs', expected: 'a number' });
  });

  it('F2 refuses a symbol that it does not know', () => {
    const { table, next } = warm();
    const before = table.values.slice();
    const fault = { field: 'symbol', value: 'bac', expected: 'a known symbol' };
    expect(table.update('bac', next)).toEqual(fault);
    expect([...table.values]).toEqual([...before]);
  });

  it('judges no value that none of its indicators reads', () => {
    const { table, next } = warm();
    next[SESSION] = Number.NaN;
    next[0] = -1;
    expect(table.update('BAC', next)).toBeUndefined();
  });

  it('stops at a symbol twice, and at values of a symbol or output that it does not have', () => {
    const table = makeTable();
    expect(() => new IndicatorTable(table.set, ['KO', 'KO'])).toThrow(InvariantError);
    expect(() => table.value('PG', 'obv', 'obv')).toThrow(InvariantError);
    expect(() => table.value('KO', 'obv', 'signal')).toThrow(InvariantError);
  });
});
