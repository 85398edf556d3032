import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../../src/core/time.ts';
import { BAR_FINAL, BAR_UPDATED } from '../../../src/domain/market/event-batch.ts';
import { ids, polygonHarness, TEN_US } from './market-harness.ts';
import { band, bar, quote, trade } from './polygon-messages.ts';
import { status } from './polygon-venue.ts';

describe('a Polygon market stream', () => {
  it('authenticates, asks for all bars, then for the wanted symbols, and confirms', async () => {
    const { stream, venue, healths, pass } = polygonHarness();
    stream.start();
    await pass(50);
    const answer = stream.subscribe(ids(0, 2));
    await pass(50);
    expect(await answer).toEqual({ outcome: 'done' });
    expect(venue.link.requests).toEqual([
      { action: 'auth', params: 'k' },
      { action: 'subscribe', params: 'AM.*,LULD.*' },
      { action: 'subscribe', params: 'T.AAPL,Q.AAPL,T.IBM,Q.IBM' },
    ]);
    expect(healths).toEqual(['up']);
    expect(stream.name).toBe('polygon/stocks');
    expect(stream.health.unknown).toBe(0);
  });

  it('asks for bars of a second only where they are wanted', async () => {
    const { stream, venue, sink, pass } = polygonHarness({ hasSecondBars: true });
    stream.start();
    const answer = stream.subscribe(ids(1));
    await pass(50);
    expect(await answer).toEqual({ outcome: 'done' });
    expect(venue.link.list('A')).toEqual(['MSFT']);
    const second = { ...bar('MSFT', TEN_US), ev: 'A', e: TEN_US / 1_000 + 1_000 };
    venue.say(venue.link, [second]);
    expect(sink.lines).toEqual(['BAR MSFT 15:00:00 1000000']);
  });

  it('D5 takes the wanted set as a whole, and gives back what is not in it any more', async () => {
    const { stream, venue, pass } = polygonHarness();
    stream.start();
    void stream.subscribe(ids(0, 1));
    await pass(50);
    const answer = stream.subscribe(ids(1, 2));
    await pass(50);
    expect(await answer).toEqual({ outcome: 'done' });
    expect(venue.link.list('T')).toEqual(['IBM', 'MSFT']);
    expect(venue.link.list('Q')).toEqual(['IBM', 'MSFT']);
    expect(venue.link.requests.slice(-2)).toEqual([
      { action: 'subscribe', params: 'T.IBM,Q.IBM' },
      { action: 'unsubscribe', params: 'T.AAPL,Q.AAPL' },
    ]);
    expect(stream.health.connections).toBe(1);
  });

  it('hears every element of an array, events and words together, in any place', async () => {
    const { stream, venue, sink, time, pass } = polygonHarness();
    venue.script.silent = ['AM.', 'LULD.'];
    stream.start();
    await pass(50);
    const now = time.nowUs();
    venue.say(venue.link, [
      trade('AAPL', now, 1),
      status('success', 'subscribed to: AM.*'),
      quote('MSFT', now),
      status('success', 'subscribed to: LULD.*'),
      band('IBM', now),
    ]);
    expect(sink.lines.map((line) => line.slice(0, 10))).toEqual([
      'TRADE AAPL',
      'QUOTE MSFT',
      'BAND IBM 1',
    ]);
    expect(stream.health).toMatchObject({ events: 3, unknown: 0 });
    await pass(10_000);
    expect(stream.health.connections).toBe(1);
  });

  it('tells a bar that is sent again as an update, and never as a second bar', async () => {
    const { stream, venue, sink, pass } = polygonHarness();
    stream.start();
    await pass(50);
    venue.say(venue.link, [bar('AAPL', TEN_US - MINUTE)]);
    await pass(60_000);
    venue.say(venue.link, [bar('AAPL', TEN_US)]);
    const { lagUs } = stream.health;
    await pass(60_000);
    venue.say(venue.link, [bar('AAPL', TEN_US - MINUTE, 101)]);
    // It says how late its trades were, not how late we are.
    expect(stream.health.lagUs).toBe(lagUs);
    expect(sink.lines).toEqual([
      'BAR AAPL 14:59:00 1000000',
      'BAR AAPL 15:00:00 1000000',
      'BAR AAPL 14:59:00 1010000',
    ]);
    expect(sink.flags).toEqual([BAR_FINAL, BAR_FINAL, BAR_FINAL | BAR_UPDATED]);
  });

  it('E3 counts what it does not know, and what it has no use for', async () => {
    const { stream, venue, sink, pass } = polygonHarness();
    stream.start();
    await pass(50);
    venue.say(venue.link, [
      trade('NONE', TEN_US, 1),
      { ev: 'ZZ', sym: 'AAPL' },
      { sym: 'AAPL' },
      status('success', 'something else'),
      status('force_majeure', 'what we have never heard'),
      { ev: 'NOI', T: 'AAPL', t: TEN_US / 1_000, at: 930, a: 'O', i: 1, x: 10, o: 0, p: 0, b: 1 },
      trade('AAPL', TEN_US, 2),
    ]);
    expect(stream.counts).toMatchObject({ unknownSymbols: 1, unknownKinds: 4, unused: 1 });
    expect(sink.lines).toEqual(['TRADE AAPL 15:00:00 1000000']);
    expect(stream.health.connections).toBe(1);
  });

  it.each([
    [1_006, ''],
    [1_008, ''],
    [1_008, 'slow consumer'],
  ])('D6 takes a cut with %i "%s" as a gap, and is back at once', async (code, reason) => {
    const { stream, venue, sink, history, pass } = polygonHarness();
    stream.start();
    void stream.subscribe(ids(0));
    await pass(50);
    venue.say(venue.link, [bar('AAPL', TEN_US - MINUTE)]);
    const price = { open: 1, high: 1, low: 1, close: 1, volume: 5 };
    history.bars.push(['AAPL', { startUs: TEN_US, ...price }]);
    await pass(61_000);
    venue.say(venue.link, [bar('IBM', TEN_US)]);
    venue.close(venue.link, code, reason);
    expect(sink.of('GAP')).toHaveLength(3);
    await pass(2_000);
    venue.say(venue.link, [bar('AAPL', TEN_US + MINUTE)]);
    expect(sink.of('BAR')).toEqual([
      'BAR AAPL 14:59:00 1000000',
      'BAR IBM 15:00:00 1000000',
      'BAR AAPL 15:00:00 10000',
      'BAR AAPL 15:01:00 1000000',
    ]);
    expect(venue.link.list('T')).toEqual(['AAPL']);
    expect(stream.counts).toMatchObject({ gaps: 1, unfilled: 0, refusals: 0 });
  });

  it('D6 D7 knows a fetched trade by the facility that reported it, too', async () => {
    const { stream, venue, sink, history, time, pass } = polygonHarness();
    stream.start();
    void stream.subscribe(ids(0));
    await pass(50);
    const us = time.nowUs();
    const off = { x: 4, trft: us / 1_000 };
    venue.say(venue.link, [{ ...trade('AAPL', us, 7), ...off, trfi: 201 }]);
    const known = { us, id: '7', price: 100, size: 1, exchange: '4', tape: '3', conditions: [] };
    history.tradesOf.push(['AAPL', { ...known, facility: '201' }]);
    history.tradesOf.push(['AAPL', { ...known, facility: '202' }]);
    venue.close(venue.link);
    await pass(2_000);
    expect(sink.of('TRADE')).toHaveLength(2);
    expect(stream.health.duplicates).toBe(1);
  });

  it('D6 D10 reads on, and fills what was lost, where it was cut for not reading', async () => {
    const { stream, venue, sink, history, pass } = polygonHarness();
    stream.start();
    await pass(50);
    sink.isFull = true;
    venue.say(venue.link, [bar('AAPL', TEN_US - MINUTE)]);
    expect(venue.link.isPaused).toBe(true);
    await pass(90_000);
    venue.close(venue.link, 1_006);
    const price = { open: 1, high: 1, low: 1, close: 1, volume: 5 };
    history.bars.push(['AAPL', { startUs: TEN_US, ...price }]);
    await pass(2_000);
    sink.isFull = false;
    for (const resume of sink.resumes.splice(0)) resume();
    expect(sink.lines.map((line) => line.slice(0, 12))).toEqual([
      'BAR AAPL 14:',
      'GAP * 15:01:',
      'BAR AAPL 15:',
    ]);
    expect(stream.counts).toMatchObject({ gaps: 1, unfilled: 0 });
    expect(venue.link.isPaused).toBe(false);
  });
});
