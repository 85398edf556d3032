import type { TableDeclaration, TimeSeriesStore } from '../../ports/time-series.ts';
import type { Lake, Span } from '../lake/lake.ts';
import type { Place } from '../lake/place.ts';
import { RowChecksum } from '../lake/row-checksum.ts';
import type { PassPoint } from './fault-points.ts';
import type { ReserveSpace } from './free-space.ts';

/** What work on the lake alone needs. */
export interface LakeTools {
  readonly lake: Lake;
  readonly buckets: number;
  readonly rowsPerFileMax: number;
  readonly bytesPerFileMax: number;
  readonly reserve: ReserveSpace;
  readonly at: PassPoint;
  /** Hears of rows that were read or written, so that a person sees that it goes on. */
  readonly progress: (rows: number) => void;
}

/** What archiving and restoring work with. */
export interface LifecycleTools extends LakeTools {
  readonly store: TimeSeriesStore;
  /** Notes of what is half done lie here, on this machine. */
  readonly notes: Place;
}

/** Of the rows of a span; of these symbols alone where some are named. */
export async function sumOf(
  store: TimeSeriesStore,
  table: TableDeclaration,
  { fromUs, untilUs }: Span,
  symbols?: readonly string[],
): Promise<RowChecksum> {
  const sum = new RowChecksum();
  const query = { table, fromUs, untilUs };
  const asked = symbols === undefined ? query : { ...query, only: { symbol: symbols } };
  for await (const batch of store.read(asked)) sum.add(batch);
  return sum;
}
