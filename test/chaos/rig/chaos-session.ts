import { type AccountId, textId } from '../../../src/core/ids.ts';
import { listAssets } from '../../../src/brokers/alpaca/listed-assets.ts';
import { SessionView } from '../../../src/cli/session-view.ts';
import type { Config } from '../../../src/cli/config-schema.ts';
import { fetchHistory } from '../../../src/compose/live/live-history.ts';
import type { LivePlace } from '../../../src/compose/live/live-place.ts';
import { openLive, type OpenedLive } from '../../../src/compose/live/open-live.ts';
import type { Command } from '../../../src/ports/input.ts';
import type { ListedSymbol } from '../../../src/ports/market-source.ts';
import { type RunningVenue, runVenue } from '../../../src/venue/process/run-venue.ts';
import { DEMO_CREDENTIALS, type VenueOptions } from '../../../src/venue/process/venue-options.ts';
import { journalFolder } from '../../../src/store/journal/segment-names.ts';
import { MemoryDisk } from '../../faulty-disk.ts';
import { VenueAdmin, type VenueState } from '../../venue-client.ts';
import { bookBreaches } from './book-invariants.ts';
import { chaosConfig, type ConfigPatch } from './chaos-config.ts';
import { DataWatch } from './data-invariants.ts';
import { DurableIds } from './durable-ids.ts';
import { DATE, fileOf, placeAt, SESSION_ID } from './chaos-place.ts';
import { FastTime } from './fast-time.ts';
import { tellJournal } from './journal-story.ts';
import { orderBreaches } from './order-invariants.ts';
import { RequestWatch } from './request-watch.ts';
import { booksOf, isOpen } from '../../venue-books.ts';
import { tapeOf } from './venue-tape.ts';
import { Way } from './way.ts';
import { Witness } from './witness.ts';

export interface ChaosOptions {
  readonly seed: number;
  readonly speed?: number;
  /** How many times faster the engine's wall runs: see `FastTime`. */
  readonly haste?: number;
  readonly venue?: VenueOptions;
  readonly config?: ConfigPatch;
}

const TEN_US = 10 * 3_600_000_000;

/** What a service said, and when by our wall. */
export interface Said {
  readonly atMs: number;
  readonly event: string;
  readonly text: string;
}

/**
 * A venue and a live session in this process, over real sockets, the session's journal in memory.
 * The session is wired as `strata trade` wires it. `await using` ends both.
 */
export class ChaosSession implements AsyncDisposable {
  readonly seed: number;
  readonly venue: RunningVenue;
  readonly admin: VenueAdmin;
  readonly time: FastTime;
  readonly config: Config;
  readonly disk = new MemoryDisk();
  readonly view = new SessionView();
  readonly witness = new Witness();
  readonly way: Way;
  readonly requests: RequestWatch;
  /** Client order ids that the test itself sent. */
  readonly others = new Set<string>();
  /** Client order ids of which the test had a fill taken back. */
  readonly busted = new Set<string>();
  readonly said: Said[] = [];
  readonly symbols: readonly ListedSymbol[];
  readonly #live: OpenedLive;
  readonly #unsafe: string[] = [];
  readonly #depth = { events: 0, inputs: 0 };
  #failure: unknown;
  #commands = 0;
  #isEnded = false;
  #isStopped = false;

