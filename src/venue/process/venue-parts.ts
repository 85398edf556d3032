import { newYorkToUs } from '../../domain/market/calendar.ts';
import type { Timers } from '../../ports/clock.ts';
import { Chaos } from '../admin/chaos.ts';
import { clockChaos, marketChaos } from '../admin/market-chaos.ts';
import { polygonChaos } from '../admin/polygon-chaos.ts';
import { socketChaos } from '../admin/socket-chaos.ts';
import { tradeChaos } from '../admin/trade-chaos.ts';
import { MarketArchive } from '../archive/market-archive.ts';
import { MarketTimers } from '../clock/market-timers.ts';
import { VenueClock } from '../clock/venue-clock.ts';
import { ClosingTimers } from '../clock/closing-timers.ts';
import { wallTimers } from '../clock/wall-timers.ts';
import { MarketFeed } from '../feed/market-feed.ts';
import { MarketPublisher } from '../feed/market-publisher.ts';
import { seededHistory } from '../market/seeded-history.ts';
import { createSeededMarket } from '../market/seeded-market.ts';
import { PolygonPublisher } from '../polygon/polygon-publisher.ts';
import { PolygonHub } from '../polygon/sockets/polygon-hub.ts';
import { ConnectionSlots } from '../sockets/connection-slots.ts';
import { DataHub } from '../sockets/data-hub.ts';
import { SocketRouter } from '../sockets/socket-router.ts';
import { TestStream } from '../sockets/test-stream.ts';
import { TradeHub } from '../sockets/trade-hub.ts';
import type { CompleteVenueOptions } from './venue-options.ts';
import { createVenueRooms, type VenueRooms } from './venue-rooms.ts';

/** The other protocol of the same market. */
export interface PolygonParts {
  readonly hub: PolygonHub;
  readonly publisher: PolygonPublisher;
}

/** All that a venue is made of, put together and not yet started. */
export interface VenueParts {
  readonly clock: VenueClock;
  /** Every timer of the venue: what waits ends with it. */
  readonly timers: ClosingTimers;
  readonly marketTimers: MarketTimers;
  readonly archive: MarketArchive;
  readonly feed: MarketFeed;
  readonly data: DataHub;
  readonly trading: TradeHub;
  readonly router: SocketRouter;
  readonly test: TestStream;
  readonly publisher: MarketPublisher;
  readonly rooms: VenueRooms;
  readonly polygon: PolygonParts;
  readonly chaos: Chaos;
}

export function createVenueParts(options: CompleteVenueOptions): VenueParts {
  const { seed, date } = options;
  const source = createSeededMarket(options);
  const { symbols, calendar } = source;
  const clock = new VenueClock({
    startUs: newYorkToUs(date, options.atUsOfDay),
    speed: options.speed,
    wallMs,
    epochMs: () => Date.now(),
    isPaused: true,
  });
  const timers = new ClosingTimers(wallTimers);
  const marketTimers = new MarketTimers(clock, timers);
  const history = seededHistory(options);
  const archive = new MarketArchive({ seed, symbols, calendar, history });
  const { data, trading } = createHubs(options, clock, timers, marketTimers);
  const polygon = createPolygon(options, { clock, timers, marketTimers, archive });
  const { hub } = polygon;
  const router = new SocketRouter({ data, trading, polygon: hub, timers }, wallMs);
  const publisher = new MarketPublisher({
    symbols,
    hub: data,
    clock,
    bars: archive.bars,
    news: archive.news,
  });
  const rooms = createVenueRooms({
    options,
    clock: {
      // Matching must not see a frame that is older than an order.
      nowUs: () => feed.catchUp(),
      toldUs: () => clock.toldUs(),
      get speed() {
        return clock.speed;
      },
    },
    archive,
    history,
    trading,
    timers,
  });
  const takers = [rooms.desk, archive, publisher, polygon.publisher];
  const wires = [
    { publisher, hub: data },
    { publisher: polygon.publisher, hub },
  ];
  const flush = () => flushFor(FLUSH_MS, wires);
  const isBehind = () =>
    wires.some((wire) => wire.publisher.queue.waiting + wire.hub.pendingEvents > BACKLOG_MAX);
  const feed: MarketFeed = new MarketFeed({
    source,
    clock,
    timers,
    takers,
    flush,
    isBehind,
  });
  const test = new TestStream(data, timers, () => Date.now());
  const parts = { clock, timers, marketTimers, archive, feed, data, trading, router, test };
  return withChaos({ ...parts, publisher, rooms, polygon });
}

