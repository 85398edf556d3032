import { civilFromDays, dateNumber, daysOfDate, parseDate, parseTime } from '../core/time.ts';
import type { FaultList } from '../domain/market/data-fault.ts';
import { newYorkToUs } from '../domain/market/calendar.ts';

/** Reads the fields of one row; the first that is not what it should be is a fault. */
export class FieldReader {
  readonly #file: string;
  readonly #faults: FaultList;
  #line = 0;

  constructor(file: string, faults: FaultList) {
    this.#file = file;
    this.#faults = faults;
  }

  at(line: number): this {
    this.#line = line;
    return this;
  }

  /** A decimal number; undefined, and a fault, where it is none. */
  number(field: string, text: string): number | undefined {
    if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/.test(text)) {
      const value = Number(text);
      if (value - value === 0) return value;
    }
    return this.fault(field, 'a number', text);
  }

  /** `2013-10-07` or `20131007`, as whole days since 1970. */
  day(field: string, text: string): number | undefined {
    const date = parseDate(text);
    return date === undefined
      ? this.fault(field, 'a date such as 2013-10-07', text)
      : daysOfDate(date);
  }

  /**
   * When something was known: a moment with an offset, or a date, which is over before anybody is
   * taken to have read of it.
   */
  momentUs(field: string, text: string): number | undefined {
    const date = parseDate(text);
    if (date !== undefined) return endOfDayUs(daysOfDate(date));
    const us = parseTime(text);
    return us ?? this.fault(field, 'a date, or a time such as 2013-10-07T13:30:00Z', text);
  }

  fault(field: string, expected: string, found: string): undefined {
    const detail = `expected ${expected}, found "${found.slice(0, 80)}"`;
    this.#faults.add({ file: this.#file, line: this.#line, field, detail });
    return undefined;
  }
}

/** Midnight in New York after a day (whole days since 1970). */
export function endOfDayUs(day: number): number {
  return startOfDayUs(day + 1);
}

/** Midnight in New York before a day. */
export function startOfDayUs(day: number): number {
  return newYorkToUs(dateNumber(civilFromDays(day)), 0);
}
