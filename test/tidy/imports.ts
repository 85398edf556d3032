import type { Fault, Report, Rule, Source } from './source.ts';
import { isWithin, target } from './source.ts';
import { AWAITING, DOMAIN_ORDER, ENTRIES, LAYERS, MODULE_HOMES } from './tables.ts';

/** STYLE 57: a module from outside is imported where its home is, and nowhere else. */
export const fences: Rule = (source, report) => {
  if (!source.path.startsWith('src/')) return;
  for (const { name, start } of source.imports) {
    if (name.startsWith('.')) continue;
    const homes = MODULE_HOMES[name];
    if (homes === undefined) report(start, `${name} has no home in test/tidy/tables.ts`);
    else if (!isWithin(source.path, homes))
      report(start, `${name} is fenced to ${homes.join(' ')}`);
  }
};

/** ARCHITECTURE §5: imports point down. */
export const layers: Rule = (source, report) => {
  if (!source.path.startsWith('src/')) return;
  for (const { name, start } of source.imports) {
    if (name.startsWith('.')) pointsDown(source, target(source, name), start, report);
  }
};

function pointsDown(source: Source, to: string, start: number, report: Report): void {
  const [folder, others] = layerOf(source.path);
  if (!isWithin(to, [folder, ...others])) return report(start, `${folder} may not import ${to}`);
  if (folder !== 'src/domain/' || !to.startsWith(folder)) return;
  const [from, below] = [domainFolder(source.path), domainFolder(to)];
  if (DOMAIN_ORDER.indexOf(below) > DOMAIN_ORDER.indexOf(from)) {
    report(start, `src/domain/${from}/ comes before src/domain/${below}/ and may not import it`);
  }
  for (const one of new Set([from, below])) {
    if (!DOMAIN_ORDER.includes(one)) report(start, `${one} has no place among the domain folders`);
  }
}

function layerOf(path: string): (typeof LAYERS)[number] {
  const known = LAYERS.filter(([folder]) => isWithin(path, [folder]));
  return known.toSorted((a, b) => b[0].length - a[0].length)[0] ?? ['(no layer)', []];
}

function domainFolder(path: string): string {
  return path.split('/')[2] ?? '';
}

/** Who imports whom, for the rules that need the whole tree. Edges by path from the root. */
export interface Tree {
  readonly edges: ReadonlyMap<string, readonly Edge[]>;
}

interface Edge {
  readonly to: string;
  readonly line: number;
}

export function treeOf(sources: readonly Source[]): Tree {
  return {
    edges: new Map(
      sources.map((source) => [
        source.path,
        source.imports
          .filter(({ name }) => name.startsWith('.'))
          .map(({ name, start }) => ({ to: target(source, name), line: source.lineOf(start) })),
      ]),
    ),
  };
}

/** One fault for each import that closes a circle. */
export function cycles(tree: Tree): readonly Fault[] {
  const faults: Fault[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string) => {
    path.push(file);
    for (const { to, line } of tree.edges.get(file) ?? []) {
      const at = path.indexOf(to);
      const circle = [...path.slice(at), to].join(' -> ');
      if (at !== -1) faults.push({ path: file, line, what: `cycle ${circle}` });
      else if (!done.has(to)) visit(to);
    }
    path.pop();
    done.add(file);
  };
  for (const file of tree.edges.keys()) if (!done.has(file)) visit(file);
  return faults;
}

/** Relative imports that lead nowhere: a wrong extension, a file that is gone. */
export function missing(tree: Tree): readonly Fault[] {
  return [...tree.edges].flatMap(([path, edges]) =>
    edges
      .filter(({ to }) => /^(?:src|test|bench)\//.test(to) && !tree.edges.has(to))
      .map(({ to, line }) => ({ path, line, what: `imports ${to}, which is not there` })),
  );
}

/** A room is settled when this share of its files runs: from then on every file has to. */
const SETTLED_RATIO = 0.8;

/** Files of `src` that no run reaches, except in rooms that still await their tenants. */
export function unreached(tree: Tree, awaiting: readonly string[] = AWAITING): readonly Fault[] {
  const files = [...tree.edges.keys()].filter((file) => file.startsWith('src/'));
  const running = reach(tree, ENTRIES);
  const orphans = files
    .filter((file) => !running.has(file) && !isWithin(file, awaiting))
    .map((path) => ({ path, line: 1, what: 'nobody imports this file' }));
  const settled = awaiting
    .filter((room) => {
      const tenants = files.filter((file) => isWithin(file, [room]));
      const reached = tenants.filter((file) => running.has(file)).length;
      return tenants.length > 0 && reached >= tenants.length * SETTLED_RATIO;
    })
    .map((room) => ({ path: 'test/tidy/tables.ts', line: 1, what: `${room} awaits nobody` }));
  return [...orphans, ...settled];
}

function reach(tree: Tree, from: readonly string[]): ReadonlySet<string> {
  const seen = new Set(from);
  for (const file of seen) for (const { to } of tree.edges.get(file) ?? []) seen.add(to);
  return seen;
}
