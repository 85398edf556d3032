import { afterEach, beforeEach } from 'vitest';
import { type RunningVenue, runVenue } from '../src/venue/process/run-venue.ts';
import type { VenueOptions } from '../src/venue/process/venue-options.ts';
import { VenueAdmin } from './venue-client.ts';
import { postOrder } from './venue-orders.ts';
import { DEMO_KEYS, subscribed, until, VenueSocket } from './venue-socket.ts';

export const SECOND_US = 1_000_000;
const NOON_US = 12 * 3_600 * SECOND_US;

/** A venue of four companies at noon, anew for every test; a test moves its clock. */
export class VenueRig {
  readonly #clients: VenueSocket[] = [];
  #venue: RunningVenue | undefined;

  /** To be made where tests are described. */
  constructor(options: VenueOptions = {}) {
    beforeEach(async () => {
      this.#venue = await runVenue({
        seed: 6,
        symbols: 4,
        atUsOfDay: NOON_US,
        extendedHours: false,
        isPaused: true,
        rules: { partialFillChance: 0 },
        ...options,
      });
    });
    afterEach(async () => {
      for (const client of this.#clients.splice(0)) client.end();
      await this.venue.close();
    });
  }

  get venue(): RunningVenue {
    if (this.#venue === undefined) throw new Error('a venue runs within a test');
    return this.#venue;
  }

  get admin(): VenueAdmin {
    return new VenueAdmin(this.venue.adminUrl);
  }

  /** Ended with the test. */
  connect(url: string, codec?: 'json' | 'msgpack'): VenueSocket {
    const client = new VenueSocket(url, codec === undefined ? {} : { codec });
    this.#clients.push(client);
    return client;
  }

  async dataClient(codec: 'json' | 'msgpack' = 'json'): Promise<VenueSocket> {
    const channels = { trades: ['SEMKT'], quotes: ['SEMKT'], bars: ['*'], updatedBars: ['*'] };
    const all = { ...channels, statuses: ['*'] };
    const client = await subscribed(this.venue.dataStreamUrl, all, codec);
    this.#clients.push(client);
    return client;
  }

  async orderClient(codec?: 'msgpack'): Promise<VenueSocket> {
    const client = await this.connect(this.venue.streamUrl, codec).open();
    client.send({ action: 'auth', ...DEMO_KEYS });
    client.send({ action: 'listen', data: { streams: ['trade_updates'] } });
    await client.message(({ stream }) => stream === 'listening', 'listening');
    return client;
  }

  /** Lets so much market time pass, all of it told when this settles. */
  async pass(seconds: number): Promise<void> {
    const { admin } = this;
    await admin.chaos('clockStep', { us: seconds * SECOND_US });
    const { clock } = await admin.state();
    await until(async () => (await admin.state()).market.reachedUs >= clock.marketUs, 'the time');
  }

  /** Buys ten shares of the market fund and waits until the client has heard of the fill. */
  async filledOrder(clientOrderId: string, client: VenueSocket): Promise<void> {
    await postOrder(this.venue.tradingUrl, { client_order_id: clientOrderId });
    await this.pass(1);
    const isFill = (one: UpdateData) =>
      one.event === 'fill' && one.order['client_order_id'] === clientOrderId;
    await until(() => eventsOf(client).some(isFill), `the fill of ${clientOrderId}`);
  }
}

export interface UpdateData {
  readonly [key: string]: unknown;
  readonly event: string;
  readonly order: Readonly<Record<string, unknown>>;
}

/** The order updates that a client was told, oldest first. */
export function eventsOf(client: VenueSocket): readonly UpdateData[] {
  return client.messages
    .filter(({ stream }) => stream === 'trade_updates')
    .map(({ data }) => Object(data));
}
