import { PERCENTILES, samplesMin } from './percentiles.ts';
import type { Statement } from './report.ts';
import type { Row } from './rounds.ts';
import { spreadOf } from './spread.ts';
import type { Floor, Suite } from './suite.ts';

/** Below this many times its floor, a tail is the machine's and not the engine's. */
const FLOOR_TIMES_MIN = 2;

/** Samples of this name are the floor of those beside them. */
const FLOOR_NAME = 'floor';
/** The no-op loop that the harness runs beside. */
const BESIDE_NAME = 'spin';

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
  if (percentile === 'P50' || value >= floor * FLOOR_TIMES_MIN) return { isStated: true, floor };
  return { isStated: false, floor, why: 'the floor alone has as much' };
}

/** Whether there were samples enough. `figures` of `Samples` answers NaN where there were not. */
function counted(row: Row, figure: string, samples: string, percentile: string): Statement {
  const share = PERCENTILES.find(({ suffix }) => suffix === percentile)?.share ?? Number.NaN;
  const count = medianOf(row, `${samples}Count`);
  const needed = samplesMin(share);
  const isShort = Number.isNaN(medianOf(row, figure)) || count < needed;
  if (!isShort) return { isStated: true };
  const had = Number.isNaN(count) ? 'too few samples' : `${count} samples`;
  return { isStated: false, why: `${had}, it needs ${needed}` };
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
