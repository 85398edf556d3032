import type { TablePart } from '../../ports/time-series.ts';
import type { ArrangedPart } from './arranged-parts.ts';

/** Of the days of a part, or of a part that is no longer than one; by time. */
export type Unit = TablePart;

/** Arranged at once at most, but for a unit that has more: a second or two of work. */
export const RUN_ROWS_MAX = 1_048_576;
/** A row group of the database: fewer rows lie in one or two of them in whatever order they are. */
export const TAIL_ROWS_MIN = 122_880;

/**
 * What of a part should be put in order, given its units that are over and the runs that lie in
 * order already.
 *
 * While a part goes on, what came since its last run waits until it has as many rows as that has,
 * and is then put in order together with it: each row is written few times, and at most about half
 * of them lie as they came. A run that is as long as one may be is left alone, and another begins.
 * A part that is over becomes one run where it is short enough, and whole runs else.
 */
export function spansDue(
  units: readonly Unit[],
  marks: readonly ArrangedPart[],
  isOver: boolean,
): readonly TablePart[] {
  const { runs, tail } = runsOf(units, marks);
  const [last] = runs.slice(-1);
  const [tailRows, allRows] = [rowsOf(tail), rowsOf(units)];
  const isShort = allRows <= RUN_ROWS_MAX;
  const grown = last === undefined ? undefined : [...last, ...tail];
  const canGrow = grown !== undefined && rowsOf(grown) <= RUN_ROWS_MAX;
  if (isOver) {
    if (isShort) return tail.length === 0 && runs.length === 1 ? [] : spansOf(units);
    if (tail.length === 0) return [];
  } else if (tailRows < Math.max(TAIL_ROWS_MIN, canGrow ? rowsOf(last ?? []) : 0)) return [];
  return spansOf(canGrow ? grown : tail);
}

interface Runs {
  readonly runs: readonly (readonly Unit[])[];
  /** From the first unit on that lies in no run. */
  readonly tail: readonly Unit[];
}

/** A run counts where it has the rows that it had, and as long as nothing lies open before it. */
function runsOf(units: readonly Unit[], marks: readonly ArrangedPart[]): Runs {
  const runs: (readonly Unit[])[] = [];
  let at = 0;
  while (at < units.length) {
    const { fromUs = 0 } = units[at] ?? {};
    const mark = marks.find((one) => one.fromUs <= fromUs && one.untilUs > fromUs);
    if (mark === undefined) break;
    const run = units.slice(at).filter(({ untilUs }) => untilUs <= mark.untilUs);
    if (rowsOf(run) !== mark.rows) break;
    runs.push(run);
    at += run.length;
  }
  return { runs, tail: units.slice(at) };
}

/** One after the other, each as long as may be. */
function spansOf(units: readonly Unit[]): readonly TablePart[] {
  const spans: Unit[][] = [];
  let rows = 0;
  for (const unit of units) {
    const [span] = spans.slice(-1);
    rows += unit.rows;
    if (span !== undefined && rows <= RUN_ROWS_MAX) span.push(unit);
    else {
      spans.push([unit]);
      ({ rows } = unit);
    }
  }
  return spans.map((span) => ({
    fromUs: span[0]?.fromUs ?? 0,
    untilUs: span.at(-1)?.untilUs ?? 0,
    rows: rowsOf(span),
    bytes: span.reduce((sum, { bytes }) => sum + bytes, 0),
  }));
}

function rowsOf(units: readonly Unit[]): number {
  return units.reduce((sum, { rows }) => sum + rows, 0);
}
