import type { MigrationReport } from '../../ports/relational/store.ts';
import { StoreError } from '../../ports/store-error.ts';
import { alteredSince, keepCatalog } from './catalog.ts';
import type { Database, Statements } from './database.ts';
import type { Migration } from './migrations.ts';

/**
 * Forward to what this build has, a transaction for each step; what has nothing gets all of it at
 * once. Rejects with `STORE_SCHEMA` where a newer build, or a hand, was there before.
 */
export async function migrate(
  database: Database,
  migrations: readonly Migration[],
  isDryRun = false,
): Promise<MigrationReport> {
  const { place } = database;
  const to = migrations.length;
  const done = await appliedTo(database, migrations);
  const missing = migrations.slice(done);
  const steps = missing.map(({ name }) => name);
  if (isDryRun || missing.length === 0) return { place, from: done, to, steps };
  if (done === 0) await makeWhole(database, migrations);
  else for (const step of missing) await makeStep(database, migrations, step);
  return { place, from: done, to, steps };
}

/** Passes where the tables are those of this build. */
export async function demandSchema(
  database: Database,
  migrations: readonly Migration[],
): Promise<void> {
  const done = await appliedTo(database, migrations);
  if (done === migrations.length) return;
  const message =
    done === 0
      ? `${database.place} has no tables of ours in schema ${database.schema}`
      : `${database.place} has version ${done} of the tables, not ${migrations.length}`;
  throw new StoreError('STORE_SCHEMA', `${message}: run \`strata store migrate\``);
}

/** How many migrations it has; 0 where there is nothing. */
async function appliedTo(
  sql: Pick<Database, 'query' | 'place' | 'schema'>,
  migrations: readonly Migration[],
): Promise<number> {
  const { place } = sql;
  const known = await sql.query(`select to_regclass('schema_migrations') is not null as is_there`);
  if (known[0]?.['is_there'] !== 't') return 0;
  const applied = await sql.query(
    'select number, name, checksum from schema_migrations order by number',
  );
  for (const [at, { number, name, checksum }] of applied.entries()) {
    const ours = migrations[at];
    if (ours === undefined) throw newer(place, name, migrations.at(-1));
    if (Number(number) !== ours.number) throw schemaError(place, `lacks migration ${ours.name}`);
    if (checksum !== ours.checksum) {
      const what = `was made by another ${ours.name} than this build has`;
      throw schemaError(place, `${what}: use the build that made it, or restore that file`);
    }
  }
  const altered = await alteredSince(sql);
  if (altered.length > 0) {
    throw schemaError(place, `was altered by hand: ${altered.slice(0, NAMED_MAX).join('; ')}`);
  }
  return applied.length;
}

/** Enough to see what happened, and few enough to read. */
const NAMED_MAX = 5;

function newer(place: string, name = '', last?: Migration): StoreError {
  const what = `has ${name}, which is newer than this build (${last?.name ?? 'none'})`;
  return schemaError(place, `${what}: use a newer build`);
}

function schemaError(place: string, what: string): StoreError {
  return new StoreError('STORE_SCHEMA', `${place} ${what}`);
}

async function makeWhole(database: Database, migrations: readonly Migration[]): Promise<void> {
  await database.transact(async (sql) => {
    await lock(sql);
    await makeSchema(sql, database.schema);
    // Another migrator may have been quicker by a moment.
    if ((await appliedTo({ ...database, query: sql.query }, migrations)) > 0) return;
    await sql.script(BOOKS);
    for (const migration of migrations) {
      await sql.script(migration.sql);
      await recordStep(sql, migration);
    }
    await keepCatalog(sql);
  });
}

async function makeStep(
  database: Database,
  migrations: readonly Migration[],
  step: Migration,
): Promise<void> {
  await database.transact(async (sql) => {
    await lock(sql);
    const done = await appliedTo({ ...database, query: sql.query }, migrations);
    if (done >= step.number) return;
    await sql.script(step.sql);
    await recordStep(sql, step);
    await keepCatalog(sql);
  });
}

/** One migrator at a time, whichever process it is in; let go of with the transaction. */
async function lock(sql: Statements): Promise<void> {
  await sql.query(`select pg_advisory_xact_lock(hashtext('strata schema'))`);
}

/** Not by "if not exists", which wants the right to make one even where it is there. */
async function makeSchema(sql: Statements, schema: string): Promise<void> {
  const found = await sql.query('select from pg_namespace where nspname = $1', [schema]);
  if (found.length === 0) await sql.script(`create schema "${schema}"`);
}

async function recordStep(sql: Statements, { number, name, checksum }: Migration): Promise<void> {
  await sql.query(
    'insert into schema_migrations (number, name, checksum, applied_us) values ($1, $2, $3, $4)',
    [number, name, checksum, Date.now() * 1_000],
  );
}

const BOOKS = `
create table schema_migrations (
  number integer primary key,
  name text not null unique,
  checksum text not null,
  applied_us bigint not null
);
create table schema_catalog (line text primary key);
`;
