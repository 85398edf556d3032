import { createServer } from 'node:http';
import { adminListener } from '../admin/admin-server.ts';
import { closeServer, listen, LOOPBACK } from './listen.ts';
import { completeVenueOptions, type VenueOptions } from './venue-options.ts';
import { createVenueParts, type VenueParts } from './venue-parts.ts';
import { venueState } from './venue-state.ts';

/** A venue that runs: where it is, and how it ends. */
export interface RunningVenue {
  readonly tradingUrl: string;
  readonly dataUrl: string;
  readonly streamUrl: string;
  readonly dataStreamUrl: string;
  readonly newsUrl: string;
  /** Where Polygon's REST paths are. */
  readonly polygonUrl: string;
  /** Without `/stocks`: its clients append the cluster. */
  readonly polygonStreamUrl: string;
  readonly adminUrl: string;
  /** Settles when the venue has ended, whoever ended it. */
  readonly ended: Promise<void>;
  /** Sockets that are open, of whatever kind. */
  readonly connections: number;
  /** That came so far, over HTTP. */
  readonly requests: number;
  close(): Promise<void>;
}

/** Starts a venue in this process; ports left out are chosen by the system. */
export async function runVenue(options: VenueOptions = {}): Promise<RunningVenue> {
  const complete = completeVenueOptions(options);
  const parts = createVenueParts(complete);
  await parts.feed.fastForward(parts.clock.nowUs());
  const { http } = parts.rooms;
  const port = await orEnd(parts, listen(http, complete.port));
  parts.router.attach(http);
  let requests = 0;
  http.on('request', () => (requests += 1));
  const host = `${LOOPBACK}:${port}`;
  const urls = {
    tradingUrl: `http://${host}`,
    dataUrl: `http://${host}`,
    streamUrl: `ws://${host}/stream`,
    dataStreamUrl: `ws://${host}${complete.plan === 'plus' ? '/v2/sip' : '/v2/iex'}`,
    newsUrl: `ws://${host}/v1beta1/news`,
    polygonUrl: `http://${host}`,
    polygonStreamUrl: `ws://${host}`,
  };
  const name = `embedded venue, seed ${complete.seed}, x${complete.speed}`;
  // Its accounts begin with it: the same options make another venue of the same names.
  const instance = `${process.pid}-${port}`;
  let shutdown = () => {};
  const backDoor = createServer(
    adminListener({
      chaos: parts.chaos,
      state: () => ({ name, instance, urls, ...venueState(parts) }),
      shutdown: () => {
        shutdown();
      },
    }),
  );
  const adminPort = await orEnd(parts, listen(backDoor, complete.adminPort));
  const ended = new Promise<void>((resolve) => {
    shutdown = resolve;
  }).then(async () => {
    await Promise.all([endParts(parts), closeServer(backDoor)]);
  });
  if (!complete.isPaused) parts.clock.resume();
  parts.feed.start();
  parts.test.start();
  return {
    ...urls,
    adminUrl: `http://${LOOPBACK}:${adminPort}`,
    ended,
    get connections() {
      return [...parts.router.connections].length;
    },
    get requests() {
      return requests;
    },
    close: () => {
      shutdown();
      return ended;
    },
  };
}

/** A venue without one of its doors is none: what was opened already must not outlive it. */
async function orEnd<Value>(parts: VenueParts, opening: Promise<Value>): Promise<Value> {
  try {
    return await opening;
  } catch (error) {
    await endParts(parts);
    throw error;
  }
}

function endParts(parts: VenueParts): Promise<void> {
  parts.feed.close();
  parts.test.close();
  parts.marketTimers.close();
  parts.router.close();
  parts.timers.close();
  return closeServer(parts.rooms.http);
}
