import { describe, expect, it } from 'vitest';
import { trade } from './alpaca-messages.ts';
import { alpacaHarness, ids, TEN_US } from './market-harness.ts';

describe('an Alpaca market stream', () => {
  it('authenticates, asks for all bars, then for the wanted symbols, and confirms', async () => {
    const { stream, venue, healths, pass } = alpacaHarness();
    stream.start();
    await pass(50);
    const answer = stream.subscribe(ids(0, 2));
    await pass(50);
    expect(await answer).toEqual({ outcome: 'done' });
    expect(venue.link.list('bars')).toEqual(['*']);
    expect(venue.link.list('statuses')).toEqual(['*']);
    expect(venue.link.list('trades')).toEqual(['AAPL', 'IBM']);
    expect(venue.link.list('lulds')).toEqual(['AAPL', 'IBM']);
    expect(healths).toEqual(['up']);
    expect(venue.link.requests[0]).toEqual({ action: 'auth', key: 'k', secret: 's' });
  });

  it('E3 counts symbols, kinds and codes that it does not know', async () => {
    const { stream, venue, sink, pass } = alpacaHarness();
    stream.start();
    await pass(50);
    const odd = { ...trade('AAPL', TEN_US, 9), x: '?', c: ['~'] };
    venue.say(venue.link, [trade('NONE', TEN_US, 1), { T: 'zz', S: 'AAPL' }, { S: 'AAPL' }, odd]);
    expect(stream.health.unknown).toBe(5);
    expect(sink.of('TRADE')).toHaveLength(1);
  });
});
