import type { JobQueue } from './jobs.ts';
import type { ModelRegistry } from './models.ts';
import type { PolicyRegistry } from './policies.ts';
import type { ScanRegistry } from './scans.ts';
import type { SessionRegistry } from './sessions.ts';
import type { SymbolRegistry } from './symbols.ts';

/**
 * What the engine knows besides time series: embedded or a server, the same tables and rules. Made
 * at once and opened when first asked, so that no start waits for it.
 *
 * Every operation is one transaction and has an identity of its caller's: it may be sent again
 * after a `StoreError` with `STORE_AWAY`, which leaves open whether it was done. Times are the
 * caller's, microseconds UTC.
 */
export interface RelationalStore {
  readonly kind: 'pglite' | 'postgres';
  readonly sessions: SessionRegistry;
  readonly symbols: SymbolRegistry;
  readonly jobs: JobQueue;
  readonly policies: PolicyRegistry;
  readonly scans: ScanRegistry;
  readonly models: ModelRegistry;
  status(): Promise<RelationalStatus>;
  /** Waits for what is under way. After it every call but `close` rejects with `STORE_AWAY`. */
  close(): Promise<void>;
}

export interface RelationalStatus {
  /** `PostgreSQL at 127.0.0.1:5432/strata, version 15.18`; no secret. */
  readonly place: string;
  /** Number of the last migration. */
  readonly version: number;
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
}

export interface MigrationReport {
  readonly place: string;
  /** 0 where there was nothing. */
  readonly from: number;
  readonly to: number;
  /** `0003-policies`, in their order: what was done, or would be. */
  readonly steps: readonly string[];
}
