import type { ByteWriter } from '../core/bytes.ts';
import type { Hash64 } from '../core/hash.ts';

/** The writing side of a session's journal, as the sequencer sees it. */
export interface Journal {
  /** Adds a record to the open block. The hash is the decision hash before this record. */
  append(
    kind: number,
    sequence: number,
    nowUs: number,
    hash: Hash64,
    payload: ByteWriter | Uint8Array,
  ): void;
  /** The open block goes to the operating system. Throws where the disk refuses; final. */
  flush(): void;
  /** Position after the last record, to ask `isDurable` about. */
  mark(): number;
  /** Safe by the session's durability setting? */
  isDurable(mark: number): boolean;
  /**
   * Asks for a group commit where the setting needs one. Whoever composed the session lets the
   * sequencer know when it is done; nothing here waits.
   */
  requestSync(): void;
}

/** A record as it comes back. The payload is a view that the next record may replace. */
export interface JournalRecord {
  readonly kind: number;
  readonly sequence: number;
  readonly nowUs: number;
  readonly hashHigh: number;
  readonly hashLow: number;
  readonly payload: Uint8Array;
}
