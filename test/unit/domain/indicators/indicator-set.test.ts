import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../../src/core/assert.ts';
import { configure } from '../../../../src/domain/indicators/declaration.ts';
import { bollinger } from '../../../../src/domain/indicators/overlap/bollinger.ts';
import { createIndicatorSet } from '../../../../src/domain/indicators/indicator-set.ts';
import { indicatorSource } from '../../../../src/domain/features/sources/indicator-source.ts';
import { standardTen } from '../../../reference/standard-ten.ts';
import { macd } from '../../../../src/domain/indicators/momentum/macd.ts';
import { obv } from '../../../../src/domain/indicators/volume/obv.ts';
import { rsi } from '../../../../src/domain/indicators/momentum/rsi.ts';
import { sma } from '../../../../src/domain/indicators/overlap/sma.ts';
import { BarSource } from '../../../reference/bars.ts';

describe('IndicatorSet', () => {
  it('lays its indicators side by side, in order and without a gap', () => {
    const parts = [configure(sma, [5]), configure(macd, [3, 6, 2]), configure(bollinger, [4, 2])];
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
    const set = createIndicatorSet([configure(sma, [20]), configure(sma, [50]), configure(obv)]);

    expect(set.at('sma20')).toBe(0);
    expect(set.at('sma50')).toBe(configure(sma, [20]).width);
    expect(set.output('sma50', 'sma')).toBe(set.at('sma50'));
    expect(set.at('obv')).toBe(set.at('sma50') + configure(sma, [50]).width);
    expect(() => set.at('sma')).toThrow(InvariantError);
    expect(() =>
      createIndicatorSet([configure(sma, [20]), configure(obv), configure(sma, [20])]),
    ).toThrow(InvariantError);
  });

  it('stops at a name, an output or a place that it does not have', () => {
    const set = createIndicatorSet([configure(rsi, [14])]);
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
      createIndicatorSet([configure(sma, [20]), configure(rsi, [14])]),
      createIndicatorSet([configure(rsi, [14]), configure(sma, [20])]),
      createIndicatorSet([configure(sma, [21]), configure(rsi, [14])]),
      createIndicatorSet([configure(macd, [12, 26, 9])]),
      createIndicatorSet([configure(macd, [11, 26, 9])]),
      createIndicatorSet([configure(bollinger, [20, 2])]),
      createIndicatorSet([configure(bollinger, [20, 2.5])]),
    ].map(({ layoutHash }) => layoutHash);
    expect(new Set([hash, ...others]).size).toBe(others.length + 1);
  });

  it('F2 has another layout hash where an indicator has another version of its formula', () => {
    const hashOf = (version?: number) =>
      createIndicatorSet([configure({ ...rsi, ...(version === undefined ? {} : { version }) })])
        .layoutHash;

    expect(hashOf(1)).toBe(hashOf());
    expect(new Set([hashOf(1), hashOf(2), hashOf(3)]).size).toBe(3);
  });

  it('F2 gives a feature source the version of its indicator', () => {
    const versionOf = (declaration: typeof rsi) =>
      indicatorSource(configure(declaration)).build({ symbolsMax: 1, spanUs: 0 }).version;

    expect(versionOf({ ...rsi, version: 1 })).toBe(versionOf(rsi));
    expect(versionOf({ ...rsi, version: 2 })).toBeGreaterThan(versionOf(rsi));
  });

  it('pins the layout of the standard ten, so a change to it is a decision', () => {
    // A checkpoint made under another hash is not loaded: raise LAYOUT_VERSION knowingly.
    expect(standardTen().layoutHash).toBe('72820738d90b0fa4');
    expect(standardTen().width).toBe(125);
    expect(standardTen().warmupBars).toBe(34);
  });

  it('refuses periods that its formulas do not take', () => {
    for (const make of [
      () => configure(sma, [0]),
      () => configure(sma, [2.5]),
      () => configure(sma, [10_001]),
      () => configure(rsi, [1]),
      () => configure(macd, [26, 12, 9]),
      () => configure(macd, [12, 12, 9]),
      () => configure(bollinger, [1, 2]),
      () => configure(bollinger, [20, 0]),
      () => configure(bollinger, [20, Number.NaN]),
    ]) {
      expect(make).toThrow(InvariantError);
    }
  });
});
