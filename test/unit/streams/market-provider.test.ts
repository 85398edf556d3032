import { describe, expect, it } from 'vitest';
import { marketProvider } from '../../../src/streams/market/market-provider.ts';
import { alpacaHarness, ids, polygonHarness } from './market-harness.ts';

const REQUEST = { input: 1, index: 0, requestedUs: 0 };

describe('the market stream as a provider', () => {
  it('answers a wanted set when the venue has confirmed it', async () => {
    const { stream, venue, pass } = alpacaHarness();
    const provider = marketProvider(stream);
    await provider.start();
    const effect = { kind: 'subscribe', symbols: ids(1, 0) } as const;
    const answer = provider.perform({ ...REQUEST, effect });
    await pass(100);
    expect(await answer).toEqual({ outcome: 'done' });
    expect(venue.link.list('trades')).toEqual(['AAPL', 'MSFT']);
    const stopped = provider.stop();
    await pass(50);
    await stopped;
    expect(stream.health.state).toBe('stopped');
  });

  it('says why a set is not served, and refuses what is not its own', async () => {
    const { stream, venue, pass } = alpacaHarness();
    venue.script.slotsMax = 1;
    const provider = marketProvider(stream);
    await provider.start();
    const effect = { kind: 'subscribe', symbols: ids(1, 0) } as const;
    const answer = provider.perform({ ...REQUEST, effect });
    await pass(100);
    expect(await answer).toEqual({
      outcome: 'failed',
      code: 'SUBSCRIPTION_LIMIT',
      message: 'the plan carries 1 of 2; the others stay wanted',
    });
    const alert = { kind: 'alert', severity: 'info', code: 'X', text: 'x' } as const;
    expect(await provider.perform({ ...REQUEST, effect: alert })).toMatchObject({
      outcome: 'refused',
    });
  });

  it('says what Polygon does not have in the plan, and serves the rest', async () => {
    const { stream, venue, pass } = polygonHarness();
    venue.script.notAuthorized = ['Q.'];
    const provider = marketProvider(stream);
    await provider.start();
    const effect = { kind: 'subscribe', symbols: ids(1, 0) } as const;
    const answer = provider.perform({ ...REQUEST, effect });
    await pass(100);
    expect(await answer).toEqual({
      outcome: 'failed',
      code: 'SUBSCRIPTION_UNSERVED',
      message: 'not served: quotes',
    });
    expect(venue.link.list('T')).toEqual(['AAPL', 'MSFT']);
    const stopped = provider.stop();
    await pass(50);
    await stopped;
    expect(stream.health.state).toBe('stopped');
  });
});
