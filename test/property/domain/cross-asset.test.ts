import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { MINUTE } from '../../../src/core/time.ts';
import { CROSS_ASSET } from '../../../src/domain/features/families/cross-asset.ts';
import { FeatureEngine } from '../../../src/domain/features/feature-engine.ts';
import { createFeatureSet, isFeatureSet } from '../../../src/domain/features/feature-set.ts';
import { STANDARD_REGISTRY } from '../../../src/domain/features/standard-registry.ts';
import { BAR, BAR_FINAL, EventBatch } from '../../../src/domain/market/event-batch.ts';
import {
  changeOf,
  extremeOf,
  isAboveVwap,
  type MinuteBar,
  minuteBars,
  NaiveMarket,
  startOf,
} from './cross-asset-naive.ts';

/** Rows: three funds, then the members of the universe; the last of them hardly trades. */
const SYMBOLS = ['SPY', 'XLK', 'GLD', 'AAA', 'BBB', 'CCC', 'DDD'] as const;
const SECTORS = ['', '', '', 'Information Technology', 'Energy', 'Information Technology', ''];
const MEMBERS = [3, 4, 5, 6];
const IT_MEMBERS = [3, 5];
const [SPY, XLK, GLD] = [0, 1, 2];
const NAMES = CROSS_ASSET.map(({ name }) => name);
const SHAPE = { symbols: SYMBOLS.length, days: 3, minutes: 170 };
const seeds = fc.integer({ min: 1, max: 1_000_000 });

function engine(): FeatureEngine {
  const layout = { feed: 'any', names: NAMES };
  const set = createFeatureSet(STANDARD_REGISTRY, layout, SYMBOLS.length);
  if (!isFeatureSet(set)) throw new Error(set.reason);
  const from = { kind: 'bars', spanUs: MINUTE, graceUs: MINUTE } as const;
  const made = new FeatureEngine({ set, symbolsMax: SYMBOLS.length, from });
  SYMBOLS.forEach((name, symbol) => made.name(symbol, name, SECTORS[symbol] ?? ''));
  return made;
}

const batch = new EventBatch(64, 64);

function take(into: FeatureEngine, bars: readonly MinuteBar[], nowUs?: number): void {
  for (const bar of bars) {
    batch.clear();
    const at = batch.add(BAR, bar.symbol, startOf(bar), BAR_FINAL, 0);
    batch.a[at] = bar.open;
    batch.b[at] = bar.high;
    batch.c[at] = bar.low;
    batch.d[at] = bar.close;
    batch.e[at] = bar.volume;
    batch.f[at] = MINUTE;
    batch.endFrame(nowUs ?? startOf(bar) + MINUTE);
    into.take(batch);
  }
}

/** NaN where a value was imputed. */
function rowOf(from: FeatureEngine, symbol: number): ReadonlyMap<string, number> {
  const [out, flags] = [new Float64Array(NAMES.length), new Uint8Array(NAMES.length)];
  from.row(symbol, out, flags, 0);
  return new Map(NAMES.map((name, at) => [name, flags[at] === 1 ? NaN : (out[at] ?? NaN)]));
}

function rowsOf(from: FeatureEngine): readonly ReadonlyMap<string, number>[] {
  return SYMBOLS.map((_, symbol) => rowOf(from, symbol));
}

