import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../src/core/time.ts';
import type { HistoryTrade } from '../../src/streams/market/market-history.ts';
import type { MarketOptions } from '../../src/streams/market/market-options.ts';
import type { MarketStream } from '../../src/streams/market/market-stream.ts';
import { ids, NAMES, type StreamRig, TEN_US } from '../unit/streams/market-harness.ts';
import type { ScriptedVenue } from '../unit/streams/scripted-venue.ts';

/** A stream, and the venue that it speaks to. */
export interface StreamWorld extends StreamRig {
  readonly venue: ScriptedVenue;
  readonly stream: MarketStream;
}

/** How one venue says what all venues say. */
export interface VenueWire {
  bar(name: string, startUs: number, price?: number): object;
  trade(name: string, us: number, id: number, price?: number): object;
  quote(name: string, us: number): object;
  /** The same trade as the venue remembers it. */
  past(us: number, id: number): HistoryTrade;
  /** What the venue calls its channels. */
  readonly lists: { readonly trades: string; readonly quotes: string; readonly bars: string };
}

export interface StreamContract {
  readonly wire: VenueWire;
  open(options?: Partial<MarketOptions>): StreamWorld;
}

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

function describeGaps({ wire: { bar, trade, quote, past }, open }: StreamContract): void {
  describe('that has lost data', () => {
    it('D6 marks a gap at once, fetches what was missed, and puts it before later bars', async () => {
      const { stream, venue, sink, history, time, pass } = open();
      stream.start();
      await pass(50);
      venue.say(venue.link, [bar('AAPL', TEN_US - MINUTE), bar('IBM', TEN_US - MINUTE)]);
      for (const minute of [-1, 0, 1]) {
        for (const name of ['IBM', 'AAPL']) {
          const startUs = TEN_US + minute * MINUTE;
          const price = { open: 1, high: 1, low: 1, close: 1, volume: 5 };
          history.bars.push([name, { startUs, ...price }]);
        }
      }
      venue.script.isDead = true;
      venue.close(venue.link);
      expect(sink.lines.at(-1)).toBe('GAP * 15:00:00 3');
      history.isHeld = true;
      await pass(3 * 60_000);
      venue.script.isDead = false;
      for (let step = 0; step < 2_000 && stream.health.state !== 'open'; step += 1) await pass(10);
      // The next live bar comes before the past has been fetched.
      venue.settle();
      venue.say(venue.link, [quote('SPY', time.nowUs()), bar('AAPL', TEN_US + 2 * MINUTE)]);
      history.open();
      await pass(50);
      expect(sink.lines.slice(3).map((line) => line.replace(/ \d+$/, ''))).toEqual([
        expect.stringMatching(/^QUOTE SPY 15:03/),
        'BAR AAPL 15:00:00',
        'BAR IBM 15:00:00',
        'BAR AAPL 15:01:00',
        'BAR IBM 15:01:00',
        'BAR AAPL 15:02:00',
      ]);
      expect(stream.health.gaps).toBe(1);
      expect(stream.counts.unfilled).toBe(0);
      // Of the minute that runs, the venue might show half a bar.
      expect(history.barSpans).toEqual([[TEN_US - MINUTE, TEN_US + 3 * MINUTE]]);
    });

    it('D6 puts a bar of the gap that comes live, while it is filled, in its place', async () => {
      const { stream, venue, sink, history, time, pass } = open();
      stream.start();
      await pass(50);
      venue.say(venue.link, [bar('AAPL', TEN_US - MINUTE)]);
      const price = { open: 1, high: 1, low: 1, close: 1, volume: 5 };
      for (const minute of [0, 1, 2]) {
        history.bars.push(['AAPL', { startUs: TEN_US + minute * MINUTE, ...price }]);
      }
      venue.script.isDead = true;
      venue.close(venue.link);
      await pass(3 * 60_000);
      history.isHeld = true;
      venue.script.isDead = false;
      for (let step = 0; step < 2_000 && stream.health.state !== 'open'; step += 1) await pass(10);
      venue.settle();
      venue.say(venue.link, [bar('AAPL', TEN_US + MINUTE), trade('AAPL', time.nowUs(), 1)]);
      history.open();
      await pass(50);
      expect(sink.lines.map((line) => line.slice(0, 17))).toEqual([
        'BAR AAPL 14:59:00',
        'GAP * 15:00:00 3',
        'BAR AAPL 15:00:00',
        'BAR AAPL 15:01:00',
        'BAR AAPL 15:02:00',
        expect.stringMatching(/^TRADE AAPL 15:03/),
      ]);
      expect(stream.health.duplicates).toBe(1);
    });

    it('D6 fetches the trades of the slots, and counts none twice', async () => {
      const { stream, venue, sink, history, time, pass } = open();
      stream.start();
      void stream.subscribe(ids(0));
      await pass(50);
      venue.say(venue.link, [trade('AAPL', time.nowUs(), 1)]);
      for (const id of [1, 2, 3]) {
        history.tradesOf.push(['AAPL', past(time.nowUs() + id, id)]);
      }
      history.tradesOf[0] = ['AAPL', past(time.nowUs(), 1)];
      venue.close(venue.link);
      await pass(2_000);
      expect(sink.of('TRADE')).toHaveLength(3);
      expect(sink.of('GAP')).toEqual([
        expect.stringMatching(/ 3$/),
        expect.stringMatching(/ 1$/),
        expect.stringMatching(/ 2$/),
      ]);
      venue.say(venue.link, [trade('AAPL', time.nowUs(), 3)]);
      // The same id at another time is the same trade all the same.
      expect(sink.of('TRADE')).toHaveLength(3);
    });

    it('D6 leaves a gap a gap where the venue does not remember', async () => {
      const { stream, venue, sink, history, alarms, pass } = open();
      stream.start();
      await pass(50);
      history.isSilent = true;
      venue.close(venue.link);
      await pass(2_000);
      venue.say(venue.link, [bar('AAPL', TEN_US - MINUTE)]);
      expect(sink.of('BAR')).toHaveLength(0);
      await pass(20_000);
      expect(sink.of('BAR')).toHaveLength(1);
      expect(stream.counts.unfilled).toBe(1);
      expect(alarms).toEqual(['a gap stays: not fetched within 20000 ms']);
    });

    it('D9 marks a gap after a frame that it cannot read, and goes on', async () => {
      const { stream, venue, sink, pass } = open();
      stream.start();
      await pass(50);
      const whole = JSON.stringify([bar('AAPL', TEN_US), bar('IBM', TEN_US)]);
      venue.sayBytes(venue.link, new TextEncoder().encode(whole.slice(0, -20)));
      await pass(50);
      venue.say(venue.link, [bar('SPY', TEN_US)]);
      expect(sink.lines.map((line) => line.slice(0, 8))).toEqual([
        'BAR AAPL',
        'GAP * 15',
        'BAR SPY ',
      ]);
      expect(stream.counts.unreadable).toBe(1);
      expect(stream.health.connections).toBe(1);
    });

    it('D6 knows of what it missed while it was stopped, and fetches it', async () => {
      const { stream, venue, sink, history, pass } = open();
      stream.start();
      await pass(50);
      venue.say(venue.link, [bar('AAPL', TEN_US - MINUTE)]);
      const stopped = stream.stop();
      await pass(50);
      await stopped;
      expect(sink.of('GAP')).toHaveLength(1);
      const price = { open: 1, high: 1, low: 1, close: 1, volume: 5 };
      history.bars.push(['AAPL', { startUs: TEN_US, ...price }]);
      await pass(61_000);
      stream.start();
      await pass(100);
      expect(sink.of('BAR')).toEqual(['BAR AAPL 14:59:00 1000000', 'BAR AAPL 15:00:00 10000']);
      expect(sink.of('GAP')).toHaveLength(1);
    });

    it('D6 fetches the whole of two losses where the first was not filled yet', async () => {
      const { stream, venue, history, pass } = open();
      stream.start();
      await pass(50);
      venue.say(venue.link, [bar('AAPL', TEN_US - 2 * MINUTE)]);
      history.isHeld = true;
      venue.close(venue.link);
      await pass(2_000);
      venue.say(venue.link, [bar('AAPL', TEN_US - MINUTE)]);
      venue.close(venue.link);
      await pass(2_000);
      expect(history.barSpans.map(([fromUs]) => fromUs)).toEqual([
        TEN_US - 2 * MINUTE,
        TEN_US - 2 * MINUTE,
      ]);
      history.open();
      await pass(50);
      expect(stream.counts).toMatchObject({ gaps: 2, unfilled: 0 });
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
