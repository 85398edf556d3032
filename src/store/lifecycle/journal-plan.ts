import { ByteReader } from '../../core/bytes.ts';
import type { Disk } from '../../ports/disk.ts';
import { readTurn, RECORD_INPUT, RECORD_TURN } from '../../ports/turn-record.ts';
import { JournalError } from '../journal/journal-error.ts';
import { readJournal } from '../journal/journal-reader.ts';
import { journalFolder, segmentName } from '../journal/segment-names.ts';
import { isRecord, parseJson } from '../lake/manifest.ts';
import type { Place } from '../lake/place.ts';

/** Where a segment of a session that ended will stay. */
export interface PlannedSegment {
  readonly sessionId: string;
  readonly segment: string;
  /** One that holds a fact or an input is compressed and stays here; one of market data goes. */
  readonly to: 'here' | 'lake';
}

/**
 * Decided once, while the whole journal is here, and kept: later no reader gets past a segment that
 * went. Undefined for a journal with a torn end: a person looks at that first. Throws
 * `JournalDamage` where it is not whole.
 */
export async function journalPlan(
  disk: Disk,
  notes: Place,
  sessionId: string,
): Promise<readonly PlannedSegment[] | undefined> {
  const path = planPath(sessionId);
  if ((await notes.size(path)) !== undefined) {
    const content = parseJson(`${path} in ${notes.name}`, await notes.get(path));
    const segments = Array.isArray(content['segments']) ? content['segments'] : [];
    return segments.filter(isPlanned);
  }
  return decide(disk, sessionId);
}

/** Before the first segment of it is touched. */
export async function keepPlan(notes: Place, plan: readonly PlannedSegment[]): Promise<void> {
  const [first] = plan;
  if (first === undefined) return;
  const text = `${JSON.stringify({ segments: plan })}\n`;
  await notes.put(planPath(first.sessionId), new TextEncoder().encode(text));
}

function decide(disk: Disk, sessionId: string): readonly PlannedSegment[] | undefined {
  const withFacts = new Set<number>();
  try {
    const contents = readJournal(disk, journalFolder(sessionId), (record, { number }) => {
      if (withFacts.has(number) || !isFact(record.kind, record.payload)) return;
      withFacts.add(number);
    });
    if (contents.tail !== 'clean') return undefined;
    return contents.segments.map(({ number }) => ({
      sessionId,
      segment: segmentName(number),
      to: withFacts.has(number) ? 'here' : 'lake',
    }));
  } catch (error) {
    // Part of it is in the lake, and the plan that took it there is gone: the rest stays.
    if (error instanceof JournalError && error.code === 'JOURNAL_MOVED') return undefined;
    throw error;
  }
}

/** What a person or the world did, and what was decided; not what the market said. */
function isFact(kind: number, payload: Uint8Array): boolean {
  if (kind === RECORD_INPUT) return true;
  return kind === RECORD_TURN && readTurn(new ByteReader(payload)).items.length > 0;
}

function planPath(sessionId: string): string {
  return `journals/${sessionId}.json`;
}

function isPlanned(value: unknown): value is PlannedSegment {
  if (!isRecord(value)) return false;
  const { sessionId, segment, to } = value;
  const isNamed = typeof sessionId === 'string' && typeof segment === 'string';
  return isNamed && (to === 'here' || to === 'lake');
}
