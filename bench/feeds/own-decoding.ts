import { symbolId } from '../../src/core/ids.ts';
import type { EventBatch } from '../../src/domain/market/event-batch.ts';
import type { SymbolDirectory } from '../../src/ports/live-market.ts';
import { FeedDecoder } from '../../src/streams/alpaca/feed-decoder.ts';
import { PolygonDecoder } from '../../src/streams/polygon/feed-decoder.ts';
import type { FeedCounts } from '../../src/streams/wire/feed-counts.ts';
import type { FrameScanner } from '../../src/streams/wire/frame-scanner.ts';
import { NAMES } from './feed-events.ts';
import type { Wire } from './feed-frames.ts';

interface OwnDecoder {
  readonly counts: FeedCounts;
  begin(bytes: Uint8Array): FrameScanner;
}

/** The product's decoder of a wire, as its stream makes it. */
export function ownDecoder(wire: Wire, tradesMax: number): OwnDecoder {
  const options = { directory: DIRECTORY, tradesMax, onMessage: () => {} };
  if (wire !== 'Polygon JSON') return new FeedDecoder(options);
  return new PolygonDecoder({ ...options, quoteSizes: 'shares' });
}

/** Decodes a frame into a batch that has room for all of it, and answers how many events it had. */
export function decodeFrame(decoder: OwnDecoder, frame: Uint8Array, batch: EventBatch): number {
  batch.clear();
  decoder.begin(frame).next(batch);
  return batch.count;
}

const ids = new Map(NAMES.map((name, index) => [name, symbolId(index)]));

export const DIRECTORY: SymbolDirectory = {
  size: NAMES.length,
  idOf: (name) => ids.get(name),
  nameOf: (symbol) => NAMES[symbol] ?? '',
};
