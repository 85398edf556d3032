import { PERCENTILES, samplesMin } from './percentiles.ts';
import type { Row } from './rounds.ts';
import { spreadOf } from './spread.ts';
import type { Floor, Suite } from './suite.ts';

/** What may be said of a percentile. */
export interface Statement {
  readonly isStated: boolean;
  /** The same percentile of the floor, in its unit; left out where there is none. */
  readonly floor?: number;
  /** Why it is not stated. */
  readonly why?: string;
}

/** Below this many times its floor, a tail is the machine's and not the engine's. */
const FLOOR_TIMES_MIN = 2;

/** Samples of this name are the floor of those beside them. */
const FLOOR_NAME = 'floor';
/** The no-op loop that the harness runs beside. */
const BESIDE_NAME = 'spin';

const PER_MS: Readonly<Record<string, number>> = { Ms: 1, Us: 1e3, Ns: 1e6 };

const NAMED = /^(.+)(P50|P99|P999)(Us|Ms|Ns)$/;

/** Every percentile of wall time of a row: its floor, and whether it is stated. */
export function percentileRules(
  suite: Suite,
  rows: readonly Row[],
  row: Row,
): Readonly<Record<string, Statement>> {
  const names = new Set(row.runs.flatMap((figures) => Object.keys(figures)));
  const statements: [string, Statement][] = [];
  for (const figure of names) {
    const [, samples, percentile, unit] = NAMED.exec(figure) ?? [];
    if (samples === undefined || percentile === undefined || unit === undefined) continue;
    const isFloor = isFloorOf(suite, row.variant, samples);
    const statement = isFloor
      ? counted(row, figure, samples, percentile)
      : judged(suite, rows, row, { figure, samples, percentile, unit });
    statements.push([figure, statement]);
  }
  return Object.fromEntries(statements);
}

interface Percentile {
  readonly figure: string;
  readonly samples: string;
  readonly percentile: string;
  readonly unit: string;
}

function judged(suite: Suite, rows: readonly Row[], row: Row, named: Percentile): Statement {
  const { figure, samples, percentile, unit } = named;
  const enough = counted(row, figure, samples, percentile);
  if (!enough.isStated) return enough;
  const value = medianOf(row, figure);
  const at = floorOf(suite, row, samples);
  const under = rows.find(({ side, variant }) => side === row.side && variant === at.variant);
  const floor =
    under === undefined ? Number.NaN : medianOf(under, `${at.samples}${percentile}${unit}`);
  if (Number.isNaN(floor)) {
    // The middle is told without one: it is no tail, and the floor is shown where there is one.
    return percentile === 'P50'
      ? { isStated: true }
      : { isStated: false, why: 'no floor was measured beside it' };
  }
  if (percentile === 'P50') return { isStated: true, floor };
  if (value < floor * FLOOR_TIMES_MIN) {
    return { isStated: false, floor, why: 'the floor alone has as much' };
  }
  return isNamed(suite, row, samples) ? { isStated: true, floor } : undisturbed(row, named, floor);
}

/**
 * A floor that takes a moment is hit by the scheduler less often than what takes longer. So the
 * processor's takings are counted: where as many samples were hit as the tail has, it is theirs.
 */
function undisturbed(row: Row, named: Percentile, floor: number): Statement {
  const { samples, percentile, unit } = named;
  const count = medianOf(row, `${samples}Count`);
  const tookMs = (count * medianOf(row, `${samples}P50${unit}`)) / (PER_MS[unit] ?? Number.NaN);
  const taken = medianOf(row, 'preemptions');
  const hit = taken * Math.min(1, tookMs / medianOf(row, 'runWallMs'));
  const tail = count * (1 - shareOf(percentile));
  if (!(hit >= tail)) return { isStated: true, floor };
  const why = `the scheduler hit some ${Math.round(hit)} samples, its tail has ${Math.round(tail)}`;
  return { isStated: false, floor, why };
}

/** Whether there were samples enough. `figures` of `Samples` answers NaN where there were not. */
function counted(row: Row, figure: string, samples: string, percentile: string): Statement {
  const count = medianOf(row, `${samples}Count`);
  const needed = samplesMin(shareOf(percentile));
  const isShort = Number.isNaN(medianOf(row, figure)) || count < needed;
  if (!isShort) return { isStated: true };
  const had = Number.isNaN(count) ? 'too few samples' : `${count} samples`;
  return { isStated: false, why: `${had}, it needs ${needed}` };
}

function shareOf(percentile: string): number {
  return PERCENTILES.find(({ suffix }) => suffix === percentile)?.share ?? Number.NaN;
}

/** A suite that names the floor of its samples answers for its being like them. */
function isNamed(suite: Suite, row: Row, samples: string): boolean {
  const variant = suite.variants.find(({ name }) => name === row.variant);
  return variant?.floors?.[samples] !== undefined;
}

function floorOf(suite: Suite, row: Row, samples: string): Required<Floor> {
  const variant = suite.variants.find(({ name }) => name === row.variant);
  const named = variant?.floors?.[samples];
  if (named !== undefined) return { variant: row.variant, ...named };
  const hasOwn = !Number.isNaN(medianOf(row, `${FLOOR_NAME}P50Us`));
  return { variant: row.variant, samples: hasOwn ? FLOOR_NAME : BESIDE_NAME };
}

function isFloorOf(suite: Suite, variant: string, samples: string): boolean {
  if (samples === FLOOR_NAME || /^(?:floor|no-op)\b/.test(variant)) return true;
  return suite.variants.some(({ name, floors }) =>
    Object.values(floors ?? {}).some(
      (floor) => floor.samples === samples && (floor.variant ?? name) === variant,
    ),
  );
}

function medianOf({ runs, costs }: Row, figure: string): number {
  const values = runs.map((figures, at) => figures[figure] ?? costs[at]?.[figure] ?? Number.NaN);
  return spreadOf(values)?.median ?? Number.NaN;
}