/** The ways to break each part. */
function withChaos(parts: Omit<VenueParts, 'chaos'>): VenueParts {
  const { router, data, trading, feed, publisher, clock, timers, archive, rooms } = parts;
  const chaos = new Chaos({
    ...socketChaos({ router, data, trading, polygon: parts.polygon.hub, timers, wallMs }),
    ...polygonChaos(parts.polygon),
    ...tradeChaos(trading),
    ...marketChaos({ feed, recent: publisher.recent, clock, find: (name) => archive.find(name) }),
    ...clockChaos(clock),
    ...rooms.chaos,
  });
  return { ...parts, chaos };
}

/** Of each turn of the event loop. */
const FLUSH_MS = 3;
const BARS_A_LOOK = 64;
/** Three channels of bars of ten thousand symbols; past it the market waits for its streams. */
const BACKLOG_MAX = 40_000;

/** What each protocol has of the market, and who gets it. */
interface Wire {
  readonly publisher: Pick<MarketPublisher, 'queue' | 'publishBars'>;
  readonly hub: Pick<DataHub, 'flush' | 'pendingEvents'>;
}

/** Both in each turn: neither hears of a bar long before the other. */
function flushFor(ms: number, wires: readonly Wire[]): boolean {
  let isMore = false;
  for (const { publisher, hub } of wires) {
    const endMs = wallMs() + ms;
    const isTimeUp = () => wallMs() >= endMs;
    while (publisher.queue.waiting > 0 && !isTimeUp()) publisher.publishBars(BARS_A_LOOK);
    if (hub.flush(isTimeUp) || publisher.queue.waiting > 0) isMore = true;
  }
  return isMore;
}

function wallMs(): number {
  return performance.now();
}

function createPolygon(
  options: CompleteVenueOptions,
  parts: Pick<VenueParts, 'clock' | 'timers' | 'marketTimers' | 'archive'>,
): PolygonParts {
  const { knobs, credentials } = options;
  const { clock, timers, marketTimers, archive } = parts;
  const hub = new PolygonHub({
    clock,
    marketTimers,
    timers,
    authUs: knobs.authUs,
    authWallMsMin: knobs.authWallMsMin,
    credentials,
    connectionsMax: knobs.polygonConnections,
    slotReleaseMs: knobs.slotReleaseMs,
    evicts: knobs.polygonEvicts,
    channels: knobs.polygonChannels,
    frameEventsMax: knobs.frameEventsMax,
    outboundBytesMax: knobs.outboundBytesMax,
  });
  const quoteSizes = knobs.polygonQuoteSizes;
  return { hub, publisher: new PolygonPublisher({ hub, clock, archive, quoteSizes }) };
}

function createHubs(
  options: CompleteVenueOptions,
  clock: VenueClock,
  timers: Timers,
  marketTimers: MarketTimers,
) {
  const { knobs, plan, credentials } = options;
  const { connectionsPerEndpoint, slotReleaseMs } = knobs;
  const data = new DataHub({
    clock,
    marketTimers,
    timers,
    slots: new ConnectionSlots(timers, slotReleaseMs, connectionsPerEndpoint),
    limit: { plan, symbolsMax: knobs.symbolsMax, counts: knobs.symbolLimitCounts },
    credentials,
    authUs: knobs.authUs,
    authWallMsMin: knobs.authWallMsMin,
    frameEventsMax: knobs.frameEventsMax,
    outboundBytesMax: knobs.outboundBytesMax,
    connectionLimit: knobs.connectionLimit,
  });
  const frames = knobs.tradeFrames;
  const trading = new TradeHub({ timers, marketTimers, frames, credentials });
  return { data, trading };
}
