import { setImmediate as breathe } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Config } from '../../../../src/cli/config-schema.ts';
import { retellSession } from '../../../../src/compose/store-feed/refill.ts';
import { sessionFeed } from '../../../../src/compose/store-feed/session-feed.ts';
import { SessionSeries } from '../../../../src/compose/store-feed/session-series.ts';
import { MINUTE } from '../../../../src/core/time.ts';
import { MemoryDisk } from '../../../faulty-disk.ts';
import { GOLDEN_OPEN_US, operator } from '../../../golden/golden-operator.ts';
import { goldenFile, openGolden } from '../../../golden/golden-session.ts';
import { MemorySeries } from '../../../memory-series.ts';
import { FakeStore, type Scene, sceneOf } from '../../store/sink/sink-scene.ts';
import { RowTaker } from './row-taker.ts';

const file = goldenFile();
const config = Config.parse(file.config);
const SLICE_US = 2 * MINUTE;
const SLICES = 45;

type State = FakeStore['state'];

interface Run {
  readonly hash: string;
  readonly disk: MemoryDisk;
  readonly scene: Scene;
  readonly told: string | undefined;
  readonly troubles: number;
}

/** Ninety minutes; a third of them in that state of the store, and so the rest where it stays. */
async function session(state: State, isBack: boolean): Promise<Run> {
  const disk = new MemoryDisk();
  const scene = sceneOf({ queueBytesMax: 1 << 18 });
  const series = seriesOf(scene);
  const services = (): ReturnType<typeof operator>[] => [operator()];
  const { session: life } = openGolden({ disk, feed: series.feed, services });
  let troubles = 0;
  for (let slice = 0; slice < SLICES; slice += 1) {
    if (slice === SLICES / 3) scene.store.state = state;
    if (slice === (2 * SLICES) / 3 && isBack) mend(scene);
    await life.advance(GOLDEN_OPEN_US + slice * SLICE_US);
    series.look(() => life.writeOut());
    scene.time.advance(600);
    await breathe();
    if (!series.health.isWell) troubles += 1;
  }
  const hash = life.sequencer.hash.hex();
  await life.close();
  const closing = series.close(true);
  for (let step = 0; step < 50; step += 1) {
    await breathe();
    scene.time.advance(600);
  }
  return { hash, disk, scene, told: await closing, troubles };
}

function seriesOf({ sink, time }: Scene): SessionSeries {
  return new SessionSeries({
    place: 'memory',
    makeFeed: (taken, safe) => sessionFeed(file, config, { taken, safe }),
    sink,
    mark: { sequence: 0, move: () => undefined },
    flushMs: 500,
    drainMsMax: 10_000,
    queueBytesMax: 1 << 18,
    wallMs: () => time.wallMs(),
    store: new MemorySeries(),
  });
}

function mend({ store }: Scene): void {
  store.state = 'up';
  store.release();
}

/** What is in the store in the end is what the journal tells. */
function expectAll({ disk, scene }: Run, store = scene.store): void {
  const kept = new RowTaker();
  for (const batch of store.batches) kept.take(batch);
  const told = new RowTaker();
  retellSession(disk, file, sessionFeed(file, config, { taken: told.take }));

  expect(scene.failures).toEqual([]);
  expect(kept.tables).toEqual(told.tables);
  for (const table of told.tables) expect(kept.kept(table), table).toEqual(told.kept(table));
}

describe('a session whose store has troubles', () => {
  it.each<State>(['away', 'full', 'hangs'])(
    'decides the same, and loses no row, while the store is %s for a while (J1)',
    async (state) => {
      const plain = await session('up', true);
      const troubled = await session(state, true);

      expect(troubled.hash).toBe(plain.hash);
      expect(plain.troubles).toBe(0);
      if (state !== 'hangs') expect(troubled.troubles).toBeGreaterThan(5);
      expect(troubled.told).toBeUndefined();
      expectAll(troubled);
    },
    60_000,
  );

  it('leaves on the disk what the store does not take, and the next sink goes on', async () => {
    const run = await session('away', false);
    const { disk, store } = run.scene;
    mend(run.scene);
    const next = sceneOf({}, { disk, store });
    for (let step = 0; step < 40; step += 1) {
      next.time.advance(600);
      await breathe();
    }

    expect(run.told).toMatch(/^store: away, [\d,]+ rows wait on the disk/);
    expect(next.sink.counters().spooled).toBe(0);
    expectAll(run, store);
  }, 60_000);
});
