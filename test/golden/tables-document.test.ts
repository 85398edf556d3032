import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { TABLES } from '../../src/store/tables/tables.ts';
import { tablesDocument } from './tables-document.ts';

const HOW = 'npm run tables';

it('docs/tables.md says what the tables declare', () => {
  const text = readFileSync(new URL('../../docs/tables.md', import.meta.url), 'utf8');

  expect(text, `out of date, run: ${HOW}`).toBe(tablesDocument());
});

it('the reference of tables names each of them with all its columns', () => {
  const text = tablesDocument();

  for (const { name, columns } of TABLES) {
    const own = text.split(`\n## ${name}\n`)[1]?.split('\n## ')[0] ?? '';
    for (const column of columns) expect(own).toContain(`| \`${column.name}\` | ${column.kind} |`);
  }
});
