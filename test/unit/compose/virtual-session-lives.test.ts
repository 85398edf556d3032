import { describe, expect, it } from 'vitest';
import { ByteReader } from '../../../src/core/bytes.ts';
import { HOUR } from '../../../src/core/time.ts';
import { verifySession } from '../../../src/compose/verify-session.ts';
import type { RecoveryNote } from '../../../src/compose/session-life.ts';
import { type Input, inputCodec } from '../../../src/ports/input.ts';
import { RECORD_INPUT } from '../../../src/ports/turn-record.ts';
import { JournalDamage } from '../../../src/store/journal/journal-error.ts';
import { latestSnapshot, writeSnapshot } from '../../../src/store/journal/snapshots.ts';
import { MemoryDisk } from '../../faulty-disk.ts';
import { factsOf, recordsOf } from '../../golden/golden-decisions.ts';
import { GOLDEN_OPEN_US } from '../../golden/golden-operator.ts';
import { goldenFile, openGolden, runGolden } from '../../golden/golden-session.ts';

const HOUR_US = GOLDEN_OPEN_US + HOUR;
const LATER_US = HOUR_US + HOUR;
const JOURNAL = 'sessions/golden/journal';
const SNAPSHOTS = 'sessions/golden/snapshots';
const tuning = { snapshotEveryRecords: 500, blockBytesMax: 1 << 20 } as const;

describe('a snapshot that the journal does not explain', () => {
  it('is damage where records before it are lost, and nothing is cut or written', async () => {
    const { disk } = await runGolden({ untilUs: HOUR_US, tuning });
    const last = recordsOf(disk).at(-1)?.sequence ?? 0;
    const newest = disk.list(SNAPSHOTS).at(-1) ?? '';
    const short = await runGolden({ untilUs: GOLDEN_OPEN_US, tuning });
    const left = recordsOf(short.disk).at(-1)?.sequence ?? 0;
    expect(left).toBeLessThan(Number(newest.slice(0, 16)));
    for (const name of disk.list(JOURNAL)) disk.remove(`${JOURNAL}/${name}`);
    const torn = [...short.disk.read(`${JOURNAL}/000001.seg`), 1, 2, 3];
    disk.put(`${JOURNAL}/000001.seg`, Uint8Array.from(torn));

    const thrown = thrownBy(() => openGolden({ disk, tuning }));

    expect(last).toBeGreaterThan(left);
    expect(thrown).toBeInstanceOf(JournalDamage);
    expect(thrown).toMatchObject({ code: 'JOURNAL_DAMAGED', segment: '000001.seg' });
    expect(String(thrown)).toContain(newest);
    expect(String(thrown)).toContain(`the last one is ${left}`);
    expect([...disk.read(`${JOURNAL}/000001.seg`)]).toEqual(torn);
  });

  it('is damage where the whole journal is lost', async () => {
    const { disk } = await runGolden({ untilUs: HOUR_US, tuning });
    for (const name of disk.list(JOURNAL)) disk.remove(`${JOURNAL}/${name}`);

    expect(() => openGolden({ disk, tuning })).toThrow(JournalDamage);
    expect(disk.list(JOURNAL)).toEqual([]);
  });

  it('is passed over and reported where its hash, its time or its session is another', async () => {
    const plain = await runGolden({ untilUs: LATER_US, tuning });
    const forgeries: readonly ((bytes: Uint8Array) => void)[] = [
      (bytes) => flip(bytes, HASH_AT),
      (bytes) => flip(bytes, HASH_AT + 4),
      (bytes) => flip(bytes, TIME_AT + 2),
      (bytes) => flip(bytes, VERSION_AT),
      (bytes) => flip(bytes, 2), // The first letter of the session.
    ];
    for (const [nth, forge] of forgeries.entries()) {
      const { disk } = await runGolden({ untilUs: HOUR_US, tuning });
      const { snapshot } = latestSnapshot(disk, SNAPSHOTS);
      const bytes = Uint8Array.from(snapshot?.bytes ?? []);
      forge(bytes);
      writeSnapshot(disk, SNAPSHOTS, snapshot?.sequence ?? 0, bytes);
      const notes: RecoveryNote[] = [];
      const newest = disk.list(SNAPSHOTS).at(-1);
      const told = (note: RecoveryNote) => void notes.push(note);
      const { hash } = await runGolden({ disk, untilUs: LATER_US, tuning, told });

      expect(notes, `forgery ${nth}`).toMatchObject([{ life: 2, damagedSnapshots: [newest] }]);
      expect(hash, `forgery ${nth}`).toBe(plain.hash);
    }
  });

  it('is not left by a loss of power, whatever the durability', async () => {
    for (const durability of ['none', 'os', 'fsync'] as const) {
      const setting = { tuning: { ...tuning, blockBytesMax: 4_096, durability } };
      const { disk } = await runGolden({ ...setting, untilUs: HOUR_US });
      expect(disk.list(SNAPSHOTS)).toHaveLength(2);
      for (let seed = 0; seed < 10; seed += 1) {
        const left = disk.crash({ powerLoss: true, seed });
        const notes: RecoveryNote[] = [];
        const told = (note: RecoveryNote) => void notes.push(note);
        openGolden({ ...setting, disk: left, told });

        expect(notes, `${durability}, ${seed}`).toMatchObject([{ life: 2, damagedSnapshots: [] }]);
      }
    }
  });

  it('is used, and nothing reported, where the session wrote it itself', async () => {
    const { disk } = await runGolden({ untilUs: HOUR_US, tuning });
    const notes: RecoveryNote[] = [];
    await runGolden({ disk, untilUs: LATER_US, tuning, told: (note) => void notes.push(note) });

    expect(notes).toMatchObject([{ life: 2, damagedSnapshots: [] }]);
  });
});

