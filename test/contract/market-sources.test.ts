import { Random } from '../../src/core/random.ts';
import { DAY, HOUR, MINUTE } from '../../src/core/time.ts';
import { BENCHMARKS } from '../../src/domain/features/source.ts';
import { breadthSource } from '../../src/domain/features/sources/breadth-source.ts';
import { indexSource } from '../../src/domain/features/sources/index-source.ts';
import { DAILY_REGIME } from '../../src/domain/features/sources/regime-daily.ts';
import { regimeSource } from '../../src/domain/features/sources/regime-source.ts';
import { relativeSource } from '../../src/domain/features/sources/relative-source.ts';
import { featureSourceContract, type SourceEvent } from './feature-source.ts';

const FUNDS = ['SPY', 'QQQ', 'IWM', 'XLK', 'XLY', 'XLP', 'UUP', 'FXE', 'FXY', 'TLT', 'HYG', 'GLD'];
const TECHNOLOGY = 5;
const MEMBERS = [
  ...FUNDS.map((fund, symbol) => ({
    symbol,
    sector: fund === 'XLK' ? TECHNOLOGY : -1,
    benchmark: BENCHMARKS.findIndex((one) => one.fund === fund),
  })),
  ...[12, 13].map((symbol) => ({ symbol, sector: TECHNOLOGY, benchmark: -1 })),
];
const who = MEMBERS[12] ?? { symbol: 12, sector: TECHNOLOGY, benchmark: -1 };

/** A bar of every member at every bar time, but for some that are missing. */
function barsOf(times: number, perSession: number, spanUs: number): readonly SourceEvent[] {
  const random = new Random(31);
  const prices = MEMBERS.map(() => 1_000_000);
  return Array.from({ length: times }, (_, time) => {
    const session = 20_000 + Math.floor(time / perSession);
    const sinceUs = (time % perSession) * spanUs;
    return MEMBERS.flatMap((member, at) => {
      const open = prices[at] ?? 0;
      const close = open + random.below(2_001) - 1_000;
      prices[at] = close;
      const [high, low] = [Math.max(open, close) + 7, Math.min(open, close) - 9];
      const values = [open, high, low, close, random.below(90), session, session * DAY + sinceUs];
      const bar = Float64Array.of(...values, sinceUs % DAY);
      return random.chance(0.02) ? [] : [{ kind: 'bar', bar, who: member } as const];
    });
  }).flat();
}

const ofMinutes = { symbolsMax: 14, spanUs: MINUTE, nowUs: () => 0, who };
featureSourceContract({
  ...ofMinutes,
  declaration: relativeSource,
  events: barsOf(240, 220, MINUTE),
});
featureSourceContract({ ...ofMinutes, declaration: breadthSource, events: barsOf(90, 40, MINUTE) });

const closesUs = (day: number) => (20_000 + day) * DAY + 20 * HOUR;
const indexes = Array.from({ length: 260 }, (_, day): readonly SourceEvent[] => {
  const fact = { kind: 'index', nowUs: closesUs(day) } as const;
  return [
    { kind: 'marketFact', fact: { ...fact, index: 'VIX', value: 15 + (day % 20) } },
    { kind: 'marketFact', fact: { ...fact, index: 'VIX3M', value: 20 } },
  ];
});
featureSourceContract({
  ...ofMinutes,
  declaration: indexSource,
  events: indexes.flat(),
  nowUs: (event) => closesUs(Math.floor(event / 2)),
});

const days = barsOf(290, 1, DAY).filter(
  (event) => event.kind === 'bar' && event.who.benchmark <= 1,
);
featureSourceContract({
  ...ofMinutes,
  spanUs: DAY,
  declaration: regimeSource([DAILY_REGIME]),
  events: days.flatMap((bar, day) => [...(indexes[day] ?? []), bar]),
});
