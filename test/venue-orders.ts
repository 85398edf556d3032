import { DEMO_KEYS } from './venue-socket.ts';

const HEADERS = {
  'APCA-API-KEY-ID': DEMO_KEYS.key,
  'APCA-API-SECRET-KEY': DEMO_KEYS.secret,
  'Content-Type': 'application/json',
};

export interface Posted {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Sends an order as a client of the venue's REST does; a lost answer is a rejection. */
export function postOrder(
  tradingUrl: string,
  order: Readonly<Record<string, string>>,
): Promise<Posted> {
  const usual = { symbol: 'SEMKT', side: 'buy', type: 'market', time_in_force: 'day', qty: '10' };
  return call(tradingUrl, 'POST', '/v2/orders', { ...usual, ...order });
}

export async function call(
  tradingUrl: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Posted> {
  const response = await fetch(`${tradingUrl}${path}`, {
    method,
    headers: HEADERS,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : Object(JSON.parse(text)) };
}
