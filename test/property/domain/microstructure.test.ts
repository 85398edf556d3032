import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../../src/core/time.ts';
import {
  createFeatureSet,
  type FeatureSet,
  isFeatureSet,
} from '../../../src/domain/features/feature-set.ts';
import { MICROSTRUCTURE } from '../../../src/domain/features/families/microstructure.ts';
import type { SymbolSource } from '../../../src/domain/features/source.ts';
import { flowSource } from '../../../src/domain/features/sources/flow-source.ts';
import { STANDARD_REGISTRY } from '../../../src/domain/features/standard-registry.ts';
import { type QuotedEvent, quotedMarket, tickOf } from '../../reference/quoted-market.ts';
import {
  naiveAmihud,
  naiveBook,
  naiveCounts,
  naiveFlow,
  naiveMiddle,
} from './microstructure-naive.ts';

const NAMES = MICROSTRUCTURE.map(({ name }) => name);
const NOBODY = { symbol: 0, sector: -1, benchmark: -1 };
const DAYS = { bars: 70, sessionBars: 45, eventsPerBar: 12 };
const seeds = fc.integer({ min: 1, max: 1_000_000 });

function setOf(names: readonly string[] = NAMES): FeatureSet {
  const set = createFeatureSet(STANDARD_REGISTRY, { feed: 'any', names }, 1);
  if (!isFeatureSet(set)) throw new Error(set.reason);
  return set;
}

function tell(set: FeatureSet, state: Float64Array, event: QuotedEvent): void {
  if (event.kind === 'bar') set.bar(state, 0, '1m', event.bar);
  else if (event.kind === 'quote') set.quote(state, 0, tickOf(event));
  else set.trade(state, 0, tickOf(event));
}

function rowOf(set: FeatureSet, state: Float64Array, nowUs: number): Record<string, number> {
  const raw = new Float64Array(set.rawWidth);
  const out = new Float64Array(set.width);
  const flags = new Uint8Array(set.width);
  set.readSymbol(state, 0, nowUs, raw, 0);
  set.compute(raw, 0, new Float64Array(0), NOBODY, nowUs, out, flags, 0);
  const values = set.columns.map(({ name }, at) => [
    name,
    flags[at] === 1 ? NaN : (out[at] ?? NaN),
  ]);
  return Object.fromEntries(values);
}

/** The time of the last event. */
function timeOf(events: readonly QuotedEvent[]): number {
  const last = events.at(-1);
  if (last === undefined) return 0;
  return last.kind === 'bar' ? (last.bar[6] ?? NaN) + MINUTE : last.nowUs;
}

/** Rows at some moments, each under the number of events before it. */
function rowsAt(set: FeatureSet, events: readonly QuotedEvent[], moments: readonly number[]) {
  const state = new Float64Array(set.symbolWidth);
  set.resetSymbol(state, 0);
  return events.flatMap((event, at) => {
    tell(set, state, event);
    if (!moments.includes(at + 1)) return [];
    return [rowOf(set, state, timeOf(events.slice(0, at + 1)))];
  });
}

