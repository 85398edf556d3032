import type { Clock, Timers } from '../../ports/clock.ts';
import type { Disk } from '../../ports/disk.ts';
import type { LogFields } from '../../ports/service.ts';
import type { RowBatch, TimeSeriesStore } from '../../ports/time-series.ts';

export interface SinkOptions {
  readonly store: Pick<TimeSeriesStore, 'append'>;
  readonly disk: Disk;
  /** On that disk; it belongs to the sink. */
  readonly folder: string;
  readonly limits?: Partial<SinkLimits>;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly timers: Timers;
  readonly log: (level: 'info' | 'warn' | 'error', event: SinkEvent, fields: LogFields) => void;
  /** An error that is none of the store's or the disk's: ours. The sink writes no more. */
  readonly failed: (error: unknown) => void;
}

export type SinkEvent =
  | 'storeAway'
  | 'storeBack'
  | 'storeTableBlocked'
  | 'storeRowsRefused'
  | 'storeRowsLost'
  | 'storeSpoolDamaged'
  | 'storeSpoolFailed';

export interface SinkLimits {
  /** Of rows that are in memory only; past it they go to disk at once. */
  readonly queueBytesMax: number;
  readonly spoolBytesMax: number;
  readonly segmentBytes: number;
  /** What is sent at once, of one table: some milliseconds of work between two turns of others. */
  readonly sendRowsMax: number;
  readonly sendBytesMax: number;
  /** So long rows wait for others to be sent with. */
  readonly gatherMs: number;
  /** Longer than this, no row that the store has not taken is in memory only. */
  readonly spoolAfterMs: number;
  readonly backoffMsMin: number;
  readonly backoffMsMax: number;
  /** Of each file of rows that were refused, or told as lost; past it they are counted only. */
  readonly noteBytesMax: number;
}

export const SINK_LIMITS: SinkLimits = {
  queueBytesMax: 64 << 20,
  spoolBytesMax: 2 * 2 ** 30,
  segmentBytes: 4 << 20,
  sendRowsMax: 8_192,
  sendBytesMax: 4 << 20,
  gatherMs: 200,
  spoolAfterMs: 1_000,
  backoffMsMin: 250,
  backoffMsMax: 15_000,
  noteBytesMax: 16 << 20,
};

export interface SeriesSink {
  /**
   * Takes the batch, whose arrays belong to the sink from now on. Never waits, and throws for
   * nothing that a store or a disk does.
   */
  offer(batch: RowBatch): void;
  counters(): SinkCounters;
  /**
   * Writes what it can within the time, spools what is left, and lets go of the disk. Nothing may
   * be offered after it. The store stays open.
   */
  close(msMax: number): Promise<SinkCounters>;
}

/** Rows, but where the name says otherwise; of this life, and what was found in the spool. */
export interface SinkCounters {
  /** Batches offered. */
  readonly offers: number;
  /**
   * Every batch up to this one is written, in the spool, or named in `refused.ndjson` or
   * `lost.ndjson`: a crash of this process loses none of it.
   */
  readonly offersSafe: number;
  readonly queued: number;
  readonly queuedBytes: number;
  readonly spooled: number;
  readonly spooledBytes: number;
  readonly written: number;
  readonly refused: number;
  readonly lost: number;
  /** Bytes of the spool that could not be read any more. */
  readonly damagedBytes: number;
  /** How long the oldest row waits that the store has not taken; 0 where none does. */
  readonly oldestMs: number;
  readonly isAway: boolean;
  /** Tables whose rows the store does not take, and why. */
  readonly blocked: Readonly<Record<string, string>>;
  readonly lostRanges: readonly LostRange[];
}

/** What was lost for want of room; the journal still has what made it. */
export interface LostRange {
  readonly table: string;
  readonly rows: number;
  /** Both inclusive, by the table's time. */
  readonly fromUs: number;
  readonly lastUs: number;
}
