import { ByteReader } from '../../src/core/bytes.ts';
import type { Fact } from '../../src/ports/fact.ts';
import type { JournalRecord } from '../../src/ports/journal.ts';
import { RECORD_TURN, readTurn } from '../../src/ports/turn-record.ts';
import { readJournal } from '../../src/store/journal/journal-reader.ts';
import { journalFolder } from '../../src/store/journal/segment-names.ts';
import type { MemoryDisk } from '../faulty-disk.ts';

const FOLDER = journalFolder('golden');

/** Every record of the golden session's journal, copied. */
export function recordsOf(disk: MemoryDisk): readonly JournalRecord[] {
  const records: JournalRecord[] = [];
  readJournal(disk, FOLDER, (record) =>
    records.push({ ...record, payload: new Uint8Array(record.payload) }),
  );
  return records;
}

/** A fact, and when its turn was. */
export interface Dated {
  readonly nowUs: number;
  readonly fact: Fact;
}

/** Every fact of the golden session, in order, as its journal has it. */
export function factsOf(disk: MemoryDisk): readonly Dated[] {
  const facts: Dated[] = [];
  readJournal(disk, FOLDER, ({ kind, nowUs, payload }) => {
    if (kind !== RECORD_TURN) return;
    for (const item of readTurn(new ByteReader(payload)).items) {
      if (item.type === 'fact') facts.push({ nowUs, fact: item.fact });
    }
  });
  return facts;
}

/**
 * What was decided, one line a fact, without what a recovery adds by itself: questions about the
 * broker's books and about orders that were under way, and where those orders stood in between.
 * By such a question a fill may be heard a microsecond earlier, so a fact's time is the one it
 * names itself.
 */
export function decisionsOf(disk: MemoryDisk): readonly string[] {
  return factsOf(disk)
    .filter(({ fact: { kind } }) => !OF_A_RECOVERY.has(kind))
    .map(({ fact }) => JSON.stringify(fact));
}

const OF_A_RECOVERY: ReadonlySet<Fact['kind']> = new Set([
  'enquired',
  'stood',
  'reconcileAsked',
  'reconciled',
]);

/** The first place where two rows of decisions part, with what both say there. */
export function firstDifference(was: readonly string[], is: readonly string[]): string | undefined {
  const at = was.findIndex((line, index) => line !== is[index]);
  if (at < 0 && was.length === is.length) return undefined;
  const place = at < 0 ? was.length : at;
  return `decision ${place}\n was ${was[place] ?? 'nothing'}\n is  ${is[place] ?? 'nothing'}`;
}

export function countKinds(disk: MemoryDisk): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { fact } of factsOf(disk)) counts.set(fact.kind, (counts.get(fact.kind) ?? 0) + 1);
  return counts;
}
