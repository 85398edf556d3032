import { DAY, MINUTE, parseDate, parseTime } from '../../core/time.ts';
import { newYorkToUs } from '../../domain/market/calendar.ts';
import { type Answer, badParameter } from './answer.ts';

/**
 * Reads a request's parameters and keeps the first that is wrong: read them all, then look at
 * `fault`. An empty value counts as absent.
 */
export class QueryReader {
  readonly #query: URLSearchParams;
  #message: string | undefined;

  constructor(query: URLSearchParams) {
    this.#query = query;
  }

  get fault(): Answer | undefined {
    return this.#message === undefined ? undefined : badParameter(this.#message);
  }

  /** What is wrong, for those who tell it in another form. */
  get message(): string | undefined {
    return this.#message;
  }

  refuse(message: string): void {
    this.#message ??= message;
  }

  text(name: string): string | undefined {
    const value = this.#query.get(name) ?? '';
    return value === '' ? undefined : value;
  }

  /** Comma-separated, in the order they came. */
  list(name: string): readonly string[] {
    return (this.text(name) ?? '').split(',').filter((part) => part !== '');
  }

  integer(name: string, most: number, standard: number): number {
    const text = this.text(name);
    if (text === undefined) return standard;
    const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
    if (value >= 1 && value <= most) return value;
    this.refuse(`invalid ${name}: must be a whole number from 1 to ${most}`);
    return standard;
  }

  choice<const Choice extends string>(
    name: string,
    choices: readonly Choice[],
    standard: Choice,
  ): Choice {
    const text = this.text(name);
    if (text === undefined) return standard;
    const found = choices.find((choice) => choice === text);
    if (found === undefined) this.refuse(`invalid ${name}: ${text}`);
    return found ?? standard;
  }

  truth(name: string, standard: boolean): boolean {
    return this.choice(name, ['true', 'false'], standard ? 'true' : 'false') === 'true';
  }

  /** RFC 3339, or a date, which is a whole New York day: `edge` says which end of it is meant. */
  time(name: string, edge: 'begin' | 'end'): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const date = parseDate(text);
    if (date !== undefined && text.includes('-')) {
      return edge === 'begin' ? newYorkToUs(date, 0) : newYorkToUs(date, DAY - MINUTE) + MINUTE - 1;
    }
    const us = parseTime(text);
    if (us === undefined) {
      this.refuse(`Invalid format for parameter ${name}: '${text}' is no RFC3339 time and no date`);
    }
    return us;
  }

  /** A date, or the date that a time in UTC begins with: SDK 4 sends the latter for the former. */
  date(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const date = parseDate(text.slice(0, 10));
    const isTime = text.length === 10 || parseTime(text) !== undefined;
    if (date !== undefined && isTime) return date;
    this.refuse(`Invalid format for parameter ${name}: '${text}' is no date`);
    return undefined;
  }
}
