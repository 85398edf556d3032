import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { present } from '../../src/core/assert.ts';
import { configure, type IndicatorDeclaration } from '../../src/domain/indicators/declaration.ts';
import { BAR_WIDTH, VOLUME } from '../../src/domain/indicators/indicator.ts';
import { INDICATORS } from '../../src/domain/indicators/registry.ts';

type Golden = {
  readonly series: Readonly<Record<'open' | 'high' | 'low' | 'close' | 'volume', number[]>>;
  readonly functions: Readonly<
    Record<
      string,
      {
        readonly params: Readonly<Record<string, number>>;
        readonly begIndex: number;
        /** Null where TA-Lib answers NaN. */
        readonly outputs: Readonly<Record<string, readonly (number | null)[]>>;
      }
    >
  >;
};

const golden: Golden = JSON.parse(readFileSync(new URL('talib.json', import.meta.url), 'utf8'));
const offered = INDICATORS.filter(({ talib }) => talib !== undefined);

describe('indicators against TA-Lib', () => {
  it.each(offered)('$talib ($name) equals TA-Lib from its first bar on, NaN before', (of) => {
    const expected = present(golden.functions[of.talib ?? ''], of.talib ?? '');
    const indicator = configure(of, parametersOf(of, expected.params));
    const { close } = golden.series;
    const state = new Float64Array(indicator.width);
    indicator.reset(state, 0);
    expect(indicator.warmupBars).toBe(expected.begIndex + 1);
    for (let at = 0; at < close.length; at += 1) {
      const bar = barAt(at);
      // Its second input is a series of periods, which no column is: golden was made with these.
      if (of.talib === 'MAVP') bar[VOLUME] = 2 + (at % 20);
      indicator.update(state, 0, bar);
      of.outputs.forEach(({ name, talib = '' }, slot) => {
        const actual = present(state[slot], name);
        if (at < expected.begIndex) {
          expect(actual, `${name} at bar ${at}`).toBeNaN();
          return;
        }
        const wanted = present(expected.outputs[talib]?.[at - expected.begIndex], talib);
        if (wanted === null) expect(actual, `${name} at bar ${at}`).toBeNaN();
        else expectClose(actual, wanted, `${name} at bar ${at}`);
      });
    }
  });

  it('tells every output of the function under its name in TA-Lib', () => {
    for (const { talib = '', outputs } of offered) {
      const named = outputs.flatMap((output) => output.talib ?? []);
      const expected = Object.keys(present(golden.functions[talib], talib).outputs);
      expect(named.toSorted(), talib).toEqual(expected.toSorted());
    }
  });
});

/** TA-Lib's parameters, by its names for ours. */
function parametersOf(
  of: IndicatorDeclaration,
  params: Readonly<Record<string, number>>,
): readonly number[] {
  return of.parameters.map(({ talib, usual }) => params[talib ?? ''] ?? usual);
}

function barAt(at: number): Float64Array {
  const { open, high, low, close, volume } = golden.series;
  const bar = new Float64Array(BAR_WIDTH);
  [open, high, low, close, volume].forEach((column, place) => {
    bar[place] = present(column[at], 'value');
  });
  return bar;
}

/** A running sum of TA-Lib leaves such a trace where ours is 0: up to 2.4e-14 of STOCHRSI's 100. */
const TRACE = 1e-13;

function expectClose(actual: number, wanted: number, what: string): void {
  if (actual === 0 && Math.abs(wanted) < TRACE) return;
  const error = Math.abs(actual - wanted) / Math.max(Math.abs(wanted), Number.MIN_VALUE);
  expect(actual === wanted ? 0 : error, `${what}: ${actual}, TA-Lib ${wanted}`).toBeLessThan(1e-9);
}
