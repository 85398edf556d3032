import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../../src/core/assert.ts';
import { bollinger } from '../../../../src/domain/indicators/bollinger.ts';
import {
  createIndicatorSet,
  standardTen,
} from '../../../../src/domain/indicators/indicator-set.ts';
import { macd } from '../../../../src/domain/indicators/macd.ts';
import { obv } from '../../../../src/domain/indicators/obv.ts';
import { rsi } from '../../../../src/domain/indicators/rsi.ts';
import { sma } from '../../../../src/domain/indicators/sma.ts';
import { BarSource } from '../../../reference/bars.ts';

describe('IndicatorSet', () => {
  it('lays its indicators side by side, in order and without a gap', () => {
    const parts = [sma(5), macd(3, 6, 2), bollinger(4, 2)];
    const set = createIndicatorSet(parts);

    let offset = 0;
    for (const part of parts) {
      expect(set.at(part.name)).toBe(offset);
      part.outputs.forEach((output, slot) => {
        expect(set.output(part.name, output)).toBe(offset + slot);
      });
      offset += part.width;
    }
    expect(set.width).toBe(offset);
    expect(set.warmupBars).toBe(7);
  });

  it('gives every indicator what it gives alone, at any stride of one buffer', () => {
    const set = standardTen();
    const bars = new BarSource(3).take(120);
    const symbols = 3;
    const state = new Float64Array(symbols * set.width);
    for (let symbol = 0; symbol < symbols; symbol += 1) set.reset(state, symbol * set.width);
    const untouched = state.slice(0, set.width);
    for (const bar of bars) set.update(state, set.width, bar);

    for (const indicator of set.indicators) {
      const alone = new Float64Array(indicator.width);
      indicator.reset(alone, 0);
      for (const bar of bars) indicator.update(alone, 0, bar);
      const from = set.width + set.at(indicator.name);
      expect([...state.subarray(from, from + indicator.width)]).toEqual([...alone]);
    }
    expect([...state.subarray(0, set.width)]).toEqual([...untouched]);
    expect([...state.subarray(2 * set.width)]).toEqual([...untouched]);
  });

  it('tells two averages apart by their parameters', () => {
    const set = createIndicatorSet([sma(20), sma(50), obv()]);

    expect(set.at('sma20')).toBe(0);
    expect(set.at('sma50')).toBe(sma(20).width);
    expect(set.output('sma50', 'sma')).toBe(set.at('sma50'));
    expect(set.at('obv')).toBe(set.at('sma50') + sma(50).width);
    expect(() => set.at('sma')).toThrow(InvariantError);
    expect(() => createIndicatorSet([sma(20), obv(), sma(20)])).toThrow(InvariantError);
  });

  it('stops at a name, an output or a place that it does not have', () => {
    const set = createIndicatorSet([rsi(14)]);
    const state = new Float64Array(set.width);

    expect(() => set.at('rsi15')).toThrow(InvariantError);
    expect(() => set.output('rsi', 'signal')).toThrow(InvariantError);
    expect(() => set.reset(state, 1)).toThrow(InvariantError);
    expect(() => set.reset(state, -1)).toThrow(InvariantError);
    expect(() => set.update(state, 1, new Float64Array(6))).toThrow(InvariantError);
    expect(() => createIndicatorSet([])).toThrow(InvariantError);
  });

  it('has one layout hash for one layout', () => {
    const hash = standardTen().layoutHash;

    expect(standardTen().layoutHash).toBe(hash);
    expect(hash).toMatch(/^[0-9a-f]{16}$/);
    const others = [
      createIndicatorSet([sma(20), rsi(14)]),
      createIndicatorSet([rsi(14), sma(20)]),
      createIndicatorSet([sma(21), rsi(14)]),
      createIndicatorSet([macd(12, 26, 9)]),
      createIndicatorSet([macd(11, 26, 9)]),
      createIndicatorSet([bollinger(20, 2)]),
      createIndicatorSet([bollinger(20, 2.5)]),
    ].map(({ layoutHash }) => layoutHash);
    expect(new Set([hash, ...others]).size).toBe(others.length + 1);
  });

  it('pins the layout of the standard ten, so a change to it is a decision', () => {
    // A checkpoint made under another hash is not loaded: raise LAYOUT_VERSION knowingly.
    expect(standardTen().layoutHash).toBe('ef17eb058016da45');
    expect(standardTen().width).toBe(124);
    expect(standardTen().warmupBars).toBe(34);
  });

  it('refuses periods that its formulas do not take', () => {
    for (const make of [
      () => sma(0),
      () => sma(2.5),
      () => sma(10_001),
      () => rsi(1),
      () => macd(26, 12, 9),
      () => macd(12, 12, 9),
      () => bollinger(1, 2),
      () => bollinger(20, 0),
      () => bollinger(20, Number.NaN),
    ]) {
      expect(make).toThrow(InvariantError);
    }
  });
});
