import type { Sequencer, TurnObserver } from '../actors/runtime/sequencer.ts';
import type { FactKind } from '../ports/fact.ts';
import type { TurnRecord } from '../ports/turn-record.ts';
import { JournalError } from '../store/journal/journal-error.ts';
import type { JournalWriter } from '../store/journal/journal-writer.ts';

export interface KeptSession {
  readonly writer: JournalWriter;
  readonly sequencer: Sequencer;
}

/** What a person relies on from the moment the engine says so. */
const RESTRICTIONS: ReadonlySet<FactKind> = new Set<FactKind>([
  'tradingHalted',
  'tradingResumed',
  'symbolBanned',
  'handsOff',
  'policyTaken',
]);

/**
 * A halt survives everything. It makes no exposure, so nothing waits for its record, and in a quiet
 * market the record could stay in an open block for minutes. This makes it safe before anybody is
 * told of it: the control channel answers only between slices of the session.
 */
export class RestrictionKeeper implements TurnObserver {
  #isDue = false;

  turn(_sequence: number, _nowUs: number, { items }: TurnRecord): void {
    for (const item of items) {
      if (item.type === 'fact' && RESTRICTIONS.has(item.fact.kind)) this.#isDue = true;
    }
  }

  get isDue(): boolean {
    return this.#isDue;
  }

  /**
   * To be called between turns; kill -9 is survived from its return on, the loss of power from when
   * it settles. A disk that refuses ends the session as always.
   */
  async secure({ writer, sequencer }: KeptSession): Promise<void> {
    if (!this.#isDue || sequencer.failure !== undefined) return;
    this.#isDue = false;
    const mark = writer.mark();
    try {
      writer.flush();
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      sequencer.failDurable(error);
    }
    while (!writer.isDurable(mark)) {
      const syncing = writer.syncIfNeeded();
      if (syncing === undefined) return; // The journal has failed, and says so by itself.
      await syncing;
    }
  }
}
