import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STOCK_CHANNELS } from '../../../../src/venue/sockets/data-channels.ts';
import { DATA_ERRORS } from '../../../../src/venue/sockets/data-errors.ts';
import { WireEvent } from '../../../../src/venue/sockets/wire-event.ts';
import { createHubRig, KEYS } from './data-hub-rig.ts';

const error = (code: keyof typeof DATA_ERRORS) => ({ T: 'error', code, msg: DATA_ERRORS[code] });
const AUTHENTICATED = { T: 'success', msg: 'authenticated' };

describe('the handshake of the data stream', () => {
  it('welcomes, lets in and acknowledges with the complete set of every channel', () => {
    const { connect } = createHubRig();
    const client = connect();

    expect(client.link.frames).toEqual([[{ T: 'success', msg: 'connected' }]]);
    expect(client.say({ action: 'auth', ...KEYS })).toEqual(AUTHENTICATED);
    client.say({ action: 'subscribe', trades: ['A'] });
    expect(client.say({ action: 'subscribe', bars: ['*'] })).toEqual({
      T: 'subscription',
      trades: ['A'],
      quotes: [],
      bars: ['*'],
      updatedBars: [],
      dailyBars: [],
      statuses: [],
      lulds: [],
      imbalances: [],
      corrections: ['A'],
      cancelErrors: ['A'],
    });
    expect(client.link.frames.every((frame) => frame.length === 1)).toBe(true);
  });

  it.each([
    { 'apca-api-key-id': 'k', 'apca-api-secret-key': 's' },
    { authorization: 'Bearer s' },
    { authorization: `Basic ${Buffer.from('k:s').toString('base64')}` },
  ])('lets a client in by its headers alone: %o', (headers) => {
    const { link } = createHubRig().connect('/v2/iex', headers);

    expect(link.messages).toEqual([{ T: 'success', msg: 'connected' }, AUTHENTICATED]);
  });

  it('takes tokens for keys: oauth and access_token', () => {
    for (const key of ['oauth', 'access_token']) {
      const client = createHubRig().connect();

      expect(client.say({ action: 'auth', key, secret: 's' })).toEqual(AUTHENTICATED);
    }
  });
});

