import { describe, expect, it } from 'vitest';
import { OfficialSocket, officialClient, plainClient, POLYGON_KEY } from '../polygon-client.ts';
import { VenueRig } from '../venue-rig.ts';
import { subscribed, until, type VenueMessage, VenueSocket } from '../venue-socket.ts';

const ALL = 'T.*,Q.*,A.*,AM.*,LULD.*';

describe("the venue's Polygon stream, to the official client", () => {
  const rig = new VenueRig({ symbols: 12 });

  it('welcomes, authenticates and acknowledges each topic with a status of its own', async () => {
    const client = await officialClient(rig.venue.polygonStreamUrl, 'T.SEMKT,AM.*,NOI.*,Q.SETEC');
    client.send('unsubscribe', 'AM.*');
    await until(() => client.of('status').length === 7, 'the last status');
    client.end();

    expect(client.of('status')).toEqual([
      { ev: 'status', status: 'connected', message: 'Connected Successfully' },
      { ev: 'status', status: 'auth_success', message: 'authenticated' },
      { ev: 'status', status: 'success', message: 'subscribed to: T.SEMKT' },
      { ev: 'status', status: 'success', message: 'subscribed to: AM.*' },
      { ev: 'status', status: 'error', message: 'not authorized' },
      { ev: 'status', status: 'success', message: 'subscribed to: Q.SETEC' },
      { ev: 'status', status: 'success', message: 'unsubscribed to: AM.*' },
    ]);
  });

  it('brings trades, quotes and bars of both lengths', async () => {
    const client = await officialClient(rig.venue.polygonStreamUrl, ALL);
    await rig.pass(70);
    const kinds = ['T', 'Q', 'A', 'AM'];
    await until(() => kinds.every((ev) => client.of(ev).length > 0), 'every kind', 15_000);
    client.end();
    const [trade] = client.of('T');
    const [bar] = client.of('AM');
    const day = Number(client.of('AM').at(-1)?.['s']);

    expect(trade).toMatchObject({ ev: 'T', i: expect.stringMatching(/^\d+$/) });
    expect(Number(bar?.['e']) - Number(bar?.['s'])).toBe(60_000);
    expect(day % 60_000).toBe(0);
    expect(client.of('A').every((one) => Number(one['e']) - Number(one['s']) === 1_000)).toBe(true);
  });

  it('has the same bars as the other wire, at the same moments of the market', async () => {
    const polygon = await officialClient(rig.venue.polygonStreamUrl, 'AM.*');
    const wanted = { bars: ['*'], updatedBars: ['*'] };
    const alpaca = await subscribed(rig.venue.dataStreamUrl, wanted);
    const sent: number[] = [];
    for (let count = 0; count < 12; count += 1) {
      await rig.pass(15);
      const { connections } = await rig.admin.state();
      const [one, other] = [connections.data[0], connections.polygon[0]];
      expect(other?.sentEvents).toBe(one?.sentEvents);
      sent.push(other?.sentEvents ?? 0);
    }
    const told = () => [...alpaca.of('b'), ...alpaca.of('u')].map(alpacaBar).toSorted();
    await until(() => told().length === sent.at(-1), 'all bars');
    await until(() => polygon.of('AM').length === sent.at(-1), 'the same bars');
    alpaca.end();
    polygon.end();

    expect(new Set(sent).size).toBeGreaterThan(2);
    expect(polygon.of('AM').map(polygonBar).toSorted()).toEqual(told());
  });

  it('D8 tells a minute again when a late trade has changed it', async () => {
    const client = await officialClient(rig.venue.polygonStreamUrl, 'T.SEMKT,AM.SEMKT');
    await rig.pass(130);
    await until(() => client.of('AM').length > 0, 'a bar');
    await rig.admin.chaos('lateTrade', { symbol: 'SEMKT', size: 12_345, ageMs: 65_000 });
    await rig.pass(40);
    const late = (one: VenueMessage) => one['s'] === 12_345;
    await until(() => client.of('T').some(late), 'the late trade');
    const starts = () => client.of('AM').map(({ s }) => s);
    await until(() => starts().some((s, at) => starts().indexOf(s) !== at), 'a bar told again');
    client.end();
    const again = starts().find((s, at) => starts().indexOf(s) !== at);
    const versions = client.of('AM').filter(({ s }) => s === again);

    expect(client.of('T').find(late)).toMatchObject({ c: [32] });
    expect(Number(versions[1]?.['v']) - Number(versions[0]?.['v'])).toBe(12_345);
  });

  it('tells no window again that is more than a quarter of an hour old', async () => {
    const client = await officialClient(rig.venue.polygonStreamUrl, 'T.SEMKT,AM.SEMKT');
    await rig.pass(130);
    await rig.admin.chaos('lateTrade', { symbol: 'SEMKT', size: 12_345, ageMs: 1_000_000 });
    await rig.pass(130);
    await until(() => client.of('T').some(({ s }) => s === 12_345), 'the late trade');
    client.end();
    const starts = client.of('AM').map(({ s }) => Number(s));

    expect(Math.max(...starts) - Math.min(...starts)).toBeLessThan(300_000);
  });

  it('numbers the events of a ticker upwards, with gaps', async () => {
    const client = await officialClient(rig.venue.polygonStreamUrl, 'T.SEMKT,T.SETEC');
    await rig.pass(600);
    await until(() => client.of('T').length > 50, 'trades');
    client.end();
    for (const name of ['SEMKT', 'SETEC']) {
      const numbers = client
        .of('T')
        .filter(({ sym }) => sym === name)
        .map(({ q }) => Number(q));

      expect(numbers).toEqual(numbers.toSorted((left, right) => left - right));
      expect(new Set(numbers).size).toBe(numbers.length);
      expect((numbers.at(-1) ?? 0) - (numbers[0] ?? 0)).toBeGreaterThan(numbers.length - 1);
    }
  });

  it('has the numbers and the ids that REST has, trade by trade and quote by quote', async () => {
    const client = await officialClient(rig.venue.polygonStreamUrl, 'T.SEMKT,Q.SEMKT');
    await rig.pass(300);
    await rig.admin.chaos('correction', { symbol: 'SEMKT' });
    await rig.pass(300);
    const rows = async (kind: string): Promise<readonly VenueMessage[]> => {
      const query = `limit=50000&order=asc&apiKey=${POLYGON_KEY}`;
      const response = await fetch(`${rig.venue.polygonUrl}/v3/${kind}/SEMKT?${query}`);
      return Object(await response.json()).results;
    };
    const trades = new Map((await rows('trades')).map((row) => [row['sequence_number'], row]));
    const quotes = new Map((await rows('quotes')).map((row) => [row['sequence_number'], row]));
    await until(() => client.of('T').length > 50, 'trades');
    client.end();
    const told = client.of('T');

    expect(told.map(({ q, i, p, x }) => [q, i, p, x])).toEqual(
      told.map(({ q }) => {
        const row = trades.get(q) ?? {};
        return [q, row['id'], row['price'], row['exchange']];
      }),
    );
    expect(client.of('Q').map(({ q, bp, as }) => [q, bp, as])).toEqual(
      client.of('Q').map(({ q }) => {
        const row = quotes.get(q) ?? {};
        return [q, row['bid_price'], row['ask_size']];
      }),
    );
  });

  it('tells halts of tape C with indicator 17 and their end with 18', async () => {
    const client = await officialClient(rig.venue.polygonStreamUrl, 'LULD.*');
    const { symbol, other } = await symbolsByTape();
    for (const name of [symbol, other]) {
      await rig.admin.chaos('halt', { symbol: name });
      await rig.admin.chaos('resume', { symbol: name });
    }
    await until(() => client.of('LULD').length >= 2, 'both');
    client.end();
    const told = client.of('LULD').filter(({ i }) => JSON.stringify(i) !== '[21]');

    expect(told.map(({ T, i }) => [T, i])).toEqual([
      [symbol, [17]],
      [symbol, [18]],
    ]);
  });

  it('has seconds that lie within their minute', async () => {
    const client = await officialClient(rig.venue.polygonStreamUrl, 'A.SEMKT,AM.SEMKT');
    for (let count = 0; count < 13; count += 1) await rig.pass(10);
    await until(() => client.of('AM').length === 2, 'two minutes');
    client.end();
    const minute = client.of('AM')[1] ?? {};
    const within = client.of('A').filter(({ s }) => {
      return Number(s) >= Number(minute['s']) && Number(s) < Number(minute['e']);
    });
    const sum = within.reduce((total, { v }) => total + Number(v), 0);

    expect(within.length).toBeGreaterThan(5);
    expect(Math.max(...within.map(({ h }) => Number(h)))).toBeLessThanOrEqual(Number(minute['h']));
    expect(sum).toBeGreaterThan(Number(minute['v']) * 0.8);
    expect(sum).toBeLessThanOrEqual(Number(minute['v']));
  });

  it('is mute for who has assigned onopen, which is what sends the key', async () => {
    const client = new OfficialSocket(rig.venue.polygonStreamUrl, POLYGON_KEY, {
      onopen: () => {},
    });
    await client.status('connected');
    await rig.pass(11);
    await client.status('auth_timeout');
    const code = await client.closed();

    expect([client.statuses(), code]).toEqual([['connected', 'auth_timeout'], 1_008]);
  });

  /** One that Nasdaq lists, and one that it does not. */
  async function symbolsByTape(): Promise<{ readonly symbol: string; readonly other: string }> {
    const response = await fetch(`${rig.venue.tradingUrl}/v2/assets?status=active`, {
      headers: { 'APCA-API-KEY-ID': POLYGON_KEY, 'APCA-API-SECRET-KEY': POLYGON_KEY },
    });
    const assets: readonly VenueMessage[] = JSON.parse(await response.text());
    const named = (exchange: string) =>
      String(assets.find((asset) => asset['exchange'] === exchange)?.['symbol']);
    return { symbol: named('NASDAQ'), other: named('NYSE') };
  }
});

