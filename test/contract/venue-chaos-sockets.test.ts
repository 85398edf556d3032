import { describe, expect, it } from 'vitest';
import { VenueRig } from '../venue-rig.ts';
import { DEMO_KEYS, until } from '../venue-socket.ts';

const rig = new VenueRig();

describe('chaos on connections', () => {
  it('drop ends TCP without a goodbye', async () => {
    const client = await rig.dataClient();

    expect(await rig.admin.chaos('drop', { stream: 'data' })).toBe(1);
    expect(await client.closed()).toBe(1_006);
  });

  it('dropMidFrame begins a frame and ends TCP in it', async () => {
    const client = await rig.dataClient();
    const before = client.frames.length;
    await rig.admin.chaos('dropMidFrame', { stream: 'data' });

    expect(await client.closed()).toBe(1_006);
    expect(client.frames.length).toBe(before);
  });

  it('close says goodbye with the code that was asked for', async () => {
    const client = await rig.dataClient();
    await rig.admin.chaos('close', { stream: 'data', code: 1_012 });

    expect(await client.closed()).toBe(1_012);
  });

  it('D1 halfOpen neither reads nor writes, and TCP stays', async () => {
    const client = await rig.dataClient();
    await rig.admin.chaos('halfOpen', { stream: 'data' });
    const before = client.messages.length;
    client.socket.ping();
    client.send({ action: 'nonsense' });
    await rig.pass(60);
    const second = await rig.dataClient();
    await until(() => second.messages.length > 2, 'data on another connection');

    expect([client.pongs, client.messages.length - before, client.closeCode]).toEqual([0, 0, 0]);
  });

  it('D2 mute stops data while pongs and acknowledgements go on, and ends by itself', async () => {
    const client = await rig.dataClient();
    await rig.admin.chaos('mute', { stream: 'data', channels: ['quotes', 'trades'] });
    await rig.pass(90);
    client.socket.ping();
    await until(() => client.pongs > 0 && client.of('b').length > 0, 'a pong and bars');
    client.send({ action: 'unsubscribe', bars: ['NONE'] });
    await until(() => client.of('subscription').length === 2, 'an acknowledgement');

    expect([...client.of('q'), ...client.of('t')]).toEqual([]);
    expect((await rig.admin.state()).connections.data[0]?.mutedEvents).toBeGreaterThan(0);
    await rig.admin.chaos('mute', { stream: 'data', forMs: 1 });
    await until(async () => {
      await rig.pass(30);
      return client.of('q').length > 0;
    }, 'quotes again');
  });

  it('pongDelay answers pings late, noPong never', async () => {
    const client = await rig.dataClient();
    await rig.admin.chaos('pongDelay', { stream: 'data', ms: 150 });
    const startMs = performance.now();
    client.socket.ping();
    await until(() => client.pongs === 1, 'a late pong');

    expect(performance.now() - startMs).toBeGreaterThan(140);
    await rig.admin.chaos('noPong', { stream: 'data' });
    client.socket.ping();
    client.send({ action: 'nonsense' });
    await client.message(({ code }) => code === 400, 'an error');
    expect(client.pongs).toBe(1);
  });

  it('D4 nextAuth: 406 that stays, that closes, and that times out into 404', async () => {
    const connect = async (then: string) => {
      await rig.admin.chaos('nextAuth', { code: 406, then });
      const client = rig.connect(rig.venue.dataStreamUrl);
      await client.open();
      client.send({ action: 'auth', ...DEMO_KEYS });
      await client.message(({ code }) => code === 406, 'error 406');
      return client;
    };
    const staying = await connect('stay');
    staying.send({ action: 'auth', ...DEMO_KEYS });
    await staying.message(({ msg }) => msg === 'authenticated', 'a second try');
    const closing = await connect('close');
    await closing.closed();
    const ending = await connect('timeout');
    await ending.message(({ code }) => code === 404, 'error 404');
    await ending.closed();

    expect(staying.closeCode).toBe(0);
  });

  it('nextSubscribe refuses by 405 and changes nothing', async () => {
    const client = await rig.dataClient();
    await rig.admin.chaos('nextSubscribe', { code: 405 });
    client.send({ action: 'subscribe', trades: ['SETEC'] });
    await client.message(({ code }) => code === 405, 'error 405');
    client.send({ action: 'unsubscribe', bars: ['NONE'] });
    await until(() => client.of('subscription').length === 2, 'an acknowledgement');

    expect(client.of('subscription').at(-1)).toMatchObject({ trades: ['SEMKT'] });
  });

  it.each([400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 500])(
    'sendError sends %d with its text',
    async (code) => {
      const client = await rig.dataClient('msgpack');
      await rig.admin.chaos('sendError', { code, then: 'close' });
      const told = await client.message((message) => message['T'] === 'error', 'an error');
      await client.closed();

      expect(told).toMatchObject({ T: 'error', code });
      expect(String(told['msg']).length).toBeGreaterThan(8);
    },
  );

  it('slowConsumer says 407 and cuts', async () => {
    const client = await rig.dataClient();
    await rig.admin.chaos('slowConsumer', { stream: 'data' });
    await client.closed();

    expect(client.of('error')).toEqual([{ T: 'error', code: 407, msg: 'slow client' }]);
  });

  it('D9 textOnMsgpack, unknownMessage and oversizedFrame send what nobody expects', async () => {
    const client = await rig.dataClient('msgpack');
    await rig.admin.chaos('textOnMsgpack');
    await client.message(({ msg }) => msg === 'text', 'a text frame');
    await rig.admin.chaos('unknownMessage', { kind: 'zz' });
    const unknown = await client.message(({ T }) => T === 'zz', 'an unknown kind');
    await rig.admin.chaos('oversizedFrame', { bytes: 2_000_000 });
    await client.message(({ pad }) => pad !== undefined, 'a large frame');

    expect(typeof client.rawFrames.find((frame) => typeof frame === 'string')).toBe('string');
    expect(unknown).toMatchObject({ S: 'ZZZZ', zz: ['?'] });
    expect(client.rawFrames.at(-1)?.length).toBeGreaterThan(2_000_000);
  });
});
