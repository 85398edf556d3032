import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../../src/core/time.ts';
import { bar, ids, marketHarness, NAMES, TEN_US, trade } from './market-harness.ts';

describe('an Alpaca market stream that is refused', () => {
  it.each([402, 408, 409, 411, 412])('D4 stops for good after one try with %i', async (code) => {
    const { stream, venue, fatal, pass } = marketHarness();
    venue.script.authError = code;
    stream.start();
    await pass(60_000);
    expect(venue.attempts).toBe(1);
    expect(fatal).toEqual([`alpaca/iex: refused with ${code} refused`]);
    expect(stream.health.state).toBe('stopped');
  });

  it.each([401, 404, 407, 500])('D4 tries again after %i', async (code) => {
    const { stream, venue, fatal, pass } = marketHarness();
    venue.script.authError = code;
    stream.start();
    await pass(1_000);
    venue.script.authError = undefined;
    await pass(10_000);
    expect(stream.health.state).toBe('open');
    expect(fatal).toEqual([]);
  });

  it('D4 leaves a venue alone for 30 s after 406, which stays open, and alarms', async () => {
    const { stream, venue, alarms, pass } = marketHarness();
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
    const { stream, venue, pass } = marketHarness();
    venue.script.authError = 406;
    stream.start();
    await pass(20);
    venue.close(venue.link, 1_008);
    await pass(29_000);
    expect(venue.attempts).toBe(1);
  });

  it('D4 is slow after 429 on the upgrade', async () => {
    const { stream, venue, alarms, pass } = marketHarness();
    venue.script.upgrade = 429;
    stream.start();
    await pass(180_000);
    expect(venue.attempts).toBeLessThanOrEqual(6);
    expect(alarms[0]).toBe('the upgrade was answered with 429, 3 times in a row');
  });

  it('D4 D5 shrinks to what the plan carries after 405, and says so', async () => {
    const { stream, venue, alarms, pass } = marketHarness();
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
    const { stream, venue, pass } = marketHarness();
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

  it('answers the older of two sets at once, and the newer when it stands', async () => {
    const { stream, venue, pass } = marketHarness();
    stream.start();
    const older = stream.subscribe(ids(0));
    const newer = stream.subscribe(ids(1));
    expect(await older).toMatchObject({ code: 'SUBSCRIPTION_SUPERSEDED' });
    await pass(50);
    expect(await newer).toEqual({ outcome: 'done' });
    expect(venue.link.list('trades')).toEqual(['MSFT']);
  });

  it('answers a set that is not confirmed in time, and keeps it wanted', async () => {
    const { stream, venue, pass } = marketHarness();
    venue.script.isDead = true;
    stream.start();
    const answer = stream.subscribe(ids(0));
    await pass(8_000);
    expect(await answer).toMatchObject({ code: 'SUBSCRIPTION_LATE' });
    venue.script.isDead = false;
    await pass(20_000);
    expect(venue.link.list('trades')).toEqual(['AAPL']);
  });
});

describe('an Alpaca market stream that is silent', () => {
  async function withSlot() {
    const harness = marketHarness();
    harness.stream.start();
    void harness.stream.subscribe(ids(0));
    await harness.pass(50);
    harness.venue.say(harness.venue.link, [trade('AAPL', harness.time.nowUs(), 1)]);
    return harness;
  }

  it('D2 finds a mute connection within 5.25 s: pongs come, and the venue trades', async () => {
    const { stream, venue, history, time, sink, pass } = await withSlot();
    history.latest.set('AAPL', time.nowUs() + 1_000_000);
    const before = venue.link;
    await pass(5_250);
    expect(before.isOpen).toBe(false);
    expect(sink.of('GAP')).toHaveLength(3);
    expect(stream.health.gaps).toBe(1);
  });

  it('D2 keeps a connection in a quiet market, all morning', async () => {
    const { stream, venue, history, time } = await withSlot();
    history.latest.set('AAPL', time.nowUs());
    for (let left = 3 * 3_600; left > 0; left -= 1) {
      venue.settle();
      await new Promise((resolve) => setImmediate(resolve));
      if (left % 60 === 0) venue.say(venue.link, [bar('IBM', time.nowUs() - MINUTE)]);
      time.advance(1_000);
    }
    expect(stream.health.connections).toBe(1);
    expect(history.probes).toBeGreaterThan(100);
  });

  it('D2 gives it up where the venue cannot be asked either', async () => {
    const { venue, history, pass } = await withSlot();
    history.isSilent = true;
    const before = venue.link;
    await pass(5_250);
    expect(before.isOpen).toBe(false);
  });

  it('D2 does not expect anything while the session is closed', async () => {
    const harness = marketHarness({ isSessionOpen: () => false });
    harness.stream.start();
    void harness.stream.subscribe(ids(0));
    await harness.pass(120_000);
    expect(harness.stream.health.connections).toBe(1);
    expect(harness.history.probes).toBe(0);
  });

  it('D2 misses the bars of a minute that traded', async () => {
    const { stream, venue, history, time, pass } = marketHarness();
    stream.start();
    await pass(50);
    for (const name of NAMES) venue.say(venue.link, [bar(name, TEN_US - MINUTE)]);
    history.latest.set('IBM', TEN_US + 5_000_000);
    await pass(74_000);
    expect(stream.health.connections).toBe(1);
    await pass(4_000);
    expect(stream.health.gaps).toBe(1);
    expect(time.wallMs()).toBeLessThan(80_000);
  });
});
