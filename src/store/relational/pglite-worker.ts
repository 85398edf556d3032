import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { assert } from '../../core/assert.ts';
import { isRecord } from '../../core/json.ts';
import type { SqlRow } from './database.ts';
import {
  isThreadRequest,
  isThreadSettings,
  OPENED_ID,
  type ThreadAnswer,
  type ThreadRequest,
  WHOLE,
} from './pglite-protocol.ts';
import { faultOf, type SqlFault } from './sql-fault.ts';

/**
 * The thread in which the embedded database runs: it computes while it answers, and the engine's
 * thread must not stand still for it. One request at a time, in their order.
 */
assert(parentPort !== null, 'this file is the beginning of a worker');
const port = parentPort;
/** The last words of the server itself: when it aborts, its error says nothing. */
const said: string[] = [];
const SAID_MAX = 5;
/** Types by their numbers in `pg_type`: each is sent and read as the server writes it. */
const TYPES = [16, 17, 20, 21, 23, 25, 26, 114, 700, 701, 1009, 1043, 1184, 1700, 3802];
const asText = Object.fromEntries(TYPES.map((type) => [type, String]));

/** The file system of the wasm module has numbers of its own: WASI's. */
const ERRNO = new Map<unknown, string>([
  [2, 'EACCES'],
  [19, 'EDQUOT'],
  [22, 'EFBIG'],
  [29, 'EIO'],
  [51, 'ENOSPC'],
  [63, 'EPERM'],
  [69, 'EROFS'],
]);

await serve().catch((error: unknown) => {
  tell({ id: OPENED_ID, kind: 'fault', fault: openingFault(error) });
  port.close();
});

async function serve(): Promise<void> {
  assert(isThreadSettings(workerData), 'the thread is started with its settings');
  const { directory, task } = workerData;
  if (task === 'make' && directory !== undefined) {
    await make(directory);
    tell({ id: OPENED_ID, kind: 'rows', rows: [] });
    return port.close();
  }
  const server = await start(directory === undefined ? 'memory://' : join(directory, WHOLE));
  let running = Promise.resolve();
  port.on('message', (message: unknown) => {
    assert(isThreadRequest(message), 'the thread is sent what the protocol has');
    running = running.then(() => answer(server, message));
  });
  tell({ id: OPENED_ID, kind: 'rows', rows: [] });
}

/**
 * Made aside and then named: a directory that was being made when its process died would look like
 * one that is damaged.
 */
async function make(directory: string): Promise<void> {
  const unfinished = join(directory, 'pg.new');
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  await (await start(unfinished)).close();
  renameSync(unfinished, join(directory, WHOLE));
}

async function start(dataDir: string): Promise<PGlite> {
  const server = new PGlite({
    dataDir,
    parsers: asText,
    serializers: asText,
    onStderr: (text) => {
      said.push(text.trim());
      if (said.length > SAID_MAX) said.shift();
      return false;
    },
  });
  await server.waitReady;
  return server;
}

async function answer(server: PGlite, { id, kind, text, values }: ThreadRequest): Promise<void> {
  try {
    if (kind === 'close') await server.close();
    else if (kind === 'script') await server.exec(text);
    const rows = kind === 'query' ? (await server.query<SqlRow>(text, [...values])).rows : [];
    tell({ id, kind: 'rows', rows });
  } catch (error) {
    tell({ id, kind: 'fault', fault: faultOf(error) });
  }
  if (kind === 'close') port.close();
}

function openingFault(error: unknown): SqlFault {
  const { state, message, constraint } = faultOf(error);
  const errno = isRecord(error) ? ERRNO.get(error['errno']) : undefined;
  return {
    state: state === '' ? (errno ?? '') : state,
    message: [errno ?? message, ...said].join('; '),
    constraint,
  };
}

function tell(message: ThreadAnswer): void {
  port.postMessage(message);
}
