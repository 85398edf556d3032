import type { Column, FieldKind } from './row-fields.ts';

/** Where a daily file keeps what: date at 0, open, high, low and close from 1. */
export interface DailyFormat {
  readonly columns: readonly Column[];
  readonly hasHeader: boolean;
  readonly volumeAt: number;
}

const BARS: readonly (readonly [name: string, rule: string])[] = [
  ['open', ''],
  ['high', ', not below open, low and close'],
  ['low', ', not above open and close'],
  ['close', ''],
];

/** By header. A date followed by a time is the New York date as the vendor stamps its midnight. */
const FORMATS: Readonly<Record<string, DailyFormat>> = {
  // Yahoo, and Alpaca with the time of New York's midnight behind the date.
  'Date,Open,High,Low,Close,Adj Close,Volume': dollars(['adj close'], []),
  // Pooksoft: unadjusted.
  'timestamp,open,high,low,close,adjusted_close,volume,dividend_amount,split_coefficient': dollars(
    ['adjusted_close'],
    ['dividend_amount', 'split_coefficient'],
  ),
  // Eqker: newest first.
  'datetime,open,high,low,close,volume': dollars([], []),
};

/** Lean: no header, unadjusted, already in ten-thousandths. */
const LEAN: DailyFormat = {
  columns: [
    column('date', 'date', 'a date, once'),
    ...BARS.map(([name, rule]) => column(name, 'number', `a price above 0${rule}`)),
    column('volume', 'number', 'shares'),
  ],
  hasHeader: false,
  volumeAt: 5,
};

export const DAILY_HEADERS: readonly string[] = Object.keys(FORMATS);

/** Undefined for a header we do not know. */
export function dailyFormat(path: string, header: string): DailyFormat | undefined {
  return path.endsWith('.zip') ? LEAN : FORMATS[header.replace(/^\uFEFF/, '').trim()];
}

function dollars(before: readonly string[], after: readonly string[]): DailyFormat {
  return {
    columns: [
      column('date', 'date', 'a date, once'),
      ...BARS.map(([name, rule]) => column(name, 'dollars', `a price above 0${rule}`)),
      ...before.map((name) => column(name, 'skip', 'anything')),
      column('volume', 'number', 'shares'),
      ...after.map((name) => column(name, 'skip', 'anything')),
    ],
    hasHeader: true,
    volumeAt: 5 + before.length,
  };
}

function column(name: string, kind: FieldKind, expects: string): Column {
  return { name, kind, expects };
}
