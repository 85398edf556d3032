import { describe, expect, it } from 'vitest';
import { cycles, missing, treeOf, unreached } from './imports.ts';
import { contractFaults, REGISTRIES, registryFaults } from './registry.ts';
import { RULES } from './rules.ts';
import { inspect, parseSource } from './source.ts';
import { titlesOf } from './test-words.ts';

/** Every rule can fail: what it is for is reported, and its closest honest neighbour is not. */
function faultsIn(path: string, text: string): readonly string[] {
  return inspect(parseSource(path, text), RULES).map(({ line, what }) => `${line} ${what}`);
}

const long = (lines: number) => 'f();\n'.repeat(lines);

/** The fault is given by its beginning, with the line. */
const GUILTY: readonly (readonly [path: string, text: string, fault: string])[] = [
  ['src/cli/a.ts', `f('${'x'.repeat(97)}');`, '1 line has 103 columns'],
  ['src/cli/a.ts', long(401), '1 file has 401 lines'],
  ['src/cli/a.ts', `\nfunction g() {\n${long(69)}}`, '2 function has 71 lines'],
  ['test/a.test.ts', `it('x', () => {\n${long(69)}});`, '1 function has 71 lines'],
  ['test/a.ts', `function g() {\n  describe('x', f);\n${long(80)}}`, '1 function has 83 lines'],
  ['src/cli/a.ts', 'let a: any;', '1 any'],
  ['src/cli/a.ts', 'f(a!);', '1 non-null !'],
  ['src/cli/a.ts', 'enum A { B }', '1 enum'],
  ['src/cli/a.ts', 'namespace A { f(); }', '1 namespace'],
  ['src/cli/a.ts', 'class A { constructor(readonly b: number) {} }', '1 parameter property'],
  ['src/cli/a.ts', '@f class A {}', '1 decorator'],
  ['src/cli/a.ts', 'export default 1;', '1 default export'],
  ['src/cli/a.ts', 'f(a as string);', '1 as outside the file that owns a brand'],
  ['src/cli/a.ts', 'f(<string>a);', '1 <Type> cast'],
  ['src/cli/a.ts', "export * from './b.ts';", '1 barrel: export * from another file'],
  ['src/cli/a.ts', "export { b } from './b.ts';", "1 barrel: export from './b.ts'"],
  ['src/cli/a.ts', '// @ts-ignore\nf();', '1 a comment that silences the compiler'],
  ['src/cli/a.ts', 'class A extends B {}', '1 a class extends something other than Error'],
  ['src/cli/a.ts', 'f(null);', '1 null outside a wire format'],
  ['src/cli/a.ts', 'let a: string | null;', '1 null in a type'],
  ['src/core/a.ts', 'f(Date.now());', '1 Date is fenced'],
  ['src/ports/a.ts', 'let a: Date;', '1 Date is fenced'],
  ['src/domain/risk/a.ts', 'setTimeout(f, 1);', '1 setTimeout is fenced'],
  ['src/actors/kernel/a.ts', 'f(process.env);', '1 process is fenced'],
  ['src/core/a.ts', 'f({ Date });', '1 Date is fenced'],
  ['src/core/a.ts', 'f(globalThis);', '1 globalThis is fenced'],
  ['src/models/a.ts', 'f(Math.random());', '1 Math.random'],
  ['src/core/a.ts', 'f(Math.pow(a, b));', '1 Math.pow'],
  ['src/core/a.ts', "f(Math['exp'](a));", '1 Math.exp'],
  ['src/core/a.ts', 'const { exp } = Math;', '1 Math handed on as a value'],
  ['src/core/a.ts', 'f(a ** 2);', '1 **'],
  ['src/core/a.ts', 'a **= 2;', '1 **='],
  ['src/core/a.ts', 'f(a.localeCompare(b));', '1 localeCompare'],
  ['src/core/a.ts', 'f(a.toLocaleUpperCase());', '1 toLocaleUpperCase'],
  ['src/core/a.ts', 'f(a.toFixed(2));', '1 toFixed'],
  ['src/core/a.ts', 'f(Intl);', '1 Intl is fenced'],
  ['src/core/a.ts', 'let a: Promise<void>;', '1 Promise is fenced'],
  ['src/actors/runtime/a.ts', 'async function g() {}', '1 async function'],
  ['src/actors/runtime/a.ts', 'await g();', '1 await'],
  ['src/cli/a.ts', "import 'left-pad';", '1 left-pad has no home in test/tidy/tables.ts'],
  ['src/core/a.ts', "import 'node:fs';", '1 node:fs is fenced to src/'],
  ['src/core/a.ts', "let a: import('node:zlib').Gzip;", '1 node:zlib is fenced to src/'],
  ['src/store/a.ts', "await import('nact');", '1 nact is fenced to src/'],
  ['src/cli/a.ts', 'await import(name);', '1 (computed) has no home in test/tidy/tables.ts'],
  ['src/core/a.ts', "import '../ports/b.ts';", '1 src/core/ may not import src/ports/b.ts'],
  ['src/venue/a.ts', "import '../store/b.ts';", '1 src/venue/ may not import src/store/b.ts'],
  ['src/cli/a.ts', "import '../../test/b.ts';", '1 src/cli/ may not import test/b.ts'],
  ['src/domain/market/a.ts', "import '../risk/b.ts';", '1 src/domain/market/ comes before src'],
  ['src/domain/luck/a.ts', "import './b.ts';", '1 luck has no place among'],
  ['src/cli/OrderBook.ts', 'f();', '1 OrderBook.ts is not kebab-case'],
  ['src/cli/order-utils.ts', 'f();', '1 name order-utils.ts'],
  ['src/cli/a.ts', 'class OrderManager {}', '1 name OrderManager'],
  ['src/cli/a.ts', 'const parseHelper = 1;', '1 name parseHelper'],
  ['src/cli/a.ts', 'interface OrderService {}', '1 name OrderService'],
  ['src/cli/a.ts', 'class OrderQueue { rows = []; }', '1 OrderQueue has no limit named xMax'],
  ['test/a.test.ts', "it('should work', f);", '1 a test that says should'],
  ['test/a.test.ts', 'it.each(rows)(`should work`, f);', '1 a test that says should'],
  ...['it.only', 'describe.skip'].map(
    (call) =>
      [
        'test/a.test.ts',
        `${call}('x', f);`,
        `1 ${call}: say at run time why, with ctx.skip`,
      ] as const,
  ),
  ['src/cli/a.ts', '// TODO later\nf();', '1 unfinished work without the number of an issue'],
  ['src/cli/a.ts', 'f(;', '1 '],
];

