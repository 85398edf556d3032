import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type {
  MigrationReport,
  RelationalStatus,
  RelationalStore,
} from '../../ports/relational/store.ts';
import type { Database } from './database.ts';
import { jobQueue } from './job-queue.ts';
import { lazyDatabase } from './lazy-database.ts';
import { demandSchema, migrate } from './migrate.ts';
import { type Migration, readMigrations } from './migrations.ts';
import { modelRegistry } from './model-registry.ts';
import { openEmbedded } from './pglite-database.ts';
import { policyRegistry } from './policy-registry.ts';
import { WHOLE } from './pglite-protocol.ts';
import { type PostgresOptions, postgresPlace } from './postgres-options.ts';
import { text, whole } from './row-values.ts';
import { scanRegistry } from './scan-registry.ts';
import { sessionRegistry } from './session-registry.ts';
import { symbolRegistry } from './symbol-registry.ts';

/** `store.relational` of the configuration, with what only the composition knows. */
export interface RelationalOptions extends PostgresOptions {
  readonly kind: 'embedded' | 'postgres';
  /** Of the engine; the embedded store has a folder of its own in it. */
  readonly dataDirectory: string;
}

/**
 * Made at once, opened when first asked. The embedded one brings its tables forward by itself; a
 * server's belong to a person, so one that is behind is refused until `strata store migrate`.
 */
export function openRelational(options: RelationalOptions): RelationalStore {
  const { kind, schema } = options;
  const database = lazyDatabase({
    kind: kind === 'embedded' ? 'pglite' : 'postgres',
    schema,
    place: kind === 'embedded' ? `PGlite in ${folderOf(options)}` : postgresPlace(options),
    open: () => openCurrent(options),
  });
  return relationalStore(database);
}

/** What `strata store migrate` does; a dry run makes nothing, and tells what it would. */
export async function migrateRelational(
  options: RelationalOptions,
  { isDryRun = false } = {},
): Promise<MigrationReport> {
  const migrations = readMigrations();
  if (isDryRun && options.kind === 'embedded' && !existsSync(join(folderOf(options), WHOLE))) {
    const steps = migrations.map(({ name }) => name);
    return { place: `PGlite in ${folderOf(options)}`, from: 0, to: steps.length, steps };
  }
  const database = await openDatabase(options);
  try {
    return await migrate(database, migrations, isDryRun);
  } finally {
    await database.close();
  }
}

/** The registries over a database whose tables are there. */
export function relationalStore(database: Database): RelationalStore {
  return {
    kind: database.kind,
    sessions: sessionRegistry(database),
    symbols: symbolRegistry(database),
    jobs: jobQueue(database),
    policies: policyRegistry(database),
    scans: scanRegistry(database),
    models: modelRegistry(database),
    status: () => statusOf(database),
    close: () => database.close(),
  };
}

async function openCurrent(options: RelationalOptions): Promise<Database> {
  const migrations = readMigrations();
  const database = await openDatabase(options);
  try {
    await makeCurrent(database, migrations);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function makeCurrent(database: Database, migrations: readonly Migration[]): Promise<void> {
  if (database.kind === 'pglite') await migrate(database, migrations);
  else await demandSchema(database, migrations);
}

async function openDatabase(options: RelationalOptions): Promise<Database> {
  if (options.kind === 'postgres') {
    // Loaded by those who have one: most have the embedded store.
    const { openPostgres } = await import('./postgres-database.ts');
    return openPostgres(options);
  }
  const { schema, statementMsMax } = options;
  return await openEmbedded({ directory: folderOf(options), schema, statementMsMax });
}

function folderOf({ dataDirectory }: RelationalOptions): string {
  return join(dataDirectory, 'relational');
}

const TABLES = [
  'sessions',
  'securities',
  'security_names',
  'group_stays',
  'jobs',
  'policy_versions',
  'scans',
  'scan_hits',
  'model_artefacts',
  'model_transitions',
] as const;

async function statusOf(database: Database): Promise<RelationalStatus> {
  const counts = TABLES.map((name) => `select '${name}' as name, count(*) as rows from ${name}`);
  const [about] = await database.query(
    `select current_setting('server_version') as server, max(number) as version
     from schema_migrations`,
  );
  const rows = await database.query(counts.join(' union all '));
  return {
    place: `${database.place}, version ${text(about ?? {}, 'server')}`,
    version: whole(about ?? {}, 'version'),
    tables: rows.map((row) => ({ name: text(row, 'name'), rows: whole(row, 'rows') })),
  };
}
