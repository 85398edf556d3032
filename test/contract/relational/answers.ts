import type { Decided } from '../../../src/ports/relational/decided.ts';

/** What was done; throws where it was refused. */
export function value<T>(decided: Decided<T>): T {
  if (decided.kind === 'done') return decided.value;
  throw new Error(`refused: ${decided.code} ${decided.reason}`);
}

/** The code of a refusal, or `done`. */
export function refusal(decided: Decided<unknown>): string {
  return decided.kind === 'done' ? 'done' : decided.code;
}
