import { POLYGON_CHANNELS } from '../polygon/sockets/polygon-topics.ts';
import { FRAME_BYTES_MAX, PENDING_EVENTS_MAX } from '../sockets/outbox.ts';
import type { VenueParts } from './venue-parts.ts';

/** Everything that a test wants to know of the venue: plain JSON. */
export function venueState(parts: VenueParts) {
  const { clock, feed, data, trading, router, rooms, archive, chaos, publisher } = parts;
  const { hub } = parts.polygon;
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
      polygonAnswers: Object.fromEntries(rooms.polygon.counts),
      polygonConnections: hub.connections,
      polygonRefusals: hub.refusals,
      polygonSlowCuts: hub.slowCuts,
      polygonBarsDropped: parts.polygon.publisher.queue.dropped,
      polygonLateSeconds: parts.polygon.publisher.seconds.late,
    },
    queues: {
      bars: { most: publisher.queue.waitingMost, max: publisher.queue.barsMax },
      events: { most: data.pendingMost, max: PENDING_EVENTS_MAX },
      // A frame is sent before it is looked whether there was room for it.
      bytes: { most: data.bufferedMost, max: data.outboundBytesMax + FRAME_BYTES_MAX },
      ...polygonQueues(parts),
    },
    chaos: chaos.counts,
    restErrors: [...rooms.restErrors, ...rooms.polygon.faults],
    account: rooms.books(),
  };
}

function polygonQueues({ polygon }: VenueParts) {
  const { queue } = polygon.publisher;
  const { pendingMost, bufferedMost, outboundBytesMax } = polygon.hub;
  return {
    polygonBars: { most: queue.waitingMost, max: queue.barsMax },
    polygonEvents: { most: pendingMost, max: PENDING_EVENTS_MAX },
    polygonBytes: { most: bufferedMost, max: outboundBytesMax + FRAME_BYTES_MAX },
  };
}

function connectionsOf({ data, trading, polygon }: VenueParts) {
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
    polygon: [...polygon.hub.sessions].map((session) => ({
      isAuthenticated: session.isAuthenticated,
      pendingEvents: session.pendingEvents,
      bufferedBytes: session.link.bufferedBytes,
      sentEvents: session.sentEvents,
      sentFrames: session.sentFrames,
      mutedEvents: session.mutedEvents,
      topics: Object.fromEntries(
        POLYGON_CHANNELS.map((channel) => [channel, session.topics.symbols(channel)]),
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
