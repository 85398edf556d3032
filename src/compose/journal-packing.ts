import { join } from 'node:path';
import type { Config } from '../cli/config-schema.ts';
import { bytesText } from '../cli/figures.ts';
import type { Log } from '../cli/log.ts';
import { journalFolder } from '../store/journal/segment-names.ts';
import { createSegmentPacker } from '../store/journal/segment-packer.ts';
import type { Packing } from './session-life.ts';

/** As the configuration wants it; undefined where segments stay as they were written. */
export function journalPacking(of: {
  readonly config: Config;
  readonly dataDir: string;
  readonly sessionId: string;
  readonly log: Pick<Log, 'event'> | undefined;
}): Packing | undefined {
  const { config, dataDir, sessionId, log } = of;
  if (config.journal.compress === 'none') return undefined;
  return (shrunk) =>
    createSegmentPacker({
      folder: join(dataDir, journalFolder(sessionId)),
      packed(segment, { bytes, packedBytes }) {
        shrunk(bytes - packedBytes);
        const detail = `${segment}: ${bytesText(bytes)} to ${bytesText(packedBytes)}`;
        log?.event('serviceSaid', { what: 'segmentPacked', detail });
      },
      failed(segment, error) {
        const detail = `${segment} stays as it was written: ${String(error)}`;
        log?.event('serviceTroubled', { what: 'segmentNotPacked', detail });
      },
    });
}