function naiveRow(events: readonly QuotedEvent[]): Record<string, number> {
  const flow = naiveFlow(events);
  const book = naiveBook(events);
  const middle = naiveMiddle(book);
  const [bid, ask] = [book.bid / 10_000, book.ask / 10_000];
  const shares = book.bidSize + book.askSize;
  const isWhole = bid <= ask && shares > 0;
  const weighted = (bid * book.askSize + ask * book.bidSize) / shares;
  const quoteUs = events.findLast((event) => event.kind === 'quote')?.nowUs ?? NaN;
  return {
    spreadBps: bid <= ask ? ((ask - bid) / middle) * 1e4 : NaN,
    quoteAge: (timeOf(events) - quoteUs) / 1e6,
    depthDollars: (bid * book.bidSize + ask * book.askSize) / 2,
    amihud: naiveAmihud(events),
    depthImbalance: isWhole ? (book.bidSize - book.askSize) / shares : NaN,
    weightedMiddleGapBps: isWhole ? ((weighted - middle) / middle) * 1e4 : NaN,
    orderFlowImbalance: flow.depth > 0 ? flow.orderFlow / flow.depth : NaN,
    orderFlowImbalance20: flow.depth20 > 0 ? flow.orderFlow20 / flow.depth20 : NaN,
    signedVolumeShare: flow.volume > 0 ? flow.signedVolume / flow.volume : NaN,
    signedVolumeShare20: flow.signedVolume20 / flow.volume20,
    tradesPerMinute: flow.tradesPerMinute,
    meanTradeSize: flow.tradeSize,
    quotedSpreadBps: flow.quotedSpread,
    effectiveSpreadBps: flow.effectiveSpread,
    realisedSpreadBps: flow.realisedSpread,
    kyleLambda: ((flow.kyleLambda * flow.volume20) / 20 / middle) * 1e4,
    rollSpreadBps: (flow.rollSpread / middle) * 1e4,
    vpin: flow.vpin,
  };
}

function expectClose(actual: Record<string, number>, expected: Record<string, number>): void {
  expect(Object.keys(actual).toSorted()).toEqual(Object.keys(expected).toSorted());
  for (const [name, value = NaN] of Object.entries(expected)) {
    const own = actual[name] ?? NaN;
    const isSame = Number.isNaN(value)
      ? Number.isNaN(own)
      : Math.abs(own - value) <= 1e-9 * Math.max(1, Math.abs(value));
    expect(isSame, `${name}: ${own} is not ${value}`).toBe(true);
  }
}

describe('the microstructure features', () => {
  it('equal their papers, counted anew over all events, at any moment', () => {
    const known = new Map<string, number>();
    const property = fc.property(seeds, (seed) => {
      const events = quotedMarket(seed, DAYS);
      const moments = [0.2, 0.35, 0.5, 0.7, 0.9, 1].map((part) => Math.floor(events.length * part));
      const rows = rowsAt(setOf(), events, moments);
      rows.forEach((row, n) => {
        expectClose(row, naiveRow(events.slice(0, moments[n])));
        for (const [name, value] of Object.entries(row)) {
          if (!Number.isNaN(value)) known.set(name, (known.get(name) ?? 0) + 1);
        }
      });
    });
    fc.assert(property, { numRuns: 12 });
    for (const name of NAMES) expect(known.get(name) ?? 0, name).toBeGreaterThan(5);
  });

  it('are no numbers before they can be known', () => {
    const events = quotedMarket(4, { ...DAYS, bars: 19 });
    const [row = {}] = rowsAt(setOf(), events, [events.length]);
    const known = Object.entries(row).flatMap(([name, value]) => (value === value ? [name] : []));
    expect(
      known.every((name) => AT_ONCE.has(name)),
      known.join(),
    ).toBe(true);
    const set = setOf();
    const state = new Float64Array(set.symbolWidth);
    set.resetSymbol(state, 0);
    expect(Object.values(rowOf(set, state, 0)).every(Number.isNaN)).toBe(true);
  });

  it('say the same of a stock at three times the price, or with ten times the shares', () => {
    const property = fc.property(seeds, (seed) => {
      const events = quotedMarket(seed, DAYS);
      const at = [events.length];
      const [row = {}] = rowsAt(setOf(), events, at);
      const [dear = {}] = rowsAt(
        setOf(),
        events.map((event) => scaled(event, 3, 1)),
        at,
      );
      const [many = {}] = rowsAt(
        setOf(),
        events.map((event) => scaled(event, 1, 10)),
        at,
      );
      for (const name of FREE_OF_PRICE) expectNear(dear[name], row[name], name);
      for (const name of FREE_OF_SHARES) expectNear(many[name], row[name], name);
    });
    fc.assert(property, { numRuns: 10 });
  });

  it('have the bits that they had, whatever comes after', () => {
    const property = fc.property(seeds, seeds, fc.double({ min: 0.1, max: 0.9 }), (a, b, part) => {
      const events = quotedMarket(a, DAYS);
      const cut = Math.floor(events.length * part);
      const altered = [...events.slice(0, cut), ...quotedMarket(b, DAYS).slice(cut)];
      const moments = [cut - 20, cut - 1, cut];
      expect(rowsAt(setOf(), altered, moments)).toEqual(rowsAt(setOf(), events, moments));
    });
    fc.assert(property, { numRuns: 10 });
  });
});

