import type { SqlValue } from '../ports/time-series.ts';
import { fit, onOneLine, widthOf } from './terminal-text.ts';

/** A longer text is cut: the whole of it is in the other forms. */
const CELL_COLUMNS_MAX = 60;
const GAP = '  ';

type Row = readonly SqlValue[];

/** Columns as wide as what is in them, numbers to the right. */
export function renderRows(names: readonly string[], rows: readonly Row[]): string {
  const cells = rows.map((row) => names.map((_, column) => cellText(row[column])));
  const columns = names.map((name, column) => {
    const texts = [onOneLine(name), ...cells.map((row) => row[column] ?? '')];
    return {
      width: Math.min(Math.max(...texts.map(widthOf)), CELL_COLUMNS_MAX),
      isNumber: rows.some((row) => typeof row[column] === 'number'),
    };
  });
  const line = (texts: readonly string[]): string =>
    columns
      .map(({ width, isNumber }, column) => padded(texts[column] ?? '', width, isNumber))
      .join(GAP)
      .trimEnd();
  const rule = columns.map(({ width }) => '-'.repeat(width)).join(GAP);
  return [line(names.map(onOneLine)), rule, ...cells.map(line)].map((one) => `${one}\n`).join('');
}

function padded(text: string, width: number, isNumber: boolean): string {
  if (!isNumber || widthOf(text) >= width) return fit(text, width);
  return ' '.repeat(width - widthOf(text)) + text;
}

/** `-` is NULL. */
function cellText(value: SqlValue): string {
  if (value === undefined) return '-';
  if (typeof value === 'string') return onOneLine(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** RFC 4180: what is not known is empty, and an empty text is quoted. */
export function csvLine(values: Row): string {
  return `${values.map(csvField).join(',')}\r\n`;
}

function csvField(value: SqlValue): string {
  if (value === undefined || (typeof value === 'number' && Number.isNaN(value))) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
