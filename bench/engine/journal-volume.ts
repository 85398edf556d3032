import { join } from 'node:path';
import { nodeDisk } from '../../src/store/journal/node-disk.ts';
import { packFile } from '../../src/store/journal/pack-file.ts';
import { isSegmentName, journalFolder } from '../../src/store/journal/segment-names.ts';
import { Config } from '../../src/cli/config-schema.ts';
import type { MarketFile } from '../../src/compose/session-files.ts';
import type { Outcome, Scale } from '../harness/suite.ts';
import { inScratchFolder } from '../harness/scratch-folder.ts';
import { Stopwatch } from '../harness/stopwatch.ts';
import { openFor } from './market.ts';
import { openBenchSession, SESSION_ID } from './session.ts';

/** Of the seeded day, which has five million. */
const EVENTS = { full: 2_000_000, quick: 100_000 } as const;

interface VolumeOf {
  readonly file: MarketFile;
  readonly note?: string;
}

/** What a session's journal takes of a disk, as it is written and when it is compressed. */
export function journalVolume(scale: Scale, { file, note }: VolumeOf): Promise<Outcome> {
  return inScratchFolder(async (folder) => {
    const market = openFor(file, EVENTS[scale]);
    const settings = { market: { cadence: 'event' } };
    const { session } = openBenchSession({ folder, marketFile: file, market, settings });
    while (await session.advance(Number.MAX_SAFE_INTEGER)) continue;
    const { events } = session.driver;
    await session.close();
    const place = journalFolder(SESSION_ID);
    const disk = nodeDisk(folder);
    let [bytes, packedBytes] = [0, 0];
    const watch = new Stopwatch();
    for (const name of disk.list(place).filter(isSegmentName)) {
      const packed = packFile(join(folder, place, name), {
        at: () => undefined,
        rest: () => undefined,
      });
      bytes += packed.bytes;
      packedBytes += packed.packedBytes;
    }
    const { cpuMs } = watch.read();
    const { bytesMax } = Config.parse({}).journal;
    return {
      figures: {
        events,
        bytesPerEvent: bytes / events,
        packedBytesPerEvent: packedBytes / events,
        packedTimes: bytes / packedBytes,
        packCpuMsPerMb: cpuMs / (bytes / 1e6),
        // Of journal.bytesMax, nearly all of it in closed segments.
        budgetEventsMillions: bytesMax / (packedBytes / events) / 1e6,
      },
      ...(note === undefined ? {} : { note }),
    };
  });
}
