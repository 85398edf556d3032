import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { present } from '../../src/core/assert.ts';
import { type ConfiguredIndicator, configure } from '../../src/domain/indicators/declaration.ts';
import { BAR_WIDTH, CLOSE } from '../../src/domain/indicators/indicator.ts';
import { indicatorNamed } from '../../src/domain/indicators/registry.ts';

/** Overlap studies with parameters that are not TA-Lib's usual ones: kinds, periods, stops. */
type Golden = {
  readonly cases: readonly {
    readonly talib: string;
    readonly indicator: string;
    /** In the order of our declaration. */
    readonly parameters: readonly number[];
    readonly begIndex: number;
    /** Indexes of the bars that are told. */
    readonly bars: readonly number[];
    /** By output in its slot, then by bar. */
    readonly values: readonly (readonly number[])[];
  }[];
};
type Series = Readonly<Record<'open' | 'high' | 'low' | 'close' | 'volume', readonly number[]>>;

const golden: Golden = read('talib-overlap.json');
const { series }: { readonly series: Series } = read('talib.json');
const PERIODS = BAR_WIDTH; // A column of its own behind those of a bar.
const ERROR_MAX = 1e-9;

const cases = golden.cases.map((known) => ({
  ...known,
  name: `${known.talib} ${known.parameters.join(' ')}`,
}));

describe('overlap studies against TA-Lib with other parameters', () => {
  it.each(cases)('F1 $name', ({ indicator: name, parameters, begIndex, bars, values }) => {
    const declaration = indicatorNamed(name);
    const places = name === 'mavp' ? [CLOSE, PERIODS] : undefined;
    const indicator = configure(declaration, parameters, places);
    expect(indicator.warmupBars).toBe(begIndex + 1);
    const columns = columnsOf(indicator);
    values.forEach((wanted, slot) => {
      const column = present(columns[slot], 'an output');
      expect(column.findIndex((value) => !Number.isNaN(value))).toBe(begIndex);
      wanted.forEach((value, at) => {
        const actual = present(column[present(bars[at], 'a bar')], 'a value');
        const error = Math.abs(actual - value) / Math.max(Math.abs(value), 1e-12);
        expect(error, `output ${slot} at ${bars[at]}: ${actual}, not ${value}`).toBeLessThan(
          ERROR_MAX,
        );
      });
    });
  });
});

/** Every output over the whole series. */
function columnsOf(indicator: ConfiguredIndicator): readonly (readonly number[])[] {
  const state = new Float64Array(indicator.width);
  indicator.reset(state, 0);
  const columns = indicator.outputs.map((): number[] => []);
  series.close.forEach((_, at) => {
    indicator.update(state, 0, barAt(at));
    columns.forEach((column, slot) => column.push(present(state[slot], 'a slot')));
  });
  return columns;
}

function barAt(at: number): Float64Array {
  const bar = new Float64Array(BAR_WIDTH + 1);
  const { open, high, low, close, volume } = series;
  [open, high, low, close, volume].forEach((column, place) => {
    bar[place] = present(column[at], 'a value');
  });
  bar[PERIODS] = 2 + (at % 20);
  return bar;
}

function read(name: string) {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
}