/** Every feature of a symbol by its definition. */
function naiveRow(heard: readonly MinuteBar[], symbol: number): ReadonlyMap<string, number> {
  const market = new NaiveMarket(heard);
  const fund = SECTORS[symbol] === 'Information Technology' || symbol === XLK ? XLK : -1;
  const row = new Map<string, number>(NAMES.map((name) => [name, NaN]));
  for (const [label, place] of [
    ['Spy', SPY],
    ['Sector', fund],
  ] as const) {
    if (place < 0) continue;
    for (const times of [60, 390]) {
      const [beta, correlation] = market.pairs(symbol, place, times);
      row.set(`beta${label}${times}`, Math.max(-10, Math.min(10, beta)));
      row.set(`correlation${label}${times}`, correlation);
    }
    for (const times of [5, 30]) row.set(`over${label}${times}`, market.over(symbol, place, times));
    row.set(`over${label}Session`, market.overSession(symbol, place));
  }
  row.set('betaGold60', Math.max(-10, Math.min(10, market.pairs(symbol, GLD, 60)[0])));
  row.set('riskAppetite', market.overSession(SPY, GLD));
  const members = market.session(MEMBERS);
  const isWhole = members.length >= Math.max(1, market.before(MEMBERS) / 2);
  const over = (count: number) => (isWhole ? count / members.length : NaN);
  const changes = members.map(changeOf);
  const [own] = market.session([symbol]);
  const points = (change: number) => Math.floor(change * 10_000 + 0.5);
  const below = own === undefined ? NaN : points(changeOf(own));
  const less = changes.filter((change) => points(change) < below).length;
  const alike = changes.filter((change) => points(change) === below).length;
  row.set('relativeStrengthRank', own === undefined ? NaN : over(less + alike / 2));
  row.set('marketReturn', over(changes.reduce((sum, change) => sum + change, 0)));
  row.set('advancingShare', over(changes.filter((change) => change > 0).length));
  row.set('aboveVwapShare', over(members.filter(isAboveVwap).length));
  row.set('highsLessLows', over(members.reduce((sum, bars) => sum + extremeOf(bars), 0)));
  const twenties = members.flatMap(([bar]) => {
    const last = market.of(bar?.symbol ?? -1).slice(-20);
    return last.length === 20 ? [last] : [];
  });
  const above = twenties.filter((last) => {
    const mean = last.reduce((sum, { close }) => sum + close, 0) / 20;
    return (last.at(-1)?.close ?? NaN) > mean;
  });
  const isEnough = twenties.length >= Math.max(1, market.before(MEMBERS) / 2);
  row.set('aboveMeanShare', isEnough ? above.length / twenties.length : NaN);
  const peers = fund === XLK ? IT_MEMBERS : SECTORS[symbol] === 'Energy' ? [4] : [];
  const sector = market.session(peers).map(changeOf);
  if (sector.length > 0) {
    const mean = sector.reduce((sum, change) => sum + change, 0) / sector.length;
    row.set('sectorReturn', mean);
    row.set('sectorMomentum', mean - (row.get('marketReturn') ?? NaN));
    row.set('sectorAdvancingShare', sector.filter((change) => change > 0).length / sector.length);
  }
  return row;
}

/** To nine digits; sums of returns may differ by the order in which they came. */
function expectAlike(actual: ReadonlyMap<string, number>, naive: ReadonlyMap<string, number>) {
  for (const [name, value] of naive) {
    const own = actual.get(name) ?? NaN;
    const isAlike =
      Number.isNaN(value) === Number.isNaN(own) &&
      !(Math.abs(own - value) > 1e-9 * Math.max(1, Math.abs(value)));
    expect(isAlike, `${name}: ${own} is not ${value}`).toBe(true);
  }
}

