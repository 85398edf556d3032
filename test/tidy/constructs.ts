import type { Node } from 'oxc-parser';
import type { NodeType, Report, Rule, Source } from './source.ts';
import { isWithin } from './source.ts';
import { BRAND_OWNERS, DEFAULT_EXPORTS, NULL_HOMES } from './tables.ts';

const BANNED: readonly (readonly [NodeType, string])[] = [
  ['TSAnyKeyword', 'any'],
  ['TSNonNullExpression', 'non-null !'],
  ['TSEnumDeclaration', 'enum'],
  ['TSModuleDeclaration', 'namespace'],
  ['TSParameterProperty', 'parameter property'],
  ['Decorator', 'decorator'],
  ['TSExportAssignment', 'export ='],
  ['ExportAllDeclaration', 'barrel: export * from another file'],
];

/** STYLE 36, 37, 39, 40: what the language offers and this house does not use. */
export const constructs: Rule = (source, report) => {
  for (const [type, what] of BANNED) {
    for (const { node } of source.of(type)) report(node.start, what);
  }
  if (!isWithin(source.path, DEFAULT_EXPORTS)) {
    for (const { node } of source.of('ExportDefaultDeclaration'))
      report(node.start, 'default export');
  }
  for (const { node } of source.of('ExportNamedDeclaration')) {
    if (node.source !== null) report(node.start, `barrel: export from '${node.source.value}'`);
  }
  for (const { value, start } of source.comments) {
    if (/@ts-(?:ignore|nocheck)\b/.test(value))
      report(start, 'a comment that silences the compiler');
  }
  casts(source, report);
  parents(source, report);
  nulls(source, report);
};

function casts(source: Source, report: Report): void {
  if (isWithin(source.path, BRAND_OWNERS)) return;
  for (const { node } of source.of('TSTypeAssertion')) report(node.start, '<Type> cast');
  for (const { node } of source.of('TSAsExpression')) {
    if (!isConst(node.typeAnnotation)) report(node.start, 'as outside the file that owns a brand');
  }
}

function isConst(type: Node): boolean {
  return (
    type.type === 'TSTypeReference' &&
    type.typeName.type === 'Identifier' &&
    type.typeName.name === 'const'
  );
}

function parents(source: Source, report: Report): void {
  const classes = [...source.of('ClassDeclaration'), ...source.of('ClassExpression')];
  for (const { node } of classes) {
    const above = node.superClass;
    if (above === null || (above.type === 'Identifier' && above.name === 'Error')) continue;
    report(node.start, 'a class extends something other than Error');
  }
}

/** To compare with null is to read what the language or a wire gave; to make one needs a reason. */
function nulls(source: Source, report: Report): void {
  if (!source.path.startsWith('src/') || isWithin(source.path, NULL_HOMES)) return;
  for (const { node } of source.of('TSNullKeyword')) report(node.start, 'null in a type');
  for (const { node, parent } of source.of('Literal')) {
    if (node.raw !== 'null') continue;
    const isCompared = parent?.type === 'BinaryExpression' && /^[!=]==$/.test(parent.operator);
    if (!isCompared) report(node.start, 'null outside a wire format');
  }
}
