import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs the work in a folder that is gone afterwards. `STRATA_BENCH_DIR` says on which disk. */
export async function inScratchFolder<T>(work: (folder: string) => Promise<T> | T): Promise<T> {
  const folder = mkdtempSync(join(process.env['STRATA_BENCH_DIR'] ?? tmpdir(), 'strata-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
