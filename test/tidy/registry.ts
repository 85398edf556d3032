import type { Node } from 'oxc-parser';
import type { Tree } from './imports.ts';
import type { Fault, Located, Source } from './source.ts';

/**
 * STYLE 56: things that are listed in one table. `uses` finds them in a file of `src`; the table is
 * the object literal of that name. A use that is not listed is a fault, and so is a row that nobody
 * uses, except those that await their first user. A table that is not there yet is not checked.
 */
export interface Registry {
  readonly what: string;
  readonly table: string;
  readonly constant: string;
  /** A table that the one above spreads, where it has grown too long for one file. */
  readonly more?: { readonly table: string; readonly constant: string };
  readonly awaiting: readonly string[];
  uses(source: Source): readonly Located[];
}

export const REGISTRIES: readonly Registry[] = [
  {
    what: 'error code',
    table: 'src/ports/error-codes.ts',
    constant: 'ERROR_CODES',
    more: { table: 'src/ports/model-error-codes.ts', constant: 'MODEL_ERROR_CODES' },
    awaiting: [],
    uses: errorCodes,
  },
  {
    what: 'log event',
    table: 'src/cli/log-events.ts',
    constant: 'LOG_EVENTS',
    // Each line goes when the composition writes the event; tidy asks for it.
    awaiting: [],
    uses: (source) => firstArguments(source, 'event'),
  },
  {
    what: 'actor',
    table: 'src/actors/kernel/actor-table.ts',
    constant: 'ACTORS',
    awaiting: [],
    uses: actorNames,
  },
];

export function registryFaults(
  sources: readonly Source[],
  registries: readonly Registry[] = REGISTRIES,
): readonly Fault[] {
  return registries.flatMap((registry) => {
    const { what, constant } = registry;
    const rows = rowsOf(sources, registry);
    if (rows === undefined) return [];
    const tables = new Set(rows.map(({ source }) => source));
    const used = sources
      .filter((source) => source.path.startsWith('src/') && !tables.has(source))
      .flatMap((source) =>
        registry.uses(source).map(({ name, start }) => ({ source, name, start })),
      );
    const listed = new Set(rows.map(({ name }) => name));
    const names = new Set(used.map(({ name }) => name));
    const unlisted = used
      .filter(({ name }) => !listed.has(name))
      .map((use) => fault(use.source, use.start, `${what} ${use.name} is not in ${constant}`));
    const unused = rows
      .filter(({ name }) => names.has(name) === registry.awaiting.includes(name))
      .map(({ source, name, start }) =>
        fault(
          source,
          start,
          `${what} ${name} ${names.has(name) ? 'awaits nobody' : 'has no user'}`,
        ),
      );
    return [...unlisted, ...unused];
  });
}

type Row = Located & { readonly source: Source };

/** Undefined where the table is not there yet. */
function rowsOf(
  sources: readonly Source[],
  { table, constant, more }: Registry,
): readonly Row[] | undefined {
  const rows = [{ table, constant }, ...(more === undefined ? [] : [more])].map((part) => {
    const source = sources.find(({ path }) => path === part.table);
    const keys = source === undefined ? undefined : keysOf(source, part.constant);
    return source === undefined ? undefined : keys?.map((key) => ({ ...key, source }));
  });
  return rows[0] === undefined ? undefined : rows.flatMap((part) => part ?? []);
}

/**
 * STYLE 52: a class that implements a port is imported by a test that runs a contract suite. What
 * the runtime implements, it offers to services: there is one of it, and no other to agree with.
 */
export function contractFaults(sources: readonly Source[], tree: Tree): readonly Fault[] {
  const ports = new Set(
    sources
      .filter((source) => source.path.startsWith('src/ports/'))
      .flatMap((source) => source.of('TSInterfaceDeclaration').map(({ node }) => node.id.name)),
  );
  const proven = new Set(
    [...tree.edges]
      .filter(([path, edges]) => [path, ...edges.map(({ to }) => to)].some(isContract))
      .flatMap(([, edges]) => edges.map(({ to }) => to)),
  );
  return sources
    .filter(({ path }) => path.startsWith('src/') && !path.startsWith('src/actors/runtime/'))
    .filter(({ path }) => !proven.has(path))
    .flatMap((source) =>
      source.of('ClassDeclaration').flatMap(({ node }) =>
        (node.implements ?? [])
          .map(({ expression }) => (expression.type === 'Identifier' ? expression.name : ''))
          .filter((name) => ports.has(name))
          .map((name) => fault(source, node.start, `${name} without a suite in test/contract`)),
      ),
    );
}

