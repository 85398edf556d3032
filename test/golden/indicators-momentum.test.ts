import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { present } from '../../src/core/assert.ts';
import { configure } from '../../src/domain/indicators/declaration.ts';
import { indicatorNamed } from '../../src/domain/indicators/registry.ts';

type Series = Readonly<Record<'open' | 'high' | 'low' | 'close' | 'volume', readonly number[]>>;

type Case = {
  readonly indicator: string;
  readonly parameters: readonly number[];
  readonly first: number;
  readonly bars: readonly number[];
  readonly outputs: readonly (readonly number[])[];
};

const { series }: { readonly series: Series } = read('talib.json');
const { cases }: { readonly cases: readonly Case[] } = read('talib-momentum.json');

describe('momentum against TA-Lib beyond its defaults', () => {
  it.each(cases)('$indicator of $parameters is what the native library makes', (known) => {
    const { first, bars, outputs } = known;
    const indicator = configure(indicatorNamed(known.indicator), known.parameters);
    const state = new Float64Array(indicator.width);
    indicator.reset(state, 0);
    expect(indicator.warmupBars).toBe(first + 1);
    expect(outputs.length).toBe(indicator.outputs.length);
    for (let at = 0; at <= Math.max(...bars); at += 1) {
      indicator.update(state, 0, barAt(at));
      const place = bars.indexOf(at);
      if (place < 0) continue;
      outputs.forEach((column, slot) => {
        const wanted = present(column[place], 'a value');
        const error = Math.abs((state[slot] ?? Number.NaN) - wanted);
        // Below 1e-4 a value is what is left of prices near 100, there as here.
        const relative = error / Math.max(Math.abs(wanted), 1e-4);
        expect(relative, `bar ${at}, output ${slot}`).toBeLessThan(1e-9);
      });
    }
  });
});

function read<Content>(name: string): Content {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
}

function barAt(at: number): Float64Array {
  const columns = [series.open, series.high, series.low, series.close, series.volume];
  return Float64Array.of(...columns.map((column) => present(column[at], 'a value')), 0, 0, 0);
}
