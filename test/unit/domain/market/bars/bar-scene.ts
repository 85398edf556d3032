import { MINUTE } from '../../../../../src/core/time.ts';
import {
  OPEN_BAR_CLOSE,
  OPEN_BAR_HIGH,
  OPEN_BAR_LOW,
  OPEN_BAR_OPEN,
  OPEN_BAR_START_US,
  OPEN_BAR_TRADES,
  OPEN_BAR_TURNOVER,
  OPEN_BAR_VOLUME,
} from '../../../../../src/domain/market/bar.ts';
import { BarBuilder } from '../../../../../src/domain/market/bars/bar-builder.ts';
import type { BarOptions } from '../../../../../src/domain/market/bars/bar-options.ts';
import {
  BAR_END_US,
  BAR_MARKS,
  BAR_RECORD_WIDTH,
} from '../../../../../src/domain/market/bars/bar-record.ts';
import type { BarSession } from '../../../../../src/domain/market/bars/bar-session.ts';
import type { BarVerdict } from '../../../../../src/domain/market/bars/bar-verdict.ts';
import { ClosedBars } from '../../../../../src/domain/market/bars/closed-bars.ts';
import {
  BAR,
  BAR_FINAL,
  CHANNEL_TRADES,
  CORRECTION,
  EventBatch,
  GAP,
  TRADE,
  TRADE_REGULAR,
} from '../../../../../src/domain/market/event-batch.ts';

/** 2024-06-03, a Monday: 09:30 to 16:00 in New York. */
export const OPEN_US = Date.UTC(2024, 5, 3, 13, 30) * 1_000;
export const CLOSE_US = Date.UTC(2024, 5, 3, 20, 0) * 1_000;
export const CORE: BarSession = {
  openUs: OPEN_US,
  closeUs: CLOSE_US,
  coreOpenUs: OPEN_US,
  isExtended: false,
};

/** A closed bar, as a test reads it. */
export interface Told {
  readonly label: string;
  readonly startUs: number;
  readonly endUs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly turnover: number;
  readonly trades: number;
  readonly marks: number;
}

export function readTold(label: string, state: Float64Array, at: number): Told {
  const value = (place: number) => state[at + place] ?? Number.NaN;
  return {
    label,
    startUs: value(OPEN_BAR_START_US),
    endUs: value(BAR_END_US),
    open: value(OPEN_BAR_OPEN),
    high: value(OPEN_BAR_HIGH),
    low: value(OPEN_BAR_LOW),
    close: value(OPEN_BAR_CLOSE),
    volume: value(OPEN_BAR_VOLUME),
    turnover: value(OPEN_BAR_TURNOVER),
    trades: value(OPEN_BAR_TRADES),
    marks: value(BAR_MARKS),
  };
}

/** A builder with one symbol's row in a table whose other slots must stay as they are. */
export class BarScene {
  readonly builder: BarBuilder;
  readonly at = 3;
  state: Float64Array;
  readonly closed: ClosedBars;
  readonly told: Told[] = [];
  readonly #batch = new EventBatch(1, 1);
  #nowUs = 0;

  constructor(options: BarOptions, session: BarSession | 'none' = CORE) {
    this.builder = new BarBuilder(options);
    this.state = new Float64Array(this.at + this.builder.width + 2).fill(-7);
    this.closed = new ClosedBars(this.builder.closedMax);
    this.builder.reset(this.state, this.at);
    if (session !== 'none') this.session(session);
  }

  session(session: BarSession): void {
    this.builder.openSession(this.state, this.at, session, this.closed);
    this.#read();
  }

  trade(
    us: number,
    price: number,
    size: number,
    flags = TRADE_REGULAR,
    nowUs?: number,
  ): BarVerdict {
    return this.#take(TRADE, us, flags, [price, size], nowUs);
  }

  bar(
    us: number,
    [open, high, low, close, volume]: readonly [number, number, number, number, number],
    flags = BAR_FINAL,
    spanUs = MINUTE,
  ): BarVerdict {
    return this.#take(BAR, us, flags, [open, high, low, close, volume, spanUs]);
  }

  /** With a new size of 0 it is a bust. */
  correction(
    tradeUs: number,
    [oldPrice, oldSize]: readonly [number, number],
    [newPrice, newSize]: readonly [number, number],
    flags = TRADE_REGULAR,
  ): BarVerdict {
    return this.#take(CORRECTION, tradeUs + 1, flags, [
      oldPrice,
      oldSize,
      newPrice,
      newSize,
      0,
      tradeUs,
    ]);
  }

  gap(us: number, channel = CHANNEL_TRADES): BarVerdict {
    return this.#take(GAP, us, channel, []);
  }

  closeBefore(us: number): void {
    this.builder.closeBefore(this.state, this.at, us, this.closed);
    this.#read();
  }

  forming(label: string): Told | undefined {
    const record = new Float64Array(BAR_RECORD_WIDTH);
    const stream = this.builder.labels.indexOf(label);
    const isThere = this.builder.forming(this.state, this.at, stream, record);
    return isThere ? readTold(label, record, 0) : undefined;
  }

  of(label: string): readonly Told[] {
    return this.told.filter((bar) => bar.label === label);
  }

  count(place: number): number {
    return this.state[this.at + place] ?? Number.NaN;
  }

  /** Received when it was made, or when the newest was. */
  #take(
    kind: number,
    us: number,
    flags: number,
    values: readonly number[],
    nowUs = us,
  ): BarVerdict {
    if (nowUs > this.#nowUs) this.#nowUs = nowUs;
    const batch = this.#batch;
    batch.clear();
    const event = batch.add(kind, 0, us, flags, 0);
    [batch.a, batch.b, batch.c, batch.d, batch.e, batch.f].forEach((column, place) => {
      column[event] = values[place] ?? 0;
    });
    const verdict = this.builder.take(this.state, this.at, batch, event, this.closed, this.#nowUs);
    this.#read();
    return verdict;
  }

  #read(): void {
    for (let bar = 0; bar < this.closed.count; bar += 1) {
      const label = this.builder.labels[this.closed.streams[bar] ?? 0] ?? '';
      this.told.push(readTold(label, this.closed.values, this.closed.at(bar)));
    }
    this.closed.clear();
  }
}
