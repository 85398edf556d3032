import type { EventBatch } from '../../domain/market/event-batch.ts';
import type { SymbolDirectory } from '../../ports/live-market.ts';
import type { HistoryBar, HistoryTrade } from '../market/market-history.ts';
import { BarWindow } from '../wire/bar-window.ts';
import { FeedCounts } from '../wire/feed-counts.ts';
import type { FrameScanner } from '../wire/frame-scanner.ts';
import { JsonScanner } from '../wire/json-scanner.ts';
import { itemOfNumber, NO_CODE } from '../wire/message-fields.ts';
import { SymbolBytes } from '../wire/symbol-bytes.ts';
import { TradeWindow } from '../wire/trade-window.ts';
import { PolygonEventWriter } from './wire/event-writer.ts';
import { FIELD_NAMES, placeOf, polygonFields } from './wire/field-places.ts';

const [T, X, I, Z] = [placeOf('t'), placeOf('x'), placeOf('i'), placeOf('z')];
const TRF = placeOf('trfi');
const [P, S, C] = [placeOf('p'), placeOf('s'), placeOf('c')];
const [O, H, L, V] = [placeOf('o'), placeOf('h'), placeOf('l'), placeOf('v')];

export interface PolygonDecoderOptions {
  readonly directory: SymbolDirectory;
  /** Trades that are remembered, so that what is told again counts once. */
  readonly tradesMax: number;
  /** What the numbers of a quote's sizes count: it changed over the years (venues.md 6.1). */
  readonly quoteSizes: 'shares' | 'lots';
  /** Are bars of a second events? Otherwise they are counted as unused. */
  readonly takesSeconds?: boolean;
  /** What is no market event: a status of the venue, or news. */
  readonly onMessage: (message: unknown) => void;
}

/** All that a Polygon stream needs to turn frames into events. Its windows outlive connections. */
export class PolygonDecoder {
  readonly counts = new FeedCounts();
  readonly bars: BarWindow;
  readonly #writer: PolygonEventWriter;
  readonly #json: JsonScanner;
  readonly #fetched = polygonFields();

  constructor(options: PolygonDecoderOptions) {
    const { directory, tradesMax, quoteSizes, onMessage } = options;
    this.bars = new BarWindow(directory.size);
    const symbols = new SymbolBytes(directory);
    const parts = {
      symbols,
      counts: this.counts,
      trades: new TradeWindow(tradesMax),
      bars: this.bars,
      quoteSizes,
      takesSeconds: options.takesSeconds ?? false,
    };
    this.#writer = new PolygonEventWriter(parts, directory.size);
    this.#json = new JsonScanner({
      names: FIELD_NAMES,
      symbolName: 'sym',
      symbols,
      writer: this.#writer,
      onMessage,
    });
  }

  /** Begins a frame: text or binary, always JSON. */
  begin(bytes: Uint8Array): FrameScanner {
    this.#json.begin(bytes);
    return this.#json;
  }

  /** Venue time of a symbol's last trade; 0 before one. */
  tradeUsOf(symbol: number): number {
    return this.#writer.tradeUsOf(symbol);
  }

  /** A trade that was fetched, through the same checks and windows as one that came live. */
  writeTrade(symbol: number, trade: HistoryTrade, batch: EventBatch): void {
    const fields = this.#fetched;
    fields.reset();
    fields.setMoment(T, trade.us);
    fields.setNumber(P, trade.price);
    fields.setNumber(S, trade.size);
    fields.setEscaped(I, trade.id);
    if (trade.exchange !== '') fields.setNumber(X, Number(trade.exchange));
    if (trade.facility !== undefined) fields.setNumber(TRF, Number(trade.facility));
    if (trade.tape !== '') fields.setNumber(Z, Number(trade.tape));
    fields.beginList(C);
    for (const code of trade.conditions) {
      fields.addItem(C, /^\d{1,5}$/.test(code) ? itemOfNumber(Number(code)) : NO_CODE);
    }
    this.#writer.writeTradeOf(symbol, fields, batch);
  }

  /** A minute bar that was fetched; one that was taken before counts as told again. */
  writeBar(symbol: number, bar: HistoryBar, batch: EventBatch): void {
    const fields = this.#fetched;
    fields.reset();
    fields.setMoment(S, bar.startUs);
    fields.setNumber(O, bar.open);
    fields.setNumber(H, bar.high);
    fields.setNumber(L, bar.low);
    fields.setNumber(C, bar.close);
    fields.setNumber(V, bar.volume);
    this.#writer.writeBarOf(symbol, fields, batch);
  }
}
