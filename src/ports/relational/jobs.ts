import type { Decided } from './decided.ts';

/**
 * Work that outlives whoever does it. A claim is a lease with a number: who has lost it can neither
 * end the job nor keep it, so two workers never both finish one.
 */
export interface JobQueue {
  /**
   * Refused with `KEY_BUSY` where an open job has the key, with `IDENTITY_REUSED` where the id is
   * of another job. The same again answers the job as it stands.
   */
  enqueue(job: NewJob): Promise<Decided<Job>>;
  /**
   * The next one that is due, by priority and then by age; undefined where there is none. A job
   * whose lease has run out is due again, or failed where it has had all its attempts.
   */
  claim(wish: ClaimWish): Promise<Job | undefined>;
  /** A longer lease, for one that is still at work. */
  extend(claim: Claim, untilUs: number): Promise<Decided<Job>>;
  complete(claim: Claim, atUs: number, result: string): Promise<Decided<Job>>;
  /** With `retryAtUs` and attempts left it is queued again, else it has failed. */
  fail(claim: Claim, failure: JobFailure): Promise<Decided<Job>>;
  find(jobId: string): Promise<Job | undefined>;
  /** Newest first. */
  list(filter?: JobFilter): Promise<readonly Job[]>;
}

export type JobState = 'queued' | 'running' | 'done' | 'failed';

export interface NewJob {
  readonly jobId: string;
  /** What is to be done, such as `backfill`. */
  readonly kind: string;
  /** JSON, for whoever does it. */
  readonly payload: string;
  readonly queuedUs: number;
  readonly notBeforeUs?: number;
  /** Higher goes first; 0 where left out. */
  readonly priority?: number;
  /** Where left out, 3. */
  readonly attemptsMax?: number;
  /** Of all open jobs one at most has it: no two retrainings at once. */
  readonly key?: string;
}

export interface Job extends NewJob {
  readonly state: JobState;
  readonly notBeforeUs: number;
  readonly priority: number;
  readonly attemptsMax: number;
  /** How often it was claimed. */
  readonly attempt: number;
  readonly worker?: string;
  readonly leaseUntilUs?: number;
  readonly endedUs?: number;
  readonly result?: string;
  /** Of the last attempt that failed. */
  readonly failure?: string;
}

export interface ClaimWish {
  readonly worker: string;
  readonly kinds: readonly string[];
  readonly nowUs: number;
  readonly leaseUs: number;
}

/** What a claim answered, as proof of it. */
export interface Claim {
  readonly jobId: string;
  readonly attempt: number;
}

export interface JobFailure {
  readonly atUs: number;
  readonly failure: string;
  readonly retryAtUs?: number;
}

export interface JobFilter {
  readonly state?: JobState;
  readonly kind?: string;
  readonly limit?: number;
}
