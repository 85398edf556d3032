import type { Node } from 'oxc-parser';
import type { Report, Rule, Source } from './source.ts';
import { isWithin } from './source.ts';
import {
  CLOCK_HOMES,
  DETERMINISTIC,
  FENCED_GLOBALS,
  MATH_ALLOWED,
  UNSTABLE_GLOBALS,
  UNSTABLE_METHODS,
} from './tables.ts';

/** Time, chance, the environment and the network reach decisions as inputs, never by name. */
export const clocks: Rule = (source, report) => {
  if (!source.path.startsWith('src/') || isWithin(source.path, CLOCK_HOMES)) return;
  reportGlobals(source, report, FENCED_GLOBALS);
  for (const { node } of source.of('MemberExpression')) {
    if (isNamed(node.object, 'Math') && memberName(node) === 'random') {
      report(node.start, 'Math.random');
    }
  }
};

/** ARCHITECTURE §4: what may differ between two machines, or two versions of Node. */
export const determinism: Rule = (source, report) => {
  if (!isWithin(source.path, DETERMINISTIC)) return;
  reportGlobals(source, report, UNSTABLE_GLOBALS);
  arithmetic(source, report);
  for (const { node } of source.of('MemberExpression')) {
    const name = memberName(node);
    if (name !== undefined && UNSTABLE_METHODS.test(name)) report(node.start, name);
  }
  for (const { node } of source.of('AwaitExpression')) report(node.start, 'await');
  for (const { node } of source.of('ForOfStatement')) if (node.await) report(node.start, 'await');
  const functions = [
    ...source.of('FunctionDeclaration'),
    ...source.of('FunctionExpression'),
    ...source.of('ArrowFunctionExpression'),
  ];
  for (const { node } of functions) if (node.async) report(node.start, 'async function');
};

function arithmetic(source: Source, report: Report): void {
  for (const { node } of source.of('BinaryExpression')) {
    if (node.operator === '**') report(node.start, '**');
  }
  for (const { node } of source.of('AssignmentExpression')) {
    if (node.operator === '**=') report(node.start, '**=');
  }
  const calls = new Set<number>();
  for (const { node } of source.of('MemberExpression')) {
    if (!isNamed(node.object, 'Math')) continue;
    calls.add(node.object.start);
    const name = memberName(node) ?? '(computed)';
    if (!MATH_ALLOWED.has(name)) report(node.start, `Math.${name}`);
  }
  for (const { name, start } of source.references) {
    if (name === 'Math' && !calls.has(start)) report(start, 'Math handed on as a value');
  }
}

/** A name that the file declares itself is not the global of that name. */
function reportGlobals(source: Source, report: Report, names: readonly string[]): void {
  const own = new Set(source.declared.map(({ name }) => name));
  for (const { name, start } of source.references) {
    if (names.includes(name) && !own.has(name)) report(start, `${name} is fenced`);
  }
}

function isNamed(node: Node, name: string): boolean {
  return node.type === 'Identifier' && node.name === name;
}

function memberName(node: Extract<Node, { type: 'MemberExpression' }>): string | undefined {
  const { property } = node;
  if (property.type === 'Literal') return String(property.value);
  if (property.type === 'Identifier' && !node.computed) return property.name;
  return undefined;
}
