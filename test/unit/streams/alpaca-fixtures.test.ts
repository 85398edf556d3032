import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encode } from '@msgpack/msgpack';
import { EventBatch } from '../../../src/domain/market/event-batch.ts';
import { FeedDecoder } from '../../../src/streams/alpaca/feed-decoder.ts';
import { readTrade, readBar } from '../../../src/streams/alpaca/history/history-pages.ts';
import { referenceOfJson } from '../../reference/alpaca-events.ts';
import { directoryOf } from './market-harness.ts';

const FIXTURES = join(process.env['STRATA_DATA'] ?? '../shared/data', 'fixtures');
const DOCS = join(FIXTURES, 'alpaca_stream_docs.jsonl');
const GO = join(FIXTURES, 'alpaca_go.jsonl');

const NAMES = ['AAPL', 'AMD', 'SPY', 'EEM', 'GOOGL', 'IONM', 'INAQU'];

function payloads(file: string): readonly unknown[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => Reflect.get(Object(JSON.parse(line)), 'payload'));
}

function eventsOf(bytes: Uint8Array): number {
  const decoder = new FeedDecoder({
    directory: directoryOf(NAMES),
    tradesMax: 64,
    onMessage: () => {},
  });
  const batch = new EventBatch();
  decoder.begin(bytes).next(batch);
  expect(decoder.counts.unknown).toBe(0);
  return batch.count;
}

describe('messages of Alpaca as others have published them', () => {
  it('become the events that the reference reads, in both codecs', (context) => {
    if (!existsSync(DOCS)) context.skip(`no fixtures in ${FIXTURES}: set STRATA_DATA`);
    const messages = payloads(DOCS).filter((of) => Reflect.get(Object(of), 'T') !== undefined);
    expect(messages.length).toBeGreaterThan(5);
    for (const message of messages) {
      const json = new TextEncoder().encode(JSON.stringify([message]));
      const expected = referenceOfJson(json).length;
      expect(eventsOf(json)).toBe(expected);
      expect(eventsOf(encode([message]))).toBe(expected);
    }
  });

  it('and past bars and trades are read whole', (context) => {
    if (!existsSync(GO)) context.skip(`no fixtures in ${FIXTURES}: set STRATA_DATA`);
    let rows = 0;
    for (const payload of payloads(GO)) {
      for (const [key, read] of [
        ['bars', readBar],
        ['trades', readTrade],
      ] as const) {
        const listed = Object(Reflect.get(Object(payload), key));
        for (const list of Object.values(listed)) {
          for (const row of Array.isArray(list) ? list : []) {
            // Trades of options have no id: they are not ours.
            if (key === 'trades' && Reflect.get(Object(row), 'i') === undefined) continue;
            expect(read(row)).toBeDefined();
            rows += 1;
          }
        }
      }
    }
    expect(rows).toBeGreaterThan(10);
  });
});
