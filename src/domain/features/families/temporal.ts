import type { FeatureDeclaration, FeatureUnits } from '../feature.ts';

/** A quarter has some 63 sessions: further than that is as good as never. */
const QUARTER_DAYS = 63;
/** Sessions before a report in which nothing is entered, and after it. */
const BEFORE_DAYS = 3;
const AFTER_DAYS = 1;

/** When it is: in the day, the week, the quarter, and in the company's own year. */
export const TEMPORAL: readonly FeatureDeclaration[] = [
  feature('minuteOfSession', 'Minutes since the core session opened.', 'minutes', 'minute'),
  feature('minutesToClose', 'Minutes to the end of the core session.', 'minutes', 'minutesToClose'),
  feature('shareOfSession', 'Share of the core session that is gone.', 'share', 'share'),
  feature('dayOfWeek', 'Monday is 1, Friday 5.', 'count', 'weekday'),
  feature('daysToMonthEnd', 'Sessions that are left of the month.', 'days', 'daysToMonthEnd'),
  {
    ...feature('isMonthEnd', '1 in the last session of a month.', 'share', 'isMonthEnd'),
    source: 'Lakonishok and Smidt 1988',
  },
  feature('isQuarterEnd', '1 in the last session of a quarter.', 'share', 'isQuarterEnd'),
  feature('isHalfDay', '1 where the session closes early.', 'share', 'isHalfDay'),
  feature(
    'daysToHalfDay',
    'Sessions to one that closes early, cut at 10.',
    'days',
    'daysToHalfDay',
  ),
  {
    ...feature(
      'daysToHoliday',
      'Sessions before a holiday: 0 on its eve.',
      'days',
      'daysToHoliday',
    ),
    source: 'Ariel 1990',
  },
  feature('daysSinceHoliday', 'Sessions since a holiday, cut at 10.', 'days', 'daysSinceHoliday'),
  {
    ...feature('daysToEarnings', 'Sessions to the next report, cut at 63.', 'days', ''),
    inputs: ['earnings.daysTo'],
    imputed: QUARTER_DAYS,
    formula: (x) => Math.min(QUARTER_DAYS, x[0] ?? NaN),
  },
  {
    ...feature('daysSinceEarnings', 'Sessions since the last report, cut at 63.', 'days', ''),
    inputs: ['earnings.daysSince'],
    imputed: QUARTER_DAYS,
    formula: (x) => Math.min(QUARTER_DAYS, x[0] ?? NaN),
  },
  {
    ...feature('isBeforeEarnings', '1 on the day of a report and 3 sessions before.', 'share', ''),
    inputs: ['earnings.daysTo', 'earnings.known'],
    formula: (x) => flag((x[0] ?? NaN) <= BEFORE_DAYS, x[1]),
  },
  {
    ...feature('isAfterEarnings', '1 in the session after a report.', 'share', ''),
    inputs: ['earnings.daysSince', 'earnings.known'],
    formula: (x) => flag((x[0] ?? NaN) <= AFTER_DAYS, x[1]),
  },
];

/** NaN while no date at all is known: then nobody can say that it is safe. */
function flag(isOn: boolean, known = NaN): number {
  return known > 0 ? (isOn ? 1 : 0) : NaN;
}

function feature(
  name: string,
  tells: string,
  units: FeatureUnits,
  column: string,
): FeatureDeclaration {
  const rest = { layer: 0, version: 1, isCritical: false, imputed: 0 } as const;
  const inputs = [`calendar.${column}`];
  return {
    name,
    family: 'temporal',
    tells,
    units,
    inputs,
    formula: (x) => x[0] ?? NaN,
    ...rest,
  };
}
