import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeWith } from './describe-with.ts';
import { startKafka } from './kafka.ts';
import { KAFKA_VERSION } from './kafka-jars.ts';
import { postgresBin, startPostgres } from './postgres.ts';
import { QUESTDB_JAR, startQuestDb } from './questdb.ts';
import type { RunningServer } from './running-server.ts';
import { S3_JAR, startS3 } from './s3.ts';

const Service = z.object({
  image: z.string(),
  ports: z.array(z.string()),
  environment: z.record(z.string(), z.string()),
  volumes: z.array(z.string()),
  healthcheck: z.object({
    test: z.tuple([z.literal('CMD'), z.string()], z.string()),
    interval: z.string(),
    timeout: z.string(),
    retries: z.number(),
    start_period: z.string(),
  }),
});
const Compose = z.object({
  services: z.object({ questdb: Service, postgres: Service, kafka: Service, s3: Service }),
  volumes: z.record(z.string(), z.unknown()),
});
const Defaults = z.object({
  store: z.object({
    series: z.object({ host: z.string(), port: z.number() }),
    relational: z.object({
      host: z.string(),
      port: z.number(),
      database: z.string(),
      user: z.string(),
      passwordVariable: z.string(),
    }),
  }),
});

const { services, volumes } = Compose.parse(read('docker-compose.yaml'));
const { series, relational } = Defaults.parse(read('config/default.yaml')).store;

function read(path: string): unknown {
  return parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));
}

/**
 * The image's own check of its health, run here against a server of the same kind at another port.
 * Docker reads `$$` as `$`.
 */
function checksHealth(service: z.infer<typeof Service>, from: number, to: number): boolean {
  const [, file, ...args] = service.healthcheck.test;
  const there = args.map((text) => text.replaceAll(String(from), String(to)));
  const path = `${process.env['PATH']}:${file === 'pg_isready' ? postgresBin() : ''}`;
  const options = { env: { PATH: path }, timeout: 20_000 };
  return (
    spawnSync(
      file,
      there.map((text) => text.replaceAll('$$', '$')),
      options,
    ).status === 0
  );
}

async function isToldOfDeath(server: RunningServer, isWell: () => boolean): Promise<void> {
  expect(isWell()).toBe(true);
  await server.kill();
  expect(isWell()).toBe(false);
}

describe('docker-compose.yaml', () => {
  it('names versions, those that the service tests run', () => {
    const images = Object.values(services).map(({ image }) => image);
    expect(images.filter((image) => !/:\d+\.\d+(?:\.\d+)?$/.test(image))).toEqual([]);
    expect(images).toContain(`questdb/questdb:${QUESTDB_JAR.version}`);
    expect(images).toContain(`apache/kafka:${KAFKA_VERSION}`);
    expect(images).toContain(`andrewgaul/s3proxy:${S3_JAR.version}`);
  });

  it('opens ports on this machine alone, each once', () => {
    const ports = Object.values(services).flatMap((service) => service.ports);
    expect(ports.filter((port) => !/^127\.0\.0\.1:(\d+):\1$/.test(port))).toEqual([]);
    expect(new Set(ports).size).toBe(ports.length);
  });

  it('keeps data in volumes of its own', () => {
    const named = Object.values(services).flatMap((service) => service.volumes);
    const names = named.map((volume) => volume.split(':')[0]);
    expect(names.toSorted()).toEqual(Object.keys(volumes).toSorted());
  });

  it('answers where the configuration looks', () => {
    expect(services.questdb.ports).toContain(`${series.host}:${series.port}:9000`);
    expect(services.postgres.ports).toContain(`${relational.host}:${relational.port}:5432`);
    const { POSTGRES_USER, POSTGRES_DB, POSTGRES_PASSWORD } = services.postgres.environment;
    expect([POSTGRES_USER, POSTGRES_DB]).toEqual([relational.user, relational.database]);
    expect(POSTGRES_PASSWORD).toContain(`\${${relational.passwordVariable}:-`);
  });
});

await describeWith(['questdb'], 'The health of QuestDB', () => {
  it('is told alive from dead', async () => {
    await using server = await startQuestDb();
    const isWell = (): boolean => checksHealth(services.questdb, 9000, server.httpPort);
    await isToldOfDeath(server, isWell);
  });
});

await describeWith(['postgres'], 'The health of PostgreSQL', () => {
  it('is told alive from dead', async () => {
    await using server = await startPostgres();
    await isToldOfDeath(server, () => checksHealth(services.postgres, 5432, server.port));
  });
});

await describeWith(['s3'], 'The health of S3', () => {
  it('is told alive from dead', async () => {
    await using server = await startS3();
    const port = Number(new URL(server.endpoint).port);
    await isToldOfDeath(server, () => checksHealth(services.s3, 9100, port));
  });
});

await describeWith(['kafka'], 'The health of Kafka', () => {
  it('is told alive from dead', async () => {
    await using server = await startKafka();
    const port = Number(server.bootstrap.split(':')[1]);
    await isToldOfDeath(server, () => checksHealth(services.kafka, 9092, port));
  });
});
