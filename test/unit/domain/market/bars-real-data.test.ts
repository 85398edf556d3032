import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { DAY, MINUTE } from '../../../../src/core/time.ts';
import {
  OPEN_BAR_CLOSE,
  OPEN_BAR_HIGH,
  OPEN_BAR_LOW,
  OPEN_BAR_OPEN,
  OPEN_BAR_START_US,
  OPEN_BAR_TRADES,
  OPEN_BAR_TURNOVER,
  OPEN_BAR_VOLUME,
} from '../../../../src/domain/market/bar.ts';
import { BarBuilder } from '../../../../src/domain/market/bars/bar-builder.ts';
import type { BarKind } from '../../../../src/domain/market/bars/bar-kind.ts';
import type { BarSource } from '../../../../src/domain/market/bars/bar-options.ts';
import {
  barSessions,
  COUNT_LATE,
  COUNT_OUTSIDE,
  COUNT_REFUSED,
} from '../../../../src/domain/market/bars/bar-session.ts';
import { ClosedBars } from '../../../../src/domain/market/bars/closed-bars.ts';
import { tradingDay } from '../../../../src/domain/market/calendar.ts';
import { BAR, EventBatch, TRADE } from '../../../../src/domain/market/event-batch.ts';
import { openRecorded } from '../../../../src/streams/recorded/open-recorded.ts';

// Real market data lies outside the repository and is never committed.
const DATA = process.env['STRATA_DATA'] ?? '../shared/data';
const LEAN = join(DATA, 'intraday/lean_us_equity');
const DATE = 20131007;

beforeEach((context) => {
  if (!existsSync(LEAN)) context.skip(`no market data in ${DATA}: set STRATA_DATA to its folder`);
});

type Bars = ReadonlyMap<number, readonly number[]>;
const PLACES = [
  OPEN_BAR_OPEN,
  OPEN_BAR_HIGH,
  OPEN_BAR_LOW,
  OPEN_BAR_CLOSE,
  OPEN_BAR_VOLUME,
  OPEN_BAR_TURNOVER,
  OPEN_BAR_TRADES,
];

interface Made {
  /** By the time of the start; where several begin at once, the last. */
  readonly bars: readonly Bars[];
  readonly counts: readonly number[];
  /** Late, outside the sessions, refused. */
  readonly unused: readonly number[];
}

/** Bars of the symbol's whole day, over its three sessions. */
function make(folder: string, kinds: readonly BarKind[], from: BarSource): Made {
  const day = tradingDay(DATE);
  if (day === undefined) throw new Error('a trading day');
  const [pre, core, post] = barSessions(day);
  const builder = new BarBuilder({ kinds, from });
  const state = new Float64Array(builder.width);
  const block = new ClosedBars(builder.closedMax);
  const bars = kinds.map(() => new Map<number, readonly number[]>());
  const counts = kinds.map(() => 0);
  const take = () => {
    for (let bar = 0; bar < block.count; bar += 1) {
      const at = block.at(bar);
      const stream = block.streams[bar] ?? 0;
      const values = PLACES.map((place) => block.values[at + place] ?? Number.NaN);
      bars[stream]?.set(block.values[at + OPEN_BAR_START_US] ?? Number.NaN, values);
      counts[stream] = (counts[stream] ?? 0) + 1;
    }
    block.clear();
  };
  builder.reset(state, 0);
  builder.openSession(state, 0, pre, block);
  let next = [core, post];
  const wanted = from.kind === 'trades' ? TRADE : BAR;
  const source = openRecorded(join(LEAN, folder), { date: DATE });
  const batch = new EventBatch();
  while (source.next(batch)) {
    for (let event = 0; event < batch.count; event += 1) {
      if (batch.kind[event] !== wanted) continue;
      const [session] = next;
      if (session !== undefined && (batch.venueUs[event] ?? 0) >= session.openUs) {
        builder.openSession(state, 0, session, block);
        take();
        next = next.slice(1);
      }
      builder.take(state, 0, batch, event, block, batch.venueUs[event] ?? Number.NaN);
      take();
    }
  }
  builder.closeBefore(state, 0, day.postUs, block);
  take();
  const places = [COUNT_LATE, COUNT_OUTSIDE, COUNT_REFUSED];
  return { bars, counts, unused: places.map((place) => state[place] ?? Number.NaN) };
}

