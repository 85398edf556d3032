import { DAY, MINUTE } from '../../core/time.ts';
import { newYorkOffsetUs } from '../../domain/market/calendar.ts';
import { writeBar } from './lean-formats.ts';
import type { Column, FieldKind } from './row-fields.ts';
import { checkBar, type RowFormat, SIZE_MAX } from './row-format.ts';

const PRICE_EXPECTS = 'a price above 0 in dollars';

/** Headers of the minute files we know, and what their time column says. */
const FORMATS: Readonly<Record<string, () => RowFormat>> = {
  // us_minute_2025 and us_minute_2026: the minute's start, with an offset.
  'timestamp,open,high,low,close,volume': () => startStamped('timestamp', []),
  // spy_minute_2024: the minute's start, with an offset.
  'datetime,open,high,low,close,volume,vwap,transactions': () =>
    startStamped('datetime', ['vwap', 'transactions']),
  // us_minute_2019_eqker: the minute's end on New York's clocks.
  'datetime,open,high,low,close,volume': () => endStamped(),
  // us_minute_2018: the same, in two columns. The row of 09:30 is the opening print; by its label
  // it is the minute that ends as the session opens, and it is received then.
  'date,ToD,open,high,low,close,volume': () => endStampedApart(),
};

export const MINUTE_HEADERS: readonly string[] = Object.keys(FORMATS);

/** What the rows under a header mean; undefined for a header we do not know. */
export function minuteFormat(header: string): RowFormat | undefined {
  return FORMATS[header.replace(/^\uFEFF/, '').trim()]?.();
}

function startStamped(name: string, rest: readonly string[]): RowFormat {
  const start = (fields: Float64Array) => fields[0] ?? 0;
  return {
    ...barFormat(start),
    columns: [
      column(name, 'utc', 'a date and time with an offset'),
      ...barColumns(),
      ...rest.map((each) => column(each, 'skip', 'anything')),
    ],
  };
}

function endStamped(): RowFormat {
  return {
    ...barFormat((fields) => newYorkUs(fields[0] ?? 0) - MINUTE),
    columns: [column('datetime', 'local', 'a date and time in New York'), ...barColumns()],
  };
}

/** The date is left out of the values, so that prices stand where those of other formats do. */
function endStampedApart(): RowFormat {
  const start = (fields: Float64Array) => newYorkUs(fields[0] ?? 0) - MINUTE;
  return {
    ...barFormat(start),
    columns: [column('date,ToD', 'localApart', 'a date, a comma and a time'), ...barColumns()],
  };
}

function barFormat(start: (fields: Float64Array) => number): Omit<RowFormat, 'columns'> {
  return {
    hasHeader: true,
    isOncePerMoment: true,
    receiveUs: (fields) => start(fields) + MINUTE,
    startUs: start,
    check: (fields) => checkBar(fields, 1, SIZE_MAX),
    write: (batch, symbol, fields) => writeBar(batch, symbol, start(fields), MINUTE, fields),
  };
}

function barColumns(): readonly Column[] {
  return [
    column('open', 'dollars', PRICE_EXPECTS),
    column('high', 'dollars', `${PRICE_EXPECTS}, not below open, low and close`),
    column('low', 'dollars', `${PRICE_EXPECTS}, not above open and close`),
    column('close', 'dollars', PRICE_EXPECTS),
    column('volume', 'number', `shares, 0 to ${SIZE_MAX}`),
  ];
}

function column(name: string, kind: FieldKind, expects: string): Column {
  return { name, kind, expects };
}

/** From microseconds on New York's clocks; the offset is that of the day's noon. */
function newYorkUs(local: number): number {
  const noonUs = Math.floor(local / DAY) * DAY + DAY / 2;
  return local - newYorkOffsetUs(noonUs);
}
