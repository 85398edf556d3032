import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { civilFromDays, DAY, dateNumber, daysOfDate } from '../../../src/core/time.ts';
import { macroSource } from '../../../src/domain/features/sources/macro-source.ts';
import {
  columnsOf,
  economy,
  freshState,
  hearMarket,
  heardBy,
  type MacroFact,
  noon,
} from '../../reference/rare-facts.ts';

const FIRST = daysOfDate(20180101);
const DAYS = 2_300;
const source = macroSource.build({ symbolsMax: 1, spanUs: 0 });
const instants = fc.integer({ min: 0, max: DAYS }).map((day) => (FIRST + day) * DAY + 18 * 3_600e6);
const seeds = fc.integer({ min: 1, max: 1_000 });

function stateAt(facts: readonly MacroFact[], nowUs: number): Float64Array {
  const state = freshState(source);
  for (const fact of heardBy(facts, nowUs)) hearMarket(source, state, fact);
  return state;
}

/** By the words of the declaration, from the list of all that was released. */
function naive(facts: readonly MacroFact[], nowUs: number): Record<string, number> {
  const today = Math.floor(nowUs / DAY);
  const known = heardBy(facts, nowUs);
  const of = (series: string) =>
    new Map(known.filter((fact) => fact.series === series).map((one) => [one.observedDay, one]));
  const newest = (series: string, ageMax: number) => {
    const day = Math.max(...of(series).keys());
    return today - day <= ageMax ? day : NaN;
  };
  const yearBefore = (day: number) => dateNumber(civilFromDays(day)) - 10_000;
  const growth = (series: string) => {
    const day = newest(series, 150);
    if (Number.isNaN(day)) return NaN;
    const values = of(series);
    const before = values.get(daysOfDate(yearBefore(day)))?.value ?? NaN;
    return (values.get(day)?.value ?? NaN) / before - 1;
  };
  const claimsDay = newest('ICSA', 35);
  const claims = of('ICSA');
  const mean = (back: number, weeks: number) => {
    const values = Array.from({ length: weeks }, (_, at) => claimsDay - 7 * (back + at))
      .map((day) => claims.get(day)?.value)
      .filter((value) => value !== undefined);
    if (values.length < 0.75 * weeks) return NaN;
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const slopeDay = newest('T10Y2Y', 14);
  const pmi = of('PMI').get(newest('PMI', 150))?.value ?? NaN;
  const industry = Number.isNaN(pmi) ? 100 * growth('INDPRO') : pmi - 50;
  return {
    moneyGrowth: growth('M2SL'),
    claims: mean(0, 4),
    claimsAgainstYear: mean(0, 4) / mean(0, 52) - 1,
    claimsGrowth: mean(0, 4) / mean(52, 4) - 1,
    yieldSlope: of('T10Y2Y').get(slopeDay)?.value ?? NaN,
    industry,
    industryIsStandIn: Number.isNaN(industry) ? NaN : Number.isNaN(pmi) ? 1 : 0,
    refused: 0,
  };
}

describe('the macro source', () => {
  it('agrees with a naive reading of all that was released, at any moment', () => {
    fc.assert(
      fc.property(seeds, instants, (seed, nowUs) => {
        const facts = economy(seed);
        const expected = naive(facts, nowUs);
        const found = columnsOf(source, stateAt(facts, nowUs), nowUs);
        for (const [name, value] of Object.entries(expected)) {
          if (Number.isNaN(value)) expect(found[name], name).toBeNaN();
          else expect(found[name], name).toBeCloseTo(value, 9);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('says the same whatever is altered or added that comes out later', () => {
    fc.assert(
      fc.property(seeds, instants, fc.double({ min: 0.5, max: 2 }), (seed, nowUs, by) => {
        const facts = economy(seed);
        const altered = facts.map((fact) =>
          fact.nowUs > nowUs ? { ...fact, value: fact.value * by + 1 } : fact,
        );
        const added = { kind: 'macro', series: 'PMI', value: 60, observedDay: FIRST } as const;
        const state = stateAt([...altered, { ...added, nowUs: nowUs + 1 }], nowUs);
        expect(state).toEqual(stateAt(facts, nowUs));
        expect(columnsOf(source, state, nowUs)).toEqual(
          columnsOf(source, stateAt(facts, nowUs), nowUs),
        );
      }),
      { numRuns: 100 },
    );
  });

  it('is not moved by a number before the morning of its release', () => {
    const facts = economy(3);
    let moved = 0;
    for (const fact of facts.filter(({ series }) => series === 'M2SL').slice(13)) {
      const before = columnsOf(source, stateAt(facts, fact.nowUs - 1), fact.nowUs - 1);
      const after = columnsOf(source, stateAt(facts, fact.nowUs), fact.nowUs);
      const unheard = facts.filter((one) => one !== fact);
      expect(columnsOf(source, stateAt(unheard, fact.nowUs - 1), fact.nowUs - 1)).toEqual(before);
      if (!Object.is(before['moneyGrowth'], after['moneyGrowth'])) moved += 1;
      // What is known on the release is of a month that ended four weeks ago.
      expect(fact.nowUs - fact.observedDay * DAY).toBeGreaterThan(55 * DAY);
    }
    expect(moved).toBeGreaterThan(40);
  });

  it('takes a revision, passes over what came too late, and counts what cannot be', () => {
    const state = freshState(source);
    const nowUs = noon(20200301);
    const tell = (series: string, date: number, value: number) =>
      hearMarket(source, state, {
        kind: 'macro',
        series,
        value,
        observedDay: daysOfDate(date),
        nowUs,
      });
    tell('M2SL', 20190101, 100);
    tell('M2SL', 20200101, 105);
    expect(columnsOf(source, state, nowUs)['moneyGrowth']).toBeCloseTo(0.05, 12);
    tell('M2SL', 20190101, 84);
    tell('M2SL', 20170101, 1);
    expect(columnsOf(source, state, nowUs)['moneyGrowth']).toBeCloseTo(0.25, 12);
    const before = columnsOf(source, state, nowUs);
    tell('M2SL', 20200201, -5);
    tell('M2SL', 20200201, NaN);
    tell('ICSA', 20200222, 0);
    tell('T10Y2Y', 20200302, 1); // Of a day that is still to come.
    tell('GOLD', 20200201, 5);
    expect(columnsOf(source, state, nowUs)).toEqual({ ...before, refused: 4 });
  });

  it('forgets a number that nothing has followed', () => {
    const facts = economy(5);
    const last = noon(20221101);
    const state = stateAt(facts, last);
    const fresh = Object.values(columnsOf(source, state, last)).filter((value) => value === value);
    expect(fresh.length).toBeGreaterThan(6);
    const { refused, ...stale } = columnsOf(source, state, last + 200 * DAY);
    expect(refused).toBe(0);
    expect(Object.values(stale).every(Number.isNaN)).toBe(true);
  });
});
