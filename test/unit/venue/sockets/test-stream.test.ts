import { describe, expect, it } from 'vitest';
import { TestStream } from '../../../../src/venue/sockets/test-stream.ts';
import { createHubRig } from './data-hub-rig.ts';

describe('the test stream', () => {
  it('brings FAKEPACA whatever the market does, and nothing else', () => {
    const { clock, hub, time, welcome } = createHubRig({ outboundBytesMax: 1e9 });
    clock.pause();
    const test = new TestStream(hub, time, () => time.wallMs());
    test.start();
    const all = { action: 'subscribe', trades: ['FAKEPACA'], quotes: ['FAKEPACA'], bars: ['*'] };
    const client = welcome('/v2/test');
    const other = welcome('/v2/iex');
    client.say(all);
    other.say({ action: 'subscribe', trades: ['FAKEPACA'] });
    time.advance(61_000);
    hub.flush(() => false);
    test.close();
    const data = client.link.messages.slice(3);
    const bar = data.find(({ T }) => T === 'b');
    const trades = data.filter(({ T, t }) => T === 't' && String(t) < '1970-01-01T00:01');

    expect(new Set(data.map(({ S }) => S))).toEqual(new Set(['FAKEPACA']));
    expect(bar).toMatchObject({ t: '1970-01-01T00:00:00Z', n: trades.length });
    expect(bar?.['v']).toBe(trades.reduce((sum, { s }) => sum + Number(s), 0));
    expect(other.link.messages.length).toBe(3);
  });
});
