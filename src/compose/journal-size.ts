import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { JournalSize } from '../cli/looking-verbs.ts';
import { nodeDisk } from '../store/journal/node-disk.ts';
import { readStored, segmentNamesIn } from '../store/journal/segment-files.ts';
import { journalFolder, packedName } from '../store/journal/segment-names.ts';

/** What is compressed is unpacked for it: its file does not say how much it was. */
export function journalSize(dataDir: string, sessionId: string): JournalSize {
  const folder = journalFolder(sessionId);
  const disk = nodeDisk(dataDir);
  const packed = { segments: 0, writtenBytes: 0, storedBytes: 0 };
  let wholeBytes = 0;
  for (const segment of segmentNamesIn(disk, folder)) {
    // A session that runs may compress it while we look.
    const whole = statSync(join(dataDir, folder, segment), { throwIfNoEntry: false });
    if (whole !== undefined && whole.size > 0) {
      wholeBytes += whole.size;
      continue;
    }
    if (!disk.exists(`${folder}/${packedName(segment)}`)) continue; // It is in the lake.
    const { bytes, storedBytes } = readStored(disk, folder, segment);
    packed.segments += 1;
    packed.writtenBytes += bytes.length;
    packed.storedBytes += storedBytes;
  }
  return { writtenBytes: wholeBytes + packed.writtenBytes, packed };
}