function sum(bars: Bars | undefined, place: number): number {
  return [...(bars?.values() ?? [])].reduce((total, bar) => total + (bar[place] ?? 0), 0);
}

const MINUTES = { kind: 'time', spanUs: MINUTE } as const;
const DAYS = { kind: 'time', spanUs: DAY } as const;
const IMBALANCE = { ticks: 500, bars: 20, imbalanceTicks: 5_000, ticksMin: 50, ticksMax: 5_000 };
const TRADES = { kind: 'trades', graceUs: 0 } as const;

describe('bars of SPY on 2013-10-07', () => {
  it('of a minute, made of its ticks, are those of Lean in volume, and mostly in price', () => {
    const ours = make('tick/spy', [MINUTES], TRADES).bars[0] ?? new Map<number, number[]>();
    const leans = make('minute/spy', [MINUTES], { kind: 'bars', spanUs: MINUTE, graceUs: MINUTE });
    const lean = leans.bars[0] ?? new Map<number, number[]>();
    let [prices, volumes] = [0, 0];
    for (const [us, bar] of lean) {
      const own = ours.get(us) ?? [];
      if ([0, 1, 2, 3].every((place) => own[place] === bar[place])) prices += 1;
      if (own[4] === bar[4]) volumes += 1;
    }

    expect([lean.size, prices, volumes]).toEqual([828, 715, 825]);
  });

  it('of a day hold its core session: Lean adds up its minutes to the same day', () => {
    const ours = make('tick/spy', [DAYS], TRADES).bars[0]?.values().next().value ?? [];
    const minutes = make('minute/spy', [DAYS], { kind: 'bars', spanUs: MINUTE, graceUs: MINUTE });
    const leans = minutes.bars[0]?.values().next().value ?? [];

    // The row of 20131007 in Lean's daily file of SPY, which takes no sweeps and no exempt trades.
    expect(leans.slice(0, 5)).toEqual([1_674_300, 1_684_500, 1_672_500, 1_674_200, 81_489_219]);
    expect(ours.slice(1, 3)).toEqual(leans.slice(1, 3));
    expect(Math.abs((ours[4] ?? 0) / 81_489_219 - 1)).toBeLessThan(0.003);
  });

  it('of every other kind keep every share, and are about as many as the day has room for', () => {
    const kinds: readonly BarKind[] = [
      { kind: 'tick', amount: 1_000 },
      { kind: 'volume', amount: 500_000 },
      { kind: 'dollar', amount: 100_000_000 },
      { ...IMBALANCE, kind: 'tickImbalance' },
      { ...IMBALANCE, kind: 'volumeImbalance' },
      { ...IMBALANCE, kind: 'dollarImbalance' },
    ];
    const { bars, counts, unused } = make('tick/spy', kinds, TRADES);
    const [ticks = 0, volumes = 0, dollars = 0, ...imbalances] = counts;
    const shares = sum(bars[1], 4);
    const money = sum(bars[1], 5);

    expect(unused).toEqual([0, 0, 0]);
    expect([shares, sum(bars[1], 6)]).toEqual([93_628_215, 250_597]);
    for (const each of bars) expect([sum(each, 4), sum(each, 5)]).toEqual([shares, money]);
    // The last trade overshoots, so there are fewer than fit; three are cut by a session's end.
    expect(ticks).toBe(252);
    expect(volumes).toBe(178);
    expect(volumes).toBeLessThan(shares / 500_000 + 3);
    expect(dollars).toBe(152);
    expect(dollars).toBeLessThan(money / 10_000 / 100_000_000 + 3);
    for (const each of imbalances)
      expect(each).toBeLessThanOrEqual(250_597 / IMBALANCE.ticksMin + 3);
    for (const each of imbalances) expect(each).toBeGreaterThan(250_597 / IMBALANCE.ticksMax);
  });
});
