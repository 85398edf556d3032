import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { dataDirectory } from '../crash/data-directory.ts';
import type { Artifact } from './maven.ts';

const BYTES = 'the bytes of a jar';
const JAR = artifact('1');
const OTHER = artifact('2');

function artifact(version: string): Artifact {
  const sha256 = createHash('sha256').update(BYTES).digest('hex');
  return { group: 'a.b', name: 'jar', version, classifier: 'all', sha256 };
}

/**
 * A cache of one test, a Maven that does what it is told, and our side of it without memory.
 * `lives` are shell lines, one for each run; `$out` is where it has to put what it fetched.
 */
async function maven(...lives: readonly string[]) {
  const root = dataDirectory();
  const [bin, log] = [join(root.path, 'bin'), join(root.path, 'poms')];
  mkdirSync(bin);
  const cases = lives.map((life, at) => `${at + 1}) ${life} ;;`);
  const script = [
    '#!/bin/sh',
    'for arg in "$@"; do case "$arg" in',
    '  --file=*) pom="${arg#--file=}" ;; -DoutputDirectory=*) out="${arg#*=}" ;;',
    'esac; done',
    `cat "$pom" >> ${log}; echo >> ${log}; echo run >> ${log}.runs`,
    `case $(wc -l < ${log}.runs) in`,
    ...cases,
    'esac',
  ];
  writeFileSync(join(bin, 'mvn'), script.join('\n'));
  chmodSync(join(bin, 'mvn'), 0o755);
  vi.stubEnv('PATH', `${bin}:${process.env['PATH'] ?? ''}`);
  vi.stubEnv('STRATA_SERVICES_CACHE', join(root.path, 'cache'));
  vi.resetModules();
  const ours = await import('./maven.ts');
  return {
    ...ours,
    /** What it was asked for, and how often. */
    asked: () => (existsSync(log) ? readFileSync(log, 'utf8') : ''),
    runs: () => (existsSync(`${log}.runs`) ? readFileSync(`${log}.runs`, 'utf8').length / 4 : 0),
    [Symbol.dispose]: () => root[Symbol.dispose](),
  };
}

/** Shell that brings a jar with this text. */
function brings({ name, version }: Artifact, text = BYTES): string {
  const file = `$out/a/b/jar/${version}/${name}-${version}-all.jar`;
  return `mkdir -p "${dirname(file)}"; printf '${text}' > "${file}"`;
}

/** Files of the cache, with those that are not whole. */
function cached(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

afterEach(() => vi.unstubAllEnvs());

describe('the jars of the servers', () => {
  it('are fetched by their coordinates, all in one run, and are checked', async () => {
    using world = await maven(`${brings(JAR)}; ${brings(OTHER)}`);
    const { jarsOf, pathOf, cacheFolder } = world;

    const paths = await jarsOf([JAR, OTHER, JAR]);
    await jarsOf([OTHER]);

    expect(world.runs()).toBe(1);
    expect(world.asked().match(/<artifactId>jar<\/artifactId><version>\d/g)).toHaveLength(2);
    expect(world.asked()).toContain('<groupId>a.b</groupId>');
    expect(world.asked()).toContain('<classifier>all</classifier>');
    expect(paths).toEqual([JAR, OTHER, JAR].map((jar) => join(cacheFolder(), pathOf(jar))));
    expect(paths.map((path) => readFileSync(path, 'utf8'))).toEqual([BYTES, BYTES, BYTES]);
    expect(cached(cacheFolder())).toHaveLength(2);
  });

  it('are not used with a checksum other than the pinned one, and leave no file', async () => {
    using world = await maven(brings(JAR, 'something else'), brings(JAR));

    await expect(world.jarsOf([JAR])).rejects.toThrow(`pinned is ${JAR.sha256}`);
    expect(cached(world.cacheFolder())).toEqual([]);
    await world.jarsOf([JAR]);

    expect(world.runs()).toBe(2);
  });

  it('are fetched anew where the cache holds half of one', async () => {
    using world = await maven(brings(JAR));
    const place = join(world.cacheFolder(), world.pathOf(JAR));
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, BYTES.slice(0, 4));

    const [path = ''] = await world.jarsOf([JAR]);

    expect(readFileSync(path, 'utf8')).toBe(BYTES);
  });

  it('say what to do where Maven brings no such file', async () => {
    using world = await maven('true');
    const told = await world.jarsOf([JAR]).catch((error: unknown) => String(error));

    expect(told).toContain('Maven brought no such file');
    expect(told).toContain(join(world.cacheFolder(), world.pathOf(JAR)));
  });

  it('are not waited for twice where Maven fails, which is told in its words', async () => {
    using world = await maven(
      "echo '[ERROR] Could not transfer artifact: Connection refused'; exit 1",
      brings(JAR),
    );

    await expect(world.jarsOf([JAR])).rejects.toThrow(
      /ended with 1: .*Connection refused.*network/,
    );
    await expect(world.jarsOf([JAR])).rejects.toThrow('Connection refused');

    expect(world.runs()).toBe(1);
    expect(cached(world.cacheFolder())).toEqual([]);
  });

  it('say what to install where there is no Maven', async () => {
    using world = await maven('true');
    vi.stubEnv('PATH', '');

    await expect(world.jarsOf([JAR])).rejects.toThrow('apt-get install maven');
  });
});
