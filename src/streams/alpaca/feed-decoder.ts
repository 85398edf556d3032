import type { SymbolDirectory } from '../../ports/live-market.ts';
import { BarWindow } from '../wire/bar-window.ts';
import { EventWriter } from './wire/event-writer.ts';
import { FeedCounts } from '../wire/feed-counts.ts';
import type { FrameScanner } from '../wire/frame-scanner.ts';
import { JsonScanner } from './wire/json-scanner.ts';
import { MsgpackScanner } from './wire/msgpack-scanner.ts';
import { SymbolBytes } from '../wire/symbol-bytes.ts';
import { TradeWindow } from '../wire/trade-window.ts';

export interface FeedDecoderOptions {
  readonly directory: SymbolDirectory;
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
  readonly #json: JsonScanner;
  readonly #msgpack: MsgpackScanner;

  constructor(options: FeedDecoderOptions) {
    const { directory, tradesMax, onMessage } = options;
    this.bars = new BarWindow(directory.size);
    this.trades = new TradeWindow(tradesMax);
    const parts = {
      symbols: new SymbolBytes(directory),
      counts: this.counts,
      trades: this.trades,
      bars: this.bars,
    };
    this.writer = new EventWriter(parts, directory.size);
    this.#json = new JsonScanner(this.writer, onMessage);
    this.#msgpack = new MsgpackScanner(this.writer, onMessage);
  }

  /**
   * Begins a frame in the codec that it is in. Asked for one, a venue may still send the other, or
   * JSON in a binary frame: a list of MessagePack never begins with a byte of ASCII.
   */
  begin(bytes: Uint8Array): FrameScanner {
    const scanner = (bytes[0] ?? 0) < 0x80 ? this.#json : this.#msgpack;
    scanner.begin(bytes);
    return scanner;
  }
}
