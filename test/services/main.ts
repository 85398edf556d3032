// Real servers on loopback, for trying things: `npm run services -- questdb kafka` starts those,
// without names all of them. Prints one line of JSON for each, and ends with Ctrl-C.
import { once } from 'node:events';
import { SERVICES, type ServiceName, servicesAbsent } from './absence.ts';
import { startKafka } from './kafka.ts';
import { startPostgres } from './postgres.ts';
import { startQuestDb } from './questdb.ts';
import type { RunningServer } from './running-server.ts';
import { startS3 } from './s3.ts';

const START: Readonly<Record<ServiceName, () => Promise<RunningServer>>> = {
  questdb: startQuestDb,
  postgres: startPostgres,
  s3: () => startS3({ buckets: ['strata'] }),
  kafka: startKafka,
};

const over = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
const alive = setInterval(() => undefined, 60_000);
const servers: RunningServer[] = [];
try {
  for (const name of chosen(process.argv.slice(2))) {
    const absent = await servicesAbsent(name);
    if (absent !== undefined) throw new Error(absent);
    const server = await START[name]();
    servers.push(server);
    process.stdout.write(`${JSON.stringify({ name, ...server })}\n`);
  }
  await over;
} finally {
  await Promise.all(servers.map((server) => server.stop()));
  clearInterval(alive);
}

function chosen(names: readonly string[]): readonly ServiceName[] {
  const unknown = names.filter((name) => !SERVICES.some((known) => known === name));
  if (unknown.length > 0) throw new Error(`${unknown.join()}: known are ${SERVICES.join(', ')}`);
  return names.length === 0 ? SERVICES : SERVICES.filter((known) => names.includes(known));
}
