import type { HistoryTrade } from '../../src/streams/market/market-history.ts';
import type { MarketOptions } from '../../src/streams/market/market-options.ts';
import type { MarketStream } from '../../src/streams/market/market-stream.ts';
import type { StreamRig } from '../unit/streams/market-harness.ts';
import type { ScriptedVenue } from '../unit/streams/scripted-venue.ts';

/** A stream, and the venue that it speaks to. */
export interface StreamWorld extends StreamRig {
  readonly venue: ScriptedVenue;
  readonly stream: MarketStream;
}

/** How one venue says what all venues say. */
export interface VenueWire {
  bar(name: string, startUs: number, price?: number): object;
  /** A bar told again, with another price. */
  barAgain(name: string, startUs: number, price: number): object;
  trade(name: string, us: number, id: number, price?: number): object;
  quote(name: string, us: number): object;
  /** The same trade as the venue remembers it. */
  past(us: number, id: number): HistoryTrade;
  /** What the venue calls its channels. */
  readonly lists: { readonly trades: string; readonly quotes: string; readonly bars: string };
}

export interface StreamContract {
  readonly wire: VenueWire;
  open(options?: Partial<MarketOptions>): StreamWorld;
}
