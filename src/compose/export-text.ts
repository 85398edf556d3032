import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { csvLine } from '../cli/query-text.ts';
import { formatTime } from '../core/time.ts';
import type {
  ColumnKind,
  ColumnValues,
  RowBatch,
  SqlValue,
  TableDeclaration,
} from '../ports/time-series.ts';

export type TextFormat = 'csv' | 'ndjson';

/** A line for each row; what is not known is empty in CSV and null in JSON. */
export async function writeTextFile(
  path: string,
  format: TextFormat,
  table: TableDeclaration,
  batches: AsyncIterable<RowBatch>,
): Promise<void> {
  const names = table.columns.map(({ name }) => name);
  const file = openSync(path, 'w');
  try {
    if (format === 'csv') writeAll(file, csvLine(names));
    for await (const batch of batches) {
      const lines = Array.from({ length: batch.rows }, (_, row) => {
        const values = table.columns.map(({ kind }, place) =>
          valueOf(kind, batch.columns[place]?.[row]),
        );
        return format === 'csv' ? csvLine(values) : jsonLine(names, values);
      });
      writeAll(file, lines.join(''));
    }
  } finally {
    closeSync(file);
  }
}

function valueOf(kind: ColumnKind, value: ColumnValues[number] | undefined): SqlValue {
  if (value instanceof Float64Array) return [...value];
  if (typeof value !== 'number') return value;
  if (kind === 'time') return formatTime(value);
  return kind === 'truth' ? value === 1 : value;
}

function jsonLine(names: readonly string[], values: readonly SqlValue[]): string {
  const fields = names.map((name, place) => [name, values[place]] as const);
  return `${JSON.stringify(Object.fromEntries(fields))}\n`;
}

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

const READ_BYTES = 1 << 20;
const [LINE_END, QUOTE] = [0x0a, 0x22];

/** Rows of a file as somebody else would count them: lines, but for those within quotes. */
export function countRecords(path: string, format: TextFormat): number {
  const file = openSync(path, 'r');
  const buffer = Buffer.alloc(READ_BYTES);
  let records = format === 'csv' ? -1 : 0;
  let isQuoted = false;
  try {
    for (;;) {
      const length = readSync(file, buffer);
      if (length === 0) return records;
      for (let at = 0; at < length; at += 1) {
        const byte = buffer[at];
        if (byte === QUOTE && format === 'csv') isQuoted = !isQuoted;
        else if (byte === LINE_END && !isQuoted) records += 1;
      }
    }
  } finally {
    closeSync(file);
  }
}
