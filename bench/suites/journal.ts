import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { recover } from '../../src/actors/runtime/recovery.ts';
import { verify } from '../../src/actors/runtime/verify.ts';
import { nodeDisk } from '../../src/store/journal/node-disk.ts';
import { readJournal } from '../../src/store/journal/journal-reader.ts';
import { journalFolder } from '../../src/store/journal/segment-names.ts';
import type { JournalRecord } from '../../src/ports/journal.ts';
import type { Suite, Outcome, Scale } from '../harness/suite.ts';
import { RECORD_BYTES, RecordFiller } from '../engine/journal-records.ts';
import { journalVolume } from '../engine/journal-volume.ts';
import { leanTicks, openFor, seeded } from '../engine/market.ts';
import { dropSnapshots, recordSession, reviveSession } from '../engine/recorded-session.ts';
import { Samples } from '../harness/percentiles.ts';
import { inScratchFolder } from '../harness/scratch-folder.ts';
import { benchKernel, CONFIG_HASH, openBenchSession, SESSION_ID } from '../engine/session.ts';
import { Stopwatch } from '../harness/stopwatch.ts';

const RECORDS = { full: 1_000_000, quick: 100_000 } as const;
const RECOVERED = { full: 1_000_000, quick: 50_000 } as const;
const VERIFIED = { full: Number.POSITIVE_INFINITY, quick: 100_000 } as const;
const COMMITS = { full: 3_000, quick: 200 } as const;
/** Records that come while a commit is under way share the next one. */
const SHARED = 64;
/** Between two snapshots of the default configuration, less a slice. */
const FOLLOWING = { full: 190_000, quick: 0 } as const;
const BLOCK_BYTES = 65_536;
/** What an event may take as it is written, before its segment is closed and compressed. */
const EVENT_BYTES_BUDGET = 64;

export const journal: Suite = {
  name: 'journal',
  measures:
    `append: ${RECORD_BYTES}-byte records into blocks with checksum and chain, and write(2) of ` +
    'each block (durability os). commit: a record, its block written and synced (fsync), closed ' +
    `loop; \`bare\` is write(2) and fdatasync of as many bytes in turns with it; shared: ` +
    `${SHARED} records come while one commit is under way. read: every check, no record used. ` +
    'recovery: the next life of a seeded session that ran one frame a turn, as every session ' +
    'begins one: the journal read, the newest snapshot chosen, facts applied, rows learned from ' +
    'the events since; `after a snapshot` as many records follow it as there may be. volume: ' +
    "a session's journal over its events, and its closed segments compressed as a session does. " +
    'verify: the Lean ticks decided again and compared record by record.',
  leavesOut:
    'what a device does under the load of others. Of recovery: the market, the venue, services; ' +
    'a live session begins with those. Compression has a thread of its own and rests; its CPU ' +
    'here is without the rests, and with the reading back',
  target:
    'recovery of 1 M records <= 2 s of CPU; closed segments compressed >= 3x; ' +
    `an event <= ${EVENT_BYTES_BUDGET} bytes before that`,
  variants: [
    { name: 'append, 64 KB blocks', run: (scale) => append(scale, BLOCK_BYTES) },
    { name: 'append, 4 KB blocks', run: (scale) => append(scale, 4_096) },
    { name: 'commit', run: commits },
    { name: 'commit, shared', run: sharedCommits },
    { name: 'read', run: readBack },
    { name: 'recovery after a snapshot', run: (scale) => recovery(scale, true) },
    { name: 'recovery without one', run: (scale) => recovery(scale, false) },
    { name: 'volume, seeded day', run: (scale) => journalVolume(scale, { file: seeded(500) }) },
    { name: 'volume, Lean day', run: (scale) => journalVolume(scale, leanTicks()) },
    { name: 'verify, Lean', run: verifySession },
    { name: 'no-op floor', run: floor },
  ],
  goals: [
    {
      id: '7.2',
      says: 'recovery of 1 M records from snapshot and facts, ms of CPU',
      limit: 2_000,
      sense: 'atMost',
      figure: (of) => of('recovery after a snapshot', 'perMillionCpuMs'),
    },
    {
      id: '7.3',
      says: 'closed segments compressed, times: the seeded day',
      limit: 3,
      sense: 'atLeast',
      figure: (of) => of('volume, seeded day', 'packedTimes'),
    },
    {
      id: '7.4',
      says: 'closed segments compressed, times: the Lean day',
      limit: 3,
      sense: 'atLeast',
      figure: (of) => of('volume, Lean day', 'packedTimes'),
    },
    {
      id: '7.5',
      says: `bytes of an event in the journal, of a budget of ${EVENT_BYTES_BUDGET}`,
      limit: EVENT_BYTES_BUDGET,
      sense: 'atMost',
      figure: (of) => of('volume, seeded day', 'bytesPerEvent'),
    },
  ],
};

