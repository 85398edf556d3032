import type { Profile } from './load-config.ts';
import type { VerbOptions } from './verb-options.ts';

export interface QueryOptions extends VerbOptions {
  /** Whose store: paper and live may name another than the embedded one. */
  readonly profile: Profile;
  /** The question, in the store's own SQL; undefined: which tables there are. */
  readonly text: string | undefined;
  /** Those whose columns are wanted; none of it: of all. Undefined: no columns. */
  readonly tables: readonly string[] | undefined;
  readonly isCsv: boolean;
  /** Undefined: a thousand for people, all for a program. */
  readonly rowsMax: number | undefined;
}

export type ExportFormat = 'csv' | 'ndjson' | 'parquet';

export interface ExportOptions extends VerbOptions {
  readonly profile: Profile;
  readonly table: string;
  /** Microseconds: from, inclusive, and until, exclusive. */
  readonly fromUs: number;
  readonly untilUs: number;
  /** Undefined: all. */
  readonly symbols: readonly string[] | undefined;
  readonly format: ExportFormat;
  /** The file; written beside it first. */
  readonly out: string;
  /** A file that is there may be replaced. */
  readonly isForced: boolean;
}
