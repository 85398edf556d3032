import type { EventBatch } from '../../domain/market/event-batch.ts';
import type { SymbolDirectory } from '../../ports/live-market.ts';
import type { HistoryBar, HistoryTrade } from '../market/market-history.ts';
import type { MarketDecoder } from '../market/market-protocol.ts';
import { BarWindow } from '../wire/bar-window.ts';
import { FeedCounts } from '../wire/feed-counts.ts';
import type { FrameScanner } from '../wire/frame-scanner.ts';
import { JsonScanner } from '../wire/json-scanner.ts';
import { NO_CODE } from '../wire/message-fields.ts';
import { SymbolBytes } from '../wire/symbol-bytes.ts';
import { TradeWindow } from '../wire/trade-window.ts';
import { EventWriter } from './wire/event-writer.ts';
import { alpacaFields, FIELD_NAMES, placeOf } from './wire/field-places.ts';
import { MsgpackScanner } from './wire/msgpack-scanner.ts';

const [P, SIZE, I, X] = [placeOf('p'), placeOf('s'), placeOf('i'), placeOf('x')];
const [C, TAPE, TIME] = [placeOf('c'), placeOf('z'), placeOf('t')];
const [O, H, L, V] = [placeOf('o'), placeOf('h'), placeOf('l'), placeOf('v')];

export interface FeedDecoderOptions {
  readonly directory: SymbolDirectory;
  /** Trades that are remembered, so that what is told again counts once. */
  readonly tradesMax: number;
  /** What is no market event: a word of the venue, or news. */
  readonly onMessage: (message: unknown) => void;
}

/** All that a stream needs to turn frames into events. Its windows outlive its connections. */
export class FeedDecoder implements MarketDecoder {
  readonly counts = new FeedCounts();
  readonly bars: BarWindow;
  readonly trades: TradeWindow;
  readonly writer: EventWriter;
  readonly #json: JsonScanner;
  readonly #msgpack: MsgpackScanner;
  readonly #fetched = alpacaFields();

  constructor(options: FeedDecoderOptions) {
    const { directory, tradesMax, onMessage } = options;
    this.bars = new BarWindow(directory.size);
    this.trades = new TradeWindow(tradesMax);
    const symbols = new SymbolBytes(directory);
    const parts = {
      symbols,
      counts: this.counts,
      trades: this.trades,
      bars: this.bars,
    };
    this.writer = new EventWriter(parts, directory.size);
    this.#json = new JsonScanner({
      names: FIELD_NAMES,
      symbolName: 'S',
      symbols,
      writer: this.writer,
      onMessage,
    });
    this.#msgpack = new MsgpackScanner(symbols, this.writer, onMessage);
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

  tradeUsOf(symbol: number): number {
    return this.writer.tradeUsOf(symbol);
  }

  writeBar(symbol: number, bar: HistoryBar, batch: EventBatch): void {
    const fields = this.#fetched;
    fields.reset();
    fields.setMoment(TIME, bar.startUs);
    fields.setNumber(O, bar.open);
    fields.setNumber(H, bar.high);
    fields.setNumber(L, bar.low);
    fields.setNumber(C, bar.close);
    fields.setNumber(V, bar.volume);
    this.writer.writeBarOf(symbol, fields, batch);
  }

  writeTrade(symbol: number, trade: HistoryTrade, batch: EventBatch): void {
    const fields = this.#fetched;
    fields.reset();
    fields.setMoment(TIME, trade.us);
    fields.setNumber(P, trade.price);
    fields.setNumber(SIZE, trade.size);
    fields.setDigits(I, trade.id);
    if (trade.exchange !== '') fields.setEscaped(X, trade.exchange);
    if (trade.tape !== '') fields.setEscaped(TAPE, trade.tape);
    fields.beginList(C);
    for (const code of trade.conditions) {
      fields.addItem(C, code.length === 1 ? code.charCodeAt(0) : NO_CODE);
    }
    this.writer.writeTradeOf(symbol, fields, batch);
  }
}
