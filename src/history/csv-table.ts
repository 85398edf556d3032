import type { FaultList } from '../domain/market/data-fault.ts';

/** What a file of rows must and may have, by the names that its header may use. */
export interface CsvColumn {
  /** The first is ours, for faults; others are what vendors write. Case is nothing. */
  readonly names: readonly [string, ...string[]];
  readonly isOptional?: true;
}

export interface CsvRow {
  /** Counted from 1, header included. */
  readonly line: number;
  /** In the order of the columns asked for; empty where an optional one is not there. */
  readonly fields: readonly string[];
}

/**
 * The rows of a text with a header, fields trimmed, quoted ones freed of their quotes (RFC 4180,
 * but no field reaches over a line's end). A row that lacks a column is a fault and left out; empty
 * lines are nothing. Columns may stand in any order among others that are passed over.
 */
export function readCsv(
  text: string,
  file: string,
  columns: readonly CsvColumn[],
  faults: FaultList,
): readonly CsvRow[] {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  const header = splitRow(lines[0]?.replace(/\r$/, '') ?? '') ?? [];
  const places = columns.map(({ names }) => placeOf(header, names));
  const absent = columns.find(({ isOptional }, at) => isOptional !== true && places[at] === -1);
  if (absent !== undefined) {
    const detail = `expected a column ${absent.names.join(' or ')}, found "${lines[0] ?? ''}"`;
    faults.add({ file, line: 1, field: 'header', detail: cut(detail) });
    return [];
  }
  const rows: CsvRow[] = [];
  for (let at = 1; at < lines.length; at += 1) {
    const line = lines[at]?.replace(/\r$/, '') ?? '';
    if (line === '') continue;
    const found = splitRow(line);
    if (found?.length === header.length) {
      rows.push({ line: at + 1, fields: places.map((place) => found[place] ?? '') });
      continue;
    }
    const what = found === undefined ? 'a quote without its end' : `${found.length} fields`;
    const detail = `expected ${header.length} fields, found ${what} in "${line}"`;
    faults.add({ file, line: at + 1, field: 'row', detail: cut(detail) });
  }
  return rows;
}

function placeOf(header: readonly string[], names: readonly string[]): number {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  return header.findIndex((name) => wanted.has(name.toLowerCase()));
}

/** A line of a broken file may be a megabyte long. */
function cut(detail: string): string {
  return detail.length > DETAIL_CHARS_MAX ? `${detail.slice(0, DETAIL_CHARS_MAX)}...` : detail;
}

const DETAIL_CHARS_MAX = 200;

/** Undefined where a quote is opened and not closed, or something stands behind a closed one. */
function splitRow(line: string): readonly string[] | undefined {
  if (!line.includes('"')) return line.split(',').map((field) => field.trim());
  const fields: string[] = [];
  let at = 0;
  while (at <= line.length) {
    while (line[at] === ' ') at += 1;
    if (line[at] !== '"') {
      const end = line.indexOf(',', at);
      const stop = end < 0 ? line.length : end;
      fields.push(line.slice(at, stop).trim());
      at = stop + 1;
      continue;
    }
    const end = closingQuote(line, at + 1);
    if (end < 0) return undefined;
    fields.push(
      line
        .slice(at + 1, end)
        .replaceAll('""', '"')
        .trim(),
    );
    at = end + 1;
    while (line[at] === ' ') at += 1;
    if (at < line.length && line[at] !== ',') return undefined;
    at += 1;
  }
  return fields;
}

function closingQuote(line: string, from: number): number {
  for (let at = from; at < line.length; at += 1) {
    if (line[at] !== '"') continue;
    if (line[at + 1] !== '"') return at;
    at += 1;
  }
  return -1;
}
