import { setTimeout as pause } from 'node:timers/promises';
import type { Suite, Outcome, Scale } from '../harness/suite.ts';
import { LiveClocks, type Path } from '../engine/live-clocks.ts';
import { type BenchLive, openBenchLive } from '../engine/live-session.ts';
import { inScratchFolder } from '../harness/scratch-folder.ts';
import { Stopwatch } from '../harness/stopwatch.ts';

const RUN_MS: Readonly<Record<Scale, number>> = { full: 30_000, quick: 2_000 };
const BARE_MS = 50;
/** A model wants 34 bars of a minute before it says anything. */
const SPEEDS: Readonly<Record<Path, number>> = { rule: 60, model: 240 };

/** At the least excuse, within what a venue takes of one account: the more orders the better. */
const EAGER = {
  market: { bars: 'venue', slots: 30, cadence: 'event' },
  universe: {
    layer1: { priceMin: '1.00', dollarVolume20Min: 1, spreadBpsMax: 500, capRatio: 1 },
    layer2: { enterScore: 0.2, leaveScore: 0.1, dwellMs: 60_000, floor: 30 },
  },
  strategies: {
    meanReversion: { zEnter: 1, zExit: 0.5, zStop: 20, holdMsMax: 120_000, newsQuietMs: 0 },
    momentum: { isEnabled: false },
  },
  risk: {
    positionNotionalMax: '2000.00',
    orderNotionalMin: '10.00',
    positionsMax: 200,
    grossExposureMax: 4,
    sectorExposureMax: 1,
    dailyLossMax: 0.9,
    quoteAgeMsMax: 60_000,
    barAgeMsMax: 600_000,
    spreadBpsMax: 500,
    ordersPerSecondMax: 1_000,
    entriesPerSymbolMax: 1_000,
  },
} as const;

/** Scores of every bar make orders, and nothing else does. */
const SCORED = {
  ...EAGER,
  strategies: {
    meanReversion: { isEnabled: false },
    momentum: { isEnabled: true, scoreEnter: 0.5, scoreExit: 0.49, holdMsMax: 120_000 },
  },
} as const;

export const live: Suite = {
  name: 'live',
  measures:
    `orders of a live session over ${RUN_MS.full / 1_000} s of wall time, 60 symbols at 60 ` +
    'times (240 of the model path, which first needs 34 bars), the embedded venue a process ' +
    'of its own, sockets and the official client between, one frame a turn. Of the rule path ' +
    '`decision`, `durable` and `wire` begin where the sequencer ' +
    'takes the frame that makes the order; of the model path where it takes the scores that ' +
    'do. `decision` ends with the order in the journal, in its open block; `durable` where it ' +
    "is handed to its service, its record safe by the variant's durability; `wire` where the " +
    "venue's answer stands before the kernel. Of the rule path `received` is from the socket's " +
    'message to the sequencer, `sent` from there to the last byte of the order on the wire, ' +
    '`answer` to the answer; of the model path `inference` from the question to its scores.',
  leavesOut:
    'orders made by a timer, how a real venue answers, the network: both ends are here. ' +
    '`floor` is two readings of the clock; `bareRequest` a ' +
    `request for the venue's clock every ${BARE_MS} ms meanwhile, nothing else measured`,
  target: 'none: figures that are never added or mixed',
  variants: [
    { name: 'rule path, durability os', run: (scale) => measure('rule', 'os', scale) },
    { name: 'rule path, durability fsync', run: (scale) => measure('rule', 'fsync', scale) },
    { name: 'model path, durability os', run: (scale) => measure('model', 'os', scale) },
  ],
};

function measure(path: Path, durability: 'os' | 'fsync', scale: Scale): Promise<Outcome> {
  return inScratchFolder(async (folder) => {
    const clocks = new LiveClocks(path);
    const settings = {
      ...(path === 'rule' ? EAGER : SCORED),
      journal: { durability },
      runtime: { turnFramesMax: 1 },
    };
    const { fault } = clocks;
    const speed = SPEEDS[path];
    const opened = await openBenchLive({ folder, symbols: 60, speed, settings, fault });
    const { tree, place } = opened;
    const takeAway = clocks.stand(opened);
    await tree.start();
    const watch = new Stopwatch();
    const endMs = performance.now() + RUN_MS[scale];
    while (performance.now() < endMs && opened.failure() === undefined) {
      await pause(BARE_MS);
      clocks.bareRequest.add(await bareRequest(place.urls.trading, place.credentials));
    }
    const { cpuMs, wallMs } = watch.read();
    await opened.close();
    takeAway();
    const failure = opened.failure();
    return {
      figures: {
        cpuShare: cpuMs / wallMs,
        ordersPerTurn: clocks.decision.count / clocks.orderTurns.size,
        ...clocks.figures(),
      },
      ...(failure === undefined ? {} : { note: `it failed: ${String(failure)}` }),
    };
  });
}

/** Milliseconds of a request that asks the venue for the time. */
async function bareRequest(
  url: string,
  { keyId, secret }: BenchLive['place']['credentials'],
): Promise<number> {
  const headers = { 'APCA-API-KEY-ID': keyId, 'APCA-API-SECRET-KEY': secret };
  const beginMs = performance.now();
  const response = await fetch(new URL('/v2/clock', url), { headers });
  await response.text();
  return performance.now() - beginMs;
}
