import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../src/core/time.ts';
import { bar, ids, marketHarness, quote, TEN_US, trade } from './market-harness.ts';

describe('an Alpaca market stream', () => {
  it('authenticates, asks for all bars, then for the wanted symbols, and confirms', async () => {
    const { stream, venue, healths, pass } = marketHarness();
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

  it('delivers what comes, once, with one receive time for a frame', async () => {
    const { stream, venue, sink, time, pass } = marketHarness();
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

  it('D6 marks a gap at once, fetches what was missed, and puts it before later bars', async () => {
    const { stream, venue, sink, history, time, pass } = marketHarness();
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

  it('D6 fetches the trades of the slots, and counts none twice', async () => {
    const { stream, venue, sink, history, time, pass } = marketHarness();
    stream.start();
    void stream.subscribe(ids(0));
    await pass(50);
    const known = { price: 100, size: 1, exchange: 'V', tape: 'C', conditions: ['@'] };
    venue.say(venue.link, [trade('AAPL', time.nowUs(), 1)]);
    for (const id of [1, 2, 3]) {
      history.tradesOf.push(['AAPL', { us: time.nowUs() + id, id: String(id), ...known }]);
    }
    history.tradesOf[0] = ['AAPL', { us: time.nowUs(), id: '1', ...known }];
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
    const { stream, venue, sink, history, alarms, pass } = marketHarness();
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
    const { stream, venue, sink, pass } = marketHarness();
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

  it('D10 stops reading while the sink has no room, and drops nothing', async () => {
    const { stream, venue, sink, pass } = marketHarness();
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
    const { stream, venue, alarms, time, pass } = marketHarness();
    stream.start();
    await pass(50);
    venue.say(venue.link, [trade('AAPL', time.nowUs() + SECOND, 1)]);
    venue.say(venue.link, [trade('AAPL', time.nowUs() + SECOND, 2)]);
    expect(stream.counts.ahead).toBe(2);
    expect(alarms).toEqual(["the venue's clock is 1000000 us ahead of ours"]);
  });

  it('E3 counts symbols, kinds and codes that it does not know', async () => {
    const { stream, venue, sink, pass } = marketHarness();
    stream.start();
    await pass(50);
    const odd = { ...trade('AAPL', TEN_US, 9), x: '?', c: ['~'] };
    venue.say(venue.link, [trade('NONE', TEN_US, 1), { T: 'zz', S: 'AAPL' }, { S: 'AAPL' }, odd]);
    expect(stream.health.unknown).toBe(5);
    expect(sink.of('TRADE')).toHaveLength(1);
  });

  it('D6 knows of what it missed while it was stopped, and fetches it', async () => {
    const { stream, venue, sink, history, pass } = marketHarness();
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
    const { stream, venue, history, pass } = marketHarness();
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

  it('hands a failure of the sink to whoever supervises, and stops', async () => {
    const broken: string[] = [];
    const { stream, venue, pass } = marketHarness({
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
    const { stream, venue, pass } = marketHarness();
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
});