function isContract(path: string): boolean {
  return path.startsWith('test/contract/');
}

/** The codes of every class that extends Error; one without a code is reported as `(none)`. */
export function errorCodes(source: Source): readonly Located[] {
  const aliases = new Map(
    source.of('TSTypeAliasDeclaration').map(({ node }) => [node.id.name, node.typeAnnotation]),
  );
  return source.of('ClassDeclaration').flatMap(({ node }) => {
    if (node.superClass?.type !== 'Identifier' || node.superClass.name !== 'Error') return [];
    const codes = node.body.body.flatMap((member) => {
      if (member.type !== 'PropertyDefinition' || keyName(member.key) !== 'code') return [];
      const { typeAnnotation, value } = member;
      return literals(typeAnnotation?.typeAnnotation ?? value ?? undefined, aliases);
    });
    return codes.length > 0 ? codes : [{ name: `(none: ${node.id?.name})`, start: node.start }];
  });
}

/** The texts a type or a value spells out, through an alias of the same file. */
function literals(node: Node | undefined, aliases: ReadonlyMap<string, Node>): readonly Located[] {
  if (node?.type === 'TSUnionType') return node.types.flatMap((one) => literals(one, aliases));
  if (node?.type === 'TSLiteralType') return literals(node.literal, aliases);
  if (node?.type === 'Literal') return [{ name: String(node.value), start: node.start }];
  if (node?.type === 'TSTypeReference' && node.typeName.type === 'Identifier') {
    return literals(aliases.get(node.typeName.name), new Map());
  }
  return [];
}

/** The texts handed to `something.method('text', ...)`. */
function firstArguments(source: Source, method: string): readonly Located[] {
  return source.of('CallExpression').flatMap(({ node }) => {
    const { callee } = node;
    if (callee.type !== 'MemberExpression' || keyName(callee.property) !== method) return [];
    return literals(node.arguments[0], new Map());
  });
}

function actorNames(source: Source): readonly Located[] {
  return source.of('CallExpression').flatMap(({ node }) => {
    const { callee } = node;
    if (callee.type !== 'Identifier' || !/^define(?:Actor|Family)$/.test(callee.name)) return [];
    const definition = node.arguments[0];
    if (definition?.type !== 'ObjectExpression') return [];
    return definition.properties.flatMap((property) =>
      property.type === 'Property' && keyName(property.key) === 'name'
        ? literals(property.value, new Map())
        : [],
    );
  });
}

/** The keys of `const NAME = { ... }`, whatever it is wrapped in. */
function keysOf(source: Source, constant: string): readonly Located[] | undefined {
  for (const { node } of source.of('VariableDeclarator')) {
    if (node.id.type !== 'Identifier' || node.id.name !== constant) continue;
    const table = unwrap(node.init ?? undefined);
    if (table?.type !== 'ObjectExpression') continue;
    return table.properties.flatMap((property) =>
      property.type === 'Property'
        ? [{ name: keyName(property.key) ?? '(computed)', start: property.start }]
        : [],
    );
  }
  return undefined;
}

function unwrap(node: Node | undefined): Node | undefined {
  if (node?.type === 'TSAsExpression' || node?.type === 'TSSatisfiesExpression') {
    return unwrap(node.expression);
  }
  return node;
}

function keyName(node: Node): string | undefined {
  if (node.type === 'Identifier' || node.type === 'PrivateIdentifier') return node.name;
  return node.type === 'Literal' ? String(node.value) : undefined;
}

function fault(source: Source, start: number, what: string): Fault {
  return { path: source.path, line: source.lineOf(start), what };
}
