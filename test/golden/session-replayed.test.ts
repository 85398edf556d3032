import { beforeAll, describe, expect, it } from 'vitest';
import { ByteReader } from '../../src/core/bytes.ts';
import type { OpenedMarket } from '../../src/compose/market.ts';
import { inputCodec } from '../../src/ports/input.ts';
import { RECORD_INPUT } from '../../src/ports/turn-record.ts';
import { journalRecords, readJournal } from '../../src/store/journal/journal-reader.ts';
import { journalFolder } from '../../src/store/journal/segment-names.ts';
import { JournalMarket } from '../../src/streams/recorded/journal-market.ts';
import { MemoryDisk } from '../faulty-disk.ts';
import {
  GOLDEN_MORNING_US,
  type GoldenRun,
  openGolden,
  runGolden,
  SESSION_ID,
} from './golden-session.ts';

let recorded: GoldenRun;
beforeAll(async () => {
  recorded = await runGolden();
});

/** The recording is the whole world: nobody commands but the one who is in it. */
function replaying(disk = new MemoryDisk()) {
  const records = () => journalRecords(recorded.disk, journalFolder(SESSION_ID));
  const market: OpenedMarket = {
    source: new JournalMarket({ name: 'golden', records }),
    isHistoryGiven: true,
    historyFaults: { count: 0, first: [] },
  };
  return { disk, market, services: () => [] };
}

function commandsOf(disk: MemoryDisk): readonly string[] {
  const commands: string[] = [];
  readJournal(disk, journalFolder(SESSION_ID), ({ kind, payload }) => {
    if (kind !== RECORD_INPUT) return;
    const input = inputCodec.read(new ByteReader(payload));
    if (input.kind === 'commanded') commands.push(input.commandId);
  });
  return commands;
}

describe('the golden session, replayed from its journal', () => {
  it('decides the same, commands and news included', async () => {
    const { hash, disk } = await runGolden(replaying());

    expect(hash).toBe(recorded.hash);
    expect(commandsOf(disk)).toEqual(commandsOf(recorded.disk));
    expect(commandsOf(disk).length).toBeGreaterThan(5);
  });

  it('takes each command once where the replay itself is killed and recovered', async () => {
    const { disk, ...setting } = replaying();
    const { session } = openGolden({ disk, ...setting });
    await session.advance(GOLDEN_MORNING_US);
    const begun = commandsOf(disk);
    const again = await runGolden(replaying(disk.crash()));

    expect(begun.length).toBeGreaterThan(2);
    expect(commandsOf(again.disk)).toEqual(commandsOf(recorded.disk));
  });
});
