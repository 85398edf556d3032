import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bucketPlace } from '../../src/store/lake/bucket-place.ts';
import { EVER } from '../../src/store/lake/lake.ts';
import type { Place } from '../../src/store/lake/place.ts';
import { archivePart, dueParts } from '../../src/store/lifecycle/archive.ts';
import { backUp, restoreBackup } from '../../src/store/lifecycle/backup.ts';
import { consolidate, fragmented } from '../../src/store/lifecycle/compact.ts';
import { sumOf } from '../../src/store/lifecycle/lifecycle-tools.ts';
import { restorableDays, restoreDay } from '../../src/store/lifecycle/restore.ts';
import { directoryPlace } from '../../src/store/lake/directory-place.ts';
import { bars } from '../../src/store/tables/market.ts';
import { describePlace } from '../contract/place.ts';
import { lakeSum, lifecycleRig } from '../lifecycle-rig.ts';
import { MemorySeries } from '../memory-series.ts';
import { seededMinutes } from '../seeded-minutes.ts';
import { describeWith } from './describe-with.ts';
import { type S3Server, startS3 } from './s3.ts';

const BUCKET = 'strata-lake';
const NOW_US = Date.UTC(2026, 0, 1) * 1_000;
const POLICY = { recentDays: 30, daysInStore: { hot: 30, warm: 30, cold: 30 } };

let server: S3Server | undefined;
let prefixes = 0;

function settings(changes: { readonly endpoint?: string; readonly secretKey?: string } = {}) {
  if (server === undefined) throw new Error('the server is not there');
  prefixes += 1;
  const { accessKeyId: accessKey, secretAccessKey } = server;
  return {
    bucket: BUCKET,
    prefix: `test/${prefixes}`,
    endpoint: changes.endpoint ?? server.endpoint,
    region: server.region,
    isPathStyle: true,
    keys: { accessKey, secretKey: changes.secretKey ?? secretAccessKey },
    attemptsMax: 4,
    requestMsMax: 5_000,
  };
}

async function filled(place?: Place, rowsPerFileMax = 250_000) {
  const store = new MemorySeries();
  await store.migrate([bars]);
  for (const batch of seededMinutes({ seed: 3, symbols: 4, days: 3, minutes: 10 })) {
    await store.append(batch);
  }
  const rig = lifecycleRig(store, place === undefined ? {} : { place, rowsPerFileMax });
  return { store, rig, sum: await sumOf(store, bars, EVER) };
}

