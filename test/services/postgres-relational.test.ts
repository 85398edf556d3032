import { afterAll, beforeAll } from 'vitest';
import { openPostgres } from '../../src/store/relational/postgres-database.ts';
import { describeRelational } from '../contract/relational.ts';
import { describeWith } from './describe-with.ts';
import { optionsOf } from './postgres-rig.ts';
import { type PostgresServer, startPostgres } from './postgres.ts';

await describeWith(['postgres'], 'the relational store on a real server', () => {
  let server: PostgresServer | undefined;
  beforeAll(async () => {
    server = await startPostgres();
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
  }, 60_000);

  describeRelational('PostgreSQL', async () => openPostgres(optionsOf(server)));
});
