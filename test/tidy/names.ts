import type { Rule } from './source.ts';

const BANNED_WORDS = new Set(['manager', 'managers', 'helper', 'helpers', 'util', 'utils']);
const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+)+$/;
const QUEUE = /(?:Queue|Ring|Mailbox|Inbox|Outbox|Ingress|Spool|Backlog)$/;
const LIMIT = /[a-z]Max\b|_MAX\b|[cC]apacity\b/;

/** STYLE 24 and 28: names say what a thing is, and a file is named for the thing inside. */
export const names: Rule = (source, report) => {
  for (const part of source.path.split('/')) {
    const isFile = source.path.endsWith(part);
    if (!KEBAB.test(isFile ? part : `${part}.x`)) report(0, `${part} is not kebab-case`);
    if (part.split(/[-.]/).some((word) => BANNED_WORDS.has(word))) report(0, `name ${part}`);
  }
  for (const { name, start } of source.declared) {
    if (words(name).some((word) => BANNED_WORDS.has(word))) report(start, `name ${name}`);
  }
  const types = [
    ...source.of('ClassDeclaration'),
    ...source.of('TSInterfaceDeclaration'),
    ...source.of('TSTypeAliasDeclaration'),
  ];
  for (const { node } of types) {
    if (node.id?.name.endsWith('Service') === true) report(node.start, `name ${node.id.name}`);
  }
};

/** STYLE 5: what can grow has a limit, and the class that can grow names it. */
export const queues: Rule = (source, report) => {
  if (!source.path.startsWith('src/')) return;
  for (const { node } of source.of('ClassDeclaration')) {
    if (node.id === null || !QUEUE.test(node.id.name)) continue;
    if (!LIMIT.test(source.text.slice(node.start, node.end))) {
      report(node.start, `${node.id.name} has no limit named xMax`);
    }
  }
};

function words(name: string): readonly string[] {
  return (name.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? []).map((word) => word.toLowerCase());
}
