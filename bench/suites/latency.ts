import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Suite, Outcome, Scale } from '../harness/suite.ts';
import { openFor, seeded } from '../engine/market.ts';
import { Samples } from '../harness/percentiles.ts';
import { inScratchFolder } from '../harness/scratch-folder.ts';
import { openBenchSession } from '../engine/session.ts';

const EVENTS: Readonly<Record<Scale, number>> = { full: 2_500_000, quick: 150_000 };
const SAMPLES_MAX = 4_000_000;
/** A typical block at an order: what the journal writes before the order leaves. */
const BARE_WRITE_BYTES = 4_096;

/** Limits out of the way, so that a run has some ten thousand orders: enough for a percentile. */
const EAGER = {
  market: { cadence: 'event' },
  account: { startingCash: '1000000000.00' },
  universe: {
    layer1: { capRatio: 1, dollarVolume20Min: 0, spreadBpsMax: 1_000 },
    layer2: { enterScore: 0.1, leaveScore: 0, cap: 10_000, dwellMs: 0 },
  },
  strategies: {
    meanReversion: { zEnter: 1.5, zExit: 1, newsQuietMs: 0 },
    momentum: { isEnabled: false },
  },
  risk: {
    positionNotionalMax: '2000.00',
    positionsMax: 20,
    sectorExposureMax: 1,
    ordersPerSecondMax: 1_000,
    entriesPerSymbolMax: 1_000,
    spreadBpsMax: 1_000,
  },
} as const;

export const latency: Suite = {
  name: 'latency',
  measures:
    'one frame of a seeded market of 500, its columns in memory, closed loop, one frame a turn. ' +
    '`decision` is from the call of `acceptMarket` to the order encoded in its turn, in the ' +
    "journal's open block: ten indicators, z-score, mean reversion, risk, execution, the input " +
    'and the turn as bytes, hashed. `durable` is from the same call to the moment the order is ' +
    'handed to its service: `decision` and write(2) of the block (durability os). ' +
    '`quiet` are the frames without an order, to the return of `acceptMarket`.',
  leavesOut:
    'decoding, the socket, the simulated venue (shown the frame before the clock is read), the ' +
    'way to a broker, arrivals that queue. `floor` is two readings of the clock at each frame of ' +
    `the same run; \`bareWrite\` is write(2) of ${BARE_WRITE_BYTES} bytes after each order.`,
  target: 'decision p50 <= 20 us',
  variants: [4_096, 16_384, 65_536].map((blockBytesMax) => ({
    name: `blocks of ${blockBytesMax / 1_024} KB`,
    run: (scale: Scale) => measure(blockBytesMax, scale),
  })),
};

function measure(blockBytesMax: number, scale: Scale): Promise<Outcome> {
  return inScratchFolder(async (folder) => {
    const file = seeded(500);
    const settings = {
      ...EAGER,
      journal: { durability: 'os', blockBytesMax },
      runtime: { turnFramesMax: 1 },
    };
    const market = openFor(file, EVENTS[scale]);
    const decision = new Samples(SAMPLES_MAX);
    const durable = new Samples(SAMPLES_MAX);
    const quiet = new Samples(SAMPLES_MAX);
    const floor = new Samples(SAMPLES_MAX);
    const bareWrite = new Samples(SAMPLES_MAX);
    const bare = openSync(join(folder, 'bare'), 'w');
    const bytes = new Uint8Array(BARE_WRITE_BYTES).fill(7);

    // The two ends of the path, each with the clock beside it; nothing else is replaced.
    let encodedMs = 0;
    let sentMs = 0;
    const fault = (point: string) => {
      if (point === 'turnAppended' && sentMs === 0) encodedMs = performance.now();
    };
    const opened = openBenchSession({ folder, marketFile: file, market, settings, fault });
    const { driver, sequencer } = opened.session;
    const dispatch = driver.dispatch.bind(driver);
    driver.dispatch = (requested) => {
      if (requested.effect.kind === 'submitOrder' && sentMs === 0) sentMs = performance.now();
      dispatch(requested);
    };
    const acceptMarket = sequencer.acceptMarket.bind(sequencer);
    sequencer.acceptMarket = (batch, from, gate) => {
      if (gate?.admit(batch, from, batch.frameUs[from] ?? 0) === false) return 0;
      sentMs = 0;
      const beforeMs = performance.now();
      const beginMs = performance.now();
      const taken = acceptMarket(batch, from);
      const endMs = performance.now();
      floor.add(beginMs - beforeMs);
      if (sentMs === 0) {
        quiet.add(endMs - beginMs);
      } else {
        decision.add(encodedMs - beginMs);
        durable.add(sentMs - beginMs);
        const writeMs = performance.now();
        writeSync(bare, bytes);
        bareWrite.add(performance.now() - writeMs);
      }
      return taken;
    };

    while (await opened.session.advance(Number.MAX_SAFE_INTEGER)) continue;
    await opened.session.close();
    closeSync(bare);
    return {
      figures: {
        ...decision.figures('decision'),
        ...durable.figures('durable'),
        ...quiet.figures('quiet'),
        ...floor.figures('floor'),
        ...bareWrite.figures('bareWrite'),
      },
      note: `decision hash ${sequencer.hash.hex()}`,
    };
  });
}