describe("the venue's Polygon stream, about who may connect", () => {
  const rig = new VenueRig();

  it.each(['wrong', ''])('refuses the key %j by auth_failed and 1008', async (key) => {
    const client = await new VenueSocket(`${rig.venue.polygonStreamUrl}/stocks`).open();
    client.send({ action: 'auth', params: key });
    const code = await client.closed();

    expect(client.messages.at(-1)).toEqual({
      ev: 'status',
      status: 'auth_failed',
      message: 'authentication failed',
    });
    expect(code).toBe(1_008);
  });

  it('D4 takes one connection of a cluster and ends a second by max_connections', async () => {
    const first = await plainClient(rig.venue.polygonStreamUrl);
    const second = new OfficialSocket(rig.venue.polygonStreamUrl);
    const told = await second.status('max_connections');
    const code = await second.closed();
    first.end();
    await until(
      async () => (await rig.admin.state()).connections.polygon.length === 0,
      'no connection',
    );
    const third = new OfficialSocket(rig.venue.polygonStreamUrl);
    await third.status('auth_success');
    third.end();

    expect(String(told['message'])).toMatch(/^Maximum number of websocket connections exceeded\./);
    expect([code, second.statuses()]).toEqual([1_008, ['connected', 'max_connections']]);
  });

  it('does nothing for who has not authenticated, and ends it after ten seconds', async () => {
    const client = await new VenueSocket(`${rig.venue.polygonStreamUrl}/stocks`).open();
    client.send({ action: 'subscribe', params: 'T.*' });
    await client.message(({ message }) => message === 'not authenticated', 'a refusal');
    await rig.pass(11);
    await client.message(({ status }) => status === 'auth_timeout', 'the timeout');

    expect(await client.closed()).toBe(1_008);
  });

  it('keeps who has authenticated in time', async () => {
    const client = await plainClient(rig.venue.polygonStreamUrl);
    await rig.pass(60);
    await new Promise((resolve) => setTimeout(resolve, 2_200));
    const { closeCode } = client;
    client.end();

    expect(closeCode).toBe(0);
  });
});

