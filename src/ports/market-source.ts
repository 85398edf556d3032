import type { EventBatch } from '../domain/market/event-batch.ts';
import type { DataFault } from '../domain/market/data-fault.ts';
import type { Input } from './input.ts';

/** A symbol as a source knows it, before it has an id. */
export interface ListedSymbol {
  readonly name: string;
  readonly assetClass: 'equity' | 'fund' | 'index' | 'crypto' | 'option';
  readonly sector: string;
  readonly isTradable: boolean;
}

/**
 * A market that can be pulled: recorded files, a journal, a seeded market. The caller asks for more
 * when it wants more, so nothing queues and time is the caller's.
 *
 * Symbol ids in the batches are places in `symbols`, in that order.
 */
export interface MarketSource {
  /** What the source is, for people: a path, a seed. */
  readonly name: string;
  readonly symbols: readonly ListedSymbol[];
  /** Inputs besides market events (session edges, news), in time order, known before the start. */
  readonly calendar: readonly TimedInput[];
  /** When its recording began, where it is one of ours: a session of it begins then. */
  readonly beganUs?: number;
  /**
   * Clears the batch and fills it with whole frames in receive order. Answers false, with an empty
   * batch, at the end. A frame never spans two calls, and receive times never decrease.
   */
  next(batch: EventBatch): boolean;
  /** What was wrong in the data so far; good rows were kept. */
  readonly faults: DataFaults;
  close(): void;
}

export interface TimedInput {
  readonly atUs: number;
  readonly input: Input;
}

/** The first few faults in full, the rest counted. */
export interface DataFaults {
  readonly count: number;
  readonly first: readonly DataFault[];
}
