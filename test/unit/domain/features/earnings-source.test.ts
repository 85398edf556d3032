import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { civilFromDays, DAY, dateNumber, daysOfDate } from '../../../../src/core/time.ts';
import { TEMPORAL } from '../../../../src/domain/features/families/temporal.ts';
import { earningsSource } from '../../../../src/domain/features/sources/earnings-source.ts';
import { tradingDay } from '../../../../src/domain/market/calendar.ts';
import { columnsOf, freshState, hearSymbol, noon } from '../../../reference/rare-facts.ts';

const source = earningsSource.build({ symbolsMax: 1, spanUs: 0 });

interface Learned {
  readonly date: number;
  readonly nowUs: number;
}

function stateOf(dates: readonly Learned[]): Float64Array {
  const state = freshState(source);
  for (const { date, nowUs } of dates) {
    hearSymbol(source, state, { kind: 'earnings', day: daysOfDate(date), nowUs });
  }
  return state;
}

function feature(name: string, columns: Readonly<Record<string, number>>): number {
  const declaration = TEMPORAL.find((one) => one.name === name);
  if (declaration === undefined) throw new Error(name);
  const x = declaration.inputs.map((input) => columns[input.replace('earnings.', '')] ?? NaN);
  return declaration.formula(Float64Array.from(x));
}

/** Sessions in (from, to], by asking of each day. */
function sessionsAfter(from: number, to: number): number {
  let sessions = 0;
  for (let day = from + 1; day <= to; day += 1) {
    if (tradingDay(dateNumber(civilFromDays(day))) !== undefined) sessions += 1;
  }
  return sessions;
}

describe('the dates of reports', () => {
  it('are so many sessions away, whichever day it is and whenever the report', () => {
    const days = fc.integer({ min: daysOfDate(20150101), max: daysOfDate(20251231) });
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 60 }), (day, ahead) => {
        const date = dateNumber(civilFromDays(day + ahead));
        const found = columnsOf(source, stateOf([{ date, nowUs: 0 }]), day * DAY + DAY / 2);
        let from = day + ahead;
        while (tradingDay(dateNumber(civilFromDays(from))) === undefined) from += 1;
        expect(found['daysTo']).toBe(sessionsAfter(day, from));
        expect(found['daysSince']).toBeNaN();
        const after = columnsOf(
          source,
          stateOf([{ date, nowUs: 0 }]),
          (from + 1 + ahead) * DAY + DAY / 2,
        );
        expect(after['daysSince']).toBe(sessionsAfter(from, from + 1 + ahead));
        expect(after['daysTo']).toBeNaN();
      }),
    );
  });

  it('shut the three sessions before, the day itself and the session after', () => {
    // Thursday 2 May 2024; learned in April.
    const state = stateOf([{ date: 20240502, nowUs: noon(20240401) }]);
    const flags = [20240426, 20240429, 20240501, 20240502, 20240503, 20240506].map((date) => {
      const columns = columnsOf(source, state, noon(date));
      return [feature('isBeforeEarnings', columns), feature('isAfterEarnings', columns)];
    });
    expect(flags).toEqual([
      [0, 0],
      [1, 0],
      [1, 0],
      [1, 0],
      [0, 1],
      [0, 0],
    ]);
    const unknown = columnsOf(source, freshState(source), noon(20240502));
    expect(feature('isBeforeEarnings', unknown)).toBeNaN();
    expect(feature('isAfterEarnings', unknown)).toBeNaN();
  });

  it('are not seen before they were learned', () => {
    const past = { date: 20240201, nowUs: noon(20240115) };
    const state = stateOf([past, { date: 20240502, nowUs: noon(20240418) }]);
    const before = columnsOf(source, state, noon(20240418) - 1);
    expect(before).toEqual(columnsOf(source, stateOf([past]), noon(20240418) - 1));
    expect(before['daysTo']).toBeNaN();
    expect(columnsOf(source, state, noon(20240418))['daysTo']).toBe(10);
  });

  it('are those last learned where a date was moved, and go back if it is moved back', () => {
    const moved = [
      { date: 20240502, nowUs: noon(20240401) },
      { date: 20240507, nowUs: noon(20240415) },
      { date: 20240502, nowUs: noon(20240422) },
    ];
    const state = stateOf(moved);
    const daysTo = [20240412, 20240416, 20240423].map(
      (date) => columnsOf(source, state, noon(date))['daysTo'],
    );
    expect(daysTo).toEqual([14, 15, 7]);
    expect(columnsOf(source, state, noon(20240423))['known']).toBe(1);
  });

  it('are kept for the last eight, told twice or in any order', () => {
    const dates = Array.from({ length: 12 }, (_, quarter) => ({
      date: (2021 + Math.floor(quarter / 4)) * 10_000 + ((quarter % 4) * 3 + 1) * 100 + 20,
      nowUs: 0,
    }));
    const state = stateOf([...dates, ...dates].toReversed());
    const found = columnsOf(source, state, noon(20231120));
    expect(found['known']).toBe(8);
    expect(found['daysSince']).toBe(sessionsAfter(daysOfDate(20231020), daysOfDate(20231120)));
  });
});
