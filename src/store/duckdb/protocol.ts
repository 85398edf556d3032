import type {
  SchemaChange,
  SeriesQuery,
  SqlPage,
  StoreStatus,
  TableDeclaration,
  TablePart,
} from '../../ports/time-series.ts';
import type { StoreErrorCode } from '../../ports/store-error.ts';
import type { PackedBatch } from './packed-batch.ts';

/** What the thread needs to begin. */
export interface WorkerSettings {
  /** The whole path; its folder is there. */
  readonly file: string;
  /** What the database may hold in memory, bytes. */
  readonly memoryBytesMax: number;
  readonly threads: number;
}

/** With what a thread is started. */
export interface WorkerStart {
  readonly settings: WorkerSettings;
  /** Of a `WorkCount`. */
  readonly atWork: SharedArrayBuffer;
}

/** `call` numbers a question, and its answer has the same number. */
export type ToWorker = { readonly call: number } & Question;

export type Question =
  | { readonly kind: 'migrate'; readonly tables: Tables; readonly isDryRun: boolean }
  | { readonly kind: 'append'; readonly batch: PackedBatch }
  | { readonly kind: 'openRead'; readonly reader: number; readonly query: SeriesQuery }
  | { readonly kind: 'openSql'; readonly reader: number; readonly text: string }
  /** The next batch or page of an open reader. */
  | { readonly kind: 'next'; readonly reader: number }
  | { readonly kind: 'closeReader'; readonly reader: number }
  | { readonly kind: 'parts'; readonly table: TableDeclaration }
  | {
      readonly kind: 'drop';
      readonly table: TableDeclaration;
      readonly fromUs: number;
      readonly untilUs: number;
    }
  | { readonly kind: 'unarranged'; readonly table: TableDeclaration; readonly beforeUs: number }
  | {
      readonly kind: 'arrange';
      readonly table: TableDeclaration;
      readonly fromUs: number;
      readonly untilUs: number;
    }
  | { readonly kind: 'status' }
  | { readonly kind: 'close' };

type Tables = readonly TableDeclaration[];

export type FromWorker =
  | { readonly kind: 'opened' }
  /** It cannot begin, and ends. */
  | { readonly kind: 'refused'; readonly code: StoreErrorCode; readonly message: string }
  | ({ readonly call: number } & Answer);

export type Answer =
  | { readonly kind: 'done' }
  | { readonly kind: 'migrated'; readonly changes: readonly SchemaChange[] }
  | { readonly kind: 'batch'; readonly batch: PackedBatch }
  | { readonly kind: 'page'; readonly page: SqlPage }
  /** The reader has no more, and is closed. */
  | { readonly kind: 'end' }
  | { readonly kind: 'parts'; readonly parts: readonly TablePart[] }
  | { readonly kind: 'dropped'; readonly rows: number }
  | { readonly kind: 'arranged'; readonly rows: number }
  | { readonly kind: 'status'; readonly status: StoreStatus }
  | { readonly kind: 'failed'; readonly code: FailureCode; readonly message: string };

/** Our own mistakes cross the border as what they are. */
export type FailureCode = StoreErrorCode | 'INVARIANT';

/** Messages between our own threads: only their kind is looked at. */
export function isToWorker(value: unknown): value is ToWorker {
  return isObject(value) && 'call' in value && 'kind' in value;
}

export function isFromWorker(value: unknown): value is FromWorker {
  return isObject(value) && 'kind' in value && typeof value.kind === 'string';
}

export function isWorkerStart(value: unknown): value is WorkerStart {
  if (!isObject(value) || !('settings' in value) || !('atWork' in value)) return false;
  const { settings, atWork } = value;
  if (!(atWork instanceof SharedArrayBuffer) || !isObject(settings)) return false;
  return 'file' in settings && typeof settings.file === 'string';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
