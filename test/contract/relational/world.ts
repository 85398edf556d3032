import type { RelationalStore } from '../../../src/ports/relational/store.ts';
import type { Database } from '../../../src/store/relational/database.ts';
import { migrate } from '../../../src/store/relational/migrate.ts';
import { readMigrations } from '../../../src/store/relational/migrations.ts';
import { relationalStore } from '../../../src/store/relational/relational-store.ts';

/** One database for all of a suite: making one takes seconds. */
export interface RelationalWorld {
  readonly database: Database;
  readonly store: RelationalStore;
  /** Nothing but empty tables. */
  clean(): Promise<void>;
  /** Not even those. */
  wipe(): Promise<void>;
}

export function worldOf(database: Database): RelationalWorld {
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
      await migrate(database, readMigrations());
      isWhole = true;
    },
  };
}

const EMPTY = `
  truncate sessions, securities, jobs, policy_versions, scans, model_artefacts cascade`;
