import { readFileSync } from 'node:fs';
import { present } from '../../src/core/assert.ts';
import {
  type ConfiguredIndicator,
  configure,
  type IndicatorDeclaration,
  usualPlaces,
} from '../../src/domain/indicators/declaration.ts';
import { BAR_WIDTH } from '../../src/domain/indicators/indicator.ts';
import { INDICATORS } from '../../src/domain/indicators/registry.ts';
import { measureAfterJumps } from './talib-jumps.ts';
import { hashBars, seededBars } from './seeded-bars.ts';

/** How one function of TA-Lib and the indicator that reproduces it agree. */
export type ParityRow = {
  readonly talib: string;
  /** Our indicator; undefined where there is none yet. */
  readonly indicator?: string;
  /** First bar with a value, from 0: theirs, and ours. */
  readonly firstTheirs: number;
  readonly firstOurs: number;
  /** Worst relative errors over the 300 bars of `talib.json` and over `talib-2000.json`. */
  readonly worst300: number;
  readonly worst2000: number;
  /** After jumps of nine decades, against the definition: ours, and TA-Lib's own. */
  readonly jumpsOurs?: number;
  readonly jumpsTheirs?: number;
  readonly isGreen: boolean;
};

export const ERROR_MAX = 1e-9;

/** Every function of TA-Lib, in its order of names. */
export function measureParity(
  indicators: readonly IndicatorDeclaration[] = INDICATORS,
): readonly ParityRow[] {
  const seeded = madeFor(LONG, seededBars());
  const short = shortBars();
  return Object.entries(SHORT.functions)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([talib, ofShort]) => {
      const ofLong = present(LONG.functions[talib], talib);
      const declaration = indicators.find((known) => known.talib === talib);
      if (declaration === undefined) return missing(talib, ofShort.begIndex);
      return rowOf(declaration, talib, { ofShort, ofLong, short, seeded });
    });
}

/** Vectors are worth nothing for other bars. */
function madeFor({ bars }: Long, made: readonly Float64Array[]): readonly Float64Array[] {
  const hash = hashBars(made);
  if (hash !== bars) throw new Error(`vectors are of bars ${bars}, not ${hash}`);
  return made;
}

type Vectors = {
  readonly ofShort: GoldenFunction;
  readonly ofLong: LongFunction;
  readonly short: readonly Float64Array[];
  readonly seeded: readonly Float64Array[];
};

function rowOf(declaration: IndicatorDeclaration, talib: string, vectors: Vectors): ParityRow {
  const { ofShort, ofLong, short, seeded } = vectors;
  const worst300 = worstError(declaration, ofShort, short, wholeOutputs(ofShort, short.length));
  const worst2000 = worstError(declaration, ofLong, seeded, sparseOutputs(ofLong, seeded.length));
  const indicator = withParameters(declaration, ofShort);
  const jumps = measureAfterJumps(declaration, indicator);
  const firstOurs = indicator.warmupBars - 1;
  const firstTheirs = ofShort.begIndex;
  const worst = Math.max(worst300, worst2000, jumps?.jumpsOurs ?? 0);
  const isGreen = worst <= ERROR_MAX && firstOurs === firstTheirs && firstOurs === ofLong.begIndex;
  const measured = { firstTheirs, firstOurs, worst300, worst2000, ...jumps, isGreen };
  return { talib, indicator: declaration.name, ...measured };
}

function missing(talib: string, firstTheirs: number): ParityRow {
  const none = { firstOurs: Number.NaN, worst300: Number.NaN, worst2000: Number.NaN };
  return { talib, firstTheirs, ...none, isGreen: false };
}

type GoldenFunction = {
  readonly params: Readonly<Record<string, number>>;
  readonly begIndex: number;
  /** Null where TA-Lib answers NaN. */
  readonly outputs: Readonly<Record<string, readonly (number | null)[]>>;
};

type Short = {
  readonly series: Readonly<Record<'open' | 'high' | 'low' | 'close' | 'volume', number[]>>;
  readonly functions: Readonly<Record<string, GoldenFunction>>;
};

/** `found`: the bars where a pattern is and its value, in turns; it is 0 at every other. */
type LongFunction = Omit<GoldenFunction, 'outputs'> &
  Partial<Pick<GoldenFunction, 'outputs'>> & {
    readonly found?: Readonly<Record<string, readonly number[]>>;
  };

type Long = {
  readonly bars: string;
  readonly functions: Readonly<Record<string, LongFunction>>;
};

const SHORT: Short = JSON.parse(readFileSync(new URL('talib.json', import.meta.url), 'utf8'));
const LONG: Long = JSON.parse(readFileSync(new URL('talib-2000.json', import.meta.url), 'utf8'));

/** Of `talib-2000.json`: the first values, and then those of every seventh bar. */
const FIRST_VALUES = 40;
const EVERY = 7;

