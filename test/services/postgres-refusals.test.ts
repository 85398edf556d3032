import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { openPostgres } from '../../src/store/relational/postgres-database.ts';
import { migrateRelational, openRelational } from '../../src/store/relational/relational-store.ts';
import { value } from '../contract/relational/answers.ts';
import { describeWith } from './describe-with.ts';
import { job, migratedServer } from './migrated-postgres.ts';
import { optionsOf, storeOptions } from './postgres-rig.ts';

await describeWith(['postgres'], 'a PostgreSQL that refuses', () => {
  const rig = migratedServer();

  it.each([
    ['another password', { password: 'not-the-secret-7' }, 'is not the password of strata'],
    ['no password', { password: undefined }, 'STRATA_POSTGRES_PASSWORD is not set'],
    ['another database', { database: 'nope' }, 'database "nope" does not exist'],
    ['encryption, which it has not', { tls: 'verified' }, 'does not support SSL'],
  ] as const)('refuses %s, and tells no secret', async (_, given, message) => {
    const other = openRelational(storeOptions(rig.server, given));

    const error = await other.status().catch((caught: unknown) => caught);

    expect(error).toMatchObject({
      code: 'STORE_REFUSED',
      message: expect.stringContaining(message),
    });
    const told = inspect(error, { depth: 20, showHidden: true });
    expect(told).not.toContain('not-the-secret-7');
    expect(told).not.toContain(rig.server.password);
    await other.close();
  });

  it('refuses what its user may not do', async () => {
    const database = openPostgres(optionsOf(rig.server));
    await database.transact((sql) =>
      sql.script(`create role reader login password 'r';
        grant usage on schema "strata-contract" to reader;
        grant select on all tables in schema "strata-contract" to reader`),
    );
    const reader = openRelational(storeOptions(rig.server, { user: 'reader', password: 'r' }));

    expect(await reader.jobs.list()).toEqual([]);
    await expect(reader.jobs.enqueue(job('a'))).rejects.toMatchObject({ code: 'STORE_REFUSED' });
    await Promise.all([reader.close(), database.close()]);
  });

  it('J4 is not written to before a person migrated it', async () => {
    const options = storeOptions(rig.server, { schema: 'empty' });
    const empty = openRelational(options);
    const refused = { code: 'STORE_SCHEMA', message: expect.stringContaining('store migrate') };

    await expect(empty.jobs.enqueue(job('a'))).rejects.toMatchObject(refused);
    const dry = await migrateRelational(options, { isDryRun: true });
    await expect(empty.jobs.enqueue(job('a'))).rejects.toMatchObject(refused);
    expect(await migrateRelational(options)).toEqual(dry);

    expect(value(await empty.jobs.enqueue(job('a'))).state).toBe('queued');
    expect(await empty.status()).toMatchObject({ version: dry.to });
    await empty.close();
  });
});
