import { Pool, type PoolClient } from 'pg';
import { StoreError } from '../../ports/store-error.ts';
import { type Database, rowOf, type SqlRow, type SqlValue, type Statements } from './database.ts';
import { type PostgresOptions, postgresPlace } from './postgres-options.ts';
import { faultOf, storeErrorOf } from './sql-fault.ts';
import { despiteCollisions, runTransaction } from './transaction.ts';

const IDLE_MS_MAX = 30_000;
/** The server cancels first; past this it is the network that is silent. */
const ANSWER_GRACE_MS = 1_000;

/** A server of the user's. It is connected to when first asked, and again after it was away. */
export function openPostgres(options: PostgresOptions): Database {
  const { host, port, database, schema } = options;
  const place = postgresPlace(options);
  const pool = new Pool({
    host,
    port,
    database,
    user: options.user,
    ...(options.password === undefined ? {} : { password: options.password }),
    ssl: options.tls === 'off' ? false : { rejectUnauthorized: options.tls === 'verified' },
    max: options.connectionsMax,
    connectionTimeoutMillis: options.connectMsMax,
    idleTimeoutMillis: IDLE_MS_MAX,
    statement_timeout: options.statementMsMax,
    query_timeout: options.statementMsMax + ANSWER_GRACE_MS,
    idle_in_transaction_session_timeout: options.statementMsMax,
    keepAlive: true,
    application_name: 'strata',
    options: `-c search_path="${schema}"`,
    // Everything is read as the server writes it; who reads knows the type.
    types: { getTypeParser: () => String },
  });
  // An idle connection that the server ends leaves the pool; the next question makes another.
  pool.on('error', () => undefined);
  const fail = (error: unknown): StoreError => failure(error, options, place);
  const connected = async <T>(work: (sql: Statements) => Promise<T>): Promise<T> => {
    const client = await pool.connect().catch((error: unknown) => {
      throw fail(error);
    });
    return await withClient(client, fail, work);
  };
  return {
    kind: 'postgres',
    schema,
    place,
    isBroken: false,
    query: (text, values) => connected((sql) => sql.query(text, values)),
    transact: (work) => despiteCollisions(() => connected((sql) => runTransaction(sql, work))),
    close: () => pool.end(),
  };
}

async function withClient<T>(
  client: PoolClient,
  fail: (error: unknown) => StoreError,
  work: (sql: Statements) => Promise<T>,
): Promise<T> {
  let isLost = false;
  // A connection that is cut between two statements says so here and nowhere else.
  const lose = (): void => {
    isLost = true;
  };
  client.on('error', lose);
  const ask = async (text: string, values?: readonly SqlValue[]): Promise<readonly SqlRow[]> => {
    try {
      const { rows } = await client.query<SqlRow>(
        text,
        values === undefined ? undefined : [...values],
      );
      return rows;
    } catch (error) {
      const known = fail(error);
      isLost ||= known.code === 'STORE_AWAY';
      throw known;
    }
  };
  try {
    return await work({
      query: async (text, values = []) => (await ask(text, values)).map(rowOf),
      script: async (text) => void (await ask(text)),
    });
  } finally {
    client.removeListener('error', lose);
    // What it holds is unknown, and the server takes it back when the connection is gone.
    client.release(isLost);
  }
}

function failure(error: unknown, options: PostgresOptions, place: string): StoreError {
  const fault = faultOf(error);
  const { password, passwordVariable } = options;
  const message = conceal(fault.message, password);
  if (fault.state === '28P01' || fault.state === '28000' || /SASL|password/i.test(message)) {
    const what = password === undefined ? `is not set` : `is not the password of ${options.user}`;
    const text = `${place} refuses the user: ${passwordVariable} ${what}, or it may not log in`;
    return new StoreError('STORE_REFUSED', text, { cause: { ...fault, message } });
  }
  return storeErrorOf({ ...fault, message }, place);
}

/** A server may repeat what it was sent. */
function conceal(message: string, password: string | undefined): string {
  return password === undefined || password === '' ? message : message.replaceAll(password, '***');
}
