import { MINUTE, SECOND } from '../../../core/time.ts';
import {
  BAR,
  BAR_FINAL,
  BAR_UPDATED,
  type EventBatch,
} from '../../../domain/market/event-batch.ts';
import type { BarWindow } from '../../wire/bar-window.ts';
import { isMoment, isPrice, isVolume, ticksOf } from '../../wire/event-values.ts';
import type { FeedCounts } from '../../wire/feed-counts.ts';
import { ABSENT, type MessageFields } from '../../wire/message-fields.ts';
import { placeOf } from './field-places.ts';
import { usOf } from './readings.ts';

const [O, H, L, C] = [placeOf('o'), placeOf('h'), placeOf('l'), placeOf('c')];
const [V, S, E] = [placeOf('v'), placeOf('s'), placeOf('e')];

const BAR_VALUES = 5;
/** The values, and the start. */
const BAR_ROW = BAR_VALUES + 1;

/** Bars of a minute and of a second, and what is known of those before. */
export class PolygonBarWriter {
  readonly #counts: FeedCounts;
  readonly #bars: BarWindow;
  /** Start of each symbol's last bar of a second. */
  readonly #secondUs: Float64Array;
  /** Prices, volume and start of each symbol's newest minute: unchanged it is told no more. */
  readonly #rows: Float64Array;
  /** Open, high, low, close and volume of the message's bar. */
  readonly #bar = new Float64Array(BAR_VALUES);

  constructor(counts: FeedCounts, bars: BarWindow, symbols: number) {
    this.#counts = counts;
    this.#bars = bars;
    this.#secondUs = new Float64Array(symbols);
    this.#rows = new Float64Array(symbols * BAR_ROW);
  }

  /** Told again live, a minute has changed: late trades came in. Fetched again, it is known. */
  minute(symbol: number, fields: MessageFields, batch: EventBatch, isLive: boolean): void {
    const us = usOf(fields, S);
    if (!this.#readBar(fields, us, MINUTE)) return;
    const novelty = this.#bars.add(symbol, us);
    if (novelty === 'late') {
      this.#counts.lateBars += 1;
      return;
    }
    const isRepeated = novelty === 'repeated';
    if (isRepeated && (!isLive || this.#isSameBar(symbol, us))) {
      this.#counts.duplicates += 1;
      return;
    }
    this.#keepBar(symbol, us);
    this.#addBar(batch, symbol, us, isRepeated ? BAR_FINAL | BAR_UPDATED : BAR_FINAL, MINUTE);
  }

  second(symbol: number, fields: MessageFields, batch: EventBatch): void {
    const us = usOf(fields, S);
    if (!this.#readBar(fields, us, SECOND)) return;
    const isNew = us > (this.#secondUs[symbol] ?? 0);
    if (isNew) this.#secondUs[symbol] = us;
    this.#addBar(batch, symbol, us, isNew ? BAR_FINAL : BAR_FINAL | BAR_UPDATED, SECOND);
  }

  #readBar(fields: MessageFields, us: number, span: number): boolean {
    const open = ticksOf(fields.numberOf(O));
    const high = ticksOf(fields.numberOf(H));
    const low = ticksOf(fields.numberOf(L));
    const close = ticksOf(fields.numberOf(C));
    const volume = fields.numberOf(V);
    const isBar = isPrice(low) && low <= open && low <= close && open <= high && close <= high;
    const isSpan = fields.kind[E] === ABSENT || usOf(fields, E) - us === span;
    if (!isBar || !isPrice(high) || !isVolume(volume) || !isMoment(us) || !isSpan) {
      this.#counts.malformed += 1;
      return false;
    }
    const bar = this.#bar;
    bar[0] = open;
    bar[1] = high;
    bar[2] = low;
    bar[3] = close;
    bar[4] = volume;
    return true;
  }

  #isSameBar(symbol: number, us: number): boolean {
    const rows = this.#rows;
    const row = symbol * BAR_ROW;
    if (rows[row + BAR_VALUES] !== us) return false;
    return this.#bar.every((value, at) => rows[row + at] === value);
  }

  #keepBar(symbol: number, us: number): void {
    this.#rows.set(this.#bar, symbol * BAR_ROW);
    this.#rows[symbol * BAR_ROW + BAR_VALUES] = us;
  }

  #addBar(batch: EventBatch, symbol: number, us: number, flags: number, span: number): void {
    const bar = this.#bar;
    const slot = batch.add(BAR, symbol, us, flags, 0);
    batch.a[slot] = bar[0] ?? 0;
    batch.b[slot] = bar[1] ?? 0;
    batch.c[slot] = bar[2] ?? 0;
    batch.d[slot] = bar[3] ?? 0;
    batch.e[slot] = bar[4] ?? 0;
    batch.f[slot] = span;
  }
}
