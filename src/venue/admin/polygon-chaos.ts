import type { PolygonPublisher } from '../polygon/polygon-publisher.ts';
import type { PolygonHub } from '../polygon/sockets/polygon-hub.ts';
import { FINAL_STATUSES, statusEvent } from '../polygon/sockets/polygon-status.ts';
import type { PolygonSession } from '../polygon/sockets/polygon-session.ts';
import { POLYGON_CHANNELS, type PolygonChannel } from '../polygon/sockets/polygon-topics.ts';
import { WireEvent } from '../sockets/wire-event.ts';
import type { ChaosActions } from './chaos.ts';
import { AdminError, COUNT_RANGE, MS_RANGE, type Parameters, type Range } from './parameters.ts';

export interface PolygonRoom {
  readonly hub: PolygonHub;
  readonly publisher: Pick<PolygonPublisher, 'bandTimes'>;
}

/** What Polygon's stream does to those who trust it; broken links are everyone's actions. */
export function polygonChaos(room: PolygonRoom): ChaosActions {
  return { ...authChaos(room), ...messageChaos(room) };
}

function authChaos({ hub }: PolygonRoom): ChaosActions {
  return {
    /** The next clients are let in, and a moment later there are too many of them. */
    polygonMaxConnections: (parameters) => {
      const afterMs = parameters.number('afterMs', MS_RANGE, 50);
      const left = parameters.whole('count', COUNT_RANGE, 1);
      parameters.end();
      hub.authScript = { status: 'max_connections', afterMs, left };
      return left;
    },
    /** The next authentications end in one of the last words. */
    polygonNextAuth: (parameters) => {
      const status = parameters.oneOf('status', FINAL_STATUSES, 'max_connections');
      const left = parameters.whole('count', COUNT_RANGE, 1);
      parameters.end();
      hub.authScript = { status, afterMs: undefined, left };
      return left;
    },
    /** Topics of these channels are not authorized from now on; none opens all of them. */
    polygonRefuseTopics: (parameters) => {
      const refused = parameters.texts('channels').map(channelOf);
      parameters.end();
      const left = POLYGON_CHANNELS.filter((channel) => !refused.includes(channel));
      hub.restrict(refused.length === 0 ? undefined : left);
      return refused.length;
    },
    /** Who reads slowly is cut without a word: 1006, or 1008 where it is asked for. */
    polygonSlowCut: (parameters) => {
      const code = parameters.oneOf('code', ['1006', '1008'], '1006');
      return eachSession(hub, parameters, (session) => {
        session.cut(code === '1006' ? undefined : 1_008);
      });
    },
  };
}

function messageChaos({ hub, publisher }: PolygonRoom): ChaosActions {
  return {
    /** Any status, with any words: the real venue has more than are documented. */
    polygonStatus: (parameters) => {
      const status = parameters.text('status', 'error');
      const message = parameters.text('message', NO_REAL_TIME);
      return eachSession(hub, parameters, (session) => {
        session.say([statusEvent(status, message)]);
      });
    },
    /** An event of a kind nobody knows, with keys nobody knows. */
    polygonUnknownEvent: (parameters) => {
      const ev = parameters.text('ev', 'ZZ');
      const symbol = parameters.text('symbol', 'ZZZZ');
      return eachSession(hub, parameters, (session) => {
        session.say([new WireEvent({ ev, sym: symbol, zz: ['?'], t: '?' })]);
      });
    },
    /** Past 1 MiB the official client closes by 1009 (venues.md 0.9). */
    polygonOversizedFrame: (parameters) => {
      const bytes = parameters.whole('bytes', BYTES_RANGE, 2 * MIB);
      return eachSession(hub, parameters, (session) => {
        session.say([new WireEvent({ ev: 'ZZ', pad: 'x'.repeat(bytes) })]);
      });
    },
    /** A frame that is no JSON. */
    polygonGarbage: (parameters) => {
      const text = parameters.text('text', '[{"ev":"T","sym":');
      return eachSession(hub, parameters, (session) => {
        session.link.send(text);
      });
    },
    /** The unit of the times of bands, which was seen in three. */
    polygonBandTimes: (parameters) => {
      publisher.bandTimes = parameters.oneOf('unit', ['ms', 'us', 'ns'], 'ms');
      parameters.end();
      return 1;
    },
  };
}

const NO_REAL_TIME =
  "You don't have access real-time data. Upgrade your plan, or use the delayed stream.";
const MIB = 1_024 * 1_024;
const BYTES_RANGE: Range = [1, 64 * MIB];

function eachSession(
  hub: PolygonHub,
  parameters: Parameters,
  run: (session: PolygonSession) => void,
): number {
  parameters.end();
  const sessions = [...hub.sessions];
  for (const session of sessions) run(session);
  return sessions.length;
}

export function channelOf(name: string): PolygonChannel {
  const channel = POLYGON_CHANNELS.find((known) => known === name);
  if (channel === undefined) throw new AdminError(`unknown channel: ${name}`);
  return channel;
}