const INNOCENT: readonly (readonly [path: string, text: string])[] = [
  ['test/contract/a.ts', `function aContract() {\n  describe('x', () => {\n${long(90)}});\n}`],
  ['src/cli/a.ts', `f('${'x'.repeat(94)}');`],
  ['src/cli/a.ts', long(400)],
  ['test/a.test.ts', `describe('x', () => {\n${long(90)}});`],
  ['src/cli/a.ts', "const rows = ['a'] as const;"],
  ['src/core/money.ts', 'f(1 as Price);'],
  ['test/closing-line.ts', 'export default 1;'],
  ['src/cli/a.ts', 'class A extends Error {}'],
  ['src/cli/a.ts', 'if (a === null || null !== b) f();'],
  ['test/a.test.ts', 'f(null);'],
  ['src/cli/a.ts', 'f(Date.now(), Math.random(), process.env);'],
  ['src/core/a.ts', 'f(feed.Date, { Date: 1 });'],
  ['src/core/a.ts', 'function g(process: number) { f(process); }'],
  ['src/core/a.ts', 'f(Math.abs(a), Math.clz32(b), clock.process);'],
  ['src/ports/a.ts', 'let a: Promise<void>;'],
  ['src/cli/a.ts', 'async function g() { await f(a ** 2); }'],
  ['src/store/a.ts', "import { a } from 'node:fs';\nimport { b } from '../core/b.ts';"],
  ['src/domain/risk/a.ts', "import { b } from '../market/b.ts';"],
  ['src/domain/risk/a.ts', "import { b } from './b.ts';"],
  ['src/main.ts', "import { b } from './actors/kernel/b.ts';"],
  ['src/cli/a.ts', 'const utilization = 1;'],
  ['src/cli/a.ts', 'class OrderQueue { readonly ordersMax = 5; }'],
  ['test/a.test.ts', "it('shows shoulders', (ctx) => ctx.skip('no data'));"],
  ['test/a.test.ts', "it.skipIf(isAbsent)('reads it', f);"],
  ['src/cli/a.ts', '// TODO(#12) later\nf();'],
];

describe('tidy, file by file', () => {
  const guilty = GUILTY.map(([path, text, fault], row) => ({ row, path, text, fault }));
  const innocent = INNOCENT.map(([path, text], row) => ({ row, path, text }));

  it.each(guilty)('finds "$fault" in $path, row $row', ({ path, text, fault }) => {
    expect(faultsIn(path, text).filter((one) => one.startsWith(fault))).toHaveLength(1);
  });

  it.each(innocent)('finds nothing in $path, row $row', ({ path, text }) => {
    expect(faultsIn(path, text)).toEqual([]);
  });
});

