import type { TableDeclaration } from '../../src/ports/time-series.ts';
import { FACT_TABLES } from '../../src/store/lifecycle/policy.ts';
import { layoutTable } from '../../src/store/tables/rows.ts';
import { TABLES } from '../../src/store/tables/tables.ts';

const HASH = 'HASH';

/** `docs/tables.md`, out of what the tables declare. */
export function tablesDocument(): string {
  const layouts = [layoutTable('indicators', HASH, []), layoutTable('features', HASH, [])];
  const lines = [...INTRODUCTION, ...[...TABLES, ...layouts].flatMap(tableLines)];
  return `${lines.join('\n').trimEnd()}\n`;
}

const INTRODUCTION: readonly string[] = [
  '# Tables of the store',
  '',
  '<!-- Made by scripts/write-tables.mjs from the declarations in src/store/tables. -->',
  '',
  'The same in the embedded DuckDB and in QuestDB. `strata query` lists those that are there with',
  'their rows, `strata query --tables` with their columns, those of a layout too.',
  '',
  '- **time**: UTC, to the microsecond; whatever its name ends in, it is a timestamp to SQL.',
  '- **symbol**, **text**: empty where it is not known. **symbol** has few different values.',
  '- **double**: NULL where it is not known (`NaN` below). **whole**: an integer.',
  '- **doubles**: a list of doubles, bit for bit; no part of it means anything by itself.',
  '  SQL finds DOUBLE[] in QuestDB, and in DuckDB a BLOB, eight bytes each, little-endian.',
  '',
  'Rows that are alike in what is named below each table are one row: the later replaces it.',
  '',
];

function tableLines(table: TableDeclaration): readonly string[] {
  const { name, tells, columns, time, keys, partition, keepDays } = table;
  const moves = FACT_TABLES.has(name) ? 'never moved to the lake' : 'moved to the lake by age';
  const past = keepDays === undefined ? moves : `forgotten ${keepDays} days before the newest`;
  return [
    `## ${name}`,
    '',
    tells,
    '',
    '| column | kind | holds |',
    '| --- | --- | --- |',
    ...columns.map((column) => `| \`${column.name}\` | ${column.kind} | ${column.tells} |`),
    ...(name.endsWith(HASH) ? ['| *one each* | double | its value; unknown: NULL |'] : []),
    '',
    `One row for each ${[time, ...keys].map((key) => `\`${key}\``).join(', ')}.`,
    `Partitioned by ${partition}; ${past}.`,
    '',
  ];
}
