import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cycles, missing, treeOf, unreached } from './tidy/imports.ts';
import { contractFaults, registryFaults } from './tidy/registry.ts';
import { RULES } from './tidy/rules.ts';
import { type Fault, inspect, parseSource } from './tidy/source.ts';
import { MODULE_HOMES } from './tidy/tables.ts';
import { titlesOf } from './tidy/test-words.ts';

/** The house style, executed: one pass over the tree, all faults at once, as `file:line what`. */
const root = process.env['TIDY_ROOT'] ?? join(import.meta.dirname, '..');

it('keeps the house in order', () => {
  const paths = ['src', 'test', 'bench'].flatMap(filesUnder);
  const sources = paths.map((path) => parseSource(path, readFileSync(join(root, path), 'utf8')));
  const tree = treeOf(sources);
  const faults = [
    ...sources.flatMap((source) => inspect(source, RULES)),
    ...missing(tree),
    ...cycles(tree),
    ...unreached(tree),
    ...registryFaults(sources),
    ...contractFaults(sources, tree),
    ...documents(),
    ...dependencies(),
  ];

  expect(faults.map(({ path, line, what }) => `${path}:${line} ${what}`).toSorted()).toEqual([]);
});

function filesUnder(folder: string): readonly string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(?:ts|mjs)$/.test(path) && !path.includes('node_modules'))
    .map((path) => `${folder}/${path}`);
}

function documents(): readonly Fault[] {
  return readdirSync(root)
    .filter((path) => path.endsWith('.md'))
    .map((path) => ({ path, titles: titlesOf(readFileSync(join(root, path), 'utf8')) }))
    .filter(({ titles }) => titles !== 1)
    .map(({ path, titles }) => ({ path, line: 1, what: `document has ${titles} titles` }));
}

function dependencies(): readonly Fault[] {
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const listed: unknown = Reflect.get(Object(manifest), 'dependencies');
  return Object.keys(Object(listed))
    .filter((name) => MODULE_HOMES[name] === undefined)
    .map((name) => ({ path: 'package.json', line: 1, what: `${name} has no home` }));
}