describe('the cross-asset family', () => {
  it('F1 is what its definitions say, at any bar of any symbol', () => {
    const property = fc.property(seeds, (seed) => {
      const bars = minuteBars(seed, SHAPE);
      const made = engine();
      const random = new Random(seed);
      const stops = new Set(Array.from({ length: 12 }, () => random.below(bars.length)));
      let compared = 0;
      bars.forEach((bar, at) => {
        take(made, [bar]);
        if (!stops.has(at) && at !== bars.length - 1) return;
        const heard = bars.slice(0, at + 1);
        SYMBOLS.forEach((_, symbol) => expectAlike(rowOf(made, symbol), naiveRow(heard, symbol)));
        compared += 1;
      });
      expect(compared).toBeGreaterThan(5);
      const known = [...rowOf(made, 3)].filter(([, value]) => !Number.isNaN(value));
      // All but those of QQQ, IWM and the currencies, bonds and credit that are not there.
      expect(known.length).toBe(NAMES.length - 8 - 5);
    });
    fc.assert(property, { numRuns: 4 });
  });

  it('F1 does not care who of a minute told first', () => {
    const property = fc.property(seeds, (seed) => {
      const bars = minuteBars(seed, { ...SHAPE, days: 2, minutes: 120 });
      const random = new Random(seed);
      const shuffled = [...new Set(bars.map(startOf))].flatMap((us) =>
        bars
          .filter((bar) => startOf(bar) === us)
          .map((bar) => ({ bar, key: random.below(1_000) }))
          .toSorted((one, other) => one.key - other.key)
          .map(({ bar }) => bar),
      );
      const [straight, crooked] = [engine(), engine()];
      take(straight, bars);
      take(crooked, shuffled);
      rowsOf(straight).forEach((row, symbol) => expectAlike(rowOf(crooked, symbol), row));
    });
    fc.assert(property, { numRuns: 8 });
  });

  it('F1 pairs a fund that tells minutes later as if it had told in time', () => {
    const bars = minuteBars(5, { ...SHAPE, days: 1 });
    const endUs = Math.max(...bars.map(startOf)) + MINUTE;
    const [inTime, late] = [engine(), engine()];
    take(inTime, bars, endUs);
    take(
      late,
      bars.filter(({ symbol }) => symbol !== SPY),
      endUs,
    );
    expect(rowOf(late, 3).get('betaSpy60')).toBeNaN();
    take(
      late,
      bars.filter(({ symbol }) => symbol === SPY),
      endUs,
    );
    expect(rowOf(inTime, 3).get('betaSpy60')).toBeGreaterThan(0);
    rowsOf(inTime).forEach((row, symbol) => expectAlike(rowOf(late, symbol), row));
  });

  it('F6 a row is of its time: what comes after changes none of its bits', () => {
    const property = fc.property(
      seeds,
      fc.double({ min: 0.2, max: 0.9, noNaN: true }),
      (seed, cut) => {
        const bars = minuteBars(seed, { ...SHAPE, days: 2 });
        const from = Math.floor(cut * bars.length);
        const altered = bars.map((bar, at) =>
          at < from ? bar : { ...bar, close: bar.low, volume: bar.volume * 7 },
        );
        const [one, other] = [engine(), engine()];
        take(one, bars.slice(0, from));
        take(other, altered.slice(0, from));
        const before = rowsOf(one);
        expect(rowsOf(other)).toEqual(before);
        take(one, bars.slice(from));
        take(other, altered.slice(from));
        expect(rowsOf(other)).not.toEqual(rowsOf(one));
      },
    );
    fc.assert(property, { numRuns: 5 });
  });

  it('F2 goes on bit by bit from a copy of its state', () => {
    const bars = minuteBars(9, { ...SHAPE, days: 2 });
    const whole = engine();
    const half = engine();
    const again = engine();
    const cut = Math.floor(bars.length / 2);
    take(whole, bars);
    take(half, bars.slice(0, cut));
    again.state.set(half.state);
    again.market.set(half.market);
    take(again, bars.slice(cut));
    expect(rowsOf(again)).toEqual(rowsOf(whole));
    expect([...again.market]).toEqual([...whole.market]);
  });

  it('F1 is free of scale: prices a hundred times as high, the same row', () => {
    const bars = minuteBars(13, { ...SHAPE, days: 1 });
    const scaled = bars.map((bar) => ({
      ...bar,
      open: 100 * bar.open,
      high: 100 * bar.high,
      low: 100 * bar.low,
      close: 100 * bar.close,
    }));
    const [one, other] = [engine(), engine()];
    take(one, bars);
    take(other, scaled);
    rowsOf(one).forEach((row, symbol) => expectAlike(rowOf(other, symbol), row));
  });

  it('F1 knows no beta of a market that stands still, and ranks what is alike half way', () => {
    const flat = Array.from({ length: 400 }, (_, at) => ({
      day: at < 200 ? 0 : 1,
      minute: at % 200,
      open: 1e6,
      high: 1e6,
      low: 1e6,
      close: 1e6,
      volume: 5,
    }));
    const made = engine();
    for (const bar of flat)
      take(
        made,
        MEMBERS.concat(SPY).map((symbol) => ({ ...bar, symbol })),
      );
    const row = rowOf(made, 3);
    expect(row.get('betaSpy60')).toBeNaN();
    expect(row.get('correlationSpy60')).toBeNaN();
    expect(row.get('relativeStrengthRank')).toBe(0.5);
    expect(row.get('overSpySession')).toBe(0);
    expect(row.get('advancingShare')).toBe(0);
    expect(row.get('riskAppetite')).toBeNaN();
  });
});
