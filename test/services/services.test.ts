import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Sender } from '@questdb/nodejs-client';
import { Client } from 'pg';
import { expect, it } from 'vitest';
import { dataDirectory } from '../crash/data-directory.ts';
import { describeWith } from './describe-with.ts';
import { isRunning } from './is-running.ts';
import { kafkaTool, startKafka } from './kafka.ts';
import { startPostgres } from './postgres.ts';
import { startQuestDb } from './questdb.ts';
import type { RunningServer } from './running-server.ts';
import { startS3 } from './s3.ts';

async function stopsWithoutTrace(server: RunningServer): Promise<void> {
  const { pid } = server;
  const folder = dirname(server.dir);
  expect(readdirSync(folder)).toContain('log');
  await server.stop();
  expect([isRunning(pid), existsSync(folder)]).toEqual([false, false]);
}

async function exec(port: number, query: string): Promise<unknown> {
  const url = `http://127.0.0.1:${port}/exec?${new URLSearchParams({ query }).toString()}`;
  const answer: unknown = await (await fetch(url)).json();
  return typeof answer === 'object' && answer !== null && 'dataset' in answer
    ? answer.dataset
    : answer;
}

await describeWith(['questdb'], 'QuestDB', () => {
  it('answers, is killed, comes back with what it acknowledged, and leaves nothing', async () => {
    await using server = await startQuestDb();
    const { httpPort, pid } = server;
    await exec(
      httpPort,
      'create table t (n long, ts timestamp) timestamp(ts) partition by day wal',
    );
    const sender = await Sender.fromConfig(`http::addr=127.0.0.1:${httpPort};`);
    for (let n = 0; n < 1_000; n += 1) {
      await sender
        .table('t')
        .intColumn('n', n)
        .at(1_700_000_000_000_000n + BigInt(n), 'us');
    }
    await sender.flush();
    await sender.close();

    await server.kill();
    expect(isRunning(pid)).toBe(false);
    await server.restart();

    expect(server.httpPort).toBe(httpPort);
    await expect
      .poll(() => exec(httpPort, 'select count(), sum(n) from t'), { timeout: 10_000 })
      .toEqual([[1_000, 499_500]]);
    await stopsWithoutTrace(server);
  });
});

await describeWith(['questdb'], 'QuestDB over a directory of the test', () => {
  it('is held still, goes on, is ended in order, and another goes on with its data', async () => {
    using own = dataDirectory();
    await using first = await startQuestDb({ dir: own.path });
    const ask = (): Promise<unknown> => exec(first.httpPort, 'select count() from t');
    await exec(first.httpPort, 'create table t as (select x from long_sequence(7))');

    first.pause();
    // The signal takes a moment to reach all of its threads.
    const held = () => Promise.race([ask(), wait(300, 'no answer')]);
    await expect.poll(held, { timeout: 10_000 }).toBe('no answer');
    first.resume();
    expect(await ask()).toEqual([[7]]);
    await first.kill('SIGTERM');
    expect(first.isAlive).toBe(false);
    expect(() => first.pid).toThrow('questdb is not running');
    await first.stop();

    await using second = await startQuestDb({ dir: own.path });
    expect(second.httpPort).not.toBe(first.httpPort);
    expect(await exec(second.httpPort, 'select count() from t')).toEqual([[7]]);
  });
});

await describeWith(['postgres'], 'PostgreSQL', () => {
  it('answers, is killed, comes back with what it committed, and leaves nothing', async () => {
    await using server = await startPostgres();
    const { host, port, user, password, database } = server;
    const ask = async (sql: string): Promise<unknown> => {
      const client = new Client({ host, port, user, password, database });
      // A connection that the server's death cuts says so once more, to nobody.
      client.on('error', () => undefined);
      await client.connect();
      const { rows } = await client.query<Record<string, unknown>>(sql);
      await client.end();
      return rows;
    };
    await ask('create table t (n int primary key); insert into t select generate_series(1, 1000)');
    const { pid } = server;

    await server.kill();
    expect(isRunning(pid)).toBe(false);
    await server.restart();

    expect(await ask('select count(*)::int as count, sum(n)::int as sum from t')).toEqual([
      { count: 1_000, sum: 500_500 },
    ]);
    const wrong = new Client({ host, port, user, password: 'wrong', database });
    await expect(wrong.connect()).rejects.toThrow('password authentication failed');
    await stopsWithoutTrace(server);
  });
});

await describeWith(['s3'], 'S3', () => {
  it('answers, is killed, comes back with its objects, and leaves nothing', async () => {
    await using server = await startS3({ buckets: ['lake'] });
    const { endpoint, region, accessKeyId, secretAccessKey } = server;
    const client = (secret: string): S3Client =>
      new S3Client({
        endpoint,
        region,
        forcePathStyle: true,
        credentials: { accessKeyId, secretAccessKey: secret },
      });
    const store = client(secretAccessKey);
    const bytes = Uint8Array.from({ length: 100_000 }, (_, at) => at % 251);
    const object = { Bucket: 'lake', Key: 'bars/date=2024-06-03/part 1.parquet' };
    await store.send(new PutObjectCommand({ ...object, Body: bytes }));
    const { pid } = server;

    await server.kill();
    expect(isRunning(pid)).toBe(false);
    await server.restart();

    const got = await store.send(new GetObjectCommand(object));
    expect(await got.Body?.transformToByteArray()).toEqual(bytes);
    const refused = client('wrong').send(new GetObjectCommand(object));
    await expect(refused).rejects.toThrow('signature');
    store.destroy();
    await stopsWithoutTrace(server);
  });
});

await describeWith(['kafka'], 'Kafka', () => {
  it('answers, is killed, comes back with its records, and leaves nothing', async () => {
    await using server = await startKafka();
    const at = ['--bootstrap-server', server.bootstrap, '--topic', 'bars'];
    const records = Array.from({ length: 1_000 }, (_, n) => `bar ${n}`);
    await kafkaTool('org.apache.kafka.tools.TopicCommand', [...at, '--create']);
    const lines = records.map((record) => `${record}\n`).join('');
    await kafkaTool('org.apache.kafka.tools.ConsoleProducer', at, lines);
    const { pid } = server;

    await server.kill();
    expect(isRunning(pid)).toBe(false);
    await server.restart();

    const from = [...at, '--from-beginning', '--max-messages', '1000', '--timeout-ms', '20000'];
    const read = await kafkaTool('org.apache.kafka.tools.consumer.ConsoleConsumer', from);
    expect(read.trim().split('\n')).toEqual(records);
    await stopsWithoutTrace(server);
  });
});
