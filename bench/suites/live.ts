import { setTimeout as pause } from 'node:timers/promises';
import type { Requested } from '../../src/ports/effect.ts';
import type { Suite, Outcome, Scale } from '../harness/suite.ts';
import { type BenchLive, openBenchLive } from '../engine/live-session.ts';
import { Samples } from '../harness/percentiles.ts';
import { inScratchFolder } from '../harness/scratch-folder.ts';
import { Stopwatch } from '../harness/stopwatch.ts';

const RUN_MS: Readonly<Record<Scale, number>> = { full: 30_000, quick: 2_000 };
const BARE_MS = 50;
const SAMPLES_MAX = 100_000;
const TURNS_KEPT = 10_000;

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

export const live: Suite = {
  name: 'live',
  measures:
    `orders of a live session over ${RUN_MS.full / 1_000} s of wall time, 60 symbols at 60 times, the ` +
    'embedded venue a process of its own, sockets and the official client between. All begin ' +
    'where the sequencer takes the frame that makes the order, its columns in memory, one ' +
    'frame a turn. `decision` ends with the order in the journal, in its open block; ' +
    "`durable` where it is handed to its service, its record safe by the variant's durability; " +
    "`wire` where the venue's answer stands before the kernel.",
  leavesOut:
    'the way of the frame to the sequencer (the feed lag of `status`), orders made by a timer or ' +
    'a score, how a real venue answers. `floor` is two readings of the clock; `bareRequest` a ' +
    `request for the venue's clock every ${BARE_MS} ms meanwhile, nothing else measured`,
  target: 'none: three figures that are never added or mixed',
  variants: [
    { name: 'durability os', run: (scale) => measure('os', scale) },
    { name: 'durability fsync', run: (scale) => measure('fsync', scale) },
  ],
};

/** A market turn that decided something. */
interface Turn {
  readonly beginMs: number;
  readonly encodedMs: number;
}

class Clocks {
  readonly decision = new Samples(SAMPLES_MAX);
  readonly durable = new Samples(SAMPLES_MAX);
  readonly wire = new Samples(SAMPLES_MAX);
  readonly floor = new Samples(SAMPLES_MAX);
  readonly bareRequest = new Samples(SAMPLES_MAX);
  /** Where the market turn that runs began; NaN outside of one. */
  beginMs = Number.NaN;
  /** By the number of its input. What makes no order is forgotten when the next ones come. */
  readonly turns = new Map<number, Turn>();
  /** Turns that made an order: some make several, and each is later than the one before. */
  readonly orderTurns = new Set<number>();
  /** When the turn of an order began that has no answer yet. */
  readonly unanswered = new Map<string, number>();

  encoded(input: number): void {
    if (Number.isNaN(this.beginMs)) return;
    this.turns.set(input, { beginMs: this.beginMs, encodedMs: performance.now() });
    const [oldest] = this.turns.keys();
    if (this.turns.size > TURNS_KEPT && oldest !== undefined) this.turns.delete(oldest);
  }

  handed(requested: Requested): void {
    const turn = this.turns.get(requested.input);
    if (turn === undefined) return; // A timer's or a score's.
    this.orderTurns.add(requested.input);
    this.decision.add(turn.encodedMs - turn.beginMs);
    this.durable.add(performance.now() - turn.beginMs);
    this.unanswered.set(`${requested.input}:${requested.index}`, turn.beginMs);
  }

  answered(input: number, index: number): void {
    const key = `${input}:${index}`;
    const beginMs = this.unanswered.get(key);
    if (beginMs !== undefined) this.wire.add(performance.now() - beginMs);
    this.unanswered.delete(key);
  }
}

function measure(durability: 'os' | 'fsync', scale: Scale): Promise<Outcome> {
  return inScratchFolder(async (folder) => {
    const clocks = new Clocks();
    let sequenceOf = (): number => 0;
    const fault = (point: string): void => {
      // The turn's record is the last one, and its input the one before.
      if (point === 'turnAppended') clocks.encoded(sequenceOf() - 1);
    };
    const settings = { ...EAGER, journal: { durability }, runtime: { turnFramesMax: 1 } };
    const opened = await openBenchLive({ folder, symbols: 60, speed: 60, settings, fault });
    const { session, tree, place } = opened;
    sequenceOf = () => session.sequencer.sequence;
    putClocks(opened, clocks);
    await tree.start();
    const watch = new Stopwatch();
    const endMs = performance.now() + RUN_MS[scale];
    while (performance.now() < endMs && opened.failure() === undefined) {
      await pause(BARE_MS);
      clocks.bareRequest.add(await bareRequest(place.urls.trading, place.credentials));
    }
    const { cpuMs, wallMs } = watch.read();
    await opened.close();
    const failure = opened.failure();
    return {
      figures: {
        cpuShare: cpuMs / wallMs,
        ordersPerTurn: clocks.decision.count / clocks.orderTurns.size,
        ...clocks.decision.figures('decision'),
        ...clocks.durable.figures('durable'),
        ...clocks.wire.figures('wire'),
        ...clocks.floor.figures('floor'),
        ...clocks.bareRequest.figures('bareRequest'),
      },
      ...(failure === undefined ? {} : { note: `it failed: ${String(failure)}` }),
    };
  });
}

/** The two ends of each way, with a clock beside; nothing else is replaced. */
function putClocks({ session, tree }: BenchLive, clocks: Clocks): void {
  const { sequencer } = session;
  const acceptMarket = sequencer.acceptMarket.bind(sequencer);
  sequencer.acceptMarket = (batch, from, gate) => {
    const beforeMs = performance.now();
    clocks.beginMs = performance.now();
    clocks.floor.add(clocks.beginMs - beforeMs);
    const taken = acceptMarket(batch, from, gate);
    clocks.beginMs = Number.NaN;
    return taken;
  };
  const { router } = tree;
  const dispatch = router.dispatch.bind(router);
  router.dispatch = (requested) => {
    if (requested.effect.kind === 'submitOrder') clocks.handed(requested);
    dispatch(requested);
  };
  const enter = session.enter.bind(session);
  session.enter = (input) => {
    if (input.kind === 'answered') clocks.answered(input.effectInput, input.effectIndex);
    return enter(input);
  };
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
