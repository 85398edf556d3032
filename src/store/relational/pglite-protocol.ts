import { isRecord } from '../../core/json.ts';
import type { SqlRow, SqlValue } from './database.ts';
import type { SqlFault } from './sql-fault.ts';

/** What the thread is started with. */
export interface ThreadSettings {
  /** Undefined: in memory, for tests. */
  readonly directory: string | undefined;
  /** To make one takes half a gigabyte, which goes with the thread that made it. */
  readonly task: 'make' | 'serve';
}

export interface ThreadRequest {
  readonly id: number;
  readonly kind: 'query' | 'script' | 'close';
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/** That it is open, or made, has the id 0. */
export type ThreadAnswer =
  | { readonly id: number; readonly kind: 'rows'; readonly rows: readonly SqlRow[] }
  | { readonly id: number; readonly kind: 'fault'; readonly fault: SqlFault };

export const OPENED_ID = 0;

/** In the store's folder: the files of the database, once all of them are there. */
export const WHOLE = 'pg';

export function isThreadSettings(value: unknown): value is ThreadSettings {
  if (!isRecord(value) || (value['task'] !== 'make' && value['task'] !== 'serve')) return false;
  return value['directory'] === undefined || typeof value['directory'] === 'string';
}

export function isThreadRequest(value: unknown): value is ThreadRequest {
  return isRecord(value) && typeof value['id'] === 'number' && Array.isArray(value['values']);
}

export function isThreadAnswer(value: unknown): value is ThreadAnswer {
  if (!isRecord(value) || typeof value['id'] !== 'number') return false;
  return value['kind'] === 'rows' || value['kind'] === 'fault';
}
