import type { Disk } from '../../ports/disk.ts';
import { packSegment, segmentNamesIn, unpackSegment } from '../journal/segment-files.ts';
import { journalFolder, movedName, packedName } from '../journal/segment-names.ts';
import { LakeError } from '../lake/lake-error.ts';
import { sha256Of } from '../lake/lake.ts';
import { isRecord, parseJson } from '../lake/manifest.ts';
import type { Place } from '../lake/place.ts';
import type { PassPoint } from './fault-points.ts';
import type { ReserveSpace } from './free-space.ts';
import type { PlannedSegment } from './journal-plan.ts';

export interface JournalTools {
  /** Of the data directory. */
  readonly disk: Disk;
  /** Of the lake. */
  readonly place: Place;
  readonly notes: Place;
  readonly reserve: ReserveSpace;
  readonly at: PassPoint;
}

/** Whether a planned segment is not yet as it will stay. */
export function isDue(disk: Disk, { sessionId, segment, to }: PlannedSegment): boolean {
  const path = `${journalFolder(sessionId)}/${segment}`;
  if (disk.exists(path)) return true;
  return to === 'lake' && disk.exists(packedName(path));
}

/**
 * Compresses a segment, and takes one of market data alone to the lake. What is there is removed
 * only when its next form was read back and is the same. Every step finds what an earlier run did.
 */
export async function packAway(tools: JournalTools, planned: PlannedSegment): Promise<void> {
  const { disk } = tools;
  const path = `${journalFolder(planned.sessionId)}/${planned.segment}`;
  if (disk.exists(path)) await pack(tools, path, planned.segment);
  if (planned.to === 'lake' && disk.exists(packedName(path))) await move(tools, path, planned);
}

/**
 * Brings back what `packAway` took to the lake; readers take it compressed. Answers how many
 * segments came, or under `isDryRun` would.
 */
export async function bringBack(
  tools: JournalTools,
  sessionId: string,
  isDryRun = false,
): Promise<number> {
  const { disk, place, reserve } = tools;
  const folder = journalFolder(sessionId);
  let brought = 0;
  for (const segment of segmentNamesIn(disk, folder)) {
    const path = `${folder}/${segment}`;
    if (!disk.exists(movedName(path))) continue;
    if (isDryRun) {
      brought += 1;
      continue;
    }
    if (!disk.exists(packedName(path))) {
      const note = readNote(disk, movedName(path));
      await reserve(note.bytes);
      disk.replace(packedName(path), await demandCopy(place, note));
      await tools.at('segmentReturned');
    }
    disk.remove(movedName(path));
    brought += 1;
  }
  return brought;
}

async function pack(tools: JournalTools, path: string, segment: string): Promise<void> {
  const { disk, reserve, at } = tools;
  const bytes = disk.read(path);
  const there = disk.exists(packedName(path)) ? disk.read(packedName(path)) : undefined;
  // One that holds nothing is not what the other was made of: somebody opened it too late.
  const isNone = bytes.length === 0 && there !== undefined;
  if (!isNone && (there === undefined || !isOf(segment, there, bytes))) {
    const packed = packSegment(bytes);
    await reserve(packed.length);
    disk.replace(packedName(path), packed);
    await at('segmentPacked');
    if (!isOf(segment, disk.read(packedName(path)), bytes)) {
      throw new LakeError('LAKE_DIFFERS', `${packedName(path)} does not unpack to what it was`);
    }
  }
  disk.remove(path);
  await at('segmentReplaced');
}

function isOf(segment: string, packed: Uint8Array, bytes: Uint8Array): boolean {
  try {
    return Buffer.compare(unpackSegment(segment, packed), bytes) === 0;
  } catch {
    return false; // An earlier run's, that is not whole: it is written anew.
  }
}

async function move(tools: JournalTools, path: string, planned: PlannedSegment): Promise<void> {
  const { disk, place, at } = tools;
  const packed = disk.read(packedName(path));
  const note: MovedNote = {
    path: `journal/${planned.sessionId}/${packedName(planned.segment)}`,
    bytes: packed.length,
    sha256: sha256Of(packed),
  };
  await place.put(note.path, packed);
  await at('segmentCopied');
  await demandCopy(place, note);
  disk.replace(movedName(path), new TextEncoder().encode(`${JSON.stringify(note)}\n`));
  await at('segmentNoted');
  disk.remove(packedName(path));
  await at('segmentMoved');
}

/** What the note of a segment beside the journal says. */
interface MovedNote {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

async function demandCopy(place: Place, { path, bytes, sha256 }: MovedNote): Promise<Uint8Array> {
  const there = await place.get(path);
  if (there.length === bytes && sha256Of(there) === sha256) return there;
  const message = `${path} in ${place.name} has ${there.length} bytes and is not the segment`;
  throw new LakeError('LAKE_DAMAGED', `${message} of ${bytes} bytes that went there`);
}

function readNote(disk: Disk, path: string): MovedNote {
  const content = parseJson(path, disk.read(path));
  const { path: to, bytes, sha256 } = isRecord(content) ? content : {};
  if (typeof to === 'string' && typeof bytes === 'number' && typeof sha256 === 'string') {
    return { path: to, bytes, sha256 };
  }
  throw new LakeError('LAKE_DAMAGED', `${path} does not say where the segment went`);
}