describe('the flow', () => {
  it('tells every trade: counted, passed over, realised, waiting or lost', () => {
    const property = fc.property(seeds, (seed) => {
      const events = quotedMarket(seed, DAYS);
      // Two quotes of a whole book, ten minutes apart, let all that waits meet a middle.
      const endUs = timeOf(events);
      const book = { bid: 500_000, bidSize: 100, ask: 500_100, askSize: 100 };
      const after = [0, 10 * MINUTE].map(
        (us) => ({ kind: 'quote', nowUs: endUs + us, ...book }) as const,
      );
      const source = flowSource.build({ symbolsMax: 1, spanUs: MINUTE });
      if (source.scope !== 'symbol') throw new Error('a source of one symbol');
      const heard = [...events, ...after];
      const out = columnsAfter(source, heard);
      const trades = events.filter((event) => event.kind === 'trade').length;
      const passed = out['passedOver'] ?? NaN;
      const { counting, realised } = naiveCounts(heard);
      expect(passed).toBe(trades - counting);
      expect(out['realisedLost']).toBe(counting - realised);
      expect(realised).toBeGreaterThan(30);
    });
    fc.assert(property, { numRuns: 10 });
  });
});

const AT_ONCE = new Set([
  'spreadBps',
  'quoteAge',
  'depthDollars',
  'depthImbalance',
  'weightedMiddleGapBps',
  'orderFlowImbalance',
  'signedVolumeShare',
]);
const FREE_OF_PRICE = NAMES.filter((name) => !['depthDollars', 'amihud'].includes(name));
/** Buckets are rounded to whole shares, so VPIN is only nearly so. */
const FREE_OF_SHARES = NAMES.filter(
  (name) => !['depthDollars', 'amihud', 'meanTradeSize', 'vpin'].includes(name),
);

function expectNear(actual = NaN, expected = NaN, name: string): void {
  if (Number.isNaN(expected)) expect(actual, name).toBeNaN();
  else expect(Math.abs(actual - expected), name).toBeLessThan(1e-8 * (1 + Math.abs(expected)));
}

function scaled(event: QuotedEvent, price: number, shares: number): QuotedEvent {
  if (event.kind === 'bar') {
    const by = [price, price, price, price, shares];
    return { kind: 'bar', bar: event.bar.map((value, at) => value * (by[at] ?? 1)) };
  }
  const book = {
    bid: event.bid * price,
    bidSize: event.bidSize * shares,
    ask: event.ask * price,
    askSize: event.askSize * shares,
  };
  if (event.kind === 'quote') return { ...event, ...book };
  return { ...event, ...book, price: event.price * price, shares: event.shares * shares };
}

function columnsAfter(
  source: SymbolSource,
  events: readonly QuotedEvent[],
): Record<string, number> {
  const state = new Float64Array(source.width);
  source.reset(state, 0);
  for (const event of events) {
    if (event.kind === 'bar') source.bar?.(state, 0, event.bar);
    else if (event.kind === 'quote') source.quote?.(state, 0, tickOf(event));
    else source.trade?.(state, 0, tickOf(event));
  }
  const out = new Float64Array(source.columns.length);
  source.read(state, 0, 0, out, 0);
  return Object.fromEntries(source.columns.map(({ name }, at) => [name, out[at] ?? NaN]));
}
