import { setTimeout as pause } from 'node:timers/promises';
import { EventBatch, TRADE, TRADE_REGULAR } from '../../src/domain/market/event-batch.ts';
import { nodeDisk } from '../../src/store/journal/node-disk.ts';
import { connectWebSocket } from '../../src/streams/socket/connect-websocket.ts';
import type { Connect } from '../../src/streams/socket/connection.ts';
import { inScratchFolder } from '../harness/scratch-folder.ts';
import { FedSession } from './fed-session.ts';
import { Flood } from './flood.ts';
import type { Told } from './flood-venue.ts';
import type { DeskOptions } from './order-desk.ts';
import { type Rule, settingsOf } from './rule.ts';
import { makeTicks, START_US, type Ticks } from './ticks.ts';

export interface FloodedOptions extends Pick<DeskOptions, 'cancelled' | 'isResting'> {
  readonly rule: Rule;
  readonly perFrame: number;
  /** A reader that goes on whatever it is asked, as one must whose venue would cut it. */
  readonly isUnstoppable?: boolean;
}

const SYMBOLS = 1_200;
/** Events before the same come again, under new times and ids: more than can be on their way. */
const EVENTS = 65_536;
const WARM_PER_FRAME = 100;
const CAUGHT_UP_MS = 5;
const CATCH_UP_MS_MAX = 120_000;

/** A live session on a real websocket of a venue that can send more than it takes. */
export class FloodedSession {
  readonly fed: FedSession;
  /** How far behind the venue's clock the last turn ended, in ms; and the furthest. */
  lagMs = 0;
  lagMsMost = 0;
  readonly #flood: Flood;
  readonly #takenBefore: number;
  readonly #anchor: { readonly marketUs: number; readonly atWallMs: number };

  constructor(fed: FedSession, flood: Flood, anchor: FloodedSession['anchor']) {
    this.fed = fed;
    this.#flood = flood;
    this.#anchor = anchor;
    this.#takenBefore = fed.session.driver.events;
    const { sequencer } = fed;
    const acceptMarket = sequencer.acceptMarket.bind(sequencer);
    sequencer.acceptMarket = (batch, from, gate) => {
      const taken = acceptMarket(batch, from, gate);
      const last = (batch.frameEnd[from + taken - 1] ?? 0) - 1;
      this.lagMs =
        (anchor.marketUs - (batch.venueUs[last] ?? 0)) / 1_000 + Date.now() - anchor.atWallMs;
      this.lagMsMost = Math.max(this.lagMsMost, this.lagMs);
      return taken;
    };
  }

  get anchor(): { readonly marketUs: number; readonly atWallMs: number } {
    return this.#anchor;
  }

  /** What was received, of every kind, in whatever way it ended. */
  get received(): number {
    return this.fed.stream.health.events;
  }

  /** Of it, given to the kernel. */
  get taken(): number {
    return this.fed.session.driver.events - this.#takenBefore;
  }

  /** `isWhole`: until all has gone, however long that takes. */
  flood(perSecond: number, seconds: number, isWhole: boolean): Promise<Told> {
    return this.#flood.send({ perSecond, seconds, isWhole, ...this.#anchor });
  }

  /** Until all that was sent has come, and nothing waits. */
  async caughtUp(expected: number): Promise<void> {
    const endMs = performance.now() + CATCH_UP_MS_MAX;
    while (this.received < expected || this.fed.session.driver.market.count > 0) {
      if (this.fed.failure !== undefined) throw this.fed.failure;
      if (performance.now() > endMs) throw new Error('it does not catch up');
      await pause(CAUGHT_UP_MS);
    }
  }
}

/** Warm, trading, and connected. */
export function inFloodedSession<T>(
  options: FloodedOptions,
  work: (session: FloodedSession) => Promise<T>,
): Promise<T> {
  const { rule, perFrame, isUnstoppable = false, ...desk } = options;
  return inScratchFolder(async (folder) => {
    const flood = new Flood({ symbols: SYMBOLS, perFrame, events: EVENTS });
    try {
      await flood.open();
      const ticks = makeTicks({ symbols: SYMBOLS, ticks: 0 });
      const { url } = flood;
      const fed = new FedSession({
        ...desk,
        disk: nodeDisk(folder),
        names: ticks.names,
        wire: 'alpaca msgpack',
        settings: settingsOf(rule, 'os'),
        startUs: START_US,
        venue: isUnstoppable ? { url, connect: unstoppable(url) } : { url },
      });
      await fed.begin();
      warmUp(fed, ticks);
      fed.command('resume');
      const session = new FloodedSession(fed, flood, await fed.listen());
      const done = await work(session);
      await fed.close();
      return done;
    } finally {
      await flood.close();
    }
  });
}

function warmUp(fed: FedSession, ticks: Ticks): void {
  const batch = new EventBatch(WARM_PER_FRAME, 1);
  for (let at = 0; at < ticks.warm; at += 1) {
    const us = ticks.venueUs[at] ?? 0;
    const slot = batch.add(TRADE, ticks.symbol[at] ?? 0, us, TRADE_REGULAR, 3);
    batch.a[slot] = ticks.price[at] ?? 0;
    batch.b[slot] = ticks.size[at] ?? 0;
    if (!batch.isFull) continue;
    fed.handBatch(batch, us);
    fed.run();
    batch.clear();
  }
}

function unstoppable(url: string): Connect {
  const connect = connectWebSocket({ url });
  return (listener) => ({ ...connect(listener), pause: () => undefined, resume: () => undefined });
}
