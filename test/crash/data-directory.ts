import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that goes when its block ends: `using data = dataDirectory()`. */
export interface DataDirectory extends Disposable {
  readonly path: string;
}

export function dataDirectory(): DataDirectory {
  const path = mkdtempSync(join(tmpdir(), 'strata-'));
  return {
    path,
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}
