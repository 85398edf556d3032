import type { DateNumber } from '../../core/time.ts';
import { tradingDay } from '../../domain/market/calendar.ts';
import type { TimedInput } from '../../ports/market-source.ts';

/** The session edges of trading days, in time order. A date without a session has none. */
export function sessionInputs(dates: readonly DateNumber[]): readonly TimedInput[] {
  const inputs: TimedInput[] = [];
  for (const date of dates) {
    const day = tradingDay(date);
    if (day === undefined) continue;
    const { openUs, closeUs, preUs, postUs } = day;
    const edge = (atUs: number, phase: 'pre' | 'core' | 'post' | 'closed') => {
      inputs.push({ atUs, input: { kind: 'sessionChanged', phase, date, openUs, closeUs } });
    };
    edge(preUs, 'pre');
    edge(openUs, 'core');
    edge(closeUs, 'post');
    edge(postUs, 'closed');
  }
  return inputs;
}
