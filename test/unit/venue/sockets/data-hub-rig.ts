import type { IncomingHttpHeaders } from 'node:http';
import { MarketTimers } from '../../../../src/venue/clock/market-timers.ts';
import { VenueClock } from '../../../../src/venue/clock/venue-clock.ts';
import { ConnectionSlots } from '../../../../src/venue/sockets/connection-slots.ts';
import { DATA_ENDPOINTS } from '../../../../src/venue/sockets/data-channels.ts';
import { DataHub, type DataHubOptions } from '../../../../src/venue/sockets/data-hub.ts';
import type { DataSession } from '../../../../src/venue/sockets/data-session.ts';
import type { Link } from '../../../../src/venue/sockets/socket-link.ts';
import { ManualTime } from '../../../manual-time.ts';

export type Told = Readonly<Record<string, unknown>>;

/** A socket that keeps what it was told. */
export class FakeLink implements Link {
  readonly frames: (readonly Told[])[] = [];
  readonly bytes: number[] = [];
  closed: number | undefined;
  isDropped = false;
  bufferedBytes = 0;

  send(frame: string | Uint8Array): void {
    if (typeof frame !== 'string') throw new Error('the rig speaks JSON');
    const messages: readonly Told[] = JSON.parse(frame);
    this.frames.push(messages);
    this.bytes.push(frame.length);
  }

  close(code: number): void {
    this.closed = code;
  }

  drop(): void {
    this.isDropped = true;
  }

  get messages(): readonly Told[] {
    return this.frames.flat();
  }

  get last(): Told {
    return this.messages.at(-1) ?? {};
  }
}

export interface Client {
  readonly link: FakeLink;
  readonly session: DataSession;
  say(message: unknown): Told;
}

export const KEYS = { key: 'k', secret: 's' };

/** A hub on a clock that the test moves, and clients without sockets. */
export function createHubRig(options: Partial<DataHubOptions> = {}) {
  const time = new ManualTime();
  const clock = new VenueClock({
    startUs: 1_717_426_800_000_000,
    speed: 1,
    wallMs: () => time.wallMs(),
    epochMs: () => time.wallMs(),
  });
  const marketTimers = new MarketTimers(clock, time);
  const hub = new DataHub({
    clock,
    marketTimers,
    timers: time,
    slots: new ConnectionSlots(time, 500, 1),
    limit: { plan: 'basic', symbolsMax: 30, counts: 'symbols' },
    credentials: KEYS,
    authUs: 10_000_000,
    authWallMsMin: 2_000,
    frameEventsMax: 4,
    outboundBytesMax: 10_000,
    connectionLimit: 'stay',
    ...options,
  });
  const connect = (path = '/v2/iex', headers: IncomingHttpHeaders = {}): Client => {
    const endpoint = DATA_ENDPOINTS.find((known) => known.path === path);
    if (endpoint === undefined) throw new Error(`no endpoint ${path}`);
    const link = new FakeLink();
    const session = hub.connect(link, endpoint, headers);
    return {
      link,
      session,
      say: (message) => {
        session.receive(Buffer.from(JSON.stringify(message)), false);
        return link.last;
      },
    };
  };
  const welcome = (path?: string): Client => {
    const client = connect(path);
    client.say({ action: 'auth', ...KEYS });
    return client;
  };
  return { time, clock, hub, connect, welcome };
}
