import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { nodeDisk } from '../../src/store/journal/node-disk.ts';
import { Samples } from '../harness/percentiles.ts';
import { inScratchFolder } from '../harness/scratch-folder.ts';
import type { Meter, Outcome, Scale } from '../harness/suite.ts';
import { FedSession } from './fed-session.ts';
import { HopClocks } from './hop-clocks.ts';
import { keepingNothing } from './keeping-nothing.ts';
import { OFTEN, settingsOf } from './rule.ts';
import { type Frame, framesOf, type Wire } from './tick-frames.ts';
import { makeTicks, START_US } from './ticks.ts';

/** `off`: the journal is made and thrown away. */
export type Journal = 'os' | 'fsync' | 'off';

const SYMBOLS = 1_000;
const WIRE: Wire = 'polygon';
/** Ticks; fewer where every order waits for the disk. */
const FULL: Readonly<Record<Journal, number>> = { os: 600_000, off: 600_000, fsync: 60_000 };
const QUICK: Readonly<Record<Journal, number>> = { os: 40_000, off: 40_000, fsync: 10_000 };
const EARLY_SHARE = 0.25;
/** A usual block at an order: what the journal writes before the order leaves. */
const BARE_BYTES = 4_096;
const TURN_EVERY = 64;

/** One frame of one trade at a time, from its bytes to those of the order that it makes. */
export function measureClosedLoop(journal: Journal, scale: Scale, meter: Meter): Promise<Outcome> {
  return inScratchFolder(async (folder) => {
    const ticks = makeTicks({
      symbols: SYMBOLS,
      ticks: (scale === 'full' ? FULL : QUICK)[journal],
    });
    const clocks = new HopClocks();
    const fed = new FedSession({
      disk: journal === 'off' ? keepingNothing() : nodeDisk(folder),
      names: ticks.names,
      wire: WIRE,
      settings: settingsOf(OFTEN, journal === 'off' ? 'none' : journal),
      startUs: START_US,
      ...clocks.options(),
    });
    clocks.stand(fed);
    const bare = new BareWrites(folder, journal);
    const loop = { fed, clocks, bare };
    await fed.begin();
    const warm = { wire: WIRE, perFrame: ticks.warmPerFrame, from: 0, to: ticks.warm };
    await run(loop, framesOf(ticks, warm));
    fed.command('resume');
    fed.run();
    const own = { wire: WIRE, perFrame: 1, from: ticks.warm, to: ticks.count };
    const frames = framesOf(ticks, own);
    const timedFrom = Math.floor(frames.length * EARLY_SHARE);
    await run(loop, frames.slice(0, timedFrom));
    clocks.isOn = true;
    meter.begin();
    await run(loop, frames.slice(timedFrom));
    meter.end(frames.length - timedFrom);
    await fed.close();
    return { figures: { ...clocks.figures(), ...bare.figures() } };
  });
}

interface Loop {
  readonly fed: FedSession;
  readonly clocks: HopClocks;
  readonly bare: BareWrites;
}

async function run({ fed, clocks, bare }: Loop, frames: readonly Frame[]): Promise<void> {
  let sinceTurn = 0;
  for (const { bytes, us } of frames) {
    clocks.handed();
    fed.hand(bytes, us);
    fed.run();
    while (fed.sequencer.heldEffects > 0 && fed.failure === undefined) await fed.orderLeaves();
    clocks.ended();
    if (clocks.isOn && clocks.hasLeft) bare.write();
    fed.run();
    sinceTurn += 1;
    if (sinceTurn < TURN_EVERY) continue;
    sinceTurn = 0;
    await turnOfLoop();
  }
}

/** The same disk without us: after each order a file is written as an order's block would be. */
class BareWrites {
  readonly #samples = new Samples(1_000_000);
  readonly #bytes = new Uint8Array(BARE_BYTES).fill(7);
  readonly #descriptor: number;
  readonly #journal: Journal;

  constructor(folder: string, journal: Journal) {
    this.#descriptor = openSync(join(folder, 'bare'), 'w');
    this.#journal = journal;
  }

  write(): void {
    const beginMs = performance.now();
    writeSync(this.#descriptor, this.#bytes);
    if (this.#journal === 'fsync') fdatasyncSync(this.#descriptor);
    this.#samples.add(performance.now() - beginMs);
  }

  figures(): Readonly<Record<string, number>> {
    closeSync(this.#descriptor);
    return this.#samples.figures('bareWrite');
  }
}
