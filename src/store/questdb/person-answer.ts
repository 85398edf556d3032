import type { SqlPage, SqlValue } from '../../ports/time-series.ts';
import type { AnswerColumn } from './answer-rows.ts';
import type { AnswerPage } from './question.ts';

/** An answer in the port's words: NULL is undefined, times have six decimals. */
export function pageOf({ columns, rows }: AnswerPage): SqlPage {
  return {
    names: columns.map(({ name }) => name),
    rows: rows.map((row) => columns.map((column, place) => valueOf(column, row[place]))),
  };
}

function valueOf(column: AnswerColumn, value: unknown): SqlValue {
  if (Array.isArray(value)) return value.map((one: unknown) => valueOf(column, one));
  switch (typeof value) {
    case 'number':
    case 'boolean':
      return value;
    case 'string':
      return column.type === 'DATE' ? value.replace(/(\.\d{3})Z$/, '$1000Z') : value;
    default:
      return undefined;
  }
}
