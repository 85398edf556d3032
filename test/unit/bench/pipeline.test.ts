import { describe, expect, it } from 'vitest';
import { FloodFrames } from '../../../bench/pipeline/flood-frames.ts';
import { assertSame, MadeOrders } from '../../../bench/pipeline/made-order.ts';
import { parserOf } from '../../../bench/pipeline/peer-parse.ts';
import { PeerRisk } from '../../../bench/pipeline/peer-risk.ts';
import { POSITIONS_MAX } from '../../../bench/pipeline/rule.ts';
import { framesOf, type Wire } from '../../../bench/pipeline/tick-frames.ts';
import { makeTicks, nameOf, type Ticks } from '../../../bench/pipeline/ticks.ts';
import { listedDirectory } from '../../../src/compose/live/listed-directory.ts';
import { EventBatch, TRADE } from '../../../src/domain/market/event-batch.ts';
import { FeedDecoder } from '../../../src/streams/alpaca/feed-decoder.ts';
import { PolygonDecoder } from '../../../src/streams/polygon/feed-decoder.ts';
import type { FrameScanner } from '../../../src/streams/wire/frame-scanner.ts';

const WIRES: readonly Wire[] = ['polygon', 'alpaca json', 'alpaca msgpack'];
const TICKS = makeTicks({ symbols: 50, ticks: 300 });

describe("the pipeline's ticks", () => {
  it('begin alike, however many there are', () => {
    const more = makeTicks({ symbols: 50, ticks: 900 });

    expect(more.warm).toBe(TICKS.warm);
    expect([...more.price.subarray(0, TICKS.count)]).toEqual([...TICKS.price]);
    expect([...more.venueUs.subarray(0, TICKS.count)]).toEqual([...TICKS.venueUs]);
  });

  it.each(WIRES)('are said so that our decoder and JSON.parse hear the same, %s', (wire) => {
    const stretch = { wire, perFrame: 7, from: TICKS.warm, to: TICKS.count };
    const frames = framesOf(TICKS, stretch);
    const decoded = new EventBatch(1_024, 1_024);
    const begin = scannerOf(wire, TICKS.names);
    for (const { bytes } of frames) scan(begin(bytes), decoded);

    expect(decoded.count).toBe(TICKS.count - TICKS.warm);
    const expected = {
      symbol: TICKS.symbol.subarray(TICKS.warm),
      price: TICKS.price.subarray(TICKS.warm),
      size: TICKS.size.subarray(TICKS.warm),
    };
    expect(decoded.symbol.slice(0, decoded.count)).toEqual(expected.symbol);
    expect(Int32Array.from(decoded.a.slice(0, decoded.count))).toEqual(expected.price);
    expect(Int32Array.from(decoded.b.slice(0, decoded.count))).toEqual(expected.size);
    if (wire === 'alpaca msgpack') return;
    const parsed: number[] = [];
    for (const { bytes } of frames) {
      parserOf(wire)(bytes, ({ price }) => parsed.push(Math.round(price * 10_000)));
    }
    expect(Int32Array.from(parsed)).toEqual(expected.price);
  });
});

describe('a flood', () => {
  const SYMBOLS = 40;
  const PER_FRAME = 10;
  const names = Array.from({ length: SYMBOLS }, (_, at) => nameOf(at));

  it('says whole messages of the time it is given, trades under new ids each time', () => {
    const flood = new FloodFrames({ symbols: SYMBOLS, perFrame: PER_FRAME, events: 200 });
    const begin = scannerOf('alpaca msgpack', names);
    const ids = new Set<number>();
    let trades = 0;
    for (const us of [1_717_421_700_123_456, 1_717_421_700_123_457, 1_717_421_761_000_000]) {
      const batch = new EventBatch(1_024, 1);
      const messages = messagesOf(flood.dated(0, flood.frames, us));
      expect(messages).toHaveLength(flood.frames);
      for (const bytes of messages) scan(begin(bytes), batch);
      expect(batch.count).toBe(200);
      expect(new Set(batch.venueUs.subarray(0, batch.count))).toEqual(new Set([us]));
      for (let at = 0; at < batch.count; at += 1) {
        if (batch.kind[at] !== TRADE) continue;
        trades += 1;
        ids.add(batch.c[at] ?? Number.NaN);
      }
    }
    expect(trades).toBe(3 * 40);
    expect(ids.size).toBe(trades);
  });
});

describe('orders of two pipelines', () => {
  const order = { side: 'buy', symbolName: 'AAAA', quantity: 3, limitPrice: 1_000_500 } as const;

  it('are the same, or it is said which differs', () => {
    const [ours, theirs] = [new MadeOrders(), new MadeOrders()];
    ours.add(order);
    theirs.add(order);
    expect(() => assertSame(ours, theirs)).not.toThrow();

    theirs.add(order);
    expect(() => assertSame(ours, theirs)).toThrow('order 1 differs: ours none');
    ours.add({ ...order, quantity: 4 });
    expect(() => assertSame(ours, theirs)).toThrow('ours buy 4 AAAA 1000500');
  });

  it('are refused by the peer past its positions and its rate', () => {
    const risk = new PeerRisk();
    const entries = Array.from({ length: POSITIONS_MAX + 1 }, (_, at) =>
      risk.entry(500_000, at * 10_000),
    );

    expect(entries[0]).toEqual({ quantity: 39, limitPrice: 500_300 });
    expect(entries.filter((entry) => entry !== undefined)).toHaveLength(POSITIONS_MAX);
    risk.filled(-39, 500_000);
    expect(risk.entry(500_000, POSITIONS_MAX * 10_000)).toBeDefined();
  });
});

function scannerOf(wire: Wire, names: Ticks['names']): (bytes: Uint8Array) => FrameScanner {
  const symbols = names.map(
    (name) => ({ name, assetClass: 'equity', sector: '', isTradable: true }) as const,
  );
  const parts = {
    directory: listedDirectory(symbols),
    tradesMax: 4_096,
    onMessage: () => undefined,
  };
  const decoder =
    wire === 'polygon'
      ? new PolygonDecoder({ ...parts, quoteSizes: 'shares' })
      : new FeedDecoder(parts);
  return (bytes) => decoder.begin(bytes);
}

function scan(scanner: FrameScanner, batch: EventBatch): void {
  while (scanner.next(batch)) continue;
}

/** What stands in unmasked binary messages of less than 64 KB. */
function messagesOf(bytes: Buffer): readonly Uint8Array[] {
  const messages: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    expect(bytes[at]).toBe(0x82);
    const short = bytes[at + 1] ?? 0;
    const [length, from] = short === 126 ? [bytes.readUInt16BE(at + 2), at + 4] : [short, at + 2];
    messages.push(bytes.subarray(from, from + length));
    at = from + length;
  }
  return messages;
}
