import { rootName } from './limits.ts';
import type { Rule } from './source.ts';

const TEST_NAMES = new Set(['it', 'test', 'describe']);
const STOPPED = new Set(['only', 'skip', 'todo']);

/** STYLE 50: a test says what the thing does; none is left out in silence, none runs alone. */
export const testWords: Rule = (source, report) => {
  if (!source.path.startsWith('test/')) return;
  for (const { node } of source.of('CallExpression')) {
    const name = rootName(node.callee);
    if (name !== 'it' && name !== 'test') continue;
    const title = node.arguments[0];
    if (title === undefined) continue;
    const text = source.text.slice(title.start + 1, title.start + 7).toLowerCase();
    const isText = title.type === 'Literal' || title.type === 'TemplateLiteral';
    if (isText && text === 'should') report(node.start, 'a test that says should');
  }
  for (const { node } of source.of('MemberExpression')) {
    const { object, property } = node;
    if (property.type !== 'Identifier' || !STOPPED.has(property.name)) continue;
    const name = rootName(object);
    if (name !== undefined && TEST_NAMES.has(name)) {
      report(node.start, `${name}.${property.name}: say at run time why, with ctx.skip`);
    }
  }
};

/** STYLE 58: what is still to do is an issue with a number, or it is done now. */
export const unfinished: Rule = (source, report) => {
  for (const { value, start } of source.comments) {
    if (/\b(?:TODO|FIXME|XXX|HACK)\b/.test(value) && !/#\d+/.test(value)) {
      report(start, 'unfinished work without the number of an issue');
    }
  }
};

/** A document has one title. `text` is Markdown; fenced code is not prose. */
export function titlesOf(text: string): number {
  const prose = text.replaceAll(/^(?<fence>`{3,}|~{3,})[^\n]*\n[\s\S]*?^\k<fence>/gm, '');
  return (
    (prose.match(/^#[ \t]+\S/gm) ?? []).length + (prose.match(/^\S.*\n=+[ \t]*$/gm) ?? []).length
  );
}
