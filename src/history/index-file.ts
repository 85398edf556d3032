import { civilFromDays, dateNumber } from '../core/time.ts';
import { newYorkToUs, tradingDay } from '../domain/market/calendar.ts';
import type { FaultList } from '../domain/market/data-fault.ts';
import type { MarketFact } from '../domain/features/facts.ts';
import { readCsv } from './csv-table.ts';
import { endOfDayUs, FieldReader } from './fields.ts';
import { HOUR, MINUTE } from '../core/time.ts';

export type IndexFact = Extract<MarketFact, { readonly kind: 'index' }>;

/** Cboe reckons its index for a quarter of an hour after the stock market has closed. */
const AFTER_CLOSE_US = 15 * MINUTE;
const CLOSE_US = 16 * HOUR;

/**
 * An index by days (`DATE,OPEN,HIGH,LOW,CLOSE` as Cboe writes it, or FRED's `date,value`): its last
 * value of each day, known when the day's last calculation is over.
 */
export function indexFacts(
  text: string,
  file: string,
  index: string,
  faults: FaultList,
): readonly IndexFact[] {
  const read = new FieldReader(file, faults);
  const columns = [
    { names: ['date', 'observation_date'] },
    { names: ['close', 'value', index] },
  ] as const;
  const facts = new Map<number, IndexFact>();
  for (const { line, fields } of readCsv(text, file, columns, faults)) {
    const [dateText = '', valueText = ''] = fields;
    read.at(line);
    const day = read.day('date', dateText);
    if (day === undefined || valueText === '' || valueText === '.') continue;
    const value = read.number('close', valueText);
    if (value === undefined) continue;
    if (value <= 0) read.fault('close', 'a number above 0', valueText);
    else if (facts.has(day)) read.fault('date', 'a date, once', dateText);
    else facts.set(day, { kind: 'index', index, value, nowUs: knownUs(day) });
  }
  return [...facts.values()].toSorted((left, right) => left.nowUs - right.nowUs);
}

/** On a day without a session of ours (the bond market's own, or outside the calendar): its end. */
function knownUs(day: number): number {
  const date = dateNumber(civilFromDays(day));
  const session = tradingDay(date);
  if (session === undefined) return endOfDayUs(day);
  return (
    Math.max(session.closeUs, session.isHalfDay ? 0 : newYorkToUs(date, CLOSE_US)) + AFTER_CLOSE_US
  );
}
