import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { present } from '../../src/core/assert.ts';
import { Random } from '../../src/core/random.ts';
import { FAULT_POINTS, type FaultPoint } from '../../src/actors/runtime/fault-points.ts';
import { DENSE_VENUE, denseConfig } from '../live-rig/dense-orders.ts';
import { onlySession } from '../live-rig/engine-books.ts';
import { KilledSession } from '../live-rig/killed-session.ts';
import { LiveVenue } from '../live-rig/live-venue.ts';
import { dataDirectory } from './data-directory.ts';
import { strata } from './strata.ts';

const IS_LONG = process.env['STRATA_LONG'] === '1' || process.env['STRATA_CRASH'] === '1';
const SEED = Number(process.env['STRATA_SEED'] ?? 1);
const TEST_MS_MAX = 900_000;
/** Wall time: so long an order is at the venue and nobody here knows. */
const ANSWER_MS = 150;
const LIFE_MS_MAX = 1_200;
const BIRTH_MS_MAX = 2_500;
const HALTED_MS_MAX = 300;
const IN_FLIGHT_SHARE_MIN = 0.6;

/** How a life ends. */
type Death =
  /** At any instant, after all books were equal, while it trades. */
  | 'trading'
  /** While it starts, recovers or reconciles. */
  | 'newborn'
  /** Soon after a person halted it. */
  | 'halted'
  /** By itself, at a fault point: `STRATA_DIE_AT`. */
  | { readonly at: string };

interface Plan {
  readonly name: string;
  /** Laid over the usual configuration. */
  readonly config?: string;
  readonly deaths: (random: Random) => readonly Death[];
}

const FIVE: readonly Death[] = ['trading', 'trading', 'halted', 'trading', 'newborn'];

const SHORT: readonly Plan[] = [
  {
    name: 'at 4 instants and a fault point',
    deaths: (random) => [
      'trading',
      ordered('effectDispatched', random),
      'trading',
      'halted',
      'newborn',
    ],
  },
];

const LONG: readonly Plan[] = [
  { name: 'at instants 1 to 25', deaths: () => times(5, FIVE) },
  {
    name: 'at instants 26 to 50, its orders waiting for the disk',
    config: 'journal: { durability: fsync, snapshotEveryRecords: 2000 }\n',
    deaths: () => times(5, FIVE),
  },
  {
    name: `at each of ${FAULT_POINTS.length} fault points, twice`,
    deaths: (random) =>
      FAULT_POINTS.flatMap((at) => [
        ordered(at, random),
        'trading',
        { at: `${at}:${1 + random.below(EARLY[at] ?? 60)}` },
        'trading',
      ]),
  },
];

/** Points that are passed only by what leaves come less often in the beginning of a life. */
const EARLY: Partial<Record<FaultPoint, number>> = { blockFlushed: 2, effectDispatched: 8 };

describe(`a live session that is killed, STRATA_SEED=${SEED}`, () => {
  for (const [nth, { name, config, deaths }] of (IS_LONG ? LONG : SHORT).entries()) {
    it(`(B1, B2, B3, H5) outlives kill -9 ${name}`, { timeout: TEST_MS_MAX }, async () => {
      using data = dataDirectory();
      await using venue = await LiveVenue.start(DENSE_VENUE);
      const session = new KilledSession(venue, data.path, denseConfig(data.path, config));
      await session.delayAnswers(ANSWER_MS);
      const random = new Random(SEED, nth);
      let isHalted = false;
      let halted = 0;
      for (const death of deaths(random)) {
        if (isHalted) halted += 1;
        await liveAndDie(session, death, isHalted, random);
        if (death === 'halted') isHalted = true;
        else if (death === 'trading') isHalted = false;
        await session.died();
      }
      process.stdout.write(`STRATA_SEED=${SEED}: ${halted} lives began halted, and were\n`);
      await expectWhole(session, isHalted);
    });
  }
});

/** Real time is the fault here: the instant must not suit the engine. */
async function liveAndDie(
  session: KilledSession,
  death: Death,
  isHalted: boolean,
  random: Random,
): Promise<void> {
  if (typeof death === 'object') {
    await using engine = session.launch({ STRATA_DIE_AT: death.at });
    const { code, stderr } = await engine.end();
    expect(code, `it was to die at ${death.at}: ${stderr}`).toBeUndefined();
    return;
  }
  if (death === 'newborn') {
    await using engine = session.launch();
    await wait(random.below(BIRTH_MS_MAX));
    return engine.kill();
  }
  await using engine = await session.start();
  await expectHalt(engine, isHalted);
  await session.checkAndTrade(engine);
  await wait(random.below(LIFE_MS_MAX));
  if (death === 'halted') {
    await session.halt(engine);
    await wait(random.below(HALTED_MS_MAX));
  }
  await engine.kill();
}

type Engine = Awaited<ReturnType<KilledSession['start']>>;

async function expectHalt(engine: Engine, isHalted: boolean): Promise<void> {
  const { halt } = await engine.until('a status', () => true);
  expect(halt !== '', `halted before: ${isHalted}, now: ${halt}`).toBe(isHalted);
}

/** The last life ends in order; then all that was recorded is checked as a whole. */
async function expectWhole(session: KilledSession, isHalted: boolean): Promise<void> {
  const { dataDir, kills } = session;
  const at = ['--data-dir', dataDir];
  await using engine = await session.start();
  await expectHalt(engine, isHalted);
  await session.checkAndTrade(engine);
  await session.halt(engine);
  const { engine: books, venue } = await session.quieten(engine);
  expect((await strata(['stop', ...at])).code).toBe(0);
  const ended = await engine.end();
  expect(ended.code, ended.stderr).toBe(0);

  const share = session.killsInFlight / kills.length;
  process.stdout.write(
    `STRATA_SEED=${SEED}: ${kills.length} kills, ${session.killsInFlight} with orders on their ` +
      `way (${Math.round(share * 100)} %: ${kills.join(' ')}); ${session.quiet} times all books ` +
      `were equal; ${books.lives} lives, ${books.standings.size} orders, ${venue.fills} fills, ` +
      `${books.enquiries} enquiries, ${books.earlyOrders} exits before reconciliation\n`,
  );
  expect(share).toBeGreaterThanOrEqual(IN_FLIGHT_SHARE_MIN);
  expect(books.adopted).toEqual([]);
  expect([books.adjustments, books.drifts, books.strays]).toEqual([0, 0, 0]);
  expect(venue.fills).toBe(books.executions.size);
  const verified = await strata(['verify', ...at]);
  expect(verified.code, verified.stdout + verified.stderr).toBe(0);
  const sessionId = present(onlySession(dataDir), 'there is a session');
  using replayed = dataDirectory();
  const journal = join(dataDir, 'sessions', sessionId);
  const replay = await strata(['replay', journal, '--data-dir', replayed.path, '--json']);
  expect(replay.code, replay.stderr).toBe(0);
}

/** With an order just written down, while others are on their way. */
function ordered(point: FaultPoint, random: Random): Death {
  return { at: `blockFlushed:${5 + random.below(10)},${point}:1` };
}

function times(count: number, deaths: readonly Death[]): readonly Death[] {
  return Array.from({ length: count }, () => deaths).flat();
}
