import { describe, expect, it } from 'vitest';
import { alpacaHarness, ids } from './market-harness.ts';

describe('an Alpaca market stream that is refused', () => {
  it.each([402, 408, 409, 411, 412])('D4 stops for good after one try with %i', async (code) => {
    const { stream, venue, fatal, pass } = alpacaHarness();
    venue.script.authError = code;
    stream.start();
    await pass(60_000);
    expect(venue.attempts).toBe(1);
    expect(fatal).toEqual([`alpaca/iex: refused with ${code} refused`]);
    expect(stream.health.state).toBe('stopped');
  });

  it.each([401, 404, 407, 500])('D4 tries again after %i', async (code) => {
    const { stream, venue, fatal, pass } = alpacaHarness();
    venue.script.authError = code;
    stream.start();
    await pass(1_000);
    venue.script.authError = undefined;
    await pass(10_000);
    expect(stream.health.state).toBe('open');
    expect(fatal).toEqual([]);
  });

  it('D4 leaves a venue alone for 30 s after 406, which stays open, and alarms', async () => {
    const { stream, venue, alarms, pass } = alpacaHarness();
    venue.script.authError = 406;
    stream.start();
    await pass(29_900);
    expect(venue.attempts).toBe(1);
    expect(venue.link.isOpen).toBe(false);
    await pass(170_000);
    expect(venue.attempts).toBeLessThanOrEqual(7);
    expect(alarms[0]).toBe('refused with 406 refused, 3 times in a row');
    venue.script.authError = undefined;
    await pass(45_000);
    expect(stream.health.state).toBe('open');
    expect(venue.openAtATime).toBe(1);
  });

  it('D4 waits as long where the venue closes after 406', async () => {
    const { stream, venue, pass } = alpacaHarness();
    venue.script.authError = 406;
    stream.start();
    await pass(20);
    venue.close(venue.link, 1_008);
    await pass(29_000);
    expect(venue.attempts).toBe(1);
  });

  it('D4 D5 shrinks to what the plan carries after 405, and says so', async () => {
    const { stream, venue, alarms, pass } = alpacaHarness();
    venue.script.slotsMax = 3;
    stream.start();
    const answer = stream.subscribe(ids(4, 3, 2, 1, 0));
    await pass(50);
    expect(await answer).toEqual({
      outcome: 'failed',
      code: 'SUBSCRIPTION_LIMIT',
      message: 'the plan carries 3 of 5; the others stay wanted',
    });
    expect(venue.link.list('trades')).toEqual(['IBM', 'SPY', 'TSLA']);
    expect(venue.link.list('bars')).toEqual(['*']);
    expect(alarms.length).toBeGreaterThan(0);
    // The next connection asks for what fits, at once.
    venue.close(venue.link);
    await pass(2_000);
    expect(venue.link.list('trades')).toEqual(['IBM', 'SPY', 'TSLA']);
    const refusals = stream.counts.refusals;
    venue.close(venue.link);
    await pass(2_000);
    expect(stream.counts.refusals).toBe(refusals);
    // Fewer are wanted: they fit.
    const fewer = stream.subscribe(ids(0, 1));
    await pass(50);
    expect(await fewer).toEqual({ outcome: 'done' });
    expect(venue.link.list('quotes')).toEqual(['AAPL', 'MSFT']);
  });

  it('finds the one symbol that spoils a request, and the one channel', async () => {
    const { stream, venue, pass } = alpacaHarness();
    venue.script.badSymbols = ['IBM'];
    venue.script.badChannels = ['lulds'];
    stream.start();
    const answer = stream.subscribe(ids(0, 1, 2, 3, 4));
    await pass(200);
    expect(await answer).toEqual({
      outcome: 'failed',
      code: 'SUBSCRIPTION_UNSERVED',
      message: 'not served: IBM',
    });
    expect(venue.link.list('trades')).toEqual(['AAPL', 'MSFT', 'SPY', 'TSLA']);
  });
});
