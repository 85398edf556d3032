import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../src/core/time.ts';
import { ids, TEN_US } from '../unit/streams/market-harness.ts';
import type { StreamContract } from './stream-contract.ts';

/** What a stream does about data that it has lost: it says so, and fetches them in their place. */
export function describeGaps(contract: StreamContract): void {
  describeLosses(contract);
  describeWaiting(contract);
}

function describeLosses({ wire: { bar, trade, quote, past }, open }: StreamContract): void {
  describe('that has lost data', () => {
    it('D6 marks a gap at once, and puts what was fetched before later bars', async () => {
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
      const nowUs = time.nowUs();
      for (const id of [1, 2, 3]) history.tradesOf.push(['AAPL', past(nowUs + id - 1, id)]);
      venue.close(venue.link);
      await pass(2_000);
      expect(sink.of('TRADE')).toHaveLength(3);
      expect(sink.of('GAP')).toEqual([
        expect.stringMatching(/ 3$/),
        expect.stringMatching(/ 1$/),
        expect.stringMatching(/ 2$/),
      ]);
      // Told again it has its own time, which a wire may have cut to milliseconds.
      venue.say(venue.link, [trade('AAPL', nowUs + 2, 3)]);
      expect(sink.of('TRADE')).toHaveLength(3);
      expect(stream.health.duplicates).toBe(2);
    });

    it('D6 D10 fetches trades from where it stopped to read, not from the cut', async () => {
      const { stream, venue, sink, history, time, pass } = open();
      stream.start();
      void stream.subscribe(ids(0));
      await pass(50);
      sink.isFull = true;
      venue.say(venue.link, [trade('AAPL', time.nowUs(), 1)]);
      for (const seconds of [1, 60, 119]) {
        history.tradesOf.push(['AAPL', past(time.nowUs() + seconds * SECOND, 1 + seconds)]);
      }
      await pass(120_000);
      venue.close(venue.link);
      sink.isFull = false;
      for (const resume of sink.resumes.splice(0)) resume();
      await pass(2_000);
      expect(sink.of('TRADE').map((line) => line.slice(11, 19))).toEqual([
        '15:00:00',
        '15:00:01',
        '15:01:00',
        '15:01:59',
      ]);
      expect(stream.counts).toMatchObject({ gaps: 1, unfilled: 0 });
    });

    it('D6 fetches from when it began to listen where it has not heard a bar yet', async () => {
      const { stream, venue, sink, history, pass } = open();
      stream.start();
      await pass(50);
      const price = { open: 1, high: 1, low: 1, close: 1, volume: 5 };
      for (const minute of [-2, -1, 0, 1]) {
        history.bars.push(['IBM', { startUs: TEN_US + minute * MINUTE, ...price }]);
      }
      await pass(2 * 60_000 + 10_000);
      venue.close(venue.link);
      await pass(2_000);
      expect(sink.of('BAR').map((line) => line.slice(8, 16))).toEqual([
        '14:59:00',
        '15:00:00',
        '15:01:00',
      ]);
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

function describeWaiting({ wire: { bar, barAgain }, open }: StreamContract): void {
  describe('whose bars wait', () => {
    it('D6 tells a bar anew after it was told, also while both wait for the past', async () => {
      const { stream, venue, sink, history, pass } = open();
      stream.start();
      await pass(50);
      venue.say(venue.link, [bar('AAPL', TEN_US - 2 * MINUTE)]);
      history.isHeld = true;
      venue.close(venue.link);
      await pass(2_000);
      venue.say(venue.link, [bar('AAPL', TEN_US - MINUTE)]);
      venue.say(venue.link, [barAgain('AAPL', TEN_US - MINUTE, 101)]);
      history.open();
      await pass(50);
      expect(sink.of('BAR').slice(1)).toEqual([
        'BAR AAPL 14:59:00 1000000',
        'BAR AAPL 14:59:00 1010000',
      ]);
    });

    it('D6 holds nothing back for ever where the first frame of all was not readable', async () => {
      const { stream, venue, sink, pass } = open();
      venue.script.isDead = true;
      stream.start();
      venue.script.isDead = false;
      // Before anything was asked for, or answered.
      venue.link.listener.opened();
      venue.sayBytes(venue.link, new TextEncoder().encode('[{'));
      await pass(50);
      venue.say(venue.link, [bar('AAPL', TEN_US - MINUTE)]);
      expect(stream.counts.unreadable).toBe(1);
      expect(sink.of('BAR')).toHaveLength(1);
    });
  });
}
