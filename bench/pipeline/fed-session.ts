import { type AccountId, type SymbolId, symbolId } from '../../src/core/ids.ts';
import type { FaultPoint } from '../../src/actors/runtime/fault-points.ts';
import type { Sequencer } from '../../src/actors/runtime/sequencer.ts';
import { createTimers } from '../../src/actors/services/system-time.ts';
import { Config } from '../../src/cli/config-schema.ts';
import { SessionView } from '../../src/cli/session-view.ts';
import { accountOf, startingCash } from '../../src/compose/kernel-options.ts';
import { listedDirectory } from '../../src/compose/live/listed-directory.ts';
import { LiveSession } from '../../src/compose/live/live-session.ts';
import { makeKernel } from '../../src/compose/make-kernel.ts';
import type { SessionFile } from '../../src/compose/session-files.ts';
import type { EventBatch } from '../../src/domain/market/event-batch.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Disk } from '../../src/ports/disk.ts';
import type { Command, Input } from '../../src/ports/input.ts';
import type { MarketSink } from '../../src/ports/live-market.ts';
import type { MarketStream } from '../../src/streams/market/market-stream.ts';
import type {
  Connect,
  Connection,
  ConnectionListener,
} from '../../src/streams/socket/connection.ts';
import { agreeing, fedStream } from './fed-stream.ts';
import { type DeskOptions, OrderDesk } from './order-desk.ts';
import type { Wire } from './tick-frames.ts';

export interface FedOptions extends Pick<
  DeskOptions,
  'names' | 'leaving' | 'left' | 'cancelled' | 'isResting'
> {
  readonly disk: Disk;
  readonly wire: Wire;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Market time before the first frame. */
  readonly startUs: number;
  /** A venue that it listens to from `listen` on. Left out: frames are handed over. */
  readonly venue?: { readonly url: string; readonly connect?: Connect };
  readonly fault?: (point: FaultPoint) => void;
  /** A frame is events, and is about to wait for its turn. */
  readonly decoded?: () => void;
}

/**
 * A live session as `strata trade` has it, and its market stream; for the services stands a desk
 * that does everything at once. Whole messages are handed over as a socket would, and turns run
 * when they are asked to; or it listens to a venue, and lives by itself.
 */
export class FedSession {
  readonly session: LiveSession;
  readonly stream: MarketStream;
  readonly desk: OrderDesk;
  readonly #account: AccountId;
  #failure: unknown;
  #letGo: () => void = () => undefined;
  /** Market time; in a column, where setting it makes no object that would count as ours. */
  readonly #now = new Float64Array(1);
  #listener: ConnectionListener | undefined;
  #slice: (() => void) | undefined;
  /** From then on market time goes on by itself, and turns run by themselves. */
  #livesSinceMs: number | undefined;
  readonly #isFed: boolean;
  #commands = 0;

