import type { Refusal } from './declaration.ts';

/** For two averages of which the first is to be the faster one. */
export function fastBelowSlow([fast = 0, slow = 0]: readonly number[]): Refusal | undefined {
  return fast < slow ? undefined : { field: 'fast', expected: 'fast below slow' };
}
