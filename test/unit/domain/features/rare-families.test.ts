import { describe, expect, it } from 'vitest';
import { DAY, daysOfDate, HOUR } from '../../../../src/core/time.ts';
import { createFeatureSet, isFeatureSet } from '../../../../src/domain/features/feature-set.ts';
import type { MarketFact, SymbolFact } from '../../../../src/domain/features/facts.ts';
import { LAYER_STATE } from '../../../../src/domain/features/families/layer-state.ts';
import { MACRO } from '../../../../src/domain/features/families/macro.ts';
import { SENTIMENT } from '../../../../src/domain/features/families/sentiment.ts';
import { TEMPORAL } from '../../../../src/domain/features/families/temporal.ts';
import { STANDARD_REGISTRY } from '../../../../src/domain/features/standard-registry.ts';
import { tradingDay } from '../../../../src/domain/market/calendar.ts';
import { economy, NOBODY, noon } from '../../../reference/rare-facts.ts';

const NAMES = [...MACRO, ...TEMPORAL, ...SENTIMENT, ...LAYER_STATE].map(({ name }) => name);
// Wednesday.
const DATE = 20201028;
const NOW_US = noon(DATE);

function marketFacts(): readonly MarketFact[] {
  const { openUs = 0, closeUs = 0 } = tradingDay(DATE) ?? {};
  const day = daysOfDate(DATE);
  return [...economy(2), { kind: 'session', day, openUs, closeUs, nowUs: openUs }];
}

const SYMBOL_FACTS: readonly SymbolFact[] = [
  { kind: 'earnings', day: daysOfDate(20200729), nowUs: noon(20200715) },
  { kind: 'earnings', day: daysOfDate(20201030), nowUs: noon(20201016) },
  { kind: 'layerMoved', layer: 0, isMember: true, nowUs: noon(20201027) },
  { kind: 'layerMoved', layer: 2, isMember: true, nowUs: NOW_US - HOUR },
  { kind: 'news', headline: 'Profit rises sharply', sentiment: NaN, nowUs: NOW_US - 2 * DAY },
  { kind: 'news', headline: 'Costs may increase', sentiment: -0.5, nowUs: NOW_US - 2 * HOUR },
];

/** The row at `NOW_US` of those facts that were known by then; NaN where a value was imputed. */
function rowOf(
  market: readonly MarketFact[],
  symbol: readonly SymbolFact[],
): Readonly<Record<string, number>> {
  const set = createFeatureSet(STANDARD_REGISTRY, { feed: 'test', names: NAMES }, 1);
  if (!isFeatureSet(set)) throw new Error(set.reason);
  const [state, block] = [new Float64Array(set.symbolWidth), new Float64Array(set.marketWidth)];
  set.resetSymbol(state, 0);
  set.resetMarket(block);
  for (const fact of market) if (fact.nowUs <= NOW_US) set.marketFact(block, fact);
  for (const fact of symbol) if (fact.nowUs <= NOW_US) set.symbolFact(state, 0, fact);
  const raw = new Float64Array(set.rawWidth);
  set.readSymbol(state, 0, NOW_US, raw, 0);
  const [out, flags] = [new Float64Array(set.width), new Uint8Array(set.width)];
  set.compute(raw, 0, block, NOBODY, NOW_US, out, flags, 0);
  return Object.fromEntries(
    NAMES.map((name, at) => [name, flags[at] === 1 ? NaN : (out[at] ?? 0)]),
  );
}

describe('features of rare facts', () => {
  it('are numbers, all of them, once there was something of everything', () => {
    const row = rowOf(marketFacts(), SYMBOL_FACTS);
    expect(NAMES.filter((name) => Number.isNaN(row[name]))).toEqual([]);
    expect(row).toMatchObject({
      isYieldCurveInverted: (row['yieldSlope'] ?? 0) < 0 ? 1 : 0,
      industryIsStandIn: 0,
      minuteOfSession: 210, // 13:00 in New York, four hours from UTC.
      shareOfSession: 210 / 390,
      dayOfWeek: 3,
      daysToMonthEnd: 2,
      isMonthEnd: 0,
      daysToEarnings: 2,
      isBeforeEarnings: 1,
      isAfterEarnings: 0,
      daysSinceEarnings: 63, // 64 sessions, cut.
      layer0Qualified: 1,
      layer2Qualified: 1,
      layer3Qualified: 0,
      currentLayer: 2,
      minutesSinceQualified: 60,
      layerMovesToday: 1,
      layerDwellBefore: 23 * 60,
      newsToday: 1,
      newsAge: 120,
    });
    const momentum = (row['newsToneFast'] ?? NaN) - (row['newsTone'] ?? NaN);
    expect(row['newsMomentum']).toBe(momentum);
    expect(momentum).toBeLessThan(0); // The good news are two days old, the bad two hours.
  });

  it('are all imputed, and none refuses a row, while nothing was heard', () => {
    const row = rowOf([], []);
    expect(NAMES.filter((name) => !Number.isNaN(row[name]))).toEqual([]);
  });

  it('keep their bits whatever comes to be known a moment later', () => {
    const later = <Fact extends { readonly nowUs: number }>(facts: readonly Fact[]) => [
      ...facts.filter(({ nowUs }) => nowUs <= NOW_US),
      ...facts.map((fact) => ({ ...fact, nowUs: NOW_US + 1, value: 9, layer: 3, day: 20_000 })),
    ];
    const row = rowOf(marketFacts(), SYMBOL_FACTS);
    expect(rowOf(later(marketFacts()), later(SYMBOL_FACTS))).toEqual(row);
  });
});
