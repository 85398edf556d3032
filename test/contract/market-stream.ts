import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../src/core/time.ts';
import { ids, NAMES, TEN_US } from '../unit/streams/market-harness.ts';
import { describeGaps } from './market-stream-gaps.ts';
import type { StreamContract } from './stream-contract.ts';

/** What every live market stream owes to the session that listens to it. */
export function describeMarketStream(name: string, contract: StreamContract): void {
  describe(`${name}'s market stream`, () => {
    describeDelivery(contract);
    describeGaps(contract);
    describeSilence(contract);
  });
}

function describeDelivery({ wire: { bar, trade, quote, lists }, open }: StreamContract): void {
  describe('that is heard', () => {
    it('delivers what comes, once, with one receive time for a frame', async () => {
      const { stream, venue, sink, time, pass } = open();
      stream.start();
      await pass(50);
      const now = time.nowUs();
      venue.say(venue.link, [trade('AAPL', now, 1), quote('AAPL', now), bar('IBM', TEN_US)]);
      venue.say(venue.link, [trade('AAPL', now, 1), trade('AAPL', now, 2), bar('IBM', TEN_US)]);
      expect(sink.lines.map((line) => line.slice(0, 10))).toEqual([
        'TRADE AAPL',
        'QUOTE AAPL',
        'BAR IBM 15',
        'TRADE AAPL',
      ]);
      expect(sink.frameUs).toEqual([now, now]);
      expect(stream.health).toMatchObject({ duplicates: 2, events: 4, lagUs: 0 });
    });

    it('D10 stops reading while the sink has no room, and drops nothing', async () => {
      const { stream, venue, sink, pass } = open();
      stream.start();
      await pass(50);
      sink.isFull = true;
      const bars = Array.from({ length: 3_000 }, (_, at) => trade('AAPL', TEN_US, at + 1));
      venue.say(venue.link, bars);
      expect(venue.link.isPaused).toBe(true);
      expect(sink.lines).toHaveLength(3_000);
      expect(sink.resumes).toHaveLength(1);
      // A peer that we do not listen to is not silent.
      await pass(30_000);
      expect(stream.health.connections).toBe(1);
      sink.isFull = false;
      for (const resume of sink.resumes) resume();
      expect(venue.link.isPaused).toBe(false);
    });

    it('D11 counts a clock ahead of ours and says so once', async () => {
      const { stream, venue, alarms, time, pass } = open();
      stream.start();
      await pass(50);
      venue.say(venue.link, [trade('AAPL', time.nowUs() + SECOND, 1)]);
      venue.say(venue.link, [trade('AAPL', time.nowUs() + SECOND, 2)]);
      expect(stream.counts.ahead).toBe(2);
      expect(alarms).toEqual(["the venue's clock is 1000000 us ahead of ours"]);
    });

    it('hands a failure of the sink to whoever supervises, and stops', async () => {
      const broken: string[] = [];
      const { stream, venue, pass } = open({
        sink: {
          take: () => {
            throw new Error('the sink is broken');
          },
          onRoom: () => {},
        },
        onBroken: (error) => broken.push(error.message),
      });
      stream.start();
      await pass(50);
      venue.say(venue.link, [bar('AAPL', TEN_US)]);
      await pass(2_000);
      expect(broken).toEqual(['the sink is broken']);
      expect(stream.health.state).toBe('stopped');
    });

    it('stops politely, and answers who still waits', async () => {
      const { stream, venue, pass } = open();
      stream.start();
      const answer = stream.subscribe(ids(1));
      const stopped = stream.stop();
      await pass(20);
      await stopped;
      expect(await answer).toMatchObject({ outcome: 'failed', code: 'STREAM_STOPPED' });
      expect(stream.health.state).toBe('stopped');
      expect(venue.link.isOpen).toBe(false);
      expect(await stream.subscribe(ids(1))).toMatchObject({ code: 'STREAM_STOPPED' });
    });

    it('D4 is slow after 429 on the upgrade', async () => {
      const { stream, venue, alarms, pass } = open();
      venue.script.upgrade = 429;
      stream.start();
      await pass(180_000);
      expect(venue.attempts).toBeLessThanOrEqual(6);
      expect(alarms[0]).toBe('the upgrade was answered with 429, 3 times in a row');
    });

    it('answers the older of two sets at once, and the newer when it stands', async () => {
      const { stream, venue, pass } = open();
      stream.start();
      const older = stream.subscribe(ids(0));
      const newer = stream.subscribe(ids(1));
      expect(await older).toMatchObject({ code: 'SUBSCRIPTION_SUPERSEDED' });
      await pass(50);
      expect(await newer).toEqual({ outcome: 'done' });
      expect(venue.link.list(lists.trades)).toEqual(['MSFT']);
    });

    it('answers a set that is not confirmed in time, and keeps it wanted', async () => {
      const { stream, venue, pass } = open();
      venue.script.isDead = true;
      stream.start();
      const answer = stream.subscribe(ids(0));
      await pass(8_000);
      expect(await answer).toMatchObject({ code: 'SUBSCRIPTION_LATE' });
      venue.script.isDead = false;
      await pass(20_000);
      expect(venue.link.list(lists.trades)).toEqual(['AAPL']);
    });
  });
}

function describeSilence({ wire: { bar, trade }, open }: StreamContract): void {
  describe('that is silent', () => {
    async function withSlot() {
      const harness = open();
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
      // The trade that came: a stream may tell its time in milliseconds, REST tells all of it.
      history.latest.set('AAPL', time.nowUs() + 999);
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
      const harness = open({ isSessionOpen: () => false });
      harness.stream.start();
      void harness.stream.subscribe(ids(0));
      await harness.pass(120_000);
      expect(harness.stream.health.connections).toBe(1);
      expect(harness.history.probes).toBe(0);
    });

    it('D2 misses the bars of a minute that traded', async () => {
      const { stream, venue, history, time, pass } = open();
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
}
