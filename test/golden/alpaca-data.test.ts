import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { symbolId } from '../../src/core/ids.ts';
import { EventBatch } from '../../src/domain/market/event-batch.ts';
import { FeedDecoder } from '../../src/streams/alpaca/feed-decoder.ts';
import { GOLDEN_SYMBOLS, type GoldenEvent } from './alpaca-frames.ts';

const folder = new URL('alpaca-data/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

const KINDS = ['', 'trade', 'quote', 'bar', 'status', 'band', 'correction'];

function decode(bytes: Uint8Array) {
  const words: unknown[] = [];
  const events: object[] = [];
  const decoder = new FeedDecoder({
    directory: {
      size: GOLDEN_SYMBOLS.length,
      idOf: (name) => {
        const at = GOLDEN_SYMBOLS.findIndex((symbol) => symbol === name);
        return at < 0 ? undefined : symbolId(at);
      },
      nameOf: (symbol) => GOLDEN_SYMBOLS[symbol] ?? '',
    },
    tradesMax: 1_024,
    onMessage: (message) => words.push(message),
  });
  const batch = new EventBatch(16, 4);
  const scanner = decoder.begin(bytes);
  for (let isMore = true; isMore;) {
    batch.clear();
    isMore = scanner.next(batch);
    for (let at = 0; at < batch.count; at += 1) events.push(eventAt(batch, at));
  }
  return { events, words };
}

function eventAt(batch: EventBatch, at: number): object {
  const { a, b, c, d, e, f } = batch;
  return {
    kind: KINDS[batch.kind[at] ?? 0],
    symbol: GOLDEN_SYMBOLS[batch.symbol[at] ?? -1],
    us: batch.venueUs[at],
    flags: batch.flags[at],
    values: [a[at], b[at], c[at], d[at], e[at], f[at]],
    exchange: batch.exchange[at],
  } satisfies Partial<Record<keyof GoldenEvent, unknown>>;
}

describe('golden frames of Alpaca (E2)', () => {
  it('are there for every kind of message, in both codecs', () => {
    expect(files.length).toBeGreaterThanOrEqual(200);
    const text = files.map((name) => readFileSync(new URL(name, folder), 'utf8')).join();
    for (const kind of ['trade', 'quote', 'bar', 'status', 'band', 'correction']) {
      expect(text).toContain(`"kind": "${kind}"`);
    }
  });

  it.each(files)('E2 %s becomes its columns', (name) => {
    const golden: unknown = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
    const frame = String(Reflect.get(Object(golden), 'frame'));
    const isText = name.endsWith('.json.json');
    const bytes = Buffer.from(frame, isText ? 'utf8' : 'hex');
    expect(decode(bytes)).toEqual({
      events: Reflect.get(Object(golden), 'events'),
      words: Reflect.get(Object(golden), 'words'),
    });
  });
});
