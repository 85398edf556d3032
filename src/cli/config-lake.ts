import { z } from 'zod';
import { variable } from './config-names.ts';

/** Where the past lies that the store has no room for. */
export const lakeSection = z.strictObject({
  kind: z.enum(['directory', 'bucket']).default('directory'),
  directory: z.string().min(1).default('lake'),
  bucket: z
    .string()
    .regex(/^(?:[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?$/, 'must be the name of a bucket')
    .default(''),
  prefix: z
    .string()
    .regex(/^(?:[\w-]+(?:\/[\w-]+)*)?$/, 'must be folders of letters and digits, as a/b')
    .default('strata'),
  endpoint: z
    .string()
    .regex(/^(?:https?:\/\/[^\s@?#/]{1,253})?$/, 'must be a URL without path, user or password')
    .default(''),
  region: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'must be a region, such as us-east-1')
    .default('us-east-1'),
  isPathStyle: z.boolean().default(true),
  accessKeyVariable: variable('STRATA_LAKE_ACCESS_KEY'),
  secretKeyVariable: variable('STRATA_LAKE_SECRET_KEY'),
  attemptsMax: z.int().min(1).max(20).default(5),
  requestMsMax: z.int().min(100).max(600_000).default(30_000),
  buckets: z.int().min(1).max(64).default(4),
  rowsPerFileMax: z.int().min(1_000).max(10_000_000).default(250_000),
  bytesPerFileMax: z.int().min(1_048_576).max(50_331_648).default(33_554_432),
  memoryMbMax: z.int().min(128).max(65_536).default(512),
});

const days = (some: number) => z.int().min(1).max(36_500).default(some);

/** When rows and journals go there; facts never leave. */
export const lifecycleSection = z.strictObject({
  recentDays: days(30),
  hotDays: days(365),
  warmDays: days(180),
  coldDays: days(90),
  journalDays: days(30),
  freeMbMin: z.int().min(0).max(1e9).default(2_048),
});
