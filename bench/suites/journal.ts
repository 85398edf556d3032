import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Hash64 } from '../../src/core/hash.ts';
import { recover } from '../../src/actors/runtime/recovery.ts';
import { verify } from '../../src/actors/runtime/verify.ts';
import { nodeDisk } from '../../src/store/journal/node-disk.ts';
import { readJournal } from '../../src/store/journal/journal-reader.ts';
import { JournalWriter } from '../../src/store/journal/journal-writer.ts';
import { journalFolder } from '../../src/store/journal/segment-names.ts';
import { RECORD_HEADER_BYTES } from '../../src/store/journal/block-format.ts';
import type { JournalRecord } from '../../src/ports/journal.ts';
import type { Suite, Outcome } from '../harness/suite.ts';
import { leanTicks, openFor } from '../engine/market.ts';
import { inScratchFolder } from '../harness/scratch-folder.ts';
import { benchKernel, CONFIG_HASH, openBenchSession, SESSION_ID } from '../engine/session.ts';
import { Stopwatch } from '../harness/stopwatch.ts';

const RECORDS = 1_000_000;
const RECORD_BYTES = 160;
const BLOCK_BYTES = 65_536;
const BYTES_MAX = 20_000_000_000;

export const journal: Suite = {
  name: 'journal',
  measures:
    `append: ${RECORD_BYTES}-byte records (header of ${RECORD_HEADER_BYTES} included) into ` +
    'blocks with checksum and chain, and write(2) of each block (durability os). read: the same ' +
    'journal read back with every check. verify: a session of the Lean ticks (event cadence) ' +
    'decided again from its inputs and compared record by record.',
  leavesOut: 'the device: what write(2) has taken may still be in memory. No fsync.',
  target: 'none in the issue; a record costs far less than the event it holds',
  variants: [
    { name: 'append, 64 KB blocks', run: () => append(BLOCK_BYTES) },
    { name: 'append, 4 KB blocks', run: () => append(4_096) },
    { name: 'read', run: readBack },
    { name: 'verify, lean', run: verifySession },
    { name: 'no-op floor', run: floor },
  ],
};

function append(blockBytesMax: number): Promise<Outcome> {
  return inScratchFolder(async (folder) => {
    const watch = new Stopwatch();
    await fill(folder, blockBytesMax);
    return perRecord(watch, RECORDS);
  });
}

function readBack(): Promise<Outcome> {
  return inScratchFolder(async (folder) => {
    await fill(folder, BLOCK_BYTES);
    const watch = new Stopwatch();
    let records = 0;
    readJournal(nodeDisk(folder), journalFolder(SESSION_ID), () => {
      records += 1;
    });
    return perRecord(watch, records);
  });
}

async function fill(folder: string, blockBytesMax: number): Promise<void> {
  const disk = nodeDisk(folder);
  const place = journalFolder(SESSION_ID);
  const writer = new JournalWriter({
    disk,
    folder: place,
    identity: {
      sessionId: SESSION_ID,
      buildId: 'bench-build',
      configHash: CONFIG_HASH,
      nodeMajor: 0,
      predecessorHash: '',
    },
    contents: readJournal(disk, place, () => undefined),
    settings: { durability: 'os', bytesMax: BYTES_MAX, blockBytesMax },
    onState: () => undefined,
  });
  const payload = new Uint8Array(RECORD_BYTES - RECORD_HEADER_BYTES).fill(7);
  const hash = new Hash64();
  for (let record = 1; record <= RECORDS; record += 1) {
    writer.append(1, record, record, hash, payload);
  }
  await writer.close();
}

function verifySession(): Promise<Outcome> {
  return inScratchFolder(async (folder) => {
    const { file, note } = leanTicks();
    const market = openFor(file);
    const setting = { marketFile: file, market, settings: { market: { cadence: 'event' } } };
    const { session } = openBenchSession({ folder, ...setting });
    while (await session.advance(Number.MAX_SAFE_INTEGER)) continue;
    await session.close();
    const { events } = session.driver;

    const disk = nodeDisk(folder);
    const read = (visit: (record: JournalRecord) => void) =>
      void readJournal(disk, journalFolder(SESSION_ID), visit);
    const watch = new Stopwatch();
    const verified = verify({
      read,
      makeKernel: () => benchKernel(setting),
      configHash: CONFIG_HASH,
      recoverBefore: (kernel, before) => recover({ kernel, read, before }),
    });
    const { figures } = perRecord(watch, verified.records);
    const { perCpuSecond } = watch.rates(events);
    const found = verified.divergence === undefined ? 'no difference' : 'DIFFERS';
    return {
      figures: { ...figures, eventsPerCpuSecond: perCpuSecond ?? Number.NaN },
      note: [note, found].filter(Boolean).join('; '),
    };
  });
}

/** The same bytes in the same pieces to a file, without a format. */
function floor(): Promise<Outcome> {
  return inScratchFolder((folder) => {
    const bytes = new Uint8Array(BLOCK_BYTES).fill(7);
    const file = openSync(join(folder, 'floor'), 'w');
    const watch = new Stopwatch();
    for (let left = RECORDS * RECORD_BYTES; left > 0; left -= BLOCK_BYTES) writeSync(file, bytes);
    const outcome = perRecord(watch, RECORDS);
    closeSync(file);
    return outcome;
  });
}

function perRecord(watch: Stopwatch, count: number): Outcome {
  const { cpuMs, wallMs } = watch.read();
  return {
    figures: {
      count,
      cpuNs: (cpuMs / count) * 1e6,
      wallNs: (wallMs / count) * 1e6,
      perCpuSecond: (count / cpuMs) * 1e3,
    },
  };
}