describe('the errors of the data stream', () => {
  it('400 for what it cannot read, and it stays', () => {
    const { welcome } = createHubRig();
    const client = welcome();
    client.session.receive(Buffer.from('{"action":'), false);

    expect(client.link.last).toEqual(error(400));
    expect(client.say([{ action: 'subscribe' }])).toEqual(error(400));
    expect(client.say({ action: 'sing' })).toEqual(error(400));
    expect(client.say({ action: 'subscribe', trades: ['no spaces'] })).toEqual(error(400));
    expect(client.say({ action: 'subscribe', trades: 'A' })).toEqual(error(400));
    expect(client.say({ action: 'subscribe', tradez: ['A'] })).toEqual(error(400));
    expect(client.link.closed).toBeUndefined();
  });

  it('401 before authentication, 403 after it, and it stays', () => {
    const { connect } = createHubRig();
    const client = connect();

    expect(client.say({ action: 'subscribe', trades: ['A'] })).toEqual(error(401));
    expect(client.say({ action: 'unsubscribe', trades: ['A'] })).toEqual(error(401));
    client.say({ action: 'auth', ...KEYS });
    expect(client.say({ action: 'auth', ...KEYS })).toEqual(error(403));
    expect(client.link.closed).toBeUndefined();
  });

  it('402 for a wrong key, in a message or in headers, and it closes', () => {
    const { connect } = createHubRig();
    const client = connect();

    expect(client.say({ action: 'auth', key: 'k', secret: 'wrong' })).toEqual(error(402));
    expect(client.link.closed).toBeDefined();
    const other = connect('/v2/iex', { authorization: 'Bearer wrong' });
    expect(other.link.last).toEqual(error(402));
    expect(other.link.closed).toBeDefined();
  });

  it('404 ten seconds of the market after the connection, and it closes', () => {
    const { connect, time } = createHubRig();
    const silent = connect();
    const quick = connect('/v2/delayed_sip');
    quick.say({ action: 'auth', ...KEYS });
    time.advance(9_999);

    expect(silent.link.closed).toBeUndefined();
    time.advance(1);
    expect(silent.link.last).toEqual(error(404));
    expect(silent.link.closed).toBeDefined();
    expect(quick.link.last).toEqual(AUTHENTICATED);
  });

  it('404 not before two seconds of ours, however fast the market is', () => {
    const { clock, connect, time } = createHubRig();
    clock.setSpeed(1_000);
    const client = connect();
    time.advance(1_999);

    expect(client.link.closed).toBeUndefined();
    time.advance(1);
    expect(client.link.last).toEqual(error(404));
  });

  it('405 over the limit: all of the request is refused and the list stays', () => {
    const { welcome } = createHubRig();
    const client = welcome();
    const thirty = Array.from({ length: 30 }, (_, at) => `S${at}`);
    client.say({ action: 'subscribe', trades: thirty, quotes: thirty });

    expect(client.say({ action: 'subscribe', quotes: ['ONE'], bars: ['*'] })).toEqual(error(405));
    const acknowledgement = client.say({ action: 'unsubscribe', lulds: ['X'] });
    expect(acknowledgement).toMatchObject({ quotes: thirty, bars: [] });
    expect(client.say({ action: 'subscribe', trades: ['*'] })).toEqual(error(405));
    expect(client.link.closed).toBeUndefined();
  });

  it('405 by pairs of symbol and channel where the knob says so, never on the plus plan', () => {
    const pairs = createHubRig({ limit: { plan: 'basic', symbolsMax: 3, counts: 'pairs' } });
    const plus = createHubRig({ limit: { plan: 'plus', symbolsMax: 3, counts: 'pairs' } });
    const wanted = { action: 'subscribe', trades: ['A', 'B'], quotes: ['A', 'B'] };

    expect(pairs.welcome().say(wanted)).toEqual(error(405));
    expect(plus.welcome('/v2/sip').say(wanted)).toMatchObject({ T: 'subscription' });
    expect(plus.welcome().say({ action: 'subscribe', trades: ['*'] })).toMatchObject({
      trades: ['*'],
    });
  });

  it('406 while the slot is taken; a retry on the same socket succeeds when it is free', () => {
    const { connect, hub, time, welcome } = createHubRig();
    const first = welcome();
    const second = connect();

    expect(second.say({ action: 'auth', ...KEYS })).toEqual(error(406));
    expect(second.link.closed).toBeUndefined();
    expect(welcome('/v1beta1/news').link.last).toEqual(AUTHENTICATED);
    hub.closed(first.session, false);
    expect(second.say({ action: 'auth', ...KEYS })).toEqual(error(406));
    time.advance(500);
    expect(second.say({ action: 'auth', ...KEYS })).toEqual(AUTHENTICATED);
    hub.closed(second.session, true);
    expect(welcome().link.last).toEqual(AUTHENTICATED);
  });

  it('406 closes where the knob says so', () => {
    const { connect, welcome } = createHubRig({ connectionLimit: 'close' });
    welcome();
    const second = connect();

    expect(second.say({ action: 'auth', ...KEYS })).toEqual(error(406));
    expect(second.link.closed).toBeDefined();
  });

  it('D10 407 for a client that does not read: it is cut, and its memory with it', () => {
    const { hub, time, welcome } = createHubRig();
    const client = welcome();
    client.say({ action: 'subscribe', trades: ['A'] });
    client.link.bufferedBytes = 10_001;
    hub.publish('trades', 'A', new WireEvent({ T: 't', S: 'A' }));
    hub.flush(() => false);

    expect(client.link.last).toEqual(error(407));
    expect(client.session.pendingEvents).toBe(0);
    expect(hub.slowCuts).toBe(1);
    time.advance(1_000);
    expect(client.link.isDropped).toBe(true);
  });

  it('409 for a feed that is not in the plan, and it closes', () => {
    const { connect } = createHubRig();
    const client = connect('/v2/sip');

    expect(client.say({ action: 'auth', ...KEYS })).toEqual(error(409));
    expect(client.link.closed).toBeDefined();
  });

  it('410 for a channel of another feed, and it stays', () => {
    const { welcome } = createHubRig();

    expect(welcome().say({ action: 'subscribe', news: ['*'] })).toEqual(error(410));
    const news = welcome('/v1beta1/news');
    expect(news.say({ action: 'subscribe', trades: ['A'] })).toEqual(error(410));
    expect(news.say({ action: 'subscribe', news: ['*'] })).toEqual({
      T: 'subscription',
      news: ['*'],
    });
  });
});

