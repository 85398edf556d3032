import { FRAME_BYTES_MAX, PENDING_EVENTS_MAX } from '../sockets/data-session.ts';
import type { VenueParts } from './venue-parts.ts';

/** Everything that a test wants to know of the venue: plain JSON. */
export function venueState(parts: VenueParts) {
  const { clock, feed, data, trading, router, rooms, archive, chaos, publisher } = parts;
  return {
    clock: {
      ...clock.mapping,
      nominalSpeed: clock.speed,
      isPaused: clock.isPaused,
      skewUs: clock.skewUs,
    },
    market: {
      reachedUs: feed.reachedUs,
      lagUs: feed.lagUs,
      frames: feed.frames,
      events: feed.events,
      isOver: feed.isOver,
      sliceMsWorst: feed.sliceMsWorst,
      withheld: feed.overrides.withheld,
      halted: feed.overrides.haltedSymbols.map((at) => archive.symbols[at]?.name ?? ''),
    },
    connections: connectionsOf(parts),
    counters: {
      dataConnections: data.connections,
      tradingConnections: trading.connections,
      authRefusals: data.refusals,
      slowCuts: data.slowCuts,
      refusedUpgrades: router.refusedUpgrades,
      tradeUpdates: trading.updates,
      restFaults: rooms.faults.taken,
      restAnswers: Object.fromEntries(rooms.statuses),
      barsDropped: publisher.queue.dropped,
      delayedDropped: data.delayed.dropped,
    },
    queues: {
      bars: { most: publisher.queue.waitingMost, max: publisher.queue.barsMax },
      events: { most: data.pendingMost, max: PENDING_EVENTS_MAX },
      // A frame is sent before it is looked whether there was room for it.
      bytes: { most: data.bufferedMost, max: data.outboundBytesMax + FRAME_BYTES_MAX },
    },
    chaos: chaos.counts,
    restErrors: rooms.restErrors,
    account: rooms.books(),
  };
}

function connectionsOf({ data, trading }: VenueParts) {
  return {
    data: [...data.sessions].map((session) => ({
      path: session.endpoint.path,
      codec: session.codec,
      isAuthenticated: session.isAuthenticated,
      pendingEvents: session.pendingEvents,
      bufferedBytes: session.link.bufferedBytes,
      sentEvents: session.sentEvents,
      sentFrames: session.sentFrames,
      mutedEvents: session.mutedEvents,
      subscriptions: Object.fromEntries(
        session.endpoint.channels.map((channel) => [
          channel,
          [...session.subscriptions.symbols(channel)],
        ]),
      ),
    })),
    trading: [...trading.sessions].map((session) => ({
      codec: session.codec,
      isAuthenticated: session.isAuthenticated,
      isListening: session.isListening,
      sent: session.sent,
    })),
  };
}
