import { afterAll, beforeAll, beforeEach } from 'vitest';
import { present } from '../../src/core/assert.ts';
import type { NewJob } from '../../src/ports/relational/jobs.ts';
import type { RelationalStore } from '../../src/ports/relational/store.ts';
import { openPostgres } from '../../src/store/relational/postgres-database.ts';
import { migrateRelational, openRelational } from '../../src/store/relational/relational-store.ts';
import { optionsOf, storeOptions } from './postgres-rig.ts';
import { type PostgresServer, startPostgres } from './postgres.ts';

interface MigratedServer {
  readonly server: PostgresServer;
  readonly store: RelationalStore;
}

/** A server of a block of tests, and a store on it with the tables made; no jobs before each. */
export function migratedServer(): MigratedServer {
  let server: PostgresServer | undefined;
  let store: RelationalStore | undefined;
  beforeAll(async () => {
    server = await startPostgres({ settings: { wal_level: 'minimal', max_wal_senders: '0' } });
    await migrateRelational(storeOptions(server));
    store = openRelational(storeOptions(server, { statementMsMax: 2_000, connectMsMax: 2_000 }));
  }, 120_000);
  beforeEach(async () => {
    const database = openPostgres(optionsOf(server));
    await database.query('truncate jobs');
    await database.close();
  });
  afterAll(async () => {
    await store?.close();
    await server?.stop();
  }, 60_000);
  return {
    get server() {
      return present(server, 'the server');
    },
    get store() {
      return present(store, 'the store');
    },
  };
}

export function job(jobId: string): NewJob {
  return { jobId, kind: 'k', payload: '{}', queuedUs: 10 };
}
