import { z } from 'zod';
import { lakeSection, lifecycleSection } from './config-lake.ts';
import { variable } from './config-names.ts';

/**
 * Where the engine keeps its past. What is kept changes no decision, so none of it is in the
 * configuration's hash: a session goes on beside another store.
 */
const relationalSection = z.strictObject({
  kind: z.enum(['embedded', 'postgres']).default('embedded'),
  host: z
    .string()
    .regex(...ofHost())
    .default('127.0.0.1'),
  port: z.int().min(1).max(65_535).default(5_432),
  database: identifier('strata'),
  user: identifier('strata'),
  schema: identifier('strata'),
  tls: z.enum(['off', 'unverified', 'verified']).default('off'),
  passwordVariable: variable('STRATA_POSTGRES_PASSWORD'),
  connectionsMax: z.int().min(1).max(100).default(4),
  connectMsMax: z.int().min(100).max(600_000).default(5_000),
  statementMsMax: z.int().min(100).max(600_000).default(30_000),
  sessions: z.enum(['live', 'all', 'none']).default('live'),
  endMsMax: z.int().min(0).max(600_000).default(30_000),
  policiesMsMax: z.int().min(0).max(600_000).default(5_000),
});

const seriesSection = z.strictObject({
  kind: z.enum(['duckdb', 'questdb', 'none']).default('duckdb'),
  host: z
    .string()
    .regex(...ofHost())
    .default('127.0.0.1'),
  port: z.int().min(1).max(65_535).default(9_000),
  tls: z.enum(['off', 'unverified', 'verified']).default('off'),
  userVariable: variable('STRATA_QUESTDB_USER'),
  passwordVariable: variable('STRATA_QUESTDB_PASSWORD'),
  tokenVariable: variable('STRATA_QUESTDB_TOKEN'),
  sessions: z.enum(['live', 'all']).default('live'),
  ticks: z.enum(['all', 'trades', 'none']).default('all'),
  isRewarmed: z.boolean().default(true),
  flushMs: z.int().min(10).max(60_000).default(500),
  queueBytesMax: z.int().min(1_048_576).max(17_179_869_184).default(67_108_864),
  spoolBytesMax: z.int().min(1_048_576).max(1e15).default(2_147_483_648),
  requestMsMax: z.int().min(100).max(600_000).default(10_000),
  drainMsMax: z.int().min(0).max(600_000).default(10_000),
});

export const storeSection = z.strictObject({
  relational: relationalSection.prefault({}),
  series: seriesSection.prefault({}),
  lake: lakeSection.prefault({}),
  lifecycle: lifecycleSection.prefault({}),
});

function ofHost(): [form: RegExp, fault: string] {
  return [/^[^\s@?#/]{1,253}$/, 'must be the name or address of a host, not a URL'];
}

/** Read as it stands by every server, quoted or not. */
function identifier(name: string) {
  return z
    .string()
    .regex(/^[a-z_][a-z0-9_-]{0,62}$/, 'must be a name in lower case, such as strata')
    .default(name);
}
