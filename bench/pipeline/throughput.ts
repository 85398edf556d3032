import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { present } from '../../src/core/assert.ts';
import { inScratchFolder } from '../harness/scratch-folder.ts';
import { Stopwatch } from '../harness/stopwatch.ts';
import type { Meter, Outcome, Scale } from '../harness/suite.ts';
import { loadTradingSignals } from '../indicators/peer-trading-signals.ts';
import { assertSame } from './made-order.ts';
import { ownPipeline } from './own-pipeline.ts';
import { PeerPipeline } from './peer-pipeline.ts';
import type { Pipeline } from './pipeline.ts';
import { SELDOM } from './rule.ts';
import { type Frame, framesOf, type Wire } from './tick-frames.ts';
import { makeTicks, type Ticks } from './ticks.ts';

/** How frames come to ours: as one read of a socket has them, or each alone. */
export type Arrival = 'as read' | 'one by one';

export interface Feed {
  readonly wire: Wire;
  readonly perFrame: number;
  readonly arrival: Arrival;
}

/** Frames of one pipeline: some to learn by, some for the compiler, and those that are timed. */
interface Frames {
  readonly ticks: Ticks;
  readonly warm: readonly Frame[];
  readonly early: readonly Frame[];
  readonly timed: readonly Frame[];
}

/** Of ours three quarters are timed: longer than a bar, so that all bars close once in it. */
const FULL = { symbols: 10_000, own: 1_000_000, peer: 80_000 };
const QUICK = { symbols: 500, own: 60_000, peer: 12_000 };
/** What a read of a socket gives at most. */
const READ_BYTES = 65_536;
/** Of the ticks after the warm ones. */
const EARLY_SHARE = 0.25;

/** Ours; `parsesJson` in place of our decoder. */
export function measureOwn(feed: Feed, scale: Scale, meter: Meter, parsesJson = false) {
  return inScratchFolder(async (folder): Promise<Outcome> => {
    const { symbols, own } = scale === 'full' ? FULL : QUICK;
    const frames = framesFor(feed, symbols, own);
    const pipeline = await openOwn(folder, frames.ticks, feed, parsesJson);
    const figures = await time(pipeline, frames, feed, meter);
    await pipeline.close();
    return { figures, note: `orders ${pipeline.orders.hash()}` };
  });
}

/** The peer, and then ours over the same frames: its orders must be the same. */
export async function measurePeer(feed: Feed, scale: Scale, meter: Meter): Promise<Outcome> {
  const library = await loadTradingSignals();
  if (library === undefined) return { figures: {}, note: 'trading-signals is not installed' };
  const { symbols, peer: count } = scale === 'full' ? FULL : QUICK;
  const frames = framesFor(feed, symbols, count);
  const peer = new PeerPipeline({ library, wire: feed.wire, rule: SELDOM });
  const figures = await time(peer, frames, feed, meter);
  await inScratchFolder(async (folder) => {
    const own = await openOwn(folder, frames.ticks, feed, false);
    await run(own, frames.warm, 'one by one');
    own.trade();
    await run(own, [...frames.early, ...frames.timed], feed.arrival);
    await own.close();
    assertSame(own.orders, peer.orders);
  });
  return { figures, note: `the same ${peer.orders.list.length} orders as ours` };
}

function openOwn(folder: string, ticks: Ticks, { wire }: Feed, parsesJson: boolean) {
  return ownPipeline({ folder, ticks, wire, rule: SELDOM, durability: 'os', parsesJson });
}

function framesFor({ wire, perFrame }: Feed, symbols: number, count: number): Frames {
  const ticks = makeTicks({ symbols, ticks: count });
  const { warm, warmPerFrame } = ticks;
  const timedFrom = warm + Math.floor((count * EARLY_SHARE) / perFrame) * perFrame;
  const stretch = (from: number, to: number, per: number) =>
    framesOf(ticks, { wire, perFrame: per, from, to });
  return {
    ticks,
    warm: stretch(0, warm, warmPerFrame),
    early: stretch(warm, timedFrom, perFrame),
    timed: stretch(timedFrom, ticks.count, perFrame),
  };
}

async function time(pipeline: Pipeline, frames: Frames, { arrival }: Feed, meter: Meter) {
  await run(pipeline, frames.warm, 'one by one');
  pipeline.trade();
  await run(pipeline, frames.early, arrival);
  const { orders, orderBytes, journalBytes } = pipeline;
  const before = { orders: orders.list.length, orderBytes, journalBytes };
  const ticks = frames.timed.reduce((sum, { count }) => sum + count, 0);
  meter.begin();
  const watch = new Stopwatch();
  await run(pipeline, frames.timed, arrival);
  const rates = watch.rates(ticks);
  meter.end(ticks);
  return {
    ...rates,
    cpuNsPerTick: 1e9 / present(rates['perCpuSecond'], 'a rate'),
    orders: pipeline.orders.list.length - before.orders,
    orderBytes: pipeline.orderBytes - before.orderBytes,
    journalBytesPerTick: (pipeline.journalBytes - before.journalBytes) / ticks,
  };
}

/** Frames as they come; after each arrival the event loop has a turn, as it has under a socket. */
async function run(pipeline: Pipeline, frames: readonly Frame[], arrival: Arrival): Promise<void> {
  let bytes = 0;
  let sinceTurn = 0;
  // By place: to go on with an iterator after each wait would make 42 bytes a frame of its own.
  for (let at = 0; at < frames.length; at += 1) {
    const frame = present(frames[at], 'a frame');
    pipeline.hand(frame);
    bytes += frame.bytes.length;
    sinceTurn += frame.bytes.length;
    if (arrival === 'one by one' || bytes >= READ_BYTES) {
      pipeline.run();
      bytes = 0;
    }
    if (sinceTurn < READ_BYTES) continue;
    sinceTurn = 0;
    await turnOfLoop();
  }
  pipeline.run();
}
