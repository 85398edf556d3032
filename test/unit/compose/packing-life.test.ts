import { expect, it } from 'vitest';
import { journalFolder } from '../../../src/store/journal/segment-names.ts';
import { readJournal } from '../../../src/store/journal/journal-reader.ts';
import { GOLDEN_MORNING_US, openGolden, SESSION_ID } from '../../golden/golden-session.ts';
import { MemoryDisk } from '../../faulty-disk.ts';

it('a journal is closed with all of its records whatever becomes of the packing', async () => {
  const disk = new MemoryDisk();
  const packing = () => ({
    closed: () => undefined,
    stop: () => Promise.reject(new Error('the thread does not end')),
  });
  const { session } = openGolden({ disk, packing });
  await session.advance(GOLDEN_MORNING_US);

  await expect(session.close()).rejects.toThrow('the thread does not end');
  const { lastSequence } = readJournal(disk, journalFolder(SESSION_ID), () => undefined);
  expect(lastSequence).toBe(session.sequencer.sequence);
});
