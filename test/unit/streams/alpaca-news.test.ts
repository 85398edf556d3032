import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { formatTime } from '../../../src/core/time.ts';
import {
  type AlpacaNewsOptions,
  AlpacaNewsStream,
  type NewsInput,
} from '../../../src/streams/alpaca/news-stream.ts';
import type { NewsWords } from '../../../src/streams/alpaca/venue-words.ts';
import { encode, encodeTimeSpecToTimestamp, ExtData } from '@msgpack/msgpack';
import { ManualTime } from '../../manual-time.ts';
import { directoryOf, NAMES, TEN_US } from './market-harness.ts';
import { alpacaVenue } from './alpaca-venue.ts';

function newsHarness(options: Partial<AlpacaNewsOptions> = {}) {
  const time = new ManualTime(TEN_US);
  const venue = alpacaVenue();
  const inputs: NewsInput[] = [];
  const fatal: string[] = [];
  const stream = new AlpacaNewsStream({
    url: 'ws://nowhere',
    keyId: 'k',
    secret: 's',
    codec: 'json',
    directory: directoryOf(NAMES),
    clock: time,
    timers: time,
    random: new Random(1),
    enter: (input) => inputs.push(input),
    connect: venue.connect,
    onFatal: (error) => fatal.push(error.message),
    ...options,
  });
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 50) {
      venue.settle();
      await new Promise((resolve) => setImmediate(resolve));
      time.advance(50);
    }
    venue.settle();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { time, venue, inputs, stream, fatal, pass };
}

function story(id: number, symbols: readonly string[], us = TEN_US): object {
  return { T: 'n', id, headline: `Story ${id}`, symbols, created_at: formatTime(us) };
}

describe('an Alpaca news stream', () => {
  it('enters each story once, with the symbols that are known and no score', async () => {
    const { stream, venue, inputs, pass } = newsHarness();
    stream.start();
    await pass(100);
    expect(venue.link.requests[1]).toEqual({ action: 'subscribe', news: ['*'] });
    venue.say(venue.link, [story(1, ['AAPL', 'NONE']), story(1, ['AAPL']), story(2, ['NONE'])]);
    expect(inputs).toEqual([
      {
        kind: 'newsArrived',
        newsId: '1',
        symbols: [0],
        headline: 'Story 1',
        sentiment: Number.NaN,
        venueUs: TEN_US,
      },
    ]);
    expect(stream.health).toMatchObject({ events: 1, duplicates: 1, unknown: 1, lagUs: 100_000 });
  });

  it('reads MessagePack, times and all', async () => {
    const { stream, venue, inputs, pass } = newsHarness();
    stream.start();
    await pass(100);
    const spec = { sec: TEN_US / 1_000_000, nsec: 5_000 };
    const created_at = new ExtData(-1, encodeTimeSpecToTimestamp(spec));
    venue.sayBytes(venue.link, encode([{ ...story(3, ['IBM']), created_at }]));
    expect(inputs).toMatchObject([{ newsId: '3', symbols: [2], venueUs: TEN_US + 5 }]);
  });

  it('D6 fetches what was told while it was away, once', async () => {
    const asked: number[] = [];
    const missed: NewsWords[] = [1, 2, 3].map((id) => ({
      id: String(id),
      headline: `Story ${id}`,
      symbols: ['AAPL'],
      createdAt: formatTime(TEN_US + id),
    }));
    const { stream, venue, inputs, pass } = newsHarness({
      fetchNews: (fromUs, take) => {
        asked.push(fromUs);
        for (const news of missed) take(news);
        return Promise.resolve();
      },
    });
    stream.start();
    await pass(100);
    venue.say(venue.link, [story(1, ['AAPL'])]);
    venue.close(venue.link);
    await pass(2_000);
    expect(asked).toEqual([TEN_US]);
    expect(inputs.map(({ newsId }) => newsId)).toEqual(['1', '2', '3']);
    expect(stream.health).toMatchObject({ gaps: 1, duplicates: 1, connections: 2 });
  });

  it('D4 stops where its key is refused, and comes back where it is not', async () => {
    const { stream, venue, fatal, pass } = newsHarness();
    venue.script.authError = 402;
    stream.start();
    await pass(60_000);
    expect(venue.attempts).toBe(1);
    expect(fatal).toEqual(['alpaca/news: refused with 402 refused']);

    const other = newsHarness();
    other.venue.script.authError = 404;
    other.stream.start();
    await other.pass(500);
    other.venue.script.authError = undefined;
    await other.pass(10_000);
    expect(other.stream.health.state).toBe('open');
  });

  it('D9 counts a frame that it cannot read and goes on', async () => {
    const { stream, venue, inputs, pass } = newsHarness();
    stream.start();
    await pass(100);
    venue.sayBytes(venue.link, new TextEncoder().encode('[{"T":"n"'));
    venue.sayBytes(venue.link, new Uint8Array([0x91, 0x81]));
    venue.say(venue.link, [story(1, ['AAPL']), { T: 'n', id: 2 }]);
    expect(inputs).toHaveLength(1);
    expect(stream.unknown).toBe(3);
    expect(stream.health.gaps).toBe(2);
  });

  it('remembers a bounded number of stories', async () => {
    const { stream, venue, inputs, pass } = newsHarness();
    stream.start();
    await pass(100);
    for (let id = 0; id < 9_000; id += 1) venue.say(venue.link, [story(id, ['AAPL'])]);
    venue.say(venue.link, [story(8_999, ['AAPL']), story(0, ['AAPL'])]);
    // The newest are known; the very first is not any more.
    expect(inputs).toHaveLength(9_001);
    expect(stream.health.duplicates).toBe(1);
  });

  it('leaves every prototype as it is, whatever a message holds', async () => {
    const { stream, venue, inputs, pass } = newsHarness();
    stream.start();
    await pass(100);
    const text = '[{"T":"n","__proto__":{"id":1,"polluted":true},"constructor":{"prototype":{}}}]';
    venue.sayBytes(venue.link, new TextEncoder().encode(text));
    expect(inputs).toEqual([]);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});
