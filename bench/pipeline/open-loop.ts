import { nodeDisk } from '../../src/store/journal/node-disk.ts';
import { Samples, Schedule } from '../harness/percentiles.ts';
import { inScratchFolder } from '../harness/scratch-folder.ts';
import type { Meter, Outcome, Scale } from '../harness/suite.ts';
import { FedSession } from './fed-session.ts';
import { OFTEN, settingsOf } from './rule.ts';
import { type Frame, framesOf, type Wire } from './tick-frames.ts';
import { makeTicks, START_US } from './ticks.ts';

const SYMBOLS = 1_000;
const WIRE: Wire = 'polygon';
/** Events at most, and seconds at most. */
const FULL = { events: 600_000, seconds: 6 };
const QUICK = { events: 40_000, seconds: 0.6 };
const SAMPLES_MAX = 1_000_000;
/** The engine and a loop around nothing take turns: what disturbs the machine disturbs both. */
const BLOCK_SECONDS = 0.25;
const LEAD_MS = 1;

/**
 * Frames of one trade come when they are due, whatever became of those before them; a latency is
 * counted from that moment on.
 */
export function measureOpenLoop(perSecond: number, scale: Scale, meter: Meter): Promise<Outcome> {
  return inScratchFolder(async (folder) => {
    const most = scale === 'full' ? FULL : QUICK;
    const count = Math.min(most.events, Math.floor(most.seconds * perSecond));
    const early = Math.floor(QUICK.events / 2);
    const ticks = makeTicks({ symbols: SYMBOLS, ticks: early + count });
    const arrivals = new Arrivals();
    const fed = new FedSession({
      disk: nodeDisk(folder),
      names: ticks.names,
      wire: WIRE,
      settings: settingsOf(OFTEN, 'os'),
      startUs: START_US,
      left: () => arrivals.left(),
    });
    arrivals.stand(fed);
    await fed.begin();
    const stretch = (from: number, to: number, perFrame: number) =>
      framesOf(ticks, { wire: WIRE, perFrame, from, to });
    const { warm, warmPerFrame } = ticks;
    for (const { bytes, us } of stretch(0, warm, warmPerFrame)) {
      fed.hand(bytes, us);
      fed.run();
    }
    fed.command('resume');
    for (const { bytes, us } of stretch(warm, warm + early, 1)) {
      fed.hand(bytes, us);
      fed.run();
    }
    const frames = stretch(warm + early, ticks.count, 1);
    const perBlock = Math.max(1, Math.floor(BLOCK_SECONDS * perSecond));
    for (let from = 0; from < frames.length; from += perBlock) {
      const block = frames.slice(from, from + perBlock);
      await idle(block.length, perSecond, arrivals.floor);
      meter.begin();
      await arrivals.run(fed, block, perSecond);
      meter.end(block.length);
    }
    await fed.close();
    return { figures: arrivals.figures() };
  });
}

/** What becomes of frames that are due at a rate. */
class Arrivals {
  readonly tick = new Samples(SAMPLES_MAX);
  readonly order = new Samples(SAMPLES_MAX);
  readonly floor = new Samples(SAMPLES_MAX);
  #schedule: Schedule | undefined;
  /** Frames of the block whose turn is over. */
  #done = 0;
  #leftMs = 0;

  stand({ sequencer }: FedSession): void {
    const acceptMarket = sequencer.acceptMarket.bind(sequencer);
    sequencer.acceptMarket = (batch, from, gate) => {
      this.#leftMs = 0;
      const taken = acceptMarket(batch, from, gate);
      this.#ended(taken);
      return taken;
    };
  }

  left(): void {
    if (this.#leftMs === 0) this.#leftMs = performance.now();
  }

  run(fed: FedSession, frames: readonly Frame[], perSecond: number): Promise<void> {
    const schedule = new Schedule(performance.now() + LEAD_MS, perSecond);
    this.#schedule = schedule;
    this.#done = 0;
    let handed = 0;
    return looping(() => {
      const due = Math.min(frames.length, schedule.dueBy(performance.now()));
      for (; handed < due; handed += 1) {
        const frame = frames[handed];
        if (frame !== undefined) fed.hand(frame.bytes, frame.us);
      }
      fed.run();
      return this.#done < frames.length;
    });
  }

  figures(): Readonly<Record<string, number>> {
    const { tick, order, floor } = this;
    return { ...tick.figures('tick'), ...order.figures('order'), ...floor.figures('floor') };
  }

  /** A turn ends at the first frame that made something: it was the last one. */
  #ended(taken: number): void {
    const schedule = this.#schedule;
    if (schedule === undefined) return;
    const nowMs = performance.now();
    for (let at = 0; at < taken; at += 1) this.tick.add(nowMs - schedule.dueMs(this.#done + at));
    this.#done += taken;
    if (this.#leftMs > 0) this.order.add(this.#leftMs - schedule.dueMs(this.#done - 1));
  }
}

/** The same arrivals, and nothing that is done about them. */
function idle(count: number, perSecond: number, floor: Samples): Promise<void> {
  const schedule = new Schedule(performance.now() + LEAD_MS, perSecond);
  let done = 0;
  return looping(() => {
    const due = Math.min(count, schedule.dueBy(performance.now()));
    for (; done < due; done += 1) floor.add(performance.now() - schedule.dueMs(done));
    return done < count;
  });
}

/** Once a turn of the event loop, as long as it answers true. */
function looping(step: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const turn = (): void => {
      try {
        if (step()) setImmediate(turn);
        else resolve();
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    turn();
  });
}
