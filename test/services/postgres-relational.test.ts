import { afterAll, beforeAll } from 'vitest';
import {
  openPostgres,
  type PostgresOptions,
} from '../../src/store/relational/postgres-database.ts';
import { describeRelational } from '../contract/relational.ts';
import { describeWith } from './describe-with.ts';
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

function optionsOf(server: PostgresServer | undefined): PostgresOptions {
  if (server === undefined) throw new Error('the server did not start');
  const { host, port, database, user, password } = server;
  return {
    host,
    port,
    database,
    user,
    password,
    schema: 'strata-contract',
    tls: 'off',
    passwordVariable: 'STRATA_POSTGRES_PASSWORD',
    connectionsMax: 4,
    connectMsMax: 5_000,
    statementMsMax: 10_000,
  };
}
