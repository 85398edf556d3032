import type { SymbolDirectory } from '../../ports/live-market.ts';
import { BarWindow } from './bar-window.ts';
import { EventWriter } from './event-writer.ts';
import { FeedCounts } from './feed-counts.ts';
import type { FrameScanner } from './frame-scanner.ts';
import { JsonScanner } from './json-scanner.ts';
import { MsgpackScanner } from './msgpack-scanner.ts';
import { SymbolBytes } from './symbol-bytes.ts';
import { TradeWindow } from './trade-window.ts';

export type FeedCodec = 'json' | 'msgpack';

export interface FeedDecoderOptions {
  readonly directory: SymbolDirectory;
  readonly codec: FeedCodec;
  /** Trades that are remembered, so that what is told again counts once. */
  readonly tradesMax: number;
  /** What is no market event: a word of the venue, or news. */
  readonly onMessage: (message: unknown) => void;
}

/** All that a stream needs to turn frames into events. Its windows outlive its connections. */
export class FeedDecoder {
  readonly counts = new FeedCounts();
  readonly bars: BarWindow;
  readonly trades: TradeWindow;
  readonly writer: EventWriter;
  readonly scanner: FrameScanner;

  constructor(options: FeedDecoderOptions) {
    const { directory, codec, tradesMax, onMessage } = options;
    this.bars = new BarWindow(directory.size);
    this.trades = new TradeWindow(tradesMax);
    const parts = {
      symbols: new SymbolBytes(directory),
      counts: this.counts,
      trades: this.trades,
      bars: this.bars,
    };
    this.writer = new EventWriter(parts, directory.size);
    const Scanner = codec === 'json' ? JsonScanner : MsgpackScanner;
    this.scanner = new Scanner(this.writer, onMessage);
  }
}
