import {
  type EventBatch,
  STATUS,
  STATUS_TRADING,
  TRADE,
  TRADE_REGULAR,
} from '../../domain/market/event-batch.ts';
import type { TradeMoment } from '../sockets/market-wire.ts';

/** Which prints are auctions': the primary exchange's first regular one after an opening. */
export class AuctionPrints {
  readonly #due: Uint8Array;

  constructor(symbols: number) {
    this.#due = new Uint8Array(symbols);
  }

  /** The core session begins. */
  open(): void {
    this.#due.fill(OPENING);
  }

  /** To be asked once for every event, in their order. */
  momentOf(batch: EventBatch, at: number): TradeMoment {
    const kind = batch.kind[at];
    const symbol = batch.symbol[at] ?? 0;
    if (kind === STATUS && batch.flags[at] === STATUS_TRADING) this.#due[symbol] = REOPENING;
    const due = this.#due[symbol] ?? 0;
    if (kind !== TRADE || due === 0 || batch.exchange[at] !== PRIMARY) return 'usual';
    if ((batch.flags[at] ?? 0) !== TRADE_REGULAR) return 'usual';
    this.#due[symbol] = 0;
    return due === OPENING ? 'opening' : 'reopening';
  }
}

const OPENING = 1;
const REOPENING = 2;
const PRIMARY = 1;