  private constructor(parts: Parts) {
    const { options, venue, way, time, place, config, symbols } = parts;
    this.seed = options.seed;
    this.way = way;
    const durable = new DurableIds(this.disk, journalFolder(SESSION_ID));
    this.requests = new RequestWatch(place.urls.trading, (id) => {
      if (!durable.has(id)) this.#unsafe.push(`I2: ${id} left before its intent was safe`);
    });
    this.venue = venue;
    this.admin = new VenueAdmin(venue.adminUrl);
    this.time = time;
    this.config = config;
    this.symbols = symbols;
    this.#live = openLive({
      disk: this.disk,
      file: fileOf(config, options.seed, symbols.length),
      config,
      place,
      symbols,
      history: parts.history,
      observers: [this.view, this.witness],
      isOpen: () => this.view.phase === 'core',
      alert: ({ code, text }) => this.#hear(code, text),
      log: (_level, event, fields) => this.#hear(event, JSON.stringify(fields)),
      failed: (error) => {
        this.#failure ??= error;
      },
      told: () => undefined,
    });
  }

  static async start(options: ChaosOptions): Promise<ChaosSession> {
    const { seed, speed = 120, haste = 1 } = options;
    const venue = await runVenue({
      seed,
      symbols: 24,
      speed,
      date: DATE,
      atUsOfDay: TEN_US,
      tradesPerDay: 4_000,
      extendedHours: false,
      plan: 'plus',
      ...options.venue,
      knobs: { requestsPerMinute: 100_000, ...options.venue?.knobs },
    });
    const { clock } = await new VenueAdmin(venue.adminUrl).state();
    const time = new FastTime(clock, haste);
    const way = await Way.to(Number(new URL(venue.tradingUrl).port));
    const place = placeAt(venue, way, time);
    const config = chaosConfig(speed, options.config);
    const symbols = await listAssets({
      url: place.urls.trading,
      ...place.credentials,
      msMax: 30_000,
    });
    const history = await fetchHistory({
      place,
      config,
      symbols,
      date: DATE,
      progress: () => undefined,
    });
    const session = new ChaosSession({
      options,
      venue,
      way,
      time,
      place,
      config,
      symbols,
      history,
    });
    session.#live.session.begin();
    session.#live.session.settle(session.#live.tree.router);
    await session.#live.tree.start();
    const streams = () => session.#live.services.health();
    await session.until('all streams', () => streams().every(({ state }) => state === 'open'));
    return session;
  }

  get live(): OpenedLive {
    return this.#live;
  }

  chaos(action: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<number> {
    return this.admin.chaos(action, { seed: this.seed, ...parameters });
  }

  state(): Promise<VenueState> {
    return this.admin.state();
  }

  command(verb: Command['verb']): void {
    this.#commands += 1;
    this.#live.session.enter({
      kind: 'commanded',
      commandId: `${verb}-${this.#commands}`,
      verb,
      account: textId<AccountId>(this.config.account.id),
      by: 'operator',
      reason: 'the test',
    });
  }

  /** Looks until it is so; rejects at the deadline, or where the engine failed. */
  async until(
    wanted: string,
    isSo: () => boolean | Promise<boolean>,
    msMax = 45_000,
  ): Promise<number> {
    const began = performance.now();
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      this.#measure();
      if (await isSo()) return performance.now() - began;
      if (performance.now() - began > msMax) {
        throw new Error(`seed ${this.seed}: no ${wanted} in ${msMax} ms\n${this.#story()}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Everything is up, and so many orders have been filled. */
  async trading(fills = 5, msMax = 20_000): Promise<void> {
    const wanted = this.view.fills.total + fills;
    await this.until(`${fills} fills`, () => this.view.fills.total >= wanted, msMax);
  }

  /**
   * Entries are halted, what is on its way comes to its end, and both books are compared. Then
   * trading goes on. Rejects with what is still wrong when time is up.
   */
  async settled(msMax = 45_000): Promise<void> {
    this.command('halt');
    let left: readonly string[] = [];
    const isQuiet = async (): Promise<boolean> => {
      left = await this.#unsettled();
      return left.length === 0;
    };
    await this.until('quiet', isQuiet, msMax).catch((error: unknown) => {
      this.command('resume');
      throw new Error(left.slice(0, 20).join('\n'), { cause: error });
    });
    this.command('resume');
    await this.until('resumption', () => this.view.health.halt === undefined);
  }

  /** What does not hold now: I1 to I6 and I9. */
  async #unsettled(): Promise<readonly string[]> {
    const { tree, session } = this.#live;
    const books = booksOf(await this.state());
    const { facts, breaches } = this.witness;
    const open = books.orders.filter(
      (order) => isOpen(order) && !this.others.has(order.clientOrderId),
    );
    const waiting = tree.outstanding + session.sequencer.heldEffects + session.driver.inputs.count;
    return [
      ...(this.view.health.halt === undefined ? ['the halt is not in force yet'] : []),
      ...open.map(({ clientOrderId, status }) => `${clientOrderId} is ${status} there`),
      ...this.view.orders.open().map(({ intent }) => `${intent.clientOrderId} is open here`),
      ...(waiting === 0 ? [] : [`${waiting} effects and inputs are under way`]),
      ...orderBreaches(facts, books, this),
      ...bookBreaches(facts, books, (symbol) => this.view.nameOf(symbol)),
      ...breaches,
      ...this.witness.entriesAfterHalt(this.requests),
      ...this.#unsafe,
      ...this.#queueBreaches(),
    ];
  }

  /** Everything once more with the session closed, and I7 from what its journal was given. */
  async finish(): Promise<DataWatch> {
    await this.settled();
    const headers = {
      'APCA-API-KEY-ID': DEMO_CREDENTIALS.key,
      'APCA-API-SECRET-KEY': DEMO_CREDENTIALS.secret,
    };
    await this.#stop();
    const data = new DataWatch(this.config.risk.barAgeMsMax * 1_000);
    let facts = 0;
    tellJournal(this.disk, SESSION_ID, {
      tick: (nowUs) => data.tick(nowUs),
      event: (batch, at, frameUs) => data.event(batch, at, frameUs),
      fact: (fact, nowUs) => {
        facts += 1;
        data.fact(fact, nowUs);
      },
    });
    const names = this.symbols.map(({ name }) => name);
    const span = { names, fromUs: data.firstUs, toUs: data.lastUs };
    const tape = await tapeOf(this.venue.dataUrl, headers, span);
    const holes = names.flatMap((name, symbol) => data.holes(symbol, tape.get(name) ?? []));
    const known = names.map((name, symbol) => data.known(symbol, tape.get(name) ?? []));
    // Some symbols hardly trade; where most share none, the comparison is one of nothing.
    const isVain = known.filter((trades) => trades > 0).length < names.length / 2;
    if (isVain) throw new Error('the tape and the journal name other trades');
    const unkept = this.witness.facts.length - facts;
    const found = [
      ...data.breaches,
      ...holes,
      ...(unkept === 0 ? [] : [`I2: ${unkept} facts are not in the journal`]),
    ];
    await this.end();
    if (found.length > 0) throw new Error(`seed ${this.seed}\n${found.slice(0, 20).join('\n')}`);
    return data;
  }

  #measure(): void {
    const { market, inputs } = this.#live.session.driver;
    this.#depth.events = Math.max(this.#depth.events, market.count);
    this.#depth.inputs = Math.max(this.#depth.inputs, inputs.count);
  }

  /** I9: no queue over its limit, and what the streams gave is taken, waits, or was counted. */
  #queueBreaches(): readonly string[] {
    const { driver } = this.#live.session;
    const { market, inputs } = driver;
    const given = this.#live.services
      .health()
      .reduce((sum, { name, events }) => (name === 'market-data' ? sum + events : sum), 0);
    const known = driver.events + market.count + market.conflated + market.dropped;
    return [
      ...(this.#depth.events > market.eventsMax ? ['I9: the market queue was over its limit'] : []),
      ...(this.#depth.inputs > inputs.inputsMax ? ['I9: the input queue was over its limit'] : []),
      ...(given <= known ? [] : [`I9: ${given} events were given, ${known} are accounted for`]),
    ];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }

  async end(): Promise<void> {
    if (this.#isEnded) return;
    this.#isEnded = true;
    await this.#stop();
    this.requests[Symbol.dispose]();
    await this.way[Symbol.asyncDispose]();
    await this.venue.close();
  }

  async #stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    await this.#live.tree.stop();
    await this.#live.session.close();
  }

  #hear(event: string, text: string): void {
    this.said.push({ atMs: performance.now(), event, text });
  }

  #story(): string {
    const { view } = this;
    const said = this.said.slice(-20).map(({ event, text }) => `  ${event} ${text}`);
    const counts = {
      ...view.counters,
      fills: view.fills.total,
      refusals: Object.fromEntries(view.refusalsByCode),
      layers: view.layers.map(({ size }) => size),
      halt: view.health.halt,
      services: Object.fromEntries(view.health.services),
      streams: this.#live.services.health(),
    };
    return [JSON.stringify(counts, undefined, 1), ...said].join('\n');
  }

  story(): string {
    return this.#story();
  }
}

interface Parts {
  readonly options: ChaosOptions;
  readonly venue: RunningVenue;
  readonly way: Way;
  readonly time: FastTime;
  readonly place: LivePlace;
  readonly config: Config;
  readonly symbols: readonly ListedSymbol[];
  readonly history: Awaited<ReturnType<typeof fetchHistory>>;
}
