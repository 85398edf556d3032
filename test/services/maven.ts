import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { AbsentError } from './absent-error.ts';

const CENTRAL = 'https://repo1.maven.org/maven2';
const TRIES_MAX = 3;
const ANSWER_MS_MAX = 10_000;
const FILE_MS_MAX = 300_000;
const FILES_AT_ONCE_MAX = 6;

/** A jar by its Maven coordinates, and the bytes that it must have. */
export interface Artifact {
  readonly group: string;
  readonly name: string;
  readonly version: string;
  readonly classifier?: string;
  readonly sha256: string;
}

/**
 * Where the jars lie on this machine, in the order asked for. What is not in the cache comes from a
 * local Maven repository or is downloaded; either way it is used only if its checksum is the pinned
 * one. Rejects with AbsentError, which says what to do.
 */
export async function jarsOf(artifacts: readonly Artifact[]): Promise<readonly string[]> {
  const left = [...artifacts.entries()];
  const paths: string[] = [];
  const take = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      paths[next[0]] = await jarOf(next[1]);
    }
  };
  await Promise.all(Array.from({ length: FILES_AT_ONCE_MAX }, take));
  return paths;
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

const known = new Map<string, Promise<string>>();

/** Checked once in the life of a process: hashing 130 MB for every start of a server adds up. */
function jarOf(artifact: Artifact): Promise<string> {
  const path = pathOf(artifact);
  const found = known.get(path) ?? find(artifact, join(cacheFolder(), path));
  known.set(path, found);
  return found;
}

async function find(artifact: Artifact, place: string): Promise<string> {
  if (existsSync(place)) {
    if ((await hashOf(place)) === artifact.sha256) return place;
    await rm(place, { force: true });
  }
  await mkdir(dirname(place), { recursive: true });
  // Under a name of its own until it is whole and checked: others may fetch the same at once.
  const part = `${place}.${process.pid}-${randomUUID()}.part`;
  try {
    if (!(await copyLocal(artifact, part))) await download(artifact, part);
    await rename(part, place);
  } finally {
    await rm(part, { force: true });
  }
  return place;
}

async function copyLocal(artifact: Artifact, part: string): Promise<boolean> {
  const local = join(homedir(), '.m2', 'repository', pathOf(artifact));
  if (!existsSync(local)) return false;
  await copyFile(local, part);
  return (await hashOf(part)) === artifact.sha256;
}

/** Repositories that nobody answered for, and what was heard: the next jar need not wait again. */
const unreachable = new Map<string, string>();

async function download(artifact: Artifact, part: string): Promise<void> {
  const base = repository();
  const url = `${base}/${pathOf(artifact)}`;
  let reason = unreachable.get(base) ?? '';
  for (let tries = 1; tries <= TRIES_MAX && !unreachable.has(base); tries += 1) {
    try {
      await downloadOnce(url, part);
      const hash = await hashOf(part);
      if (hash === artifact.sha256) return;
      reason = `SHA-256 is ${hash}, pinned is ${artifact.sha256}`;
    } catch (error) {
      reason = reasonOf(error);
      if (tries === TRIES_MAX && !(error instanceof AnsweredError)) unreachable.set(base, reason);
    }
    if (tries < TRIES_MAX) await wait(tries * 500 + Math.random() * 250);
  }
  throw new AbsentError(
    `${url}: ${reason}. It needs a network once: set STRATA_MAVEN_REPOSITORY to a mirror of ` +
      `Maven Central, or put the file at ${join(cacheFolder(), pathOf(artifact))}`,
  );
}

/** The repository is there, and says no. */
class AnsweredError extends Error {
  override readonly name = 'AnsweredError';
}

async function downloadOnce(url: string, part: string): Promise<void> {
  const ending = new AbortController();
  const late = (what: string) => () => ending.abort(new Error(what));
  const answer = setTimeout(late(`no answer in ${ANSWER_MS_MAX} ms`), ANSWER_MS_MAX);
  const whole = setTimeout(late(`not whole in ${FILE_MS_MAX} ms`), FILE_MS_MAX);
  try {
    const response = await fetch(url, { signal: ending.signal });
    clearTimeout(answer);
    if (!response.ok || response.body === null) {
      throw new AnsweredError(`HTTP ${response.status}`);
    }
    await pipeline(response.body, createWriteStream(part));
  } finally {
    clearTimeout(answer);
    clearTimeout(whole);
  }
}

function repository(): string {
  const named = process.env['STRATA_MAVEN_REPOSITORY'];
  const url = named === undefined || named === '' ? (mirror() ?? CENTRAL) : named;
  return url.replace(/\/+$/, '');
}

/** The mirror of everything, or of Maven Central, that the user's settings for Maven name. */
function mirror(): string | undefined {
  const settings = join(homedir(), '.m2', 'settings.xml');
  if (!existsSync(settings)) return undefined;
  const text = readFileSync(settings, 'utf8').replaceAll(/<!--[\s\S]*?-->/g, '');
  for (const [, body = ''] of text.matchAll(/<mirror>([\s\S]*?)<\/mirror>/g)) {
    const of = /<mirrorOf>\s*([^<]*?)\s*<\/mirrorOf>/.exec(body)?.[1]?.split(',') ?? [];
    const url = /<url>\s*(https?:[^<\s]*)\s*<\/url>/.exec(body)?.[1];
    if (url !== undefined && of.some((one) => one === '*' || one === 'central')) return url;
  }
  return undefined;
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Node says only "fetch failed"; why is in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