/** Beside the columns of a bar: MAVP's periods. Both files were made with these. */
const PERIODS_PLACE = BAR_WIDTH;
const periodAt = (at: number): number => 2 + (at % 20);

/**
 * What an output should be at a bar. Up to `zero` a value is nothing but what rounding left of
 * terms that cancel, there as here, and says as much as any other such value.
 */
type Expected = {
  readonly zero: number;
  readonly values: ReadonlyMap<number, number>;
};

type Expecting = (output: string) => Expected;

/** Of the output's largest value: 4.7e-15 where others are 100 stands for 0. */
const ZERO_SHARE = 1e-13;

function wholeOutputs({ outputs, begIndex }: GoldenFunction, bars: number): Expecting {
  return (output) => {
    const column = present(outputs[output], output);
    if (column.length !== bars - begIndex) throw new Error(`${output} has a value for every bar`);
    return expectedOf(column, (at) => begIndex + at);
  };
}

function sparseOutputs({ outputs, found, begIndex }: LongFunction, bars: number): Expecting {
  return (output) => {
    if (found !== undefined) return { zero: 0, values: patterns(found[output], begIndex, bars) };
    return expectedOf(present(outputs?.[output], output), (at) => sampledBar(at, begIndex));
  };
}

function expectedOf(column: readonly (number | null)[], bar: (at: number) => number): Expected {
  const largest = column.reduce<number>((most, one) => Math.max(most, Math.abs(one ?? 0)), 0);
  const values = new Map(column.map((value, at) => [bar(at), orNaN(value)]));
  return { zero: largest * ZERO_SHARE, values };
}

function patterns(
  found: readonly number[] | undefined,
  begIndex: number,
  bars: number,
): Map<number, number> {
  const pairs = present(found, 'patterns');
  const values = new Map<number, number>();
  for (let at = begIndex; at < bars; at += 1) values.set(at, 0);
  for (let at = 0; at < pairs.length; at += 2) {
    values.set(present(pairs[at], 'a bar'), present(pairs[at + 1], 'its value'));
  }
  return values;
}

function sampledBar(at: number, begIndex: number): number {
  if (at < FIRST_VALUES) return begIndex + at;
  const next = Math.ceil((begIndex + FIRST_VALUES) / EVERY) * EVERY;
  return next + (at - FIRST_VALUES) * EVERY;
}

/** Infinite where one has a value and the other has none. */
function worstError(
  declaration: IndicatorDeclaration,
  of: Pick<GoldenFunction, 'params' | 'begIndex'>,
  bars: readonly Float64Array[],
  expecting: Expecting,
): number {
  const indicator = withParameters(declaration, of);
  const outputs = declaration.outputs.flatMap(({ talib }, slot) =>
    talib === undefined ? [] : [{ slot, expected: expecting(talib) }],
  );
  const state = new Float64Array(indicator.width);
  const bar = new Float64Array(BAR_WIDTH + 1);
  indicator.reset(state, 0);
  let worst = 0;
  bars.forEach((values, at) => {
    bar.set(values);
    bar[PERIODS_PLACE] = periodAt(at);
    indicator.update(state, 0, bar);
    for (const { slot, expected } of outputs) {
      const wanted = at < of.begIndex ? Number.NaN : expected.values.get(at);
      if (wanted !== undefined) {
        worst = Math.max(worst, errorOf(orNaN(state[slot]), wanted, expected.zero));
      }
    }
  });
  return worst;
}

/** Relative to their value, however small. */
function errorOf(actual: number, wanted: number, zero: number): number {
  if (Object.is(actual, wanted) || actual === wanted) return 0;
  if (Math.abs(actual) <= zero && Math.abs(wanted) <= zero) return 0;
  const error = Math.abs(actual - wanted) / Math.max(Math.abs(wanted), Number.MIN_VALUE);
  return error === error ? error : Number.POSITIVE_INFINITY;
}

/** With TA-Lib's parameters, by its names for ours. */
function withParameters(
  declaration: IndicatorDeclaration,
  { params }: Pick<GoldenFunction, 'params'>,
): ConfiguredIndicator {
  const { parameters, talib } = declaration;
  const all = parameters.map(({ talib: name, usual }) => params[name ?? ''] ?? usual);
  if (talib !== 'MAVP') return configure(declaration, all);
  return configure(declaration, all, [
    present(usualPlaces(declaration)[0], 'of a series'),
    PERIODS_PLACE,
  ]);
}

function shortBars(): readonly Float64Array[] {
  const { open, high, low, close, volume } = SHORT.series;
  const noTime = [Number.NaN, Number.NaN, Number.NaN];
  return close.map((_, at) => {
    const columns = [open, high, low, close, volume].map((column) => orNaN(column[at]));
    return Float64Array.of(...columns, ...noTime);
  });
}

function orNaN(value: number | null | undefined): number {
  return value ?? Number.NaN;
}
