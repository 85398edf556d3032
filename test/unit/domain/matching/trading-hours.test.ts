import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../../../src/core/time.ts';
import { newYorkToUs } from '../../../../src/domain/market/calendar.ts';
import {
  goodTillCanceledEnd,
  isTooLateForClose,
  newYorkHours,
  phaseOf,
} from '../../../../src/domain/matching/trading-hours.ts';

const at = (date: number, hours: number, minutes = 0) =>
  newYorkToUs(date, hours * HOUR + minutes * MINUTE);

describe('trading hours', () => {
  it.each([
    [3, 59, 'closed'],
    [4, 0, 'pre'],
    [9, 29, 'pre'],
    [9, 30, 'core'],
    [15, 59, 'core'],
    [16, 0, 'post'],
    [19, 59, 'post'],
    [20, 0, 'closed'],
  ])('at %d:%d are %s', (hours, minutes, phase) => {
    const us = at(20261119, hours, minutes);

    expect(phaseOf(newYorkHours(us), us)).toBe(phase);
  });

  it('of a half day end three hours sooner', () => {
    const us = at(20261127, 12);

    expect(newYorkHours(us)).toMatchObject({
      closeUs: at(20261127, 13),
      postUs: at(20261127, 17),
    });
    expect(isTooLateForClose(at(20261127, 12, 50), newYorkHours(us))).toBe(true);
    expect(isTooLateForClose(at(20261127, 12, 49), newYorkHours(us))).toBe(false);
  });

  it('are those of the next trading day once the day is over', () => {
    expect(newYorkHours(at(20261125, 20))?.openUs).toBe(at(20261127, 9, 30));
    expect(newYorkHours(at(20261128, 12))?.openUs).toBe(at(20261130, 9, 30));
  });

  it('end a gtc order ninety days later at 16:15, across a change of the clocks', () => {
    expect(goodTillCanceledEnd(at(20261015, 10))).toBe(at(20270113, 16, 15));
  });
});
