import { describe, expect, it } from 'vitest';
import { money } from '../../src/core/money.ts';
import { type AccountId, textId } from '../../src/core/ids.ts';
import { HOUR, MINUTE, MS } from '../../src/core/time.ts';
import { createSimulatedBroker } from '../../src/brokers/simulated/simulated-broker.ts';
import { newYorkSession } from '../../src/domain/matching/trading-session.ts';
import type { RecoveryNote } from '../../src/compose/session-life.ts';
import { MemoryDisk } from '../faulty-disk.ts';
import { type Dated, factsOf } from '../golden/golden-decisions.ts';
import { GOLDEN_OPEN_US, operator } from '../golden/golden-operator.ts';
import { goldenFile, goldenMarket, openGolden, runKilled } from '../golden/golden-session.ts';
import { breaches } from './audit.ts';
import { LastingVenue } from './lasting-venue.ts';

const SILENT_US = 20 * MINUTE;

describe('a recovered engine (B3)', () => {
  it('opens nothing before it knows what became of its orders', async () => {
    const { symbols } = goldenMarket().source;
    const broker = createSimulatedBroker({
      mode: 'realistic',
      feedLatencyUs: MS,
      orderLatencyUs: 15 * MS,
      answerLatencyUs: 15 * MS,
      barSpreadBps: 2,
      partialFillChance: 0.3,
      seed: 8,
      startingCash: money(1_000_000_000),
      account: textId<AccountId>('GOLDEN'),
      sessions: newYorkSession,
      symbols: (symbol) => symbols[symbol],
    });
    const venue = new LastingVenue(broker, () => undefined);
    let isExposed = false;
    let diedUs = 0;

    const { disk, opened } = await runKilled(
      (point, _nth, nowUs) => {
        const isFatal = isExposed && point === 'effectDispatched' && diedUs === 0;
        isExposed = point === 'blockFlushed' && nowUs > GOLDEN_OPEN_US + HOUR;
        if (!isFatal) return false;
        diedUs = nowUs;
        venue.silentUntilUs = nowUs + SILENT_US;
        return true;
      },
      {
        untilUs: GOLDEN_OPEN_US + 3 * HOUR,
        tuning: { blockBytesMax: 64 },
        services: () => [operator([]), venue],
      },
    );

    const facts = factsOf(disk);
    const within = facts.filter(({ nowUs }) => nowUs > diedUs && nowUs < diedUs + SILENT_US);
    const after = facts.filter(({ nowUs }) => nowUs > diedUs + SILENT_US);
    expect(within.filter(isEntry)).toEqual([]);
    expect(within.filter(isReconciling).length).toBeGreaterThan(0);
    expect(within.filter(({ fact }) => fact.kind === 'enquired').length).toBeGreaterThan(10);
    expect(after.filter(isReconciling).length).toBeLessThan(2);
    expect(after.filter(isEntry).length).toBeGreaterThan(0);
    const all = facts.map(({ fact }) => fact);
    expect(breaches(all, broker, opened.session.kernel)).toEqual([]);
  }, 60_000);

  it('is ready soon after a long journal with a snapshot', async () => {
    const records = 1_000_000;
    const disk = new MemoryDisk();
    const file = goldenFile();
    const { session } = openGolden({ disk, file });
    await session.advance(GOLDEN_OPEN_US + HOUR);
    const { sequencer } = session;
    for (let left = records; left > 0; left -= 1) {
      sequencer.accept({ kind: 'timePassed' }, sequencer.nowUs);
    }
    sequencer.seal();
    session.writer.flush();
    session.takeSnapshot();
    const notes: RecoveryNote[] = [];

    const beganMs = performance.now();
    openGolden({ disk: disk.crash(), file, told: (note) => notes.push(note) });
    const readyMs = performance.now() - beganMs;

    process.stdout.write(`ready in ${Math.round(readyMs)} ms: ${notes[0]?.records} records\n`);
    expect(notes[0]?.records).toBeGreaterThan(records);
  }, 60_000);
});

function isEntry({ fact }: Dated): boolean {
  return fact.kind === 'intended' && fact.purpose === 'entry';
}

/** Refused because an order is not reconciled: the third reason of `REDUCE_ONLY_REASONS`. */
function isReconciling({ fact }: Dated): boolean {
  return fact.kind === 'refused' && fact.code === 'REDUCE_ONLY' && fact.value === 3;
}
