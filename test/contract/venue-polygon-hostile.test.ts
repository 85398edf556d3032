import { describe, expect, it } from 'vitest';
import { officialClient, plainClient, POLYGON_KEY } from '../polygon-client.ts';
import { VenueRig } from '../venue-rig.ts';
import { until, type VenueMessage, VenueSocket } from '../venue-socket.ts';

const rig = new VenueRig();

const OPEN_MESSAGES = 2;
const NO_BINARY = 'binary frames are not read';

/** What a frame is answered, and whether the connection still serves its topics then. */
async function answerTo(frame: string | Buffer): Promise<readonly VenueMessage[]> {
  const client = await plainClient(rig.venue.polygonStreamUrl);
  client.socket.send(frame);
  client.send({ action: 'subscribe', params: 'AM.*' });
  await client.message(({ message }) => message === 'subscribed to: AM.*', 'a last answer');
  const answers = client.messages.slice(OPEN_MESSAGES, -1);
  const isOpen = client.closeCode === 0;
  client.end();
  expect(isOpen).toBe(true);
  return answers;
}

function errorOf(message: string): VenueMessage {
  return { ev: 'status', status: 'error', message };
}

const BAD_FRAMES: readonly (readonly [what: string, frame: string | Buffer, message: string])[] = [
  ['no JSON', '{"action":', 'invalid JSON'],
  ['nothing', '', 'invalid JSON'],
  ['a list', '[{"action":"auth"}]', 'invalid JSON'],
  ['a number', '12', 'invalid JSON'],
  ['null', 'null', 'invalid JSON'],
  ['a binary frame', Buffer.from('{"action":"subscribe","params":"T.*"}'), NO_BINARY],
  ['binary noise', Buffer.from([0, 255, 1, 254]), NO_BINARY],
  ['no action', '{}', 'unknown action'],
  ['an unknown action', '{"action":"sing","params":"T.*"}', 'unknown action'],
  ['an action that is a list', '{"action":["subscribe"],"params":"T.*"}', 'unknown action'],
  ['no params', '{"action":"subscribe"}', 'invalid params'],
  ['params that are a list', '{"action":"subscribe","params":["T.*"]}', 'invalid params'],
  ['params that are empty', '{"action":"unsubscribe","params":""}', 'invalid params'],
  ['a topic without a symbol', '{"action":"subscribe","params":"T"}', 'invalid params'],
  ['a topic in pieces', '{"action":"subscribe","params":"T.A,,T.B"}', 'invalid params'],
  ['a key of the prototype', '{"__proto__":{"action":"auth"}}', 'unknown action'],
  ['a second authentication', '{"action":"auth","params":"other"}', 'already authenticated'],
];

describe('clients of the Polygon stream that no client of ours is', () => {
  it.each(BAD_FRAMES)('are told what was wrong, and stay: %s', async (_, frame, message) => {
    expect(await answerTo(frame)).toEqual([errorOf(message)]);
  });

  it('are refused a list of topics that is too long, whole', async () => {
    const params = Array.from({ length: 60_000 }, () => 'T.AAAA').join(',');

    expect(await answerTo(JSON.stringify({ action: 'subscribe', params }))).toEqual([
      errorOf('invalid params'),
    ]);
  });

  it('may subscribe twenty thousand topics in one message, each with its answer', async () => {
    const names = Array.from({ length: 20_000 }, (_, at) => `T.S${at}`);
    const answers = await answerTo(
      JSON.stringify({ action: 'subscribe', params: names.join(',') }),
    );

    expect(answers.map(({ message }) => message)).toEqual(
      names.map((name) => `subscribed to: ${name}`),
    );
  });

  it('are cut by 1009 where a message is too large', async () => {
    const client = await plainClient(rig.venue.polygonStreamUrl);
    client.socket.send('x'.repeat(5 * 1_024 * 1_024));

    expect(await client.closed()).toBe(1_009);
    const other = await officialClient(rig.venue.polygonStreamUrl, 'AM.*');
    other.end();
  });

  it.each([
    ['no key', { action: 'auth' }],
    ['a key that is a number', { action: 'auth', params: 12 }],
    ['a key that is a list', { action: 'auth', params: [POLYGON_KEY] }],
  ])('are let in by nothing but a key: %s', async (_, message) => {
    const client = await new VenueSocket(`${rig.venue.polygonStreamUrl}/stocks`).open();
    client.send(message);

    expect(await client.closed()).toBe(1_008);
    expect(client.messages.at(-1)).toMatchObject({ status: 'auth_failed' });
  });

  it('find no other cluster', async () => {
    for (const cluster of ['options', 'crypto', 'forex', 'indices', 'futures', 'stocks2']) {
      const client = new VenueSocket(`${rig.venue.polygonStreamUrl}/${cluster}`);
      await until(() => client.refusedStatus !== 0, 'a refusal');

      expect(client.refusedStatus).toBe(404);
    }
  });

  it('that vanish in the middle of an answer keep nobody out', async () => {
    for (let count = 0; count < 20; count += 1) {
      const client = await new VenueSocket(`${rig.venue.polygonStreamUrl}/stocks`).open();
      client.send({ action: 'auth', params: POLYGON_KEY });
      client.send({ action: 'subscribe', params: 'T.*,Q.*,AM.*,A.*,LULD.*' });
      client.end();
    }
    await until(
      async () => (await rig.admin.state()).connections.polygon.length === 0,
      'no connection',
    );
    const last = await officialClient(rig.venue.polygonStreamUrl, 'Q.SEMKT');
    await rig.pass(30);
    await until(() => last.of('Q').length > 0, 'quotes');
    last.end();

    expect((await rig.admin.state()).connections.data).toEqual([]);
  });
});

/** What no client of the REST sends. */
const TARGETS = [
  '/v2/aggs/ticker//range/1/day/2024-06-03/2024-06-03',
  '/v2/aggs/ticker/%zz/range/1/day/2024-06-03/2024-06-03',
  '/v2/aggs/ticker/SEMKT/range/99999999999/day/2024-06-03/2024-06-03',
  '/v2/aggs/ticker/SEMKT/range/1/day/1e9/2e9',
  '/v2/aggs/grouped/locale/us/market/stocks/20240603',
  '/v2/aggs/',
  '/v3/trades/SEMKT?timestamp.gte=99999999999999999999999',
  '/v3/trades/SEMKT?limit=-1',
  '/v3/reference/tickers?cursor=%00',
  '/v3/reference/tickers?order=sideways',
  '/v3/snapshot?limit=1e3',
  '/v1/open-close/SEMKT/2024-13-45',
];

describe('requests to the Polygon REST that no client of ours sends', () => {
  it.each(TARGETS)('%s is answered 4xx in the form of the others', async (target) => {
    const response = await fetch(`${rig.venue.polygonUrl}${target}`, {
      headers: { Authorization: `Bearer ${POLYGON_KEY}` },
    });
    const body: unknown = await response.json();

    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect(body).toMatchObject({ status: expect.stringMatching(/^(?:ERROR|NOT_FOUND)$/) });
  });

  it('leave no error of ours behind', async () => {
    for (const target of TARGETS) {
      await fetch(`${rig.venue.polygonUrl}${target}&apiKey=${POLYGON_KEY}`);
      await fetch(`${rig.venue.polygonUrl}${target}`, { method: 'POST', body: 'x'.repeat(100) });
    }

    expect(Object(await rig.admin.state()).restErrors).toEqual([]);
  });
});
