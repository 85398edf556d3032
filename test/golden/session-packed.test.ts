import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { verifySession } from '../../src/compose/verify-session.ts';
import type { Disk } from '../../src/ports/disk.ts';
import { nodeDisk } from '../../src/store/journal/node-disk.ts';
import { packFile } from '../../src/store/journal/pack-file.ts';
import { journalRecords } from '../../src/store/journal/journal-reader.ts';
import { journalFolder, snapshotFolder } from '../../src/store/journal/segment-names.ts';
import {
  GOLDEN_END_US,
  GOLDEN_MORNING_US,
  goldenFile,
  goldenMarket,
  openGolden,
  runGolden,
  SESSION_ID,
} from './golden-session.ts';
import { openSession } from '../../src/compose/open-session.ts';
import { operator } from './golden-operator.ts';

const JOURNAL = journalFolder(SESSION_ID);
const file = goldenFile((yaml) =>
  yaml
    .replace('segmentBytesMax: 268435456', 'segmentBytesMax: 100000')
    .replace('blockBytesMax: 65536', 'blockBytesMax: 4096'),
);

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

/** What a disk in memory holds of the session, in a folder. */
function copied(from: Disk): { readonly root: string; readonly disk: Disk } {
  const root = mkdtempSync(join(tmpdir(), 'strata-packed-'));
  roots.push(root);
  const disk = nodeDisk(root);
  for (const folder of [JOURNAL, snapshotFolder(SESSION_ID)]) {
    for (const name of from.list(folder)) {
      disk.replace(`${folder}/${name}`, from.read(`${folder}/${name}`));
    }
  }
  return { root, disk };
}

function packClosed(root: string, disk: Disk): number {
  const closed = disk.list(JOURNAL).slice(0, -1);
  const quiet = { at: () => undefined, rest: () => undefined };
  for (const segment of closed) packFile(join(root, JOURNAL, segment), quiet);
  return closed.length;
}

it('I10 a session with compressed segments is verified, read and gone on with', async () => {
  const morning = await runGolden({ file, untilUs: GOLDEN_MORNING_US });
  const whole = [...journalRecords(morning.disk, JOURNAL)];
  const { root, disk } = copied(morning.disk);
  const packed = packClosed(root, disk);

  expect(packed).toBeGreaterThan(2);
  expect([...journalRecords(disk, JOURNAL)]).toEqual(whole);
  const verified = verifySession(disk, file);
  expect(verified).toEqual(verifySession(morning.disk, file));
  expect(verified).toMatchObject({ kind: 'verified', result: { decisionHash: morning.hash } });

  const day = openGolden({ file, disk: morning.disk });
  await day.session.advance(GOLDEN_END_US);
  const again = openSession({
    disk,
    file,
    market: goldenMarket(),
    observers: [],
    alert: () => undefined,
    services: [operator()],
  });
  await again.session.advance(GOLDEN_END_US);
  expect(again.session.sequencer.hash.hex()).toBe(day.session.sequencer.hash.hex());
  await Promise.all([day.session.close(), again.session.close()]);
}, 60_000);
