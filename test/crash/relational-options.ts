import type { RelationalOptions } from '../../src/store/relational/relational-store.ts';

/** An embedded store in a data directory, and no server. */
export function embeddedIn(dataDirectory: string): RelationalOptions {
  return {
    kind: 'embedded',
    dataDirectory,
    schema: 'strata',
    statementMsMax: 60_000,
    host: '127.0.0.1',
    port: 1,
    database: 'none',
    user: 'none',
    tls: 'off',
    password: undefined,
    passwordVariable: 'NONE',
    connectionsMax: 1,
    connectMsMax: 100,
  };
}