function append(scale: Scale, blockBytesMax: number): Promise<Outcome> {
  return inScratchFolder(async (folder) => {
    const filler = new RecordFiller(folder, 'os', blockBytesMax);
    const watch = new Stopwatch();
    for (let left = RECORDS[scale]; left > 0; left -= 1) filler.append();
    await filler.writer.close();
    return perRecord(watch, RECORDS[scale]);
  });
}

/** Ours and the bare one in turns, so that they meet the same device. */
function commits(scale: Scale): Promise<Outcome> {
  return inScratchFolder(async (folder) => {
    const filler = new RecordFiller(folder, 'fsync', BLOCK_BYTES);
    const bare = openSync(join(folder, 'bare'), 'a');
    const bytes = new Uint8Array(RECORD_BYTES).fill(7);
    const [own, floors] = [new Samples(COMMITS.full), new Samples(COMMITS.full)];
    await filler.writer.syncIfNeeded();
    for (let left = COMMITS[scale]; left > 0; left -= 1) {
      const beginMs = performance.now();
      filler.append();
      filler.writer.flush();
      await filler.writer.syncIfNeeded();
      own.add(performance.now() - beginMs);
      const bareMs = performance.now();
      writeSync(bare, bytes);
      fdatasyncSync(bare);
      floors.add(performance.now() - bareMs);
    }
    closeSync(bare);
    await filler.writer.close();
    const ratio = own.percentile(0.5) / floors.percentile(0.5);
    return { figures: { ...own.figures('commit'), ...floors.figures('floor'), p50Ratio: ratio } };
  });
}

function sharedCommits(scale: Scale): Promise<Outcome> {
  return inScratchFolder(async (folder) => {
    const filler = new RecordFiller(folder, 'fsync', BLOCK_BYTES);
    const watch = new Stopwatch();
    let records = 0;
    for (let left = COMMITS[scale]; left > 0; left -= 1) {
      for (let each = 0; each < SHARED; each += 1) filler.append();
      records += SHARED;
      filler.writer.flush();
      await filler.writer.syncIfNeeded();
    }
    const outcome = perRecord(watch, records);
    await filler.writer.close();
    return outcome;
  });
}

function readBack(scale: Scale): Promise<Outcome> {
  return inScratchFolder(async (folder) => {
    const filler = new RecordFiller(folder, 'os', BLOCK_BYTES);
    for (let left = RECORDS[scale]; left > 0; left -= 1) filler.append();
    await filler.writer.close();
    const watch = new Stopwatch();
    let records = 0;
    readJournal(nodeDisk(folder), journalFolder(SESSION_ID), () => {
      records += 1;
    });
    return perRecord(watch, records);
  });
}

function recovery(scale: Scale, isFromSnapshot: boolean): Promise<Outcome> {
  return inScratchFolder(async (folder) => {
    const recorded = await recordSession(folder, RECOVERED[scale]);
    const none = Number.POSITIVE_INFINITY;
    const snapshot = dropSnapshots(recorded, isFromSnapshot ? FOLLOWING[scale] : none);
    const watch = new Stopwatch();
    const life = reviveSession(folder);
    const { cpuMs, wallMs } = watch.read();
    const { records } = life.note;
    await life.close();
    return {
      figures: {
        records,
        followingRecords: records - snapshot,
        eventsPerRecord: recorded.events / records,
        cpuMs,
        wallMs,
        perMillionCpuMs: (cpuMs / records) * 1e6,
      },
    };
  });
}

function verifySession(scale: Scale): Promise<Outcome> {
  return inScratchFolder(async (folder) => {
    const { file, note } = leanTicks();
    const market = openFor(file, VERIFIED[scale]);
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
function floor(scale: Scale): Promise<Outcome> {
  return inScratchFolder((folder) => {
    const bytes = new Uint8Array(BLOCK_BYTES).fill(7);
    const file = openSync(join(folder, 'floor'), 'w');
    const watch = new Stopwatch();
    const total = RECORDS[scale] * RECORD_BYTES;
    for (let left = total; left > 0; left -= BLOCK_BYTES) writeSync(file, bytes);
    const outcome = perRecord(watch, RECORDS[scale]);
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
