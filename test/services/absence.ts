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
    const reason = await absenceOf(name);
    if (reason !== undefined) reasons.push(`${name}: ${reason}`);
  }
  return reasons.length === 0 ? undefined : reasons.join('; ');
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
