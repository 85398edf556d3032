import type { Decided } from './decided.ts';

/** What scanners looked at and found. */
export interface ScanRegistry {
  /** A scan with all its hits or not at all; the same again changes nothing. */
  record(scan: ScanRecord): Promise<Decided<void>>;
  /** Without hits, newest first. */
  list(filter?: ScanFilter): Promise<readonly ScanSummary[]>;
  find(scanId: string): Promise<ScanRecord | undefined>;
  /** Every hit of a symbol, newest first. */
  hitsOf(symbol: string, range: ScanFilter): Promise<readonly SymbolHit[]>;
}

export interface ScanSummary {
  readonly scanId: string;
  /** Such as `dipInTrend`. */
  readonly scanner: string;
  readonly sessionId?: string;
  readonly atUs: number;
  readonly tookUs: number;
  /** Symbols that were looked at. */
  readonly considered: number;
  readonly hits: number;
}

export interface ScanRecord extends ScanSummary {
  /** In order of rank. */
  readonly found: readonly ScanHit[];
}

export interface ScanHit {
  readonly symbol: string;
  /** Finite. */
  readonly score: number;
  /** JSON: why. */
  readonly detail: string;
}

export interface SymbolHit extends ScanHit {
  readonly scanId: string;
  readonly scanner: string;
  readonly atUs: number;
  /** From 1. */
  readonly rank: number;
}

export interface ScanFilter {
  readonly scanner?: string;
  readonly fromUs?: number;
  readonly untilUs?: number;
  readonly limit?: number;
}