describe('a life after one that opened nothing more for want of room', () => {
  it('trades again where there is room, and verify repeats that it was told so', async () => {
    const disk = new MemoryDisk();
    disk.plan({ operation: 'replace', nth: 1, code: 'DISK_FULL' });
    await runGolden({ disk, untilUs: HOUR_US, tuning });
    expect(journalSaid(disk)).toEqual(['degraded']);
    const entries = intended(disk);

    await runGolden({ disk, untilUs: LATER_US + HOUR, tuning });

    expect(journalSaid(disk)).toEqual(['degraded', 'up']);
    expect(intended(disk)).toBeGreaterThan(entries);
    const inputs = inputsOf(disk);
    const again = inputs.findIndex((input) => input.kind === 'opened' && input.life === 2);
    expect(inputs[again + 1]).toMatchObject({ kind: 'serviceChanged', state: 'up' });
    expect(verifySession(disk, goldenFile())).toMatchObject({ result: { divergence: undefined } });
  });

  it('stays as it is where there is none', async () => {
    const file = goldenFile((yaml) =>
      yaml
        .replace('bytesMax: 20000000000', 'bytesMax: 200000')
        .replace('segmentBytesMax: 268435456', 'segmentBytesMax: 200000'),
    );
    const disk = new MemoryDisk();
    await runGolden({ file, disk, untilUs: HOUR_US });
    expect(journalSaid(disk)).toEqual(['degraded']);

    await runGolden({ file, disk, untilUs: HOUR_US + 1 });

    expect(journalSaid(disk)).not.toContain('up');
  });
});

/** After the session's name: `golden` with its length, 8 bytes. */
const VERSION_AT = 8;
const TIME_AT = VERSION_AT + 1;
const HASH_AT = TIME_AT + 8 + 8;

function flip(bytes: Uint8Array, at: number): void {
  bytes[at] = (bytes[at] ?? 0) ^ 1;
}

function thrownBy(run: () => void): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

function inputsOf(disk: MemoryDisk): readonly Input[] {
  return recordsOf(disk).flatMap(({ kind, payload }) =>
    kind === RECORD_INPUT ? [inputCodec.read(new ByteReader(payload))] : [],
  );
}

function journalSaid(disk: MemoryDisk): readonly string[] {
  return inputsOf(disk).flatMap((input) =>
    input.kind === 'serviceChanged' && input.service === 'journal' ? [input.state] : [],
  );
}

function intended(disk: MemoryDisk): number {
  return factsOf(disk).filter(({ fact }) => fact.kind === 'intended').length;
}