/** In front of the server: fails the first so many answers of a method as `fault` says. */
async function withFaults<T>(
  fault: (answer: ServerResponse, upstream: IncomingMessage) => void,
  method: string,
  faults: number,
  use: (endpoint: string) => Promise<T>,
): Promise<T> {
  const target = new URL(server?.endpoint ?? '');
  let left = faults;
  const proxy = createServer((asked, answer) => {
    const { method: verb = '', url = '', headers } = asked;
    const options = { host: target.hostname, port: target.port, method: verb, path: url, headers };
    const passed = request(options, (upstream) => {
      if (verb === method && left > 0) {
        left -= 1;
        fault(answer, upstream);
        return;
      }
      answer.writeHead(upstream.statusCode ?? 500, upstream.headers);
      upstream.pipe(answer);
    });
    asked.pipe(passed);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  try {
    return await use(`http://127.0.0.1:${port}`);
  } finally {
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
  }
}

await describeWith(['s3'], 'a lake in a bucket', lakeTests);

function lakeTests(): void {
  beforeAll(async () => {
    server = await startS3({ buckets: [BUCKET] });
  }, 120_000);
  afterAll(() => server?.stop());

  describePlace({ name: 'a bucket', make: () => bucketPlace(settings()) });

  it('archives to it, compacts there and restores from it with equal checksums', async () => {
    const { rig, sum, store } = await filled(await bucketPlace(settings()), 9);
    const { tools } = rig;
    for (const due of await dueParts(store, [bars], new Map(), POLICY, NOW_US)) {
      await archivePart(tools, due);
    }
    expect(await store.parts(bars)).toEqual([]);
    expect((await lakeSum(rig.lake, bars)).hex).toBe(sum.hex);
    const roomy = { ...tools, rowsPerFileMax: 1_000 };
    const found = await fragmented(rig.lake, 'bars', roomy);
    for (const one of found) await consolidate(roomy, one);
    expect(found.length).toBeGreaterThan(0);
    expect(await fragmented(rig.lake, 'bars', roomy)).toEqual([]);
    for (const day of await restorableDays(rig.lake, bars, EVER)) await restoreDay(tools, day);
    expect((await sumOf(store, bars, EVER)).hex).toBe(sum.hex);
    await rig.close();
  }, 60_000);

  it('takes a backup and gives it back', async () => {
    const to = await bucketPlace(settings());
    const { rig, sum } = await filled();
    const shared = {
      to,
      tables: [bars],
      folders: [],
      isLakeCopied: false,
      nowUs: NOW_US,
      parquet: rig.parquet,
    };
    const data = directoryPlace(rig.root);
    await backUp({ ...shared, data, store: rig.tools.store, tools: rig.tools });
    const empty = new MemorySeries();
    await empty.migrate([bars]);
    await restoreBackup({ ...shared, data, store: empty, tools: rig.tools });

    expect((await sumOf(empty, bars, EVER)).hex).toBe(sum.hex);
    await rig.close();
  }, 60_000);

  describe('when it fails', () => {
    describeRequests();
    describeRefusals();
  });
}

function describeRequests(): void {
  it('makes a request again that was answered 5xx, and gives up with its name', async () => {
    const unavailable = (answer: ServerResponse): void => {
      answer.writeHead(503);
      answer.end('<Error><Code>SlowDown</Code></Error>');
    };
    const put = async (endpoint: string) => {
      const place = await bucketPlace(settings({ endpoint }));
      await place.put('a', Uint8Array.of(1));
      return await place.get('a');
    };

    expect([...(await withFaults(unavailable, 'PUT', 3, put))]).toEqual([1]);
    const refused = withFaults(unavailable, 'PUT', 4, put);
    await expect(refused).rejects.toMatchObject({ code: 'LAKE_AWAY' });
    await expect(refused).rejects.toThrow(/answered 503 \(4 tries\)/);
  });

  it('takes no half download for a file', async () => {
    const bytes = new Uint8Array(200_000).fill(7);
    const half = (answer: ServerResponse, upstream: IncomingMessage): void => {
      answer.writeHead(upstream.statusCode ?? 500, upstream.headers);
      upstream.once('data', (some: Buffer) => {
        answer.write(some.subarray(0, 1_000), () => answer.destroy());
        upstream.destroy();
      });
    };
    const roundTrip = async (endpoint: string) => {
      const place = await bucketPlace(settings({ endpoint }));
      await place.put('a', bytes);
      return await place.get('a');
    };

    expect(await withFaults(half, 'GET', 2, roundTrip)).toHaveLength(200_000);
    await expect(withFaults(half, 'GET', 9, roundTrip)).rejects.toMatchObject({
      name: 'LakeError',
    });
  });
}

function describeRefusals(): void {
  it('names no key where it is refused, nor in what is behind the error', async () => {
    const options = settings({ secretKey: 'not-the-secret-key' });
    const refusal = await (await bucketPlace(options)).list('').catch((error: unknown) => error);

    expect(refusal).toMatchObject({ name: 'LakeError', code: 'LAKE_REFUSED' });
    const { keys } = options;
    const whole = JSON.stringify(refusal, Object.getOwnPropertyNames(refusal)) + String(refusal);
    expect(whole).not.toContain(keys.accessKey);
    expect(whole).not.toContain(keys.secretKey);
    expect(refusal).not.toHaveProperty('cause');
  });

  it('says of a bucket that is not there that it is refused', async () => {
    const place = await bucketPlace({ ...settings(), bucket: 'no-such-bucket' });

    await expect(place.list('')).rejects.toMatchObject({ code: 'LAKE_REFUSED' });
    await expect(place.put('a', Uint8Array.of(1))).rejects.toMatchObject({
      code: 'LAKE_REFUSED',
    });
  });

  it('drops nothing where it goes away in the middle of an archive', async () => {
    const { rig, sum, store } = await filled(await bucketPlace(settings()));
    let files = 0;
    const at = async (point: string): Promise<void> => {
      if (point === 'manifestWritten') files += 1;
      if (files === 2) await server?.stop();
    };
    const [due] = await dueParts(store, [bars], new Map(), POLICY, NOW_US);
    if (due === undefined) throw new Error('nothing is due');

    await expect(archivePart({ ...rig.tools, at }, due)).rejects.toMatchObject({
      code: 'LAKE_AWAY',
    });
    expect((await sumOf(store, bars, EVER)).hex).toBe(sum.hex);
    await rig.close();
  }, 60_000);
}
