import { AbsentError } from './absent-error.ts';
import { java } from './java.ts';
import { jarsOf } from './maven.ts';
import { KAFKA_JARS } from './kafka-jars.ts';
import { postgresBin, postgresUser } from './postgres.ts';
import { QUESTDB_JAR } from './questdb.ts';
import { S3_JAR } from './s3.ts';

export const SERVICES = ['questdb', 'postgres', 's3', 'kafka'] as const;
export type ServiceName = (typeof SERVICES)[number];

/**
 * Why these servers cannot be started here and what to do about it; undefined when they can. It
 * fetches what is not there yet, so the first call may take a minute.
 */
export async function servicesAbsent(
  ...names: readonly ServiceName[]
): Promise<string | undefined> {
  const reasons: string[] = [];
  for (const name of names) {
    const reason = told(name) ?? (await absenceOf(name));
    if (reason !== undefined) reasons.push(`${name}: ${reason}`);
  }
  return reasons.length === 0 ? undefined : reasons.join('; ');
}

const TOLD = 'STRATA_SERVICES_ABSENT';

/** What was found for all of them once, for the processes that this one starts. */
export async function tellServicesAbsent(): Promise<ReadonlyMap<ServiceName, string>> {
  const reasons = new Map<ServiceName, string>();
  for (const name of SERVICES) {
    const reason = await absenceOf(name);
    if (reason !== undefined) reasons.set(name, reason);
  }
  process.env[TOLD] = JSON.stringify(Object.fromEntries(reasons));
  return reasons;
}

function told(name: ServiceName): string | undefined {
  const reasons: unknown = JSON.parse(process.env[TOLD] ?? '{}');
  if (typeof reasons !== 'object' || reasons === null) return undefined;
  const reason: unknown = Reflect.get(reasons, name);
  return typeof reason === 'string' ? reason : undefined;
}

async function absenceOf(name: ServiceName): Promise<string | undefined> {
  try {
    await NEEDS[name]();
    return undefined;
  } catch (error) {
    if (error instanceof AbsentError) return error.message;
    throw error;
  }
}

const NEEDS: Readonly<Record<ServiceName, () => Promise<unknown>>> = {
  questdb: async () => [await java(), await jarsOf([QUESTDB_JAR])],
  postgres: async () => [postgresBin(), postgresUser()],
  s3: async () => [await java(), await jarsOf([S3_JAR])],
  kafka: async () => [await java(), await jarsOf(KAFKA_JARS)],
};
