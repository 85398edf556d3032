import { present } from '../../src/core/assert.ts';
import { SECOND } from '../../src/core/time.ts';
import type { EventBatch } from '../../src/domain/market/event-batch.ts';
import { newYorkToUs } from '../../src/domain/market/calendar.ts';
import type { DailyBar } from '../../src/domain/market/daily-bar.ts';
import type { SymbolDirectory } from '../../src/ports/live-market.ts';
import type { ListedSymbol, MarketSource, TimedInput } from '../../src/ports/market-source.ts';
import { FeedDecoder } from '../../src/streams/alpaca/feed-decoder.ts';
import type { MarketDecoder } from '../../src/streams/market/market-protocol.ts';
import { PolygonDecoder } from '../../src/streams/polygon/feed-decoder.ts';
import { listedDirectory } from '../../src/compose/live/listed-directory.ts';
import { seededHistory } from '../../src/venue/market/seeded-history.ts';
import { createSeededMarket } from '../../src/venue/market/seeded-market.ts';
import { completeVenueOptions, type VenueOptions } from '../../src/venue/process/venue-options.ts';
import { createVenueParts, type VenueParts } from '../../src/venue/process/venue-parts.ts';
import { DATA_ENDPOINTS } from '../../src/venue/sockets/data-channels.ts';
import type { Link } from '../../src/venue/sockets/socket-link.ts';

export type WireName = 'alpaca json' | 'alpaca msgpack' | 'polygon';

/** What a venue said of one market on one wire: frames, and at which instant of its time. */
export interface SaidDay {
  readonly wire: WireName;
  readonly symbols: readonly ListedSymbol[];
  readonly calendar: readonly TimedInput[];
  readonly history: ReadonlyMap<string, readonly DailyBar[]>;
  readonly openUs: number;
  readonly frames: readonly { readonly atUs: number; readonly bytes: Uint8Array }[];
}

/** Says a part of a seeded day on one wire, by the venue's own publishers: no socket, no wait. */
export async function sayDay(
  wire: WireName,
  options: VenueOptions,
  seconds: number,
  stepUs = SECOND,
): Promise<SaidDay> {
  const complete = completeVenueOptions({ ...options, plan: 'plus', isPaused: true });
  const parts = createVenueParts(complete);
  const startUs = newYorkToUs(complete.date, complete.atUsOfDay);
  const frames: { readonly atUs: number; readonly bytes: Uint8Array }[] = [];
  let atUs = startUs;
  listen(parts, wire, (bytes) => frames.push({ atUs, bytes }));
  frames.length = 0; // Welcomes and acknowledgements.
  const endUs = startUs + seconds * SECOND;
  for (atUs = startUs; atUs <= endUs; atUs += stepUs) await playUntil(parts, atUs);
  parts.feed.close();
  parts.timers.close();
  const { symbols, calendar } = createSeededMarket(complete);
  const history = seededHistory(complete);
  return { wire, symbols, calendar, history, openUs: startUs, frames };
}

/** All that the venue has to say by then, said. */
async function playUntil({ feed, data, polygon, publisher }: VenueParts, us: number) {
  do await feed.fastForward(us);
  while (
    publisher.queue.waiting + polygon.publisher.queue.waiting > 0 ||
    data.pendingEvents + polygon.hub.pendingEvents > 0
  );
}

function listen(parts: VenueParts, wire: WireName, hear: (bytes: Uint8Array) => void): void {
  const link: Link = {
    send: (frame) => hear(typeof frame === 'string' ? new TextEncoder().encode(frame) : frame),
    close: () => undefined,
    drop: () => undefined,
    bufferedBytes: 0,
  };
  const say = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  if (wire === 'polygon') {
    const session = parts.polygon.hub.connect(link);
    session.receive(say({ action: 'auth', params: 'strata-demo' }), false);
    session.receive(say({ action: 'subscribe', params: 'T.*,Q.*,AM.*,LULD.*' }), false);
    return;
  }
  const sip = present(
    DATA_ENDPOINTS.find(({ feed }) => feed === 'sip'),
    'the feed',
  );
  const codec = wire === 'alpaca json' ? 'json' : 'msgpack';
  const headers = {
    'content-type': `application/${codec}`,
    'apca-api-key-id': 'strata-demo',
    'apca-api-secret-key': 'strata-demo',
  };
  const session = parts.data.connect(link, sip, headers);
  const all = ['trades', 'quotes', 'bars', 'updatedBars', 'statuses', 'lulds'];
  const wanted = Object.fromEntries(all.map((channel) => [channel, ['*']]));
  session.receive(say({ action: 'subscribe', ...wanted }), codec === 'msgpack');
}

/** What was said as a market that can be pulled: each frame was received at its instant. */
export function heard(said: SaidDay): { readonly source: MarketSource; readonly decoder: Heard } {
  const decoder = decoderOf(said.wire, listedDirectory(said.symbols));
  let next = 0;
  const source: MarketSource = {
    name: said.wire,
    symbols: said.symbols,
    calendar: said.calendar,
    faults: { count: 0, first: [] },
    next(batch: EventBatch) {
      batch.clear();
      for (let frame = said.frames[next]; frame !== undefined; frame = said.frames[next]) {
        if (batch.eventsMax - batch.count < FRAME_EVENTS_MAX || batch.isFull) break;
        const scanner = decoder.begin(frame.bytes);
        if (scanner.next(batch)) throw new Error('a frame of the venue has more events than that');
        batch.endFrame(frame.atUs);
        next += 1;
      }
      return batch.count > 0;
    },
    close: () => undefined,
  };
  return { source, decoder };
}

type Heard = Pick<MarketDecoder, 'begin' | 'counts'>;

/** Of the venue, and as many again for what one message may become. */
const FRAME_EVENTS_MAX = 512;
const TRADES_MAX = 65_536;

function decoderOf(wire: WireName, directory: SymbolDirectory): Heard {
  const parts = { directory, tradesMax: TRADES_MAX, onMessage: () => undefined };
  if (wire === 'polygon') return new PolygonDecoder({ ...parts, quoteSizes: 'shares' });
  return new FeedDecoder(parts);
}
