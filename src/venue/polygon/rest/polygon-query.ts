import { type DateNumber, DAY, MINUTE, MS, parseDate, parseTime } from '../../../core/time.ts';
import { newYorkToUs } from '../../../domain/market/calendar.ts';
import type { Answer } from '../../rest/answer.ts';
import { QueryReader } from '../../rest/query-reader.ts';
import { pagedQuery } from './polygon-cursor.ts';
import { errorAnswer, type PolygonRequest } from './polygon-route.ts';

/** A request's words, read with names; the first that is wrong is told in Polygon's form. */
export class PolygonQuery {
  readonly reader: QueryReader;
  readonly request: PolygonRequest;
  readonly paged: { readonly query: URLSearchParams; readonly after: string | undefined };

  constructor(request: PolygonRequest) {
    const paged = pagedQuery(request);
    this.reader = new QueryReader(paged?.query ?? request.query);
    this.request = request;
    this.paged = paged ?? { query: request.query, after: undefined };
    if (paged === undefined) this.reader.refuse('invalid cursor');
  }

  get refusal(): Answer | undefined {
    const { message } = this.reader;
    return message === undefined ? undefined : errorAnswer(400, this.request.requestId, message);
  }

  isDescending(standard: 'asc' | 'desc'): boolean {
    return this.reader.choice('order', ['asc', 'desc'], standard) === 'desc';
  }

  /** `ticker`, `ticker.gte` and so on: the bounds that a text has to keep. */
  textWithin(name: string): (value: string) => boolean {
    const [equal, gte, gt] = [
      this.reader.text(name),
      this.reader.text(`${name}.gte`),
      this.reader.text(`${name}.gt`),
    ];
    const [lte, lt] = [this.reader.text(`${name}.lte`), this.reader.text(`${name}.lt`)];
    return (value) =>
      (equal === undefined || value === equal) &&
      (gte === undefined || value >= gte) &&
      (gt === undefined || value > gt) &&
      (lte === undefined || value <= lte) &&
      (lt === undefined || value < lt);
  }

  /** Dates as texts sort as they follow each other. */
  dateWithin(name: string): (value: string) => boolean {
    for (const word of [name, ...BOUNDS.map((bound) => `${name}.${bound}`)]) this.reader.date(word);
    return this.textWithin(name);
  }

  /** The same of times: a date is a whole day of New York. */
  spanOf(name: string): { readonly fromUs: number; readonly toUs: number } {
    const equal = this.reader.text(name);
    const edge = (word: string, side: 'begin' | 'end') => this.#moment(word, side);
    const fromUs = Math.max(
      edge(`${name}.gte`, 'begin') ?? 0,
      (edge(`${name}.gt`, 'end') ?? -1) + 1,
      equal === undefined ? 0 : (edge(name, 'begin') ?? 0),
    );
    const toUs = Math.min(
      edge(`${name}.lte`, 'end') ?? Infinity,
      (edge(`${name}.lt`, 'begin') ?? Infinity) - 1,
      equal === undefined ? Infinity : (edge(name, 'end') ?? Infinity),
    );
    return { fromUs, toUs };
  }

  #moment(name: string, edge: 'begin' | 'end'): number | undefined {
    const text = this.reader.text(name);
    if (text === undefined) return undefined;
    const us = momentOf(text, edge);
    if (us === undefined) this.reader.refuse(`invalid ${name}: ${text}`);
    return us;
  }
}

const BOUNDS = ['gte', 'gt', 'lte', 'lt'] as const;

/** A date, an RFC 3339 time, or a whole number whose size tells its unit. */
export function momentOf(text: string, edge: 'begin' | 'end'): number | undefined {
  if (/^\d{11,20}$/.test(text)) {
    const count = Number(text);
    if (count >= NANOS_MIN) return Math.floor(count / 1_000);
    return count >= MICROS_MIN ? count : count * MS;
  }
  const date = text.includes('-') ? parseDate(text) : undefined;
  if (date === undefined) return parseTime(text);
  return edge === 'begin' ? newYorkToUs(date, 0) : endOf(date);
}

const NANOS_MIN = 1e17;
const MICROS_MIN = 1e14;

function endOf(date: DateNumber): number {
  return newYorkToUs(date, DAY - MINUTE) + MINUTE - 1;
}