  constructor(options: FedOptions) {
    const { disk, names, wire, venue, fault, settings } = options;
    const config = Config.parse(settings);
    const symbols = names.map(listed);
    this.#account = accountOf(config);
    this.#now[0] = options.startUs;
    this.#isFed = venue === undefined;
    const clock: Clock = {
      nowUs: () => this.#marketUs(),
      wallMs: () => performance.now(),
      speed: 1,
    };
    const timers = createTimers();
    this.desk = new OrderDesk({
      ...options,
      left: (...order) => {
        options.left?.(...order);
        this.#letGo();
      },
      startingCash: startingCash(config),
      nowUs: () => clock.nowUs(),
      enter: (input) => this.enter(input),
    });
    this.session = new LiveSession({
      disk,
      identity: IDENTITY,
      account: this.#account,
      startingCash: startingCash(config),
      journal: config.journal,
      framesMax: config.runtime.turnFramesMax,
      makeKernel: () => makeKernel(fileOf(config, names.length), config),
      router: this.desk,
      observers: [new SessionView()],
      clock,
      timers,
      soon: (run) => this.#soon(run),
      eventsMax: EVENTS_MAX,
      symbols,
      history: new Map(),
      failed: (error) => {
        this.#failure ??= error;
        this.#letGo();
      },
      ...(fault === undefined ? {} : { fault }),
    });
    this.stream = fedStream({
      wire,
      directory: listedDirectory(symbols),
      sink: sinkOf(this.session, options.decoded),
      clock,
      timers,
      ...(venue ?? { connect: (listener: ConnectionListener) => this.#connect(listener) }),
      onHealth: (state, reason) =>
        this.enter({ kind: 'serviceChanged', service: 'market', state, reason }),
    });
  }

  get sequencer(): Sequencer {
    return this.session.sequencer;
  }

  /** Why it does not trade any more. */
  get failure(): unknown {
    return this.#failure;
  }

  /**
   * The next order leaves, or nothing will any more. Slept through, as a session does: a loop that
   * only turns until then takes the disk's thread its time, and a sync five times as long.
   */
  orderLeaves(): Promise<void> {
    return new Promise((resolve) => {
      this.#letGo = resolve;
    });
  }

  symbolAt(place: number): SymbolId {
    return symbolId(place);
  }

  /** Nothing is bought until `command('resume')`. */
  async begin(): Promise<void> {
    this.session.begin();
    for (const service of ['broker', 'store'] as const) {
      this.enter({ kind: 'serviceChanged', service, state: 'up', reason: '' });
    }
    this.command('halt');
    if (this.#isFed) this.stream.start();
    this.#listener?.opened();
    await new Promise((resolve) => setImmediate(resolve));
    this.run();
  }

  /** The market's clock runs from here on, and the venue is listened to. Answers the time. */
  async listen(): Promise<{ readonly marketUs: number; readonly atWallMs: number }> {
    this.run();
    this.#livesSinceMs = performance.now();
    const now = { marketUs: this.#marketUs(), atWallMs: Date.now() };
    this.stream.start();
    while (this.stream.health.state !== 'open') await new Promise((go) => setTimeout(go, 10));
    return now;
  }

  /** A message of the socket, whole; the market's clock stands where it was sent. */
  hand(bytes: Uint8Array, us: number): void {
    this.#at(us);
    this.#listener?.received(bytes);
  }

  /** What somebody else has decoded, as one frame. */
  handBatch(batch: EventBatch, us: number): void {
    this.#at(us);
    batch.endFrame(this.#marketUs());
    this.session.driver.take(batch);
  }

  /** All that waits. */
  run(): void {
    for (let slice = this.#slice; slice !== undefined; slice = this.#slice) {
      this.#slice = undefined;
      slice();
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  command(verb: Command['verb'], symbol?: SymbolId): void {
    this.#commands += 1;
    this.enter({
      kind: 'commanded',
      commandId: `bench-${this.#commands}`,
      verb,
      account: this.#account,
      ...(symbol === undefined ? {} : { symbol }),
      by: 'bench',
      reason: verb,
    });
  }

  enter(input: Input): void {
    if (!this.session.enter(input)) throw new Error(`${input.kind} was refused: too many wait`);
  }

  async close(): Promise<void> {
    await this.stream.stop();
    await this.session.close();
    if (this.#failure !== undefined) throw this.#failure;
  }

  #at(us: number): void {
    if (us > (this.#now[0] ?? 0)) this.#now[0] = us;
  }

  #marketUs(): number {
    const [nowUs = 0] = this.#now;
    const since = this.#livesSinceMs;
    return since === undefined ? nowUs : Math.floor(nowUs + (performance.now() - since) * 1_000);
  }

  #soon(run: () => void): void {
    if (this.#livesSinceMs === undefined) this.#slice = run;
    else setImmediate(run);
  }

  #connect(listener: ConnectionListener): Connection {
    this.#listener = listener;
    const send = (text: string): void => {
      queueMicrotask(() => listener.received(Buffer.from(agreeing(text))));
    };
    return { ...NO_SOCKET, send, close: () => listener.closed(1_000, '') };
  }
}

/** As `open-live.ts` has it. */
const EVENTS_MAX = 262_144;

const IDENTITY = {
  sessionId: 'bench',
  buildId: 'bench-build',
  configHash: 'bench-config',
  nodeMajor: 0,
  predecessorHash: '',
} as const;

const NO_SOCKET = {
  ping: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
  terminate: () => undefined,
};

function sinkOf({ driver }: LiveSession, decoded: (() => void) | undefined): MarketSink {
  if (decoded === undefined) return driver;
  return {
    take(batch) {
      decoded();
      return driver.take(batch);
    },
    onRoom: (resume) => driver.onRoom(resume),
  };
}

function listed(name: string) {
  return { name, assetClass: 'equity', sector: 'technology', isTradable: true } as const;
}

function fileOf(config: Config, symbolsMax: number): SessionFile {
  return {
    ...IDENTITY,
    kind: 'trade',
    source: 'bench',
    startedUs: 0,
    config,
    market: { kind: 'live', place: 'sim', feed: config.market.feed, date: 0, fingerprint: 'bench' },
    orderSession: 'B1',
    symbolsMax,
    isHistoryGiven: false,
  };
}
