import { StoreError } from '../../ports/store-error.ts';

/**
 * A person's question as a part of one of ours: only what yields rows can stand in its place. The
 * server's own pages that call themselves read-only rename tables when they are asked to.
 */
export function readOnlySql(text: string): string {
  const question = text.trim().replace(/;$/, '');
  if (question === '') throw new StoreError('STORE_REFUSED', 'the question is empty');
  const explained = /^EXPLAIN\s+(?=\S)/i.exec(question);
  if (explained === null) return inside(question);
  return `EXPLAIN ${inside(question.slice(explained[0].length))}`;
}

/** The end stands on a line of its own, past any comment. */
function inside(question: string): string {
  return `SELECT * FROM (\n${question}\n)`;
}
