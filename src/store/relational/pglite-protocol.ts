import { isRecord } from '../../core/json.ts';
import type { SqlRow, SqlValue } from './database.ts';
import type { SqlFault } from './sql-fault.ts';

/** What the thread is started with. */
export interface ThreadSettings {
  /** Undefined: in memory, for tests. */
  readonly directory: string | undefined;
}

export interface ThreadRequest {
  readonly id: number;
  readonly kind: 'query' | 'script' | 'close';
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/** `opened` has the id 0. */
export type ThreadAnswer =
  | { readonly id: number; readonly kind: 'rows'; readonly rows: readonly SqlRow[] }
  | { readonly id: number; readonly kind: 'fault'; readonly fault: SqlFault };

export const OPENED_ID = 0;

export function isThreadSettings(value: unknown): value is ThreadSettings {
  if (!isRecord(value)) return false;
  return value['directory'] === undefined || typeof value['directory'] === 'string';
}

export function isThreadRequest(value: unknown): value is ThreadRequest {
  return isRecord(value) && typeof value['id'] === 'number' && Array.isArray(value['values']);
}

export function isThreadAnswer(value: unknown): value is ThreadAnswer {
  if (!isRecord(value) || typeof value['id'] !== 'number') return false;
  return value['kind'] === 'rows' || value['kind'] === 'fault';
}
