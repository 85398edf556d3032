import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../../src/core/time.ts';
import { bar } from './polygon-messages.ts';
import { ids, polygonHarness, TEN_US } from './market-harness.ts';
import { status } from './polygon-venue.ts';

describe('a Polygon market stream that is refused', () => {
  it('D4 stops for good after one try with a key that is not known', async () => {
    const { stream, venue, fatal, pass } = polygonHarness();
    venue.script.authStatus = 'auth_failed';
    stream.start();
    await pass(60_000);
    expect(venue.attempts).toBe(1);
    expect(fatal).toEqual(['polygon/stocks: refused with auth_failed refused']);
    expect(stream.health.state).toBe('stopped');
  });

  it('D4 tells on what the venue says without the key, and not without end', async () => {
    const KEY = 'Open-Sesame_4711';
    const { stream, venue, alarms, healths, fatal, pass } = polygonHarness({ key: KEY });
    venue.script.afterWelcome = { status: 'auth_timeout', close: undefined };
    stream.start();
    const answer = stream.subscribe(ids(0));
    await pass(100);
    venue.script.afterWelcome = undefined;
    await pass(10_000);
    venue.say(venue.link, [status('error', `T.IBM is not for ${KEY}${'!'.repeat(100_000)}`)]);
    venue.close(venue.link, 1_008, `too slow, ${KEY}`);
    await pass(10_000);
    venue.say(venue.link, [status('auth_failed', `who is ${KEY}? ${'!'.repeat(100_000)}`)]);
    await pass(1_000);

    const said = [JSON.stringify(await answer), ...alarms, ...healths, ...fatal];
    expect(said.join(' ')).toContain('closed with 1008 too slow, (key)');
    expect(fatal[0]).toMatch(/refused with auth_failed who is \(key\)\? !/);
    expect(said.filter((one) => one.includes(KEY))).toEqual([]);
    expect(Math.max(...said.map(({ length }) => length))).toBeLessThan(300);
  });

  it('D4 tries again where the venue has not heard the key in time', async () => {
    const { stream, venue, fatal, pass } = polygonHarness();
    venue.script.authStatus = 'auth_timeout';
    stream.start();
    await pass(1_000);
    venue.script.authStatus = undefined;
    await pass(10_000);
    expect(stream.health.state).toBe('open');
    expect(fatal).toEqual([]);
  });

  it.each([undefined, 1_000])(
    'D4 stops where the plan has no real-time data, closed with %s',
    async (close) => {
      const { stream, venue, fatal, pass } = polygonHarness();
      stream.start();
      await pass(20);
      const words = "You don't have access real-time data, connect to the delayed host";
      venue.say(venue.link, [status('error', words)]);
      if (close !== undefined) venue.close(venue.link, close);
      await pass(60_000);
      expect(venue.attempts).toBe(1);
      expect(fatal).toEqual([`polygon/stocks: refused with error ${words}`]);
    },
  );

  it('D3 does not take a welcome for a success: the waits grow all the same', async () => {
    const { stream, venue, time, pass } = polygonHarness();
    const atMs: number[] = [];
    let seen = 0;
    stream.start();
    for (let step = 0; step < 12_000; step += 1) {
      await pass(10);
      if (venue.attempts > seen) atMs.push(time.wallMs());
      seen = venue.attempts;
      // Cut as soon as it has said hello, whatever else it would say.
      if (venue.link.isAuthenticated) venue.close(venue.link, 1_008);
    }
    const waits = atMs.slice(1).map((ms, at) => ms - (atMs[at] ?? 0));
    expect(Math.max(...waits)).toBeGreaterThan(3_000);
    // A wait of 4 s on average, after those that double; 125 ms where a welcome would reset them.
    expect(venue.attempts).toBeLessThanOrEqual(60);
  });

  it('D3 is quick again after data', async () => {
    const { stream, venue, pass } = polygonHarness();
    venue.script.afterWelcome = { status: 'success', close: 1_006 };
    stream.start();
    await pass(60_000);
    venue.script.afterWelcome = undefined;
    await pass(10_000);
    venue.say(venue.link, [bar('AAPL', TEN_US)]);
    await pass(2_000);
    const { attempts } = venue;
    venue.close(venue.link);
    await pass(300);
    expect(venue.attempts).toBe(attempts + 1);
  });

  it.each([undefined, 1_008])(
    'D4 waits 30 s where another has our connection, said after the welcome, closed with %s',
    async (close) => {
      const { stream, venue, alarms, fatal, pass } = polygonHarness();
      venue.script.afterWelcome = { status: 'max_connections', close };
      stream.start();
      await pass(29_900);
      expect(venue.attempts).toBe(1);
      expect(venue.link.isOpen).toBe(false);
      await pass(170_000);
      expect(venue.attempts).toBeGreaterThanOrEqual(4);
      expect(venue.attempts).toBeLessThanOrEqual(7);
      expect(alarms[0]).toBe(
        'refused with max_connections said after the welcome, 3 times in a row',
      );
      venue.script.afterWelcome = undefined;
      await pass(45_000);
      expect(stream.health.state).toBe('open');
      expect(venue.openAtATime).toBe(1);
      expect(fatal).toEqual([]);
    },
  );

  it('D4 says so where two clients take the connection from each other in turn', async () => {
    const { stream, venue, alarms, sink, time, pass } = polygonHarness();
    stream.start();
    for (let turn = 0; turn < 3; turn += 1) {
      await pass(45_000);
      expect(stream.health.state).toBe('open');
      venue.say(venue.link, [bar('AAPL', time.nowUs() - MINUTE)]);
      venue.say(venue.link, [status('max_connections', 'another is here')]);
    }
    expect(alarms).toEqual(['refused with max_connections another is here, 3 times in a row']);
    expect(sink.of('GAP')).toHaveLength(3);
  });

  it.each([true, false])(
    'goes on without a channel that is not in the plan, and says so once; named: %s',
    async (namesTopics) => {
      const { stream, venue, alarms, pass } = polygonHarness();
      venue.script.notAuthorized = ['T.', 'LULD.'];
      venue.script.namesTopics = namesTopics;
      stream.start();
      const answer = stream.subscribe(ids(0, 1, 2));
      await pass(100);
      expect(await answer).toEqual({
        outcome: 'failed',
        code: 'SUBSCRIPTION_UNSERVED',
        message: 'not served: trades',
      });
      expect(venue.link.list('AM')).toEqual(['*']);
      expect(venue.link.list('Q')).toEqual(['AAPL', 'IBM', 'MSFT']);
      expect(alarms).toEqual([expect.stringMatching(/^not in the plan: lulds, trades \(not /)]);
      // What is not in the plan is not asked for again, and nobody is told again.
      const asked = venue.link.requests.length;
      const more = stream.subscribe(ids(0, 1, 2, 3));
      await pass(100);
      expect(await more).toMatchObject({ message: 'not served: trades' });
      expect(venue.link.requests.slice(asked)).toEqual([{ action: 'subscribe', params: 'Q.SPY' }]);
      venue.close(venue.link);
      await pass(2_000);
      expect(stream.health.state).toBe('open');
      expect(alarms).toHaveLength(1);
    },
  );

  it('goes on without a symbol that is refused', async () => {
    const { stream, venue, alarms, pass } = polygonHarness();
    venue.script.notAuthorized = ['T.IBM', 'Q.IBM'];
    venue.script.isOneFrame = true;
    stream.start();
    const answer = stream.subscribe(ids(0, 1, 2));
    await pass(100);
    expect(await answer).toMatchObject({ message: 'not served: IBM' });
    expect(venue.link.list('T')).toEqual(['AAPL', 'MSFT']);
    expect(stream.counts.refusals).toBe(2);
    expect(alarms).toEqual([]);
  });

  it('leaves a venue alone that has no bars for it, and says so', async () => {
    const { stream, venue, alarms, healths, pass } = polygonHarness();
    venue.script.notAuthorized = ['AM.'];
    stream.start();
    await pass(29_000);
    expect(venue.attempts).toBe(1);
    expect(healths).not.toContain('up');
    expect(alarms).toEqual(['not in the plan: bars (not authorized)', 'the venue refuses bars']);
    venue.script.notAuthorized = [];
    await pass(20_000);
    expect(healths.at(-1)).toBe('up');
  });

  it('takes what has no answer as not served, and believes a late one', async () => {
    const { stream, venue, pass } = polygonHarness();
    stream.start();
    await pass(20);
    venue.script.silent = ['Q.IBM'];
    const answer = stream.subscribe(ids(0, 2));
    await pass(6_000);
    expect(await answer).toMatchObject({ message: 'not served: IBM' });
    expect(stream.health.connections).toBe(1);
    venue.say(venue.link, [status('success', 'subscribed to: Q.IBM')]);
    const again = stream.subscribe(ids(2, 0));
    await pass(100);
    expect(await again).toEqual({ outcome: 'done' });
  });

  it('D4 gives a connection up that answers nothing that is asked', async () => {
    const { stream, venue, pass } = polygonHarness();
    venue.script.silent = [''];
    stream.start();
    await pass(5_100);
    expect(venue.links[0]?.isOpen).toBe(false);
    venue.script.silent = [];
    await pass(5_000);
    expect(stream.health.state).toBe('open');
  });

  it('waits for an answer in many parts as long as parts come', async () => {
    const { stream, venue, pass } = polygonHarness({ limits: { settleMsMax: 60_000 } });
    stream.start();
    await pass(20);
    venue.script.silent = ['T.', 'Q.'];
    const answer = stream.subscribe(ids(0, 1));
    for (const topic of ['Q.MSFT', 'T.AAPL', 'T.MSFT', 'Q.AAPL']) {
      await pass(4_000);
      venue.say(venue.link, [status('success', `subscribed to: ${topic}`)]);
    }
    expect(await answer).toEqual({ outcome: 'done' });
    expect(stream.counts.refusals).toBe(0);
    expect(stream.health.connections).toBe(1);
  });
});
