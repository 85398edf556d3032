import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import type { TimeSeriesStore } from '../../../../src/ports/time-series.ts';
import { openDuckDbStore } from '../../../../src/store/duckdb/duckdb-store.ts';
import { expectSessionKept, expectWarmed } from './session-in-store.ts';

describe('a session in the embedded store', () => {
  const folder = mkdtempSync(join(tmpdir(), 'strata-duckdb-'));
  let store: TimeSeriesStore;

  beforeAll(async () => {
    store = await openDuckDbStore({ file: join(folder, 'strata.duckdb') });
  });

  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is found there as its journal tells it', () => expectSessionKept(store), 120_000);

  it(
    'lets the next one go on, to the bits of an engine that never stopped',
    () => expectWarmed(store),
    120_000,
  );
});
