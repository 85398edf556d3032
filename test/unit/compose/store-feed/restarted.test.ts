import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDuckDbStore } from '../../../../src/store/duckdb/duckdb-store.ts';
import { expectRestarted, tellRestarted } from './restarted-engines.ts';

describe('an engine that is started anew from the embedded store', () => {
  it('has the rows of one that never stopped, to the bit, and decides as it does', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'strata-restart-'));
    const store = await openDuckDbStore({ file: join(folder, 'strata.duckdb') });
    try {
      const found = await expectRestarted(store);
      tellRestarted('DuckDB', found);
      expect(found.symbols).toBeGreaterThanOrEqual(500);
    } finally {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }, 240_000);
});