describe('the knobs of the Polygon stream', () => {
  const rig = new VenueRig({
    knobs: {
      polygonEvicts: 'oldest',
      polygonChannels: ['Q', 'AM'],
      polygonQuoteSizes: 'lots',
    },
  });

  it('let the newcomer in and end the oldest', async () => {
    const first = await plainClient(rig.venue.polygonStreamUrl);
    const second = await plainClient(rig.venue.polygonStreamUrl);
    await first.message(({ status }) => status === 'max_connections', 'the end of the first');
    const code = await first.closed();
    second.end();

    expect([code, second.closeCode]).toEqual([1_008, 0]);
  });

  it('refuse topics outside of the plan and keep the others of the request', async () => {
    const client = await officialClient(rig.venue.polygonStreamUrl, 'T.SEMKT,Q.SEMKT,LULD.*');
    await rig.pass(30);
    await until(() => client.of('Q').length > 0, 'quotes');
    client.end();

    expect(
      client
        .of('status')
        .slice(2)
        .map(({ message }) => message),
    ).toEqual(['not authorized', 'subscribed to: Q.SEMKT', 'not authorized']);
    expect(client.of('T')).toEqual([]);
  });

  it('tell sizes of quotes in round lots', async () => {
    const client = await officialClient(rig.venue.polygonStreamUrl, 'Q.SEMKT');
    const alpaca = await rig.dataClient();
    await rig.pass(10);
    await until(() => alpaca.of('q').length > 0, 'quotes');
    await until(() => client.of('Q').length >= alpaca.of('q').length, 'the same quotes');
    client.end();
    const lots = alpaca.of('q').map(({ bs }) => Math.max(1, Math.floor(Number(bs) / 100)));

    expect(client.of('Q').map(({ bs }) => bs)).toEqual(lots);
  });
});

function alpacaBar(bar: VenueMessage): string {
  const us = Date.parse(String(bar['t']));
  return [bar['S'], us, bar['o'], bar['h'], bar['l'], bar['c'], bar['v']].join(' ');
}

function polygonBar(bar: VenueMessage): string {
  return [bar['sym'], bar['s'], bar['o'], bar['h'], bar['l'], bar['c'], bar['v']].join(' ');
}
