import { readFileSync } from 'node:fs';
import { present } from '../../src/core/assert.ts';
import {
  type ConfiguredIndicator,
  type IndicatorDeclaration,
} from '../../src/domain/indicators/declaration.ts';
import {
  CLOSE,
  HIGH,
  LOW,
  OPEN,
  SESSION,
  SINCE_OPEN_US,
  START_US,
  VOLUME,
} from '../../src/domain/indicators/indicator.ts';
import { BarSource } from '../reference/bars.ts';
import { JUDGED } from '../reference/indicators/judged.ts';
import type { Columns, Series } from '../reference/indicators/series.ts';

/** Worst relative errors against the definition, after jumps that have left every window. */
export type AfterJumps = { readonly jumpsOurs: number; readonly jumpsTheirs: number };

/**
 * What is left of four bars at 1e9 times the price: nothing here, digits in TA-Lib's running sums.
 * Both are held against the naive definition of test/reference, so that a difference between them
 * is known for whose it is. Undefined for patterns and MAVP, which have no definition there.
 */
export function measureAfterJumps(
  declaration: IndicatorDeclaration,
  indicator: ConfiguredIndicator,
): AfterJumps | undefined {
  const theirs = JUMPS.functions[declaration.talib ?? ''];
  if (theirs === undefined || declaration.family === 'candles') return undefined;
  const judged = present(JUDGED[declaration.family][declaration.name], declaration.name);
  const truth = judged.reference(SERIES, ...indicator.parameters);
  const ours = computed(indicator);
  let [jumpsOurs, jumpsTheirs] = [0, 0];
  declaration.outputs.forEach(({ talib }, slot) => {
    if (talib === undefined) return;
    const exact = present(truth[slot], talib).slice(JUMPS.from);
    const own = present(ours[slot], talib).slice(JUMPS.from);
    const native = present(theirs[talib], talib).map((value) => value ?? Number.NaN);
    jumpsOurs = Math.max(jumpsOurs, worstOf(own, exact));
    jumpsTheirs = Math.max(jumpsTheirs, worstOf(native, exact));
  });
  return { jumpsOurs, jumpsTheirs };
}

/** The bars that `talib-jumps.json` was made for: whole prices times 1e9 at 80 to 82 and at 150. */
export function barsWithJumps(): readonly Float64Array[] {
  const bars = new BarSource(37).take(240);
  for (const at of [80, 81, 82, 150]) {
    const bar = present(bars[at], 'a bar');
    for (let place = 0; place <= CLOSE; place += 1) bar[place] = (bar[place] ?? 0) * 1e9;
  }
  return bars;
}

type Jumps = {
  /** The first bar of the vectors: the last jump has left every window by then. */
  readonly from: number;
  /** Null where TA-Lib answers no number. */
  readonly functions: Readonly<
    Record<string, Readonly<Record<string, readonly (number | null)[]>>>
  >;
};

const JUMPS: Jumps = JSON.parse(readFileSync(new URL('talib-jumps.json', import.meta.url), 'utf8'));
const BARS = barsWithJumps();
const SERIES = seriesOf(BARS);

function seriesOf(bars: readonly Float64Array[]): Series {
  const column = (place: number) => bars.map((bar) => bar[place] ?? Number.NaN);
  return {
    open: column(OPEN),
    high: column(HIGH),
    low: column(LOW),
    close: column(CLOSE),
    volume: column(VOLUME),
    session: column(SESSION),
    startUs: column(START_US),
    sinceOpenUs: column(SINCE_OPEN_US),
  };
}

function computed(indicator: ConfiguredIndicator): Columns {
  const state = new Float64Array(indicator.width);
  indicator.reset(state, 0);
  const columns: number[][] = indicator.outputs.map(() => []);
  for (const bar of BARS) {
    indicator.update(state, 0, bar);
    columns.forEach((column, slot) => column.push(state[slot] ?? Number.NaN));
  }
  return columns;
}

/** Relative to the value, or to a thousandth of the largest where that is more. */
function worstOf(values: readonly number[], exact: readonly number[]): number {
  const floor = exact.reduce((most, one) => Math.max(most, Math.abs(one)), 0) / 1_000;
  return exact.reduce((worst, wanted, at) => {
    const value = values[at] ?? Number.NaN;
    if (Object.is(value, wanted) || value === wanted) return worst;
    const error = Math.abs(value - wanted) / Math.max(Math.abs(wanted), floor, Number.MIN_VALUE);
    return Math.max(worst, error === error ? error : Number.POSITIVE_INFINITY);
  }, 0);
}
