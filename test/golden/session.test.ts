import { beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/core/assert.ts';
import { Config } from '../../src/cli/config-schema.ts';
import { makeKernel } from '../../src/compose/make-kernel.ts';
import { kernelOptions } from '../../src/compose/kernel-options.ts';
import { verifySession } from '../../src/compose/verify-session.ts';
import { createTradingKernel } from '../../src/actors/kernel/kernel.ts';
import type { Kernel } from '../../src/actors/runtime/kernel.ts';
import { recover } from '../../src/actors/runtime/recovery.ts';
import { verify } from '../../src/actors/runtime/verify.ts';
import { QUOTE, TRADE } from '../../src/domain/market/event-batch.ts';
import { JournalDamage } from '../../src/store/journal/journal-error.ts';
import { readJournal } from '../../src/store/journal/journal-reader.ts';
import { journalFolder, segmentName } from '../../src/store/journal/segment-names.ts';
import { alteredMarket } from './altered-market.ts';
import { countKinds, decisionsOf, factsOf, recordsOf } from './golden-decisions.ts';
import {
  GOLDEN_HASH,
  goldenFile,
  goldenMarket,
  type GoldenRun,
  openGolden,
  runGolden,
  SESSION_ID,
} from './golden-session.ts';

const FOLDER = journalFolder(SESSION_ID);
const FIRST_SEGMENT = `${FOLDER}/${segmentName(1)}`;

describe('the golden session (A1)', () => {
  let plain: GoldenRun;

  beforeAll(async () => {
    plain = await runGolden();
  });

  it('has the golden decision hash', () => {
    expect(plain.hash).toBe(GOLDEN_HASH);
  });

  it('is a session worth the name: orders, fills, layer moves, refusals, commands, news', () => {
    const counts = countKinds(plain.disk);
    const least = { intended: 30, filled: 30, layerMoved: 30, refused: 10, enquired: 5 };
    for (const [kind, count] of Object.entries(least)) {
      expect(counts.get(kind), kind).toBeGreaterThanOrEqual(count);
    }
    for (const kind of ['tradingHalted', 'tradingResumed', 'symbolBanned', 'cancelAsked']) {
      expect(counts.get(kind), kind).toBeGreaterThanOrEqual(1);
    }
    const { calendar } = plain.opened.market.source;
    expect(calendar.some(({ input }) => input.kind === 'newsArrived')).toBe(true);
  });

  it.each([1, 3, 64])('has it with %i frames a turn', async (framesMax) => {
    expect((await runGolden({ tuning: { framesMax } })).hash).toBe(plain.hash);
  });

  it.each([256, 300, 8_192])('has it with batches of %i events', async (eventsMax) => {
    expect((await runGolden({ tuning: { eventsMax } })).hash).toBe(plain.hash);
  });

  it('has it when every order waits for the disk, and with snapshots on the way', async () => {
    const tuning = {
      durability: 'fsync',
      snapshotEveryRecords: 500,
      blockBytesMax: 2_048,
    } as const;
    const { disk, hash } = await runGolden({ tuning });

    expect(hash).toBe(plain.hash);
    expect(disk.list(`sessions/${SESSION_ID}/snapshots`).length).toBeGreaterThan(0);
  });

  it('has it when it is driven in steps of time', async () => {
    const opened = openGolden({ disk: plain.disk.crash(), file: otherSession() });
    const { session } = opened;
    let us = present(opened.market.source.calendar[0], 'a day').atUs;
    while (await session.advance(us)) us += 7_777_777;

    expect(session.sequencer.hash.hex()).toBe(plain.hash);
  });

  it('verifies, to the same hash and to the last record', () => {
    const verification = verifySession(plain.disk, goldenFile());

    const { sequence } = plain.opened.session.sequencer;
    const result = { records: sequence, decisionHash: plain.hash, divergence: undefined };
    expect(verification).toEqual({ kind: 'verified', result });
    expect(recordsOf(plain.disk)).toHaveLength(sequence);
  });

  it('has another hash where a price that reaches an order moves one tick', async () => {
    const order = present(
      factsOf(plain.disk).find(({ fact }) => fact.kind === 'intended'),
      'an order',
    );
    const symbol = order.fact.kind === 'intended' ? order.fact.symbol : -1;
    let seen = 0;
    const isQuote = (kind: number | undefined, of: number | undefined, receivedUs: number) =>
      kind === QUOTE && of === symbol && receivedUs <= order.nowUs;
    const counting = alteredMarket(goldenMarket(), (batch, at, us) => {
      if (isQuote(batch.kind[at], batch.symbol[at], us)) seen += 1;
    });
    await runGolden({ market: counting, untilUs: order.nowUs });
    const last = seen;
    seen = 0;
    const market = alteredMarket(goldenMarket(), (batch, at, us) => {
      if (!isQuote(batch.kind[at], batch.symbol[at], us)) return;
      seen += 1;
      if (seen === last) batch.c[at] = (batch.c[at] ?? 0) + 1;
    });

    const moved = await runGolden({ market });

    expect(seen).toBe(last);
    expect(moved.hash).not.toBe(plain.hash);
    expect(decisionsOf(moved.disk)).not.toEqual(decisionsOf(plain.disk));
  });

  it.each([2_000, 3_000, 4_000])(
    'has another hash where the price of trade %i moves one tick: it reaches a row',
    async (nth) => {
      let trades = 0;
      const market = alteredMarket(goldenMarket(), (batch, at) => {
        if (batch.kind[at] !== TRADE) return;
        trades += 1;
        if (trades === nth) batch.a[at] = (batch.a[at] ?? 0) + 1;
      });

      const { hash } = await runGolden({ market });

      expect(trades).toBeGreaterThan(nth);
      expect(hash).not.toBe(plain.hash);
    },
  );

  it('has another hash where a threshold moves one per cent, also by decisions alone', async () => {
    const { config } = goldenFile((yaml) => yaml.replace('zEnter: 2.0', 'zEnter: 2.02'));
    expect(Config.parse(config).strategies.meanReversion.zEnter).toBe(2.02);

    const moved = await runGolden({ file: { ...goldenFile(), config } });

    expect(moved.hash).not.toBe(plain.hash);
    expect(decisionsOf(moved.disk)).not.toEqual(decisionsOf(plain.disk));
  });

  it('has another hash from the start where its configuration has', async () => {
    const file = { ...goldenFile(), configHash: 'another' };

    const moved = await runGolden({ file });

    expect(moved.hash).not.toBe(plain.hash);
    expect(decisionsOf(moved.disk)).toEqual(decisionsOf(plain.disk));
  });

  it('is refused as damaged where one bit of the journal is flipped', () => {
    const { length } = plain.disk.read(FIRST_SEGMENT);
    for (const share of [0.001, 0.2, 0.5, 0.8, 0.999]) {
      const disk = plain.disk.crash();
      disk.flipBit(FIRST_SEGMENT, Math.floor(length * share) * 8 + 3);

      expect(() => verifySession(disk, goldenFile()), `at ${share}`).toThrow(JournalDamage);
      expect(() => openGolden({ disk }), `at ${share}`).toThrow(JournalDamage);
    }
  });

  it('fails to verify with an average off by one bit, and names turn and actor', () => {
    const { divergence } = verifyWith(plain, plantedKernel);

    expect(divergence).toMatchObject({ actor: 'symbols' });
    const records = recordsOf(plain.disk);
    const turn = records.find(({ sequence }) => sequence === divergence?.sequence);
    expect(turn?.nowUs).toBe(divergence?.nowUs);
    expect(verifyWith(plain, () => makeKernel(goldenFile(), config())).divergence).toBeUndefined();
  });
});

/** The same settings beside the first session on its disk. */
function otherSession() {
  return { ...goldenFile(), sessionId: 'golden-2' };
}

function config(): Config {
  return Config.parse(goldenFile().config);
}

function verifyWith({ disk }: GoldenRun, makeOne: () => Kernel) {
  const { configHash } = goldenFile();
  const read = (visit: Parameters<typeof readJournal>[2]) => void readJournal(disk, FOLDER, visit);
  const recoverBefore = (kernel: Kernel, before: number) => recover({ kernel, read, before });
  return verify({ read, makeKernel: makeOne, configHash, recoverBefore });
}

/** A kernel whose exponential average is wrong in its last bit. */
function plantedKernel(): Kernel {
  const { orderSession, symbolsMax } = goldenFile();
  const setting = { config: config(), orderSession, hasHistory: true, symbolsMax };
  const options = kernelOptions(setting);
  const bits = new Float64Array(1);
  const word = new BigUint64Array(bits.buffer);
  const right = options.symbols.features;
  const slot = right.slot('ema20');
  const bar: typeof right.bar = (state, at, timeframe, values) => {
    right.bar(state, at, timeframe, values);
    bits[0] = state[at + slot] ?? 0;
    if (Number.isNaN(bits[0])) return;
    word[0] = (word[0] ?? 0n) ^ 1n;
    state[at + slot] = bits[0] ?? 0;
  };
  const features = new Proxy(right, {
    get(target, key) {
      if (key === 'bar') return bar;
      const member: unknown = Reflect.get(target, key, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  return createTradingKernel({ ...options, symbols: { ...options.symbols, features } });
}
