import { beforeAll, describe, expect, it } from 'vitest';
import { money } from '../../src/core/money.ts';
import { type AccountId, textId } from '../../src/core/ids.ts';
import { MINUTE, MS } from '../../src/core/time.ts';
import { FAULT_POINTS, type FaultPoint } from '../../src/actors/runtime/fault-points.ts';
import {
  createSimulatedBroker,
  type SimulatedBroker,
} from '../../src/brokers/simulated/simulated-broker.ts';
import { newYorkSession } from '../../src/domain/matching/trading-session.ts';
import type { Requested } from '../../src/ports/effect.ts';
import type { SessionTuning } from '../../src/compose/open-session.ts';
import { MemoryDisk } from '../faulty-disk.ts';
import { countKinds, factsOf } from '../golden/golden-decisions.ts';
import { GOLDEN_OPEN_US, operator } from '../golden/golden-operator.ts';
import {
  type GoldenSetting,
  goldenFile,
  goldenMarket,
  type KilledRun,
  runKilled,
} from '../golden/golden-session.ts';
import { breaches } from './audit.ts';
import { LastingVenue } from './lasting-venue.ts';

/** Every record is a write: at no point more is lost than what is being done. */
const EVERY_RECORD: SessionTuning = { blockBytesMax: 64 };
const UNTIL_US = GOLDEN_OPEN_US + 50 * MINUTE;
const TIMEOUT_MS = 120_000;

/** Orders rest and fill in parts, and are cancelled after five seconds. */
const file = goldenFile((yaml) =>
  yaml
    .replace('partialFillChance: 0.3', 'partialFillChance: 0.9')
    .replace('orderLatencyMs: 15', 'orderLatencyMs: 40')
    .replace('unfilledCancelMs: 60000', 'unfilledCancelMs: 5000'),
);

interface Scene {
  readonly broker: SimulatedBroker;
  readonly venue: LastingVenue;
  readonly unrecorded: readonly string[];
  readonly setting: GoldenSetting;
  /** The disk of the life that is on. */
  on(disk: MemoryDisk): void;
}

describe('an engine that dies at every fault point of its orders (B1)', () => {
  let instants: ReadonlySet<number>;

  beforeAll(async () => {
    const scene = arrange();
    const calm = await live(scene, () => false);
    instants = scene.venue.instants;
    const counts = countKinds(calm.disk);
    expect(counts.get('intended')).toBeGreaterThan(5);
    expect(counts.get('cancelAsked')).toBeGreaterThan(2);
    expect(instants.size).toBeGreaterThan(20);
    expect(audit(scene, calm)).toEqual([]);
  }, TIMEOUT_MS);

  it.each([
    { durability: 'os', blockBytesMax: 64 << 10 },
    { durability: 'fsync', blockBytesMax: 64 << 10 },
    { durability: 'fsync', blockBytesMax: 2_048 },
  ] as const)(
    'has an order on the disk before the venue has it (B7): %o',
    async (tuning) => {
      const scene = arrange(tuning);
      const calm = await live(scene, () => false);

      expect(countKinds(calm.disk).get('intended')).toBeGreaterThan(5);
      expect(audit(scene, calm)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  for (const point of FAULT_POINTS) {
    it.each([1, 2])(
      `keeps I1 to I5 at every ${point}, at pass %i of an instant`,
      async (pass) => {
        const scene = arrange();
        const passed = new Map<number, number>();
        const killed = await live(scene, (at, nowUs) => {
          const isNear = instants.has(nowUs) || scene.venue.instants.has(nowUs);
          if (at !== point || !isNear) return false;
          const nth = (passed.get(nowUs) ?? 0) + 1;
          passed.set(nowUs, nth);
          return nth === pass;
        });

        if (pass === 1) expect(killed.lives).toBeGreaterThan(5);
        expect(audit(scene, killed)).toEqual([]);
      },
      TIMEOUT_MS,
    );
  }
});

function arrange(tuning = EVERY_RECORD): Scene {
  let disk = new MemoryDisk();
  const unrecorded: string[] = [];
  const broker = createSimulatedBroker({
    mode: 'realistic',
    feedLatencyUs: MS,
    orderLatencyUs: 40 * MS,
    answerLatencyUs: 15 * MS,
    barSpreadBps: 2,
    partialFillChance: 0.9,
    seed: 8,
    startingCash: money(1_000_000_000),
    account: textId<AccountId>('GOLDEN'),
    sessions: newYorkSession,
    symbols: (symbol) => SYMBOLS[symbol],
  });
  const venue = new LastingVenue(broker, (requested) => {
    if (!isRecorded(requested, disk, tuning)) unrecorded.push(JSON.stringify(requested.effect));
  });
  return {
    broker,
    venue,
    unrecorded,
    setting: { file, tuning, untilUs: UNTIL_US, services: () => [operator([]), venue] },
    on: (next) => {
      disk = next;
    },
  };
}

const SYMBOLS = goldenMarket().source.symbols;

/** Had the process died now (with syncs: the power gone), would the order's intent be found? */
function isRecorded({ effect }: Requested, disk: MemoryDisk, tuning: SessionTuning): boolean {
  if (effect.kind !== 'submitOrder') return true;
  const powerLoss = tuning.durability === 'fsync';
  return [1, 2, 3].every((seed) =>
    factsOf(disk.crash({ powerLoss, seed })).some(
      ({ fact }) => fact.kind === 'intended' && fact.clientOrderId === effect.clientOrderId,
    ),
  );
}

function live(
  scene: Scene,
  isFatal: (point: FaultPoint, nowUs: number) => boolean,
): Promise<KilledRun> {
  const disk = new MemoryDisk();
  scene.on(disk);
  return runKilled((point, _nth, nowUs) => isFatal(point, nowUs), {
    ...scene.setting,
    disk,
    death: (dead) => {
      const left = dead.crash();
      scene.on(left);
      return left;
    },
  });
}

function audit({ broker, unrecorded }: Scene, { disk, opened }: KilledRun): readonly string[] {
  const facts = factsOf(disk).map(({ fact }) => fact);
  const standings = new Map<string, string>();
  for (const fact of facts) {
    if (fact.kind === 'stood') standings.set(fact.clientOrderId, fact.standing);
  }
  const open = [...standings].filter(([, standing]) => standing === 'unknown');
  return [
    ...breaches(facts, broker, opened.session.kernel),
    ...unrecorded.map((effect) => `I2: not on the disk when it was sent: ${effect}`),
    ...open.map(([clientOrderId]) => `nobody knows what became of ${clientOrderId}`),
  ];
}
