import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { AbsentError } from './absent-error.ts';

const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';
const FETCH_MS_MAX = 300_000;
const run = promisify(execFile);

/** A jar by its Maven coordinates, and the bytes that it must have. */
export interface Artifact {
  readonly group: string;
  readonly name: string;
  readonly version: string;
  readonly classifier?: string;
  readonly sha256: string;
}

/**
 * Where the jars lie on this machine, in the order asked for. What is not in the cache is fetched
 * by Maven, from wherever its settings say; either way it is used only if its checksum is the
 * pinned one. Rejects with AbsentError, which says what to do.
 */
export async function jarsOf(artifacts: readonly Artifact[]): Promise<readonly string[]> {
  const missing = new Map<string, Artifact>();
  for (const artifact of artifacts) {
    const path = pathOf(artifact);
    if (!(await isCached(artifact))) missing.set(path, artifact);
  }
  if (missing.size > 0) await fetchJars([...missing.values()]);
  return artifacts.map(placeOf);
}

export function cacheFolder(): string {
  const { STRATA_SERVICES_CACHE: own, XDG_CACHE_HOME: shared } = process.env;
  if (own !== undefined && own !== '') return own;
  const home = shared === undefined || shared === '' ? join(homedir(), '.cache') : shared;
  return join(home, 'strata', 'services');
}

/** Below the root of a repository, and of the cache: `org/questdb/questdb/9.3.4/...jar`. */
export function pathOf({ group, name, version, classifier }: Artifact): string {
  const tail = classifier === undefined ? '' : `-${classifier}`;
  return `${group.replaceAll('.', '/')}/${name}/${version}/${name}-${version}${tail}.jar`;
}

function placeOf(artifact: Artifact): string {
  return join(cacheFolder(), pathOf(artifact));
}

/** Checked once in the life of a process: hashing 130 MB for every start of a server adds up. */
const checked = new Set<string>();

async function isCached(artifact: Artifact): Promise<boolean> {
  const place = placeOf(artifact);
  if (checked.has(place)) return true;
  if (!existsSync(place)) return false;
  if ((await hashOf(place)) === artifact.sha256) checked.add(place);
  else await rm(place, { force: true });
  return checked.has(place);
}

/** All at once: Maven takes longer to start than to fetch a jar. */
async function fetchJars(artifacts: readonly Artifact[]): Promise<void> {
  // In a folder of its own until each is checked: others may fetch the same at once.
  const folder = join(cacheFolder(), `fetching-${process.pid}-${randomUUID()}`);
  await mkdir(folder, { recursive: true });
  try {
    await writeFile(join(folder, 'pom.xml'), pomOf(artifacts));
    await runMaven(folder);
    for (const artifact of artifacts) await keep(artifact, join(folder, pathOf(artifact)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function keep(artifact: Artifact, fetched: string): Promise<void> {
  const hash = existsSync(fetched) ? await hashOf(fetched) : 'none, as Maven brought no such file';
  if (hash !== artifact.sha256) {
    throw new AbsentError(
      `${pathOf(artifact)}: SHA-256 is ${hash}, pinned is ${artifact.sha256}. See where Maven's ` +
        `settings send it, or put the file at ${placeOf(artifact)}`,
    );
  }
  await mkdir(dirname(placeOf(artifact)), { recursive: true });
  await rename(fetched, placeOf(artifact));
  checked.add(placeOf(artifact));
}

/** What a Maven that failed has said: the next server need not wait for it again. */
let failure: string | undefined;

async function runMaven(folder: string): Promise<void> {
  failure ??= await failureOf([
    '--batch-mode',
    '--quiet',
    `--file=${join(folder, 'pom.xml')}`,
    `${PLUGIN}:copy-dependencies`,
    `-DoutputDirectory=${folder}`,
    '-Dmdep.useRepositoryLayout=true',
  ]);
  if (failure !== undefined) throw new AbsentError(`${failure}. It needs Maven and a network once`);
}

async function failureOf(args: readonly string[]): Promise<string | undefined> {
  try {
    await run('mvn', args, { timeout: FETCH_MS_MAX });
    return undefined;
  } catch (error) {
    const { code, stdout } = outcomeOf(error);
    if (code === 'ENOENT') return 'no Maven: install it (Debian: apt-get install maven)';
    const line = stdout.split('\n').find((text) => text.includes('ERROR'));
    return `Maven ended with ${code}: ${line ?? String(error)}`;
  }
}

function outcomeOf(error: unknown): { readonly code: string; readonly stdout: string } {
  const value = (name: string) => String(Reflect.get(Object(error), name) ?? '');
  return { code: value('code'), stdout: value('stdout') };
}

/** A project that wants just these, and nothing that they name themselves. */
function pomOf(artifacts: readonly Artifact[]): string {
  const wanted = artifacts.map(
    ({ group, name, version, classifier }) =>
      `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId>` +
      `<version>${version}</version>` +
      (classifier === undefined ? '' : `<classifier>${classifier}</classifier>`) +
      '<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion>' +
      '</exclusions></dependency>',
  );
  return (
    '<project><modelVersion>4.0.0</modelVersion><groupId>strata</groupId>' +
    '<artifactId>services</artifactId><version>1</version>' +
    `<dependencies>${wanted.join('\n')}</dependencies></project>`
  );
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
