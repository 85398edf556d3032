import { websocketClient } from '@polygon.io/client-js';
import { until, type VenueMessage, VenueSocket } from './venue-socket.ts';

export const POLYGON_KEY = 'strata-demo';

/** The official websocket client, and what it was told. Its authentication is its own. */
export class OfficialSocket {
  readonly messages: VenueMessage[] = [];
  closeCode = 0;
  readonly socket: W3cSocket;

  /** `options` are assigned to the socket, as its users do. */
  constructor(url: string, key = POLYGON_KEY, options: { readonly onopen?: () => void } = {}) {
    this.socket = websocketClient(key, url).stocks();
    const handlers: Handlers = {
      onmessage: ({ data }) => {
        const messages: unknown = JSON.parse(data);
        if (!Array.isArray(messages)) throw new Error('every message is an array');
        for (const message of messages) this.messages.push(message);
      },
      onclose: ({ code }) => {
        this.closeCode = code;
      },
      onerror: () => {
        // `onclose` follows and says the rest.
      },
    };
    Object.assign(this.socket, handlers, options);
  }

  send(action: string, params: string): void {
    this.socket.send(JSON.stringify({ action, params }));
  }

  of(ev: string): readonly VenueMessage[] {
    return this.messages.filter((message) => message['ev'] === ev);
  }

  statuses(): readonly unknown[] {
    return this.of('status').map(({ status }) => status);
  }

  async status(status: string): Promise<VenueMessage> {
    const fits = (message: VenueMessage) => message['status'] === status;
    await until(() => this.messages.some(fits), `the status ${status}`);
    return this.messages.find(fits) ?? {};
  }

  async closed(): Promise<number> {
    await until(() => this.closeCode !== 0, 'a closed socket');
    return this.closeCode;
  }

  end(): void {
    this.socket.close();
  }
}

/** As much of the W3C's interface as is used here: the client's own types leave it open. */
interface Handlers {
  readonly onmessage: (event: { readonly data: string }) => void;
  readonly onclose: (event: { readonly code: number }) => void;
  readonly onerror: () => void;
}

interface W3cSocket {
  send(text: string): void;
  close(): void;
}

/** The official client, let in and with its topics acknowledged. */
export async function officialClient(url: string, topics: string): Promise<OfficialSocket> {
  const client = new OfficialSocket(url);
  await client.status('auth_success');
  client.send('subscribe', topics);
  await until(
    () => client.of('status').length === 2 + topics.split(',').length,
    'an answer to each topic',
  );
  return client;
}

/** A plain socket on the cluster of stocks, let in. */
export async function plainClient(url: string): Promise<VenueSocket> {
  const client = await new VenueSocket(`${url}/stocks`).open();
  client.send({ action: 'auth', params: POLYGON_KEY });
  await client.message(({ status }) => status === 'auth_success', 'auth_success');
  return client;
}
