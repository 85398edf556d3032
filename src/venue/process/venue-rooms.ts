import type { Server } from 'node:http';
import { moneyFromDollars, price } from '../../core/money.ts';
import type { DailyBar } from '../../domain/market/daily-bar.ts';
import type { Timers } from '../../ports/clock.ts';
import type { ChaosActions } from '../admin/chaos.ts';
import { deskChaos } from '../admin/desk-chaos.ts';
import { restChaos } from '../admin/rest-chaos.ts';
import type { MarketArchive } from '../archive/market-archive.ts';
import type { Tape } from '../archive/wire-codes.ts';
import type { PolygonDoor } from '../polygon/rest/polygon-door.ts';
import { createPolygonDoor } from '../polygon/rest/polygon-rest.ts';
import type { RestClock } from '../rest/rest-clock.ts';
import { createRestServer } from '../rest/rest-server.ts';
import { ScriptedRestFaults } from '../rest/scripted-faults.ts';
import type { TradeHub } from '../sockets/trade-hub.ts';
import { type DeskListing, listingsOf } from '../trading/asset-table.ts';
import { createTradingDesk, type TradingDesk } from '../trading/trading-desk.ts';
import { accountBooks } from './account-books.ts';
import type { CompleteVenueOptions } from './venue-options.ts';

export interface VenueRoomsOptions {
  readonly options: CompleteVenueOptions;
  /** Its time never runs ahead of the frames that the desk has seen. */
  readonly clock: RestClock;
  readonly archive: MarketArchive;
  readonly history: ReadonlyMap<string, readonly DailyBar[]>;
  readonly trading: TradeHub;
  readonly timers: Timers;
}

/** The account's side of the venue: its books, and the REST that shows them. */
export interface VenueRooms {
  readonly desk: TradingDesk;
  /** Both REST hosts in one; the streams are upgrades of it. */
  readonly http: Server;
  readonly statuses: ReadonlyMap<number, number>;
  /** The last errors that were ours; their requests were answered 500. */
  readonly restErrors: readonly string[];
  readonly chaos: ChaosActions;
  readonly faults: ScriptedRestFaults;
  readonly polygon: PolygonDoor;
  /** Orders, positions, cash: the oracle of the crash tests. */
  readonly books: () => unknown;
}

export function createVenueRooms(room: VenueRoomsOptions): VenueRooms {
  const { options, clock, archive, trading } = room;
  const faults = new ScriptedRestFaults();
  const polygonFaults = new ScriptedRestFaults();
  const polygon = createPolygonDoor({
    archive,
    clock,
    timers: room.timers,
    credentials: options.credentials,
    requestsPerMinute: options.knobs.polygonRequestsPerMinute,
    faults: polygonFaults,
  });
  const desk = createTradingDesk({
    seed: options.seed,
    startingCash: moneyFromDollars(options.cash),
    listings: listingsFrom(room),
    rules: options.rules,
    tell: (update) => {
      trading.publish(update);
    },
  });
  const served = createRestServer({
    desk,
    archive,
    clock,
    timers: room.timers,
    credentials: options.credentials,
    plan: options.plan,
    requestsPerMinute: options.knobs.requestsPerMinute,
    faults,
    other: polygon,
  });
  return {
    desk,
    http: served.http,
    statuses: served.counts,
    restErrors: served.faults,
    chaos: {
      ...restChaos({ alpaca: faults, polygon: polygonFaults }),
      ...deskChaos(desk, trading, () => clock.nowUs()),
    },
    faults,
    polygon,
    books: () => accountBooks(desk, clock.nowUs()),
  };
}

/** An asset's exchange is that of the tape its trades are told on. */
function listingsFrom({ archive, history, options }: VenueRoomsOptions): readonly DeskListing[] {
  return listingsOf(archive.symbols, options.seed).map((listing, at) => {
    const tape = archive.tapes[at];
    const close = history.get(listing.name)?.at(-1)?.close;
    return {
      ...listing,
      ...(tape === undefined ? {} : { exchange: EXCHANGES[tape] }),
      ...(close === undefined ? {} : { previousClose: price(close) }),
    };
  });
}

const EXCHANGES: Readonly<Record<Tape, string>> = { A: 'NYSE', B: 'ARCA', C: 'NASDAQ' };