describe('a subscription', () => {
  it('D5 is acknowledged as a simple model has it, after any history', () => {
    const symbols = fc.uniqueArray(fc.constantFrom('A', 'B', 'C', '*'), { maxLength: 3 });
    const request = fc.record({
      isAdding: fc.boolean(),
      channel: fc.constantFrom('quotes', 'bars', 'statuses', 'lulds', 'dailyBars'),
      symbols,
    });

    fc.assert(
      fc.property(fc.array(request, { maxLength: 30 }), (history) => {
        const { welcome } = createHubRig({
          limit: { plan: 'plus', symbolsMax: 0, counts: 'symbols' },
        });
        const client = welcome();
        const model = new Map<string, Set<string>>(STOCK_CHANNELS.map((name) => [name, new Set()]));
        for (const step of history) {
          const set = model.get(step.channel) ?? new Set();
          for (const symbol of step.symbols) {
            if (step.isAdding) set.add(symbol);
            else set.delete(symbol);
          }
          const action = step.isAdding ? 'subscribe' : 'unsubscribe';
          const told = client.say({ action, [step.channel]: step.symbols });
          for (const [channel, wanted] of model) {
            expect(new Set(Object(told)[channel])).toEqual(wanted);
          }
        }
      }),
    );
  });

  it('brings data in frames of a limited size, and none that was not asked for', () => {
    const { hub, welcome } = createHubRig();
    const client = welcome();
    client.say({ action: 'subscribe', bars: ['*'], trades: ['A'] });
    client.link.frames.length = 0;
    for (let at = 0; at < 10; at += 1) hub.publish('bars', `S${at}`, new WireEvent({ T: 'b', at }));
    hub.publish('trades', 'B', new WireEvent({ T: 't', S: 'B' }));
    hub.flush(() => false);

    expect(client.link.frames.map((frame) => frame.length)).toEqual([4, 4, 2]);
    expect(client.link.messages.map(({ at }) => at)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('never makes a frame of a quarter of a megabyte', () => {
    const { hub, welcome } = createHubRig({ frameEventsMax: 10_000, outboundBytesMax: 1e9 });
    const client = welcome();
    client.say({ action: 'subscribe', bars: ['*'] });
    for (let at = 0; at < 3_000; at += 1) {
      hub.publish('bars', 'A', new WireEvent({ T: 'b', pad: 'x'.repeat(200) }));
    }
    hub.flush(() => false);

    expect(Math.max(...client.link.bytes)).toBeLessThan(256 * 1_024);
    expect(client.session.sentEvents).toBe(3_000);
  });

  it('of the delayed feed hears fifteen minutes later', () => {
    const { clock, hub, welcome } = createHubRig();
    const client = welcome('/v2/delayed_sip');
    client.say({ action: 'subscribe', trades: ['A'] });
    hub.publish('trades', 'A', new WireEvent({ T: 't', S: 'A' }));
    hub.flush(() => false);
    expect(client.link.last).toMatchObject({ T: 'subscription' });
    clock.step(15 * 60_000_000);
    hub.flush(() => false);

    expect(client.link.last).toEqual({ T: 't', S: 'A' });
  });
});
