import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { storeCheck } from '../../../../src/compose/store-feed/store-check.ts';
import { openDuckDbStore, STORE_FILE } from '../../../../src/store/duckdb/duckdb-store.ts';
import { latency } from '../../../../src/store/tables/latency.ts';

const folder = mkdtempSync(join(tmpdir(), 'strata-check-'));
let files = 0;

async function found(series: string, dataDir = folder) {
  files += 1;
  const config = join(folder, `config-${files}.yaml`);
  writeFileSync(config, `store:\n  series:\n${series}\n`);
  const environment = { STRATA_QUESTDB_TOKEN: 'not-to-be-shown' };
  return storeCheck({ profile: 'demo', config, dataDir, environment }).run();
}

describe('what doctor says of the store', () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('warns where sessions run without one', async () => {
    const { state, what } = await found('    kind: none');

    expect(state).toBe('warn');
    expect(what).toMatch(/without a store/);
  });

  it('names the embedded one, and what its tables lack', async () => {
    expect(await found('    kind: duckdb')).toMatchObject({
      state: 'ok',
      what: expect.stringMatching(/^DuckDB, .*: made by the first session$/),
    });
    const file = join(folder, STORE_FILE);
    const store = await openDuckDbStore({ file });
    await store.migrate([latency]);
    await store.close();

    expect(await found('    kind: duckdb')).toMatchObject({
      state: 'ok',
      what: expect.stringMatching(/: \d+ changes to its tables to be made$/),
    });
  });

  it('warns where the server does not answer, and shows no secret', async () => {
    const finding = await found('    kind: questdb\n    port: 1\n    requestMsMax: 500');

    expect(finding.state).toBe('warn');
    expect(finding.what).toMatch(/^QuestDB at http:\/\/127\.0\.0\.1:1/);
    expect(JSON.stringify(finding)).not.toContain('not-to-be-shown');
  });
});
