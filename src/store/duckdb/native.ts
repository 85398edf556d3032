import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type duckdb from '@duckdb/node-bindings';
import { StoreError } from '../../ports/store-error.ts';
import { messageOf } from './store-errors.ts';

/** The library as we use it: its JavaScript, and below that the vectors of a chunk. */
export interface Native {
  readonly api: Api;
  readonly vectors: Vectors;
}

export type Api = typeof import('@duckdb/node-api');
export type Vectors = typeof duckdb;
export type { DuckDBConnection, DuckDBInstance };

/** Loaded when a store is opened: its native part is large, and not there on every platform. */
export async function loadNative(): Promise<Native> {
  try {
    const api = await import('@duckdb/node-api');
    const { default: vectors } = await import('@duckdb/node-bindings');
    return { api, vectors };
  } catch (error) {
    throw new StoreError(
      'STORE_AWAY',
      `DuckDB has no native part for ${process.platform}-${process.arch} here, so nothing is ` +
        `stored: ${messageOf(error)}; run npm install, or configure another store`,
      { cause: error },
    );
  }
}
