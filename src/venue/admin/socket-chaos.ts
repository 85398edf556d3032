import type { Timers } from '../../ports/clock.ts';
import { type DataChannel, NEWS_CHANNELS, STOCK_CHANNELS } from '../sockets/data-channels.ts';
import { dataErrorCode, type DataErrorCode } from '../sockets/data-errors.ts';
import type { DataHub, Script } from '../sockets/data-hub.ts';
import type { DataSession } from '../sockets/data-session.ts';
import type { Connection, SocketRouter } from '../sockets/socket-router.ts';
import type { SocketLink } from '../sockets/socket-link.ts';
import { jsonFrame, WireEvent } from '../sockets/wire-event.ts';
import type { PolygonHub } from '../polygon/sockets/polygon-hub.ts';
import type { TradeHub } from '../sockets/trade-hub.ts';
import { channelOf as polygonChannelOf } from './polygon-chaos.ts';
import type { ChaosActions } from './chaos.ts';
import { AdminError, COUNT_RANGE, MS_RANGE, type Parameters, type Range } from './parameters.ts';

export interface SocketRoom {
  readonly router: SocketRouter;
  readonly data: DataHub;
  readonly trading: TradeHub;
  readonly polygon: PolygonHub;
  readonly timers: Timers;
  readonly wallMs: () => number;
}

/** Broken connections, and what a venue says when it is in trouble. All in wall time. */
export function socketChaos(room: SocketRoom): ChaosActions {
  return { ...linkChaos(room), ...refusalChaos(room), ...messageChaos(room) };
}

function linkChaos(room: SocketRoom): ChaosActions {
  return {
    /** TCP ends, nobody says goodbye. */
    drop: onLinks(room, (link) => link.drop()),
    /** A frame begins and TCP ends in it. */
    dropMidFrame: onLinks(room, (link) => link.dropMidFrame()),
    /** Neither reads nor writes any more; TCP stays. */
    halfOpen: onLinks(room, (link) => link.goHalfOpen()),
    close: (parameters) => {
      const code = closeCodeOf(parameters);
      return each(room, parameters, (link) => link.close(code, 'scripted'));
    },
    /** Pings are answered late; past 5 s clients give up. */
    pongDelay: (parameters) => {
      const ms = parameters.number('ms', MS_RANGE);
      return each(room, parameters, (link) => {
        link.pongDelayMs = ms;
      });
    },
    noPong: onLinks(room, (link) => {
      link.pongDelayMs = undefined;
    }),
    /** Data stops, pongs and acknowledgements go on. */
    mute: (parameters) => mute(room, parameters),
  };
}

function refusalChaos(room: SocketRoom): ChaosActions {
  return {
    /** Upgrades are refused by HTTP 429. */
    refuseUpgrades: (parameters) => {
      const forMs = parameters.number('forMs', MS_RANGE);
      parameters.end();
      room.router.refuseUntilMs = room.wallMs() + forMs;
      return 1;
    },
    /** The next authentications get an error: 406 that stays, closes, or times out into 404. */
    nextAuth: (parameters) => {
      room.data.authScript = scriptOf(parameters, 406);
      return 1;
    },
    nextSubscribe: (parameters) => {
      room.data.subscribeScript = scriptOf(parameters, 405);
      return 1;
    },
    sendError: (parameters) => {
      const code = codeOf(parameters, 500);
      const then = parameters.oneOf('then', ['stay', 'close'], 'stay');
      return eachSession(room, parameters, (session) => session.refuse(code, then));
    },
    /** A client that is told to be too slow and cut. */
    slowConsumer: (parameters) =>
      eachSession(room, parameters, (session) => {
        session.cutSlow();
      }),
  };
}

function messageChaos(room: SocketRoom): ChaosActions {
  return {
    /** Text where msgpack was agreed. */
    textOnMsgpack: (parameters) =>
      eachSession(room, parameters, (session) => {
        session.link.send(jsonFrame([new WireEvent({ T: 'success', msg: 'text' })]));
      }),
    /** A message of a kind nobody knows, with keys nobody knows. */
    unknownMessage: (parameters) => {
      const kind = parameters.text('kind', 'zz');
      const symbol = parameters.text('symbol', 'ZZZZ');
      return eachSession(room, parameters, (session) => {
        session.control(new WireEvent({ T: kind, S: symbol, zz: ['?'], t: '?' }));
      });
    },
    oversizedFrame: (parameters) => {
      const bytes = parameters.whole('bytes', BYTES_RANGE, 17 * MIB);
      return eachSession(room, parameters, (session) => {
        session.control(new WireEvent({ T: 'zz', pad: 'x'.repeat(bytes) }));
      });
    },
    /** The one byte of the older protocol. */
    heartbeatByte: (parameters) => {
      parameters.end();
      let count = 0;
      for (const session of room.trading.sessions) {
        session.link.send(Uint8Array.of(1));
        count += 1;
      }
      return count;
    },
  };
}

