// Preloaded into an engine: while the file that STRATA_BUSY_FILE names is there, something else
// takes nearly all of its event loop, in slices as long as the engine's own.
import { existsSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const BUSY_MS = 8;
const path = process.env.STRATA_BUSY_FILE ?? '';

if (isMainThread && path !== '') {
  setInterval(() => {
    if (!existsSync(path)) return;
    const end = performance.now() + BUSY_MS;
    while (performance.now() < end);
  }, 1).unref();
}
