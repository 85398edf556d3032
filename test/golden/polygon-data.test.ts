import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { symbolId } from '../../src/core/ids.ts';
import { EventBatch } from '../../src/domain/market/event-batch.ts';
import { PolygonDecoder } from '../../src/streams/polygon/feed-decoder.ts';
import { HASHED } from '../reference/polygon-events.ts';
import { POLYGON_SYMBOLS } from './polygon-frames.ts';

const folder = new URL('polygon/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

const KINDS = ['', 'trade', 'quote', 'bar', 'status', 'band'];

function decode(text: string) {
  const words: unknown[] = [];
  const events: object[] = [];
  const decoder = new PolygonDecoder({
    directory: {
      size: POLYGON_SYMBOLS.length,
      idOf: (name) => {
        const at = POLYGON_SYMBOLS.findIndex((symbol) => symbol === name);
        return at < 0 ? undefined : symbolId(at);
      },
      nameOf: (symbol) => POLYGON_SYMBOLS[symbol] ?? '',
    },
    tradesMax: 1_024,
    quoteSizes: 'shares',
    onMessage: (message) => words.push(message),
  });
  const batch = new EventBatch(16, 4);
  const scanner = decoder.begin(new TextEncoder().encode(text));
  for (let isMore = true; isMore;) {
    batch.clear();
    isMore = scanner.next(batch);
    for (let at = 0; at < batch.count; at += 1) events.push(eventAt(batch, at));
  }
  return { events, words };
}

function eventAt(batch: EventBatch, at: number): object {
  const { a, b, c, d, e, f } = batch;
  // A hashed id is above all that 64 bits tell.
  const id = batch.kind[at] === 1 && (c[at] ?? 0) > 2 ** 64 ? HASHED : c[at];
  return {
    kind: KINDS[batch.kind[at] ?? 0],
    symbol: POLYGON_SYMBOLS[batch.symbol[at] ?? -1],
    us: batch.venueUs[at],
    flags: batch.flags[at],
    exchange: batch.exchange[at],
    values: [a[at], b[at], id, d[at], e[at], f[at]],
  };
}

describe('golden frames of Polygon (E2)', () => {
  it('are there for every kind of message', () => {
    expect(files.length).toBeGreaterThanOrEqual(200);
    const text = files.map((name) => readFileSync(new URL(name, folder), 'utf8')).join();
    for (const kind of ['trade', 'quote', 'bar', 'status', 'band']) {
      expect(text).toContain(`"kind": "${kind}"`);
    }
  });

  it.each(files)('E2 %s becomes its columns', (name) => {
    const golden: unknown = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
    expect(decode(String(Reflect.get(Object(golden), 'frame')))).toEqual({
      events: Reflect.get(Object(golden), 'events'),
      words: Reflect.get(Object(golden), 'words'),
    });
  });
});
