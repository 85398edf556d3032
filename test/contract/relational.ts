import { afterAll, beforeAll, describe } from 'vitest';
import type { RelationalStore } from '../../src/ports/relational/store.ts';
import type { Database } from '../../src/store/relational/database.ts';
import { migrate } from '../../src/store/relational/migrate.ts';
import { readSchemaFiles } from '../../src/store/relational/migration-files.ts';
import { relationalStore } from '../../src/store/relational/relational-store.ts';
import { describeJobs } from './relational/jobs.ts';
import { describeMigrations } from './relational/migrations.ts';
import { describeModels } from './relational/models.ts';
import { describePolicies } from './relational/policies.ts';
import { describeScans } from './relational/scans.ts';
import { describeSessions } from './relational/sessions.ts';
import { describeSymbols } from './relational/symbols.ts';
import { describeTransactions } from './relational/transactions.ts';

/** One database for all of a suite: making one takes seconds. */
export interface RelationalWorld {
  readonly database: Database;
  readonly store: RelationalStore;
  /** Nothing but empty tables. */
  clean(): Promise<void>;
  /** Not even those. */
  wipe(): Promise<void>;
}

/** What every relational store does, embedded or a server. `open` answers an empty one. */
export function describeRelational(name: string, open: () => Promise<Database>): void {
  describe(`${name} as a relational store`, () => {
    let opened: RelationalWorld | undefined;
    beforeAll(async () => {
      const database = await open();
      opened = worldOf(database);
    }, 120_000);
    afterAll(async () => {
      await opened?.wipe();
      await opened?.database.close();
    });
    const world = (): RelationalWorld => {
      if (opened === undefined) throw new Error('it did not open');
      return opened;
    };

    // Leaves the tables as the newest migration makes them, so it comes first.
    describeMigrations(world);
    describeTransactions(world);
    describeSessions(world);
    describeSymbols(world);
    describeJobs(world);
    describePolicies(world);
    describeScans(world);
    describeModels(world);
  });
}

function worldOf(database: Database): RelationalWorld {
  let isWhole = false;
  const wipe = (): Promise<void> => {
    isWhole = false;
    return database.transact((sql) =>
      sql.script(`drop schema if exists "${database.schema}" cascade`),
    );
  };
  return {
    database,
    store: relationalStore(database),
    wipe,
    async clean() {
      if (isWhole) return await database.transact((sql) => sql.script(EMPTY));
      await wipe();
      await migrate(database, readSchemaFiles());
      isWhole = true;
    },
  };
}

const EMPTY = `truncate sessions, securities, jobs, policy_versions, scans, model_artefacts cascade`;
