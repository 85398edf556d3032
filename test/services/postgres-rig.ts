import type { PostgresOptions } from '../../src/store/relational/postgres-options.ts';
import type { RelationalOptions } from '../../src/store/relational/relational-store.ts';
import type { PostgresServer } from './postgres.ts';

/** How our store reaches a server of the rig. */
export function optionsOf(
  server: PostgresServer | undefined,
  given: Partial<PostgresOptions> = {},
): PostgresOptions {
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
    ...given,
  };
}

export function storeOptions(
  server: PostgresServer | undefined,
  given: Partial<PostgresOptions> = {},
): RelationalOptions {
  return { ...optionsOf(server, given), kind: 'postgres', dataDirectory: '/nowhere' };
}
