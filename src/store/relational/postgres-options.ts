export interface PostgresOptions {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly schema: string;
  readonly tls: 'off' | 'unverified' | 'verified';
  /** From the environment. */
  readonly password: string | undefined;
  /** Told to whom has to set it. */
  readonly passwordVariable: string;
  readonly connectionsMax: number;
  readonly connectMsMax: number;
  readonly statementMsMax: number;
}

/** For people: neither user nor password. */
export function postgresPlace({
  host,
  port,
  database,
}: Pick<PostgresOptions, 'host' | 'port' | 'database'>): string {
  return `PostgreSQL at ${host}:${port}/${database}`;
}
