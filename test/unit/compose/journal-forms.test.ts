import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { journalSize } from '../../../src/compose/journal-size.ts';
import { demandJournal } from '../../../src/compose/live/demand-journal.ts';
import { nodeDisk } from '../../../src/store/journal/node-disk.ts';
import { packFile } from '../../../src/store/journal/pack-file.ts';
import { appendRecords, FOLDER, identity, startWriter } from '../store/journal/journal-fixture.ts';

const SESSION = identity.sessionId;
const QUIET = { at: () => undefined, rest: () => undefined };

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

/** A journal whose closed segments are compressed. */
async function packed() {
  const root = mkdtempSync(join(tmpdir(), 'strata-forms-'));
  roots.push(root);
  const disk = nodeDisk(root);
  const writer = startWriter(disk, { segmentBytesMax: 6_000, blockBytesMax: 1_000 });
  appendRecords(writer, 100);
  await writer.close();
  const written = journalSize(root, SESSION).writtenBytes;
  const [first = '', ...others] = disk.list(FOLDER).slice(0, -1);
  for (const segment of [first, ...others]) packFile(join(root, FOLDER, segment), QUIET);
  return { root, disk, written, first, last: disk.list(FOLDER).at(-1) ?? '' };
}

describe('a journal of which segments are compressed', () => {
  it('is there for a session that was killed, whatever its last segment holds', async () => {
    const { root, first, last } = await packed();
    demandJournal(root, SESSION);

    // Killed as it began a segment, or as somebody opened one that had just been replaced.
    writeFileSync(join(root, FOLDER, last), '');
    demandJournal(root, SESSION);
    writeFileSync(join(root, FOLDER, first), '');
    expect(() => demandJournal(root, SESSION)).not.toThrow();
  });

  it('is gone where no segment holds anything', () => {
    const root = mkdtempSync(join(tmpdir(), 'strata-forms-'));
    roots.push(root);
    nodeDisk(root).replace(`${FOLDER}/000001.seg`, new Uint8Array(0));

    expect(() => demandJournal(root, SESSION)).toThrow('its journal is gone');
  });

  it('is as large as it was written, also where an empty one lies beside it', async () => {
    const { root, first, written } = await packed();
    expect(journalSize(root, SESSION).writtenBytes).toBe(written);

    writeFileSync(join(root, FOLDER, first), '');
    const { writtenBytes, packed: forms } = journalSize(root, SESSION);
    expect(writtenBytes).toBe(written);
    expect(forms.storedBytes).toBeLessThan(forms.writtenBytes);
  });
});
