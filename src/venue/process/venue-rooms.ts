import type { RequestListener } from 'node:http';
import type { DailyBar } from '../../domain/market/daily-bar.ts';
import { restChaos } from '../admin/rest-chaos.ts';
import type { ChaosActions } from '../admin/chaos.ts';
import type { MarketArchive } from '../archive/market-archive.ts';
import type { VenueClock } from '../clock/venue-clock.ts';
import type { FrameTaker } from '../feed/market-feed.ts';
import { ScriptedRestFaults } from '../rest/scripted-faults.ts';
import type { TradeHub } from '../sockets/trade-hub.ts';
import type { CompleteVenueOptions } from './venue-options.ts';

export interface VenueRoomsOptions {
  readonly options: CompleteVenueOptions;
  readonly clock: VenueClock;
  readonly archive: MarketArchive;
  readonly history: ReadonlyMap<string, readonly DailyBar[]>;
  readonly trading: TradeHub;
}

/** The account's side of the venue: its books, and the REST that shows them. */
export interface VenueRooms {
  readonly desk: FrameTaker;
  readonly listener: RequestListener;
  readonly chaos: ChaosActions;
  readonly faults: ScriptedRestFaults;
  /** Orders, positions, cash: the oracle of the crash tests. */
  readonly books: () => unknown;
}

export function createVenueRooms(_room: VenueRoomsOptions): VenueRooms {
  const faults = new ScriptedRestFaults();
  return {
    desk: { frame: () => {} },
    listener: (_request, response) => {
      response.writeHead(503);
      response.end();
    },
    chaos: restChaos(faults),
    faults,
    books: () => ({}),
  };
}
