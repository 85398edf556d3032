import type { Node } from 'oxc-parser';
import type { Rule, Source, Visited } from './source.ts';

const LINE_COLUMNS_MAX = 100;
const FUNCTION_LINES_MAX = 70;
const FILE_LINES_MAX = 400;

/** STYLE 28, 29, 33. */
export const limits: Rule = (source, report) => {
  if (source.lines.length > FILE_LINES_MAX) report(0, `file has ${source.lines.length} lines`);
  let start = 0;
  for (const line of source.lines) {
    if (line.length > LINE_COLUMNS_MAX) report(start, `line has ${line.length} columns`);
    start += line.length + 1;
  }
  for (const visited of functions(source)) {
    const length = source.lineOf(visited.node.end) - source.lineOf(visited.node.start) + 1;
    if (length > FUNCTION_LINES_MAX && !isHeading(visited)) {
      report(visited.node.start, `function has ${length} lines`);
    }
  }
};

function functions(source: Source): readonly Visited[] {
  return [
    ...source.of('FunctionDeclaration'),
    ...source.of('FunctionExpression'),
    ...source.of('ArrowFunctionExpression'),
  ];
}

/** A describe block, or a function that is only one, is a heading over tests. */
function isHeading({ node, parent }: Visited): boolean {
  if (isDescribe(parent)) return true;
  if (!('body' in node) || !isBlock(node.body)) return false;
  const [only, ...more] = node.body.body;
  return more.length === 0 && only?.type === 'ExpressionStatement' && isDescribe(only.expression);
}

function isBlock(body: unknown): body is Extract<Node, { type: 'BlockStatement' }> {
  return (
    typeof body === 'object' && body !== null && Reflect.get(body, 'type') === 'BlockStatement'
  );
}

function isDescribe(node: Node | undefined): boolean {
  return node?.type === 'CallExpression' && rootName(node) === 'describe';
}

/** `describe` of `describe('x', ...)`, of `describe.each(rows)('x', ...)` and so on. */
export function rootName(node: Node): string | undefined {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'CallExpression') return rootName(node.callee);
  if (node.type === 'TaggedTemplateExpression') return rootName(node.tag);
  if (node.type === 'MemberExpression') return rootName(node.object);
  return undefined;
}
