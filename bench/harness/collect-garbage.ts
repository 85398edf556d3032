import { present } from '../../src/core/assert.ts';

/** Runs started with `--expose-gc` only. Twice, for what the first one freed late. */
export function collectGarbage(): void {
  const collect = present(globalThis.gc, 'node --expose-gc');
  void collect();
  void collect();
}

/** Bytes reachable from JavaScript, typed arrays included. */
export function retainedBytes(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