const MIB = 1_024 * 1_024;
/** Past 16 MiB clients refuse a frame; far past it we would be the ones who fail. */
const BYTES_RANGE: Range = [1, 64 * MIB];
/** Those of the data stream (venues.md 2.6). */
const CODE_RANGE: Range = [400, 500];
/** What may stand in a close frame (RFC 6455, 7.4): not those that only say that none came. */
const CLOSE_RANGE: Range = [1_000, 4_999];
const CLOSE_UNSENT: ReadonlySet<number> = new Set([1_004, 1_005, 1_006]);
const CLOSE_KNOWN_MAX = 1_014;
const CLOSE_OWN_MIN = 3_000;

const STREAMS = ['data', 'news', 'trading', 'polygon', 'all'] as const;

function onLinks(room: SocketRoom, run: (link: SocketLink) => void) {
  return (parameters: Parameters) => each(room, parameters, run);
}

function each(room: SocketRoom, parameters: Parameters, run: (link: SocketLink) => void): number {
  const targets = targetsOf(room, parameters);
  for (const { link } of targets) run(link);
  return targets.length;
}

function targetsOf(room: SocketRoom, parameters: Parameters): readonly Connection[] {
  const stream = parameters.oneOf('stream', STREAMS, 'all');
  parameters.end();
  return [...room.router.connections].filter((one) => stream === 'all' || one.stream === stream);
}

function eachSession(
  room: SocketRoom,
  parameters: Parameters,
  run: (session: DataSession) => void,
): number {
  const stream = parameters.oneOf('stream', ['data', 'news', 'all'], 'all');
  parameters.end();
  const sessions = [...room.data.sessions].filter((session) => isOf(session, stream));
  for (const session of sessions) run(session);
  return sessions.length;
}

function isOf(session: DataSession, stream: string): boolean {
  return stream === 'all' || (session.endpoint.feed === 'news') === (stream === 'news');
}

/** For a while, or until the connection ends where no time is given. */
function mute(room: SocketRoom, parameters: Parameters): number {
  const stream = parameters.oneOf('stream', STREAMS, 'all');
  const channels = parameters.texts('channels');
  const forMs = parameters.optionalNumber('forMs', MS_RANGE);
  parameters.end();
  const isAll = stream === 'all';
  const data = stream === 'trading' || stream === 'polygon' ? [] : [...room.data.sessions];
  const undo = [
    ...muteEach(
      data.filter((session) => isOf(session, stream)),
      stream === 'polygon' ? [] : channels.map(channelOf),
    ),
    ...muteEach(
      isAll || stream === 'polygon' ? [...room.polygon.sessions] : [],
      stream === 'polygon' ? channels.map(polygonChannelOf) : [],
    ),
  ];
  const traders = isAll || stream === 'trading' ? [...room.trading.sessions] : [];
  for (const session of traders) session.isMuted = true;
  if (forMs !== undefined) {
    room.timers.after(forMs, () => {
      for (const run of undo) run();
      for (const session of traders) session.isMuted = false;
    });
  }
  return undo.length + traders.length;
}

/** Mutes all channels where none are named; answers how each client is given back its own. */
function muteEach<Channel>(
  sessions: readonly { muted: ReadonlySet<Channel> | 'all' | undefined }[],
  channels: readonly Channel[],
): readonly (() => void)[] {
  const muted = channels.length === 0 ? 'all' : new Set(channels);
  return sessions.map((session) => {
    session.muted = muted;
    return () => {
      session.muted = undefined;
    };
  });
}

function channelOf(name: string): DataChannel {
  const channel = [...STOCK_CHANNELS, ...NEWS_CHANNELS].find((known) => known === name);
  if (channel === undefined) throw new AdminError(`unknown channel: ${name}`);
  return channel;
}

function scriptOf(parameters: Parameters, usual: DataErrorCode): Script {
  const script = {
    code: codeOf(parameters, usual),
    then: parameters.oneOf('then', ['stay', 'close', 'timeout'], 'stay'),
    left: parameters.whole('count', COUNT_RANGE, 1),
  };
  parameters.end();
  return script;
}

function closeCodeOf(parameters: Parameters): number {
  const code = parameters.whole('code', CLOSE_RANGE, 1_001);
  const isKnown = code <= CLOSE_KNOWN_MAX && !CLOSE_UNSENT.has(code);
  if (isKnown || code >= CLOSE_OWN_MIN) return code;
  throw new AdminError(
    'code must be one that a close frame may have: 1000 to 1014 without ' +
      '1004 to 1006, or 3000 to 4999',
  );
}

function codeOf(parameters: Parameters, usual: DataErrorCode): DataErrorCode {
  const code = dataErrorCode(parameters.whole('code', CODE_RANGE, usual));
  if (code === undefined) throw new AdminError('code must be one of the data stream');
  return code;
}
