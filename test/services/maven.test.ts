import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { dataDirectory } from '../crash/data-directory.ts';
import { type Artifact, cacheFolder, jarsOf, pathOf } from './maven.ts';

const BYTES = Buffer.from('the bytes of a jar');
let artifacts = 0;

/** Never the same twice: a process checks an artifact once. */
function artifact(bytes = BYTES): Artifact {
  artifacts += 1;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { group: 'a.b', name: 'jar', version: `1.${artifacts}`, classifier: 'all', sha256 };
}

/** A repository in the layout of Maven's, and a cache of one test. */
async function repository(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const cache = dataDirectory();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const at = server.address();
  const port = typeof at === 'object' && at !== null ? at.port : 0;
  vi.stubEnv('STRATA_SERVICES_CACHE', cache.path);
  vi.stubEnv('STRATA_MAVEN_REPOSITORY', `http://127.0.0.1:${port}/maven2/`);
  return {
    asked,
    close: () => server.close(),
    [Symbol.dispose]: () => {
      server.close();
      cache[Symbol.dispose]();
    },
  };
}

/** Files of the cache, with those that are not whole. */
function cached(): readonly string[] {
  const entries = readdirSync(cacheFolder(), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

afterEach(() => vi.unstubAllEnvs());

describe('the jars of the servers', () => {
  it('come from the named repository by their coordinates, and are checked', async () => {
    using maven = await repository((_, response) => response.end(BYTES));
    const jar = artifact();

    const [path = ''] = await jarsOf([jar, jar]);

    expect(maven.asked).toEqual([`/maven2/a/b/jar/${jar.version}/jar-${jar.version}-all.jar`]);
    expect(path).toBe(join(cacheFolder(), pathOf(jar)));
    expect(readFileSync(path)).toEqual(BYTES);
    expect(cached()).toHaveLength(1);
  });

  it('are not used with a checksum other than the pinned one, and leave no file', async () => {
    using maven = await repository((_, response) => response.end('something else'));
    const jar = artifact();

    await expect(jarsOf([jar])).rejects.toThrow(`pinned is ${jar.sha256}`);

    expect(maven.asked).toHaveLength(3);
    expect(cached()).toEqual([]);
  });

  it('are asked for again when the connection breaks in the middle', async () => {
    using maven = await repository((_, response) => {
      if (maven.asked.length > 1) return void response.end(BYTES);
      response.writeHead(200, { 'content-length': BYTES.length });
      response.write(BYTES.subarray(0, 4), () => response.destroy());
    });

    const [path = ''] = await jarsOf([artifact()]);

    expect(maven.asked).toHaveLength(2);
    expect(readFileSync(path)).toEqual(BYTES);
  });

  it('say what to do where the repository has no such file', async () => {
    using _maven = await repository((_, response) => response.writeHead(404).end());
    const jar = artifact();

    const told = jarsOf([jar]).catch((error: unknown) => String(error));

    expect(await told).toContain('HTTP 404');
    expect(await told).toContain('set STRATA_MAVEN_REPOSITORY to a mirror');
    expect(await told).toContain(join(cacheFolder(), pathOf(jar)));
  });

  it('are not waited for twice where nobody answers', async () => {
    using maven = await repository((_, response) => response.end(BYTES));
    maven.close();

    await expect(jarsOf([artifact()])).rejects.toThrow('ECONNREFUSED');
    const began = performance.now();
    await expect(jarsOf([artifact()])).rejects.toThrow('ECONNREFUSED');

    expect(performance.now() - began).toBeLessThan(400); // Less than one pause between tries.
    expect(existsSync(cacheFolder())).toBe(true);
  });
});
