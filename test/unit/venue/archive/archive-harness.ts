import {
  BAR,
  BAR_FINAL,
  CORRECTION,
  EventBatch,
  TRADE,
} from '../../../../src/domain/market/event-batch.ts';
import { MINUTE } from '../../../../src/core/time.ts';
import type { BarBook } from '../../../../src/venue/archive/bar-book.ts';

/** 2024-06-03, 09:30 in New York. */
export const OPEN_US = Date.UTC(2024, 5, 3, 13, 30) * 1_000;

export type Told = { readonly channel: string; readonly symbol: number; readonly startUs: number };

/** Everything a book tells, as a list. */
export function listenTo(book: BarBook): Told[] {
  const told: Told[] = [];
  book.listen((channel, symbols, startsUs, count) => {
    for (let at = 0; at < count; at += 1) {
      told.push({ channel, symbol: symbols[at] ?? -1, startUs: startsUs[at] ?? 0 });
    }
  });
  return told;
}

export type Print = {
  readonly symbol?: number;
  readonly us: number;
  readonly price: number;
  readonly size: number;
  readonly flags: number;
  readonly id?: number;
};

export function addPrint(batch: EventBatch, print: Print): void {
  const at = batch.add(TRADE, print.symbol ?? 0, print.us, print.flags, 2);
  batch.a[at] = print.price;
  batch.b[at] = print.size;
  batch.c[at] = print.id ?? 1;
}

/** One trade that arrives at `nowUs`, alone in its frame. */
export function give(book: BarBook, print: Print, nowUs = print.us): void {
  const batch = new EventBatch(4, 4);
  addPrint(batch, print);
  book.frame(batch, 0, 1, nowUs);
  book.advance(nowUs);
}

export type Change = { readonly us: number; readonly old: number; readonly size: number };

/** A correction of a trade at 100 dollars: from `old` shares to `size`. */
export function correctionBatch({ us, old, size }: Change, nowUs: number): EventBatch {
  const batch = new EventBatch(4, 4);
  const at = batch.add(CORRECTION, 0, nowUs, 15, 2);
  batch.a[at] = 1_000_000;
  batch.b[at] = old;
  batch.c[at] = size === 0 ? 0 : 1_000_000;
  batch.d[at] = size;
  batch.f[at] = us;
  return batch;
}

/** A minute's bar from the market itself: 100, 101, 99, 100.50. */
export function barBatch(symbol: number, startUs: number, volume: number): EventBatch {
  const batch = new EventBatch(4, 4);
  const at = batch.add(BAR, symbol, startUs, BAR_FINAL, 0);
  batch.a[at] = 1_000_000;
  batch.b[at] = 1_010_000;
  batch.c[at] = 990_000;
  batch.d[at] = 1_005_000;
  batch.e[at] = volume;
  batch.f[at] = MINUTE;
  return batch;
}
