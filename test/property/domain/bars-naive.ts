import { DAY, MINUTE, SECOND } from '../../../src/core/time.ts';
import type { BarKind, ImbalanceBarKind } from '../../../src/domain/market/bars/bar-kind.ts';
import { BAR_PARTIAL } from '../../../src/domain/market/bars/bar-record.ts';
import {
  TRADE_HIGH_LOW,
  TRADE_OPEN_CLOSE,
  TRADE_VOLUME,
} from '../../../src/domain/market/event-batch.ts';

/** A trade in the order of arrival. */
export interface Print {
  readonly us: number;
  readonly price: number;
  readonly size: number;
  readonly flags: number;
}

export interface NaiveBar {
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

export interface Hours {
  readonly openUs: number;
  readonly closeUs: number;
}

/** Bars of one kind from all trades of some sessions, written from the definitions, over lists. */
export function naiveBars(
  kind: BarKind,
  prints: readonly Print[],
  sessions: readonly Hours[],
): readonly NaiveBar[] {
  if (kind.kind === 'time') return timeBars(kind.spanUs, kind.anchor, prints, sessions);
  // The imbalance remembers over the edges of sessions.
  const memory = emptyMemory();
  return sessions.flatMap((session) => eventBars(kind, inside(prints, session), memory));
}

function inside(prints: readonly Print[], { openUs, closeUs }: Hours): readonly Print[] {
  return prints.filter(({ us }) => us >= openUs && us < closeUs);
}

function timeBars(
  spanUs: number,
  anchor: string | undefined,
  prints: readonly Print[],
  sessions: readonly Hours[],
): readonly NaiveBar[] {
  return sessions.flatMap(({ openUs, closeUs }) => {
    // 09:30 in New York: nine and a half hours after midnight.
    const anchorUs = anchor === 'midnight' ? openUs - 9.5 * 60 * MINUTE : openUs;
    const groups = new Map<number, Print[]>();
    let newestUs = -Infinity;
    for (const print of inside(prints, { openUs, closeUs })) {
      newestUs = Math.max(newestUs, print.us);
      const grid = anchorUs + Math.floor((print.us - anchorUs) / spanUs) * spanUs;
      const startUs = spanUs === DAY ? openUs : grid;
      const endUs = spanUs === DAY ? closeUs : Math.min(grid + spanUs, closeUs);
      if (endUs <= newestUs) continue;
      groups.set(startUs, [...(groups.get(startUs) ?? []), print]);
    }
    return [...groups]
      .toSorted(([one], [other]) => one - other)
      .flatMap(([gridUs, group]) => {
        const startUs = Math.max(gridUs, openUs);
        const endUs = spanUs === DAY ? closeUs : Math.min(gridUs + spanUs, closeUs);
        const isCut = spanUs !== DAY && endUs - startUs < spanUs;
        return summed(group, startUs, endUs, isCut ? BAR_PARTIAL : 0);
      });
  });
}

/** None where no trade gives a price, or there is no volume. */
function summed(
  group: readonly Print[],
  startUs: number,
  endUs: number,
  marks: number,
): readonly NaiveBar[] {
  const having = (flag: number) => group.filter(({ flags }) => (flags & flag) !== 0);
  // A stable sort: of one moment the first to arrive stays first.
  const edges = having(TRADE_OPEN_CLOSE).toSorted((one, other) => one.us - other.us);
  const extremes = having(TRADE_HIGH_LOW).map(({ price }) => price);
  const counted = having(TRADE_VOLUME);
  const volume = counted.reduce((sum, { size }) => sum + size, 0);
  const turnover = counted.reduce((sum, { size, price }) => sum + size * price, 0);
  const [open, close] = [edges[0]?.price, edges.at(-1)?.price];
  if (open === undefined || close === undefined || extremes.length === 0 || volume === 0) return [];
  const [high, low] = [Math.max(...extremes), Math.min(...extremes)];
  const trades = counted.length;
  return [{ startUs, endUs, open, high, low, close, volume, turnover, trades, marks }];
}

interface Memory {
  ticksOfBars: number[];
  weights: number[];
  lastPrice: number;
  sign: number;
}

function emptyMemory(): Memory {
  return { ticksOfBars: [], weights: [], lastPrice: Number.NaN, sign: 0 };
}

type EventKind = Exclude<BarKind, { kind: 'time' }>;

function eventBars(kind: EventKind, prints: readonly Print[], memory: Memory): readonly NaiveBar[] {
  const bars: NaiveBar[] = [];
  let group: Print[] = [];
  let theta: { ticks: number; sum: number; expected: number } | undefined;
  for (const print of prints) {
    // It may do nothing to a bar, so no bar begins with it.
    if ((print.flags & (TRADE_HIGH_LOW | TRADE_OPEN_CLOSE | TRADE_VOLUME)) === 0) continue;
    theta ??= { ticks: 0, sum: 0, expected: expectedOf(kind, memory) };
    group.push(print);
    const isTick = (print.flags & TRADE_OPEN_CLOSE) !== 0 && (print.flags & TRADE_VOLUME) !== 0;
    if (isTick && print.size > 0) {
      theta.ticks += 1;
      theta.sum += signedWeight(kind, print, memory);
    }
    if (!isFull(kind, group, theta)) continue;
    const bar = closed(group, 0);
    if (bar.length === 0) continue;
    bars.push(...bar);
    memory.ticksOfBars.push(theta.ticks);
    [group, theta] = [[], undefined];
  }
  return group.length > 0 ? [...bars, ...closed(group, BAR_PARTIAL)] : bars;
}

function closed(group: readonly Print[], marks: number): readonly NaiveBar[] {
  const times = group.map(({ us }) => us);
  return summed(group, Math.min(...times), Math.max(...times), marks);
}

function isFull(
  kind: EventKind,
  group: readonly Print[],
  theta: { ticks: number; sum: number; expected: number },
): boolean {
  const counted = group.filter(({ flags }) => (flags & TRADE_VOLUME) !== 0);
  switch (kind.kind) {
    case 'tick':
      return counted.length >= kind.amount;
    case 'volume':
      return counted.reduce((sum, { size }) => sum + size, 0) >= kind.amount;
    case 'dollar':
      return (
        counted.reduce((sum, { size, price }) => sum + (size * price) / 10_000, 0) >= kind.amount
      );
    case 'tickImbalance':
    case 'volumeImbalance':
    case 'dollarImbalance':
      if (Number.isNaN(theta.expected)) return theta.ticks >= kind.ticks;
      if (theta.ticks >= kind.ticksMax) return true;
      return theta.ticks >= kind.ticksMin && Math.abs(theta.sum) >= theta.expected;
  }
}

/** E0[T] * |E0[b v]|, each average made anew from everything before the bar. */
function expectedOf(kind: EventKind, memory: Memory): number {
  if (!isImbalance(kind) || memory.ticksOfBars.length === 0) return Number.NaN;
  const ticks = averaged([kind.ticks, ...memory.ticksOfBars], kind.bars);
  return ticks * Math.abs(averaged(memory.weights, kind.imbalanceTicks));
}

function isImbalance(kind: EventKind): kind is ImbalanceBarKind {
  return kind.kind.endsWith('Imbalance');
}

function averaged(values: readonly number[], span: number): number {
  const alpha = 2 / (span + 1);
  const [first = Number.NaN, ...later] = values;
  return later.reduce((average, value) => average + alpha * (value - average), first);
}

function signedWeight(kind: EventKind, { price, size }: Print, memory: Memory): number {
  if (price > memory.lastPrice) memory.sign = 1;
  if (price < memory.lastPrice) memory.sign = -1;
  memory.lastPrice = price;
  const weight = weightOf(kind, price, size);
  memory.weights.push(memory.sign * weight);
  return memory.sign * weight;
}

function weightOf({ kind }: EventKind, price: number, size: number): number {
  if (kind === 'volumeImbalance') return size;
  return kind === 'dollarImbalance' ? size * price : 1;
}

export const SPANS: readonly number[] = [
  SECOND,
  5 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  13 * MINUTE,
  30 * MINUTE,
  60 * MINUTE,
  65 * MINUTE,
  DAY,
];
