import type { FeatureDeclaration } from '../feature.ts';
import { featuresOf, flag } from './parts.ts';

/** A quarter has some 63 sessions: further than that is as good as never. */
const QUARTER_DAYS = 63;
/** Sessions before a report in which nothing is entered, and after it. */
const BEFORE_DAYS = 3;
const AFTER_DAYS = 1;

const feature = featuresOf({ family: 'temporal', layer: 0, imputed: 0 });

/** When it is: in the day, the week, the quarter, and in the company's own year. */
export const TEMPORAL: readonly FeatureDeclaration[] = [
  feature({
    name: 'minuteOfSession',
    tells: 'Minutes since the core session opened.',
    units: 'minutes',
    inputs: ['calendar.minute'],
  }),
  feature({
    name: 'minutesToClose',
    tells: 'Minutes to the end of the core session.',
    units: 'minutes',
    inputs: ['calendar.minutesToClose'],
  }),
  feature({
    name: 'shareOfSession',
    tells: 'Share of the core session that is gone.',
    units: 'share',
    inputs: ['calendar.share'],
  }),
  feature({
    name: 'dayOfWeek',
    tells: 'Monday is 1, Friday 5.',
    units: 'count',
    inputs: ['calendar.weekday'],
  }),
  feature({
    name: 'daysToMonthEnd',
    tells: 'Sessions that are left of the month.',
    units: 'days',
    inputs: ['calendar.daysToMonthEnd'],
  }),
  feature({
    name: 'isMonthEnd',
    tells: '1 in the last session of a month.',
    units: 'flag',
    version: 2,
    inputs: ['calendar.isMonthEnd'],
    source: 'Lakonishok and Smidt 1988',
  }),
  feature({
    name: 'isQuarterEnd',
    tells: '1 in the last session of a quarter.',
    units: 'flag',
    version: 2,
    inputs: ['calendar.isQuarterEnd'],
  }),
  feature({
    name: 'isHalfDay',
    tells: '1 where the session closes early.',
    units: 'flag',
    version: 2,
    inputs: ['calendar.isHalfDay'],
  }),
  feature({
    name: 'daysToHalfDay',
    tells: 'Sessions to one that closes early, cut at 10.',
    units: 'days',
    inputs: ['calendar.daysToHalfDay'],
  }),
  feature({
    name: 'daysToHoliday',
    tells: 'Sessions before a holiday: 0 on its eve.',
    units: 'days',
    inputs: ['calendar.daysToHoliday'],
    source: 'Ariel 1990',
  }),
  feature({
    name: 'daysSinceHoliday',
    tells: 'Sessions since a holiday, cut at 10.',
    units: 'days',
    inputs: ['calendar.daysSinceHoliday'],
  }),
  feature({
    name: 'daysToEarnings',
    tells: 'Sessions to the next report, cut at 63.',
    units: 'days',
    inputs: ['earnings.daysTo'],
    imputed: QUARTER_DAYS,
    formula: (x) => Math.min(QUARTER_DAYS, x[0] ?? NaN),
  }),
  feature({
    name: 'daysSinceEarnings',
    tells: 'Sessions since the last report, cut at 63.',
    units: 'days',
    inputs: ['earnings.daysSince'],
    imputed: QUARTER_DAYS,
    formula: (x) => Math.min(QUARTER_DAYS, x[0] ?? NaN),
  }),
  feature({
    name: 'isBeforeEarnings',
    tells: '1 on the day of a report and 3 sessions before.',
    units: 'flag',
    version: 2,
    inputs: ['earnings.daysTo', 'earnings.known'],
    formula: (x) => flag((x[0] ?? NaN) <= BEFORE_DAYS, x[1]),
  }),
  feature({
    name: 'isAfterEarnings',
    tells: '1 in the session after a report.',
    units: 'flag',
    version: 2,
    inputs: ['earnings.daysSince', 'earnings.known'],
    formula: (x) => flag((x[0] ?? NaN) <= AFTER_DAYS, x[1]),
  }),
];
