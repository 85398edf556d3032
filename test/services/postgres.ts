import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AbsentError } from './absent-error.ts';
import {
  type Place,
  type Recipe,
  type RunningServer,
  startServer,
  type StartOptions,
} from './running-server.ts';

const DEBIAN = '/usr/lib/postgresql';
const CREATE_MS_MAX = 60_000;
const run = promisify(execFile);

export interface PostgresAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export interface PostgresOptions extends StartOptions {
  /** Of `postgresql.conf`, besides ours: `{ log_statement: 'all' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

export type PostgresServer = PostgresAddress & RunningServer;

/**
 * PostgreSQL on loopback with a password of its own. The user `strata` owns everything. A data
 * directory that the test brings is created once and found again.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  return startServer(recipe(options), options);
}

/** The folder with `initdb` and `postgres`. Throws AbsentError. */
export function postgresBin(): string {
  const own = process.env['STRATA_POSTGRES_BIN'];
  const folders = [...(own === undefined ? [] : [own]), configured(), ...debian()];
  folders.push(...(process.env['PATH'] ?? '').split(':'), '/usr/local/bin');
  const found = folders.find(
    (folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')),
  );
  if (found !== undefined) return found;
  throw new AbsentError(
    'no initdb and postgres: install PostgreSQL (Debian: apt-get install postgresql), ' +
      'or set STRATA_POSTGRES_BIN to the folder that holds them',
  );
}

/** PostgreSQL refuses to run as root: then it runs as somebody who may do nothing. */
export function postgresUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((which) => Number(output('id', [which, name]) || '0'));
    if (uid !== undefined && gid !== undefined && uid > 0) return { uid, gid };
  }
  throw new AbsentError('PostgreSQL does not run as root, and there is no user postgres or nobody');
}

function recipe({ settings = {} }: PostgresOptions): Recipe<PostgresAddress> {
  const user = postgresUser();
  let password = '';
  return {
    name: 'postgres',
    portsWanted: 1,
    address: ({ ports: [port = 0] }) => ({
      host: '127.0.0.1',
      port,
      user: 'strata',
      password,
      database: 'postgres',
    }),
    async create({ folder, dir }) {
      mkdirSync(dir, { recursive: true, mode: 0o700 });
      password = passwordOf(dir);
      if (user !== undefined) handOver([folder, dir], user);
      if (!existsSync(join(dir, 'PG_VERSION'))) await create(folder, dir, password, user);
    },
    launch: async (place) => ({
      file: join(postgresBin(), 'postgres'),
      args: ['-D', place.dir, ...settingsOf(place, settings)],
      env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' },
      user,
      readyMark: /database system is ready to accept connections/,
      isReady: async () => true,
      // Ends at once and takes its shared memory along; what was committed is in its log.
      stopSignal: 'SIGQUIT',
      hasChildren: true,
      afterEnd: () => removeInterlock(place.dir),
    }),
  };
}

/** A directory of the test's own may lie where only root can go. */
function handOver(
  paths: readonly string[],
  user: { readonly uid: number; readonly gid: number },
): void {
  for (const path of paths) {
    chownSync(path, user.uid, user.gid);
    try {
      execFileSync('test', ['-w', path], user);
    } catch {
      const who = `user ${user.uid}, as whom PostgreSQL runs here, cannot reach it`;
      throw new Error(`${path}: ${who}: let everybody pass (chmod a+x) the folders above`);
    }
  }
}

function settingsOf(
  { folder, ports: [port = 0] }: Place,
  settings: Readonly<Record<string, string>>,
): readonly string[] {
  const all: Readonly<Record<string, string>> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: folder,
    // A killed process loses nothing that it gave to the system: only a dead machine would.
    fsync: 'off',
    shared_buffers: '64MB',
    max_connections: '50',
    // In the data directory, which goes with the server; POSIX segments of a killed one stay.
    dynamic_shared_memory_type: 'mmap',
    ...settings,
  };
  return Object.entries(all).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
}

async function create(
  folder: string,
  dir: string,
  password: string,
  user: { readonly uid: number; readonly gid: number } | undefined,
): Promise<void> {
  const secret = join(folder, 'password');
  writeFileSync(secret, `${password}\n`, { mode: 0o600 });
  if (user !== undefined) chownSync(secret, user.uid, user.gid);
  const args = ['-D', dir, '-U', 'strata', `--pwfile=${secret}`, '--auth=scram-sha-256'];
  args.push('--encoding=UTF8', '--locale=C', '--no-sync');
  const env = { PATH: process.env['PATH'], LC_ALL: 'C' };
  const options = { cwd: folder, env, timeout: CREATE_MS_MAX, ...user };
  await run(join(postgresBin(), 'initdb'), args, options);
}

/** Beside a directory that outlives its server, so that the next one knows it. */
function passwordOf(dir: string): string {
  const place = `${dir}.password`;
  if (!existsSync(place)) writeFileSync(place, randomBytes(12).toString('hex'), { mode: 0o600 });
  return readFileSync(place, 'utf8');
}

/** Killed, it leaves its lock with the number of a shared memory segment, which outlives it. */
function removeInterlock(dir: string): void {
  const lock = join(dir, 'postmaster.pid');
  if (!existsSync(lock)) return;
  const segment = /^\s*\d+\s+(\d+)\s*$/.exec(readFileSync(lock, 'utf8').split('\n')[6] ?? '')?.[1];
  if (segment !== undefined) output('ipcrm', ['-m', segment]);
}

function configured(): string {
  return output('pg_config', ['--bindir']);
}

/** Debian keeps each version apart; the newest first. */
function debian(): readonly string[] {
  if (!existsSync(DEBIAN)) return [];
  const versions = readdirSync(DEBIAN).toSorted((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(DEBIAN, version, 'bin'));
}

/** What a small program says; nothing where it is not there or fails. */
function output(file: string, args: readonly string[]): string {
  try {
    return execFileSync(file, args, { stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  } catch {
    return '';
  }
}
