import { dirname, posix } from 'node:path';
import { type Comment, type Node, parseSync, visitorKeys } from 'oxc-parser';

type TypeOf<N> = N extends { readonly type: infer T } ? T : never;
export type NodeType = Extract<TypeOf<Node>, string>;
/** The members of the parser's union that may carry this type. */
type NodeOf<T, N = Node> = N extends { readonly type: infer K } ? (T extends K ? N : never) : never;

export interface Visited<N = Node> {
  readonly node: N;
  readonly parent: Node | undefined;
  /** The field of the parent that holds the node. */
  readonly key: string;
}

export interface Located {
  readonly name: string;
  readonly start: number;
}

/** One parsed file: walked once, then read by every rule. */
export interface Source {
  /** From the root of the repository, with `/`: `src/core/money.ts`. */
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
  readonly comments: readonly Comment[];
  readonly syntaxErrors: readonly string[];
  /** Every module named: static, dynamic, re-exported, or in a type. */
  readonly imports: readonly Located[];
  /** Names that are used, not declared and not a property: `Date` in `new Date()`. */
  readonly references: readonly Located[];
  readonly declared: readonly Located[];
  lineOf(offset: number): number;
  of<T extends NodeType>(type: T): readonly Visited<NodeOf<T>>[];
}

export type Report = (start: number, what: string) => void;
/** A rule looks at one file and reports what is wrong with it. */
export type Rule = (source: Source, report: Report) => void;

export interface Fault {
  readonly path: string;
  readonly line: number;
  readonly what: string;
}

export function parseSource(path: string, text: string): Source {
  const { program, comments, errors } = parseSync(path, text);
  const found = new Map<string, Visited[]>();
  const imports: Located[] = [];
  const references: Located[] = [];
  const declared: Located[] = [];
  walk(program, (visited) => {
    const { node } = visited;
    if (node.type === 'Identifier') {
      const located = { name: node.name, start: node.start };
      if (isDeclaration(visited)) declared.push(located);
      else if (!isLabel(visited)) references.push(located);
    } else {
      const name = moduleNamed(node);
      if (name !== undefined) imports.push({ name, start: node.start });
      if (isMember(node) && node.key.type === 'Identifier') {
        declared.push({ name: node.key.name, start: node.key.start });
      }
    }
    const same = found.get(node.type);
    if (same === undefined) found.set(node.type, [visited]);
    else same.push(visited);
  });
  const lines = text.split('\n');
  return {
    path,
    text,
    lines: lines.at(-1) === '' ? lines.slice(0, -1) : lines,
    comments,
    syntaxErrors: errors.map((error) => error.message),
    imports,
    references,
    declared,
    lineOf: lineIndex(text),
    of: (type) => (found.get(type) ?? []).filter((visited) => hasType(visited, type)),
  };
}

export function inspect(source: Source, rules: readonly Rule[]): readonly Fault[] {
  const faults: Fault[] = source.syntaxErrors.map((what) => ({ path: source.path, line: 1, what }));
  const report: Report = (start, what) =>
    faults.push({ path: source.path, line: source.lineOf(start), what });
  for (const rule of rules) rule(source, report);
  return faults;
}

/** Where a relative import leads, from the root of the repository. */
export function target(source: Source, specifier: string): string {
  return posix.join(dirname(source.path), specifier);
}

export function isWithin(path: string, homes: readonly string[]): boolean {
  return homes.some((home) => (home.endsWith('/') ? path.startsWith(home) : path === home));
}

function walk(root: Node, visit: (visited: Visited) => void): void {
  const step = (node: Node, parent: Node | undefined, key: string) => {
    visit({ node, parent, key });
    for (const name of visitorKeys[node.type] ?? []) {
      const child: unknown = Reflect.get(node, name);
      for (const one of Array.isArray(child) ? child : [child]) {
        if (isNode(one)) step(one, node, name);
      }
    }
  };
  step(root, undefined, '');
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}

function hasType<T extends NodeType>(visited: Visited, type: T): visited is Visited<NodeOf<T>> {
  return visited.node.type === type;
}

function moduleNamed(node: Node): string | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
    case 'TSImportType':
      return node.source?.value;
    case 'ImportExpression':
      return node.source.type === 'Literal' && typeof node.source.value === 'string'
        ? node.source.value
        : '(computed)';
    default:
      return undefined;
  }
}

const MEMBERS = [
  'PropertyDefinition',
  'TSAbstractPropertyDefinition',
  'MethodDefinition',
  'TSPropertySignature',
  'TSMethodSignature',
] as const;

type Member = NodeOf<(typeof MEMBERS)[number]>;

function isMember(node: Node): node is Member {
  return MEMBERS.some((type) => type === node.type);
}

/** The places where an identifier is a new name: `parent.field`. */
const DECLARING = new Set([
  'VariableDeclarator.id',
  'FunctionDeclaration.id',
  'FunctionExpression.id',
  'FunctionDeclaration.params',
  'FunctionExpression.params',
  'ArrowFunctionExpression.params',
  'TSDeclareFunction.id',
  'TSDeclareFunction.params',
  'TSFunctionType.params',
  'TSMethodSignature.params',
  'TSCallSignatureDeclaration.params',
  'TSIndexSignature.parameters',
  'ClassDeclaration.id',
  'ClassExpression.id',
  'TSTypeAliasDeclaration.id',
  'TSInterfaceDeclaration.id',
  'TSEnumDeclaration.id',
  'TSModuleDeclaration.id',
  'TSTypeParameter.name',
  'TSMappedType.key',
  'CatchClause.param',
  'RestElement.argument',
  'ArrayPattern.elements',
  'ImportSpecifier.local',
  'ImportDefaultSpecifier.local',
  'ImportNamespaceSpecifier.local',
]);

function isDeclaration({ parent, key }: Visited): boolean {
  if (parent === undefined) return false;
  if (parent.type === 'AssignmentPattern') return key === 'left';
  return DECLARING.has(`${parent.type}.${key}`);
}

/** Identifiers that only name a part of something else: `a.Date`, or `Date` as a label. */
const LABELS = new Set([
  'ImportSpecifier.imported',
  'ExportSpecifier.exported',
  'TSQualifiedName.right',
  'LabeledStatement.label',
  'BreakStatement.label',
  'ContinueStatement.label',
  'MetaProperty.meta',
  'MetaProperty.property',
  'TSImportType.qualifier',
  'TSEnumMember.id',
  'TSNamedTupleMember.label',
]);

function isLabel({ parent, key }: Visited): boolean {
  if (parent === undefined) return false;
  if (LABELS.has(`${parent.type}.${key}`)) return true;
  if (key !== 'property' && key !== 'key') return false;
  return 'computed' in parent && !parent.computed;
}

function lineIndex(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    for (let high = starts.length; high - low > 1;) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}