describe('tidy, over the tree', () => {
  const tree = (files: Readonly<Record<string, string>>) =>
    Object.entries(files).map(([path, text]) => parseSource(path, text));
  const say = (faults: readonly { path: string; line: number; what: string }[]) =>
    faults.map(({ path, line, what }) => `${path}:${line} ${what}`);

  it('finds a circle of imports, types included, and names its members', () => {
    const sources = tree({
      'src/core/a.ts': "import { b } from './b.ts';",
      'src/core/b.ts': "\nimport type { c } from './c.ts';",
      'src/core/c.ts': "import { b } from './b.ts';",
    });

    expect(say(cycles(treeOf(sources)))).toEqual([
      'src/core/c.ts:1 cycle src/core/b.ts -> src/core/c.ts -> src/core/b.ts',
    ]);
  });

  it('finds no circle where two ways lead to one file', () => {
    const sources = tree({
      'src/core/a.ts': "import './b.ts';\nimport './c.ts';",
      'src/core/b.ts': "import './d.ts';",
      'src/core/c.ts': "import './d.ts';",
      'src/core/d.ts': 'f();',
    });

    expect(cycles(treeOf(sources))).toEqual([]);
  });

  it('finds an import of a file that is not there', () => {
    const sources = tree({ 'src/core/a.ts': "import './b.js';" });

    expect(say(missing(treeOf(sources)))).toEqual([
      'src/core/a.ts:1 imports src/core/b.js, which is not there',
    ]);
  });

  it('finds a file that no run reaches, though a test does', () => {
    const sources = tree({
      'src/main.ts': "import './cli/a.ts';",
      'src/cli/a.ts': 'f();',
      'src/cli/b.ts': 'f();',
      'test/b.test.ts': "import '../src/cli/b.ts';",
    });

    expect(say(unreached(treeOf(sources), []))).toEqual([
      'src/cli/b.ts:1 nobody imports this file',
    ]);
    expect(unreached(treeOf(sources), ['src/cli/'])).toEqual([]);
  });

  it('asks for the line of a room whose files run', () => {
    const sources = tree({ 'src/main.ts': "import './cli/a.ts';", 'src/cli/a.ts': 'f();' });

    expect(say(unreached(treeOf(sources), ['src/cli/']))).toEqual([
      'test/tidy/tables.ts:1 src/cli/ awaits nobody',
    ]);
  });

  it('finds an error code that is not listed, a row without a user, a class without a code', () => {
    const sources = tree({
      'src/ports/error-codes.ts': 'export const ERROR_CODES = {\nA: 1,\nB: 2,\nD: 3 } as const;',
      'src/cli/a.ts': "class AError extends Error { readonly code: 'A' | 'C' = 'A'; }",
      'src/cli/b.ts': "type Code = 'D';\nclass BError extends Error { readonly code: Code = f(); }",
      'src/cli/c.ts': 'class CError extends Error {}',
    });

    expect(say(registryFaults(sources))).toEqual([
      'src/cli/a.ts:1 error code C is not in ERROR_CODES',
      'src/cli/c.ts:1 error code (none: CError) is not in ERROR_CODES',
      'src/ports/error-codes.ts:3 error code B has no user',
    ]);
  });

  it('finds a log event nobody writes, and one that no longer awaits its writer', () => {
    const sources = tree({
      'src/cli/log-events.ts': 'export const LOG_EVENTS = { quiet: 1, halted: 2, logged: 3 };',
      'src/cli/a.ts': "log.event('halted', {});\nlog.event('logged', {});",
    });

    const awaiting = REGISTRIES.map((registry) => ({ ...registry, awaiting: ['halted'] }));

    expect(say(registryFaults(sources, awaiting))).toEqual([
      'src/cli/log-events.ts:1 log event quiet has no user',
      'src/cli/log-events.ts:1 log event halted awaits nobody',
    ]);
  });

  it('finds an actor that is not in the table', () => {
    const sources = tree({
      'src/actors/kernel/actor-table.ts': 'export const ACTORS = { risk: 1 };',
      'src/actors/kernel/risk.ts': "defineActor({ name: 'risk' });\ndefineFamily({ name: 'x' });",
    });

    expect(say(registryFaults(sources))).toEqual([
      'src/actors/kernel/risk.ts:2 actor x is not in ACTORS',
    ]);
  });

  it('finds an implementation of a port that no contract suite imports', () => {
    const files = {
      'src/ports/disk.ts': 'export interface Disk {}',
      'src/store/node-disk.ts': 'export class NodeDisk implements Disk {}',
    };
    const suite = {
      'test/unit/disk.test.ts':
        "import '../contract/disk.ts';\nimport '../../src/store/node-disk.ts';",
    };
    const [without, proven] = [tree(files), tree({ ...files, ...suite })];

    expect(say(contractFaults(without, treeOf(without)))).toEqual([
      'src/store/node-disk.ts:1 Disk without a suite in test/contract',
    ]);
    expect(contractFaults(proven, treeOf(proven))).toEqual([]);
  });

  it('counts the titles of a document, not the comments of its code', () => {
    expect(titlesOf('# One\n\n```sh\n# no title\n```\n\n## Section\n')).toBe(1);
    expect(titlesOf('# One\n\nTwo\n===\n')).toBe(2);
    expect(titlesOf('# One\n# Two\n')).toBe(2);
  });
});
