// Ends what a test process leaves behind, however that process ended: its end closes the pipe that
// is our standard input. `node guard.mjs ROOM`: each folder of ROOM is a server with its `pid` and
// the `signal` that it wants to be ended by; at the end ROOM goes too.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const GRACE_MS_MAX = 3_000;
const END_MS_MAX = 10_000;
const POLL_MS = 50;
const room = process.argv[2];

// Ctrl-C reaches the whole group of processes; we end when the tests have ended.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
process.stdin.resume();
process.stdin.on('error', () => undefined);
process.stdin.once('close', () => void end());

async function end() {
  // A server that was just being started writes its pid before it becomes a server.
  await wait(2 * POLL_MS);
  const servers = left();
  for (const { pid, signal } of servers) send(pid, signal);
  if (!(await until(() => servers.every(({ pid }) => !isAlive(pid)), GRACE_MS_MAX))) {
    for (const { pid } of servers) send(pid, 'SIGKILL');
    await until(() => servers.every(({ pid }) => !isAlive(pid)), END_MS_MAX);
  }
  rmSync(room, { recursive: true, force: true, maxRetries: 5 });
  process.exit(0);
}

function left() {
  return folders().flatMap((folder) => {
    const pid = Number(read(join(room, folder, 'pid')));
    const signal = read(join(room, folder, 'signal')) || 'SIGKILL';
    return pid > 1 && isOurs(pid, join(room, folder)) ? [{ pid, signal }] : [];
  });
}

/** A number may have passed to another process: ours names its own folder among its arguments. */
function isOurs(pid, folder) {
  // Linux says it itself, with zeros between the arguments; ps may not be installed.
  const told = read(`/proc/${pid}/cmdline`);
  if (told !== '') return told.includes(folder);
  try {
    const args = execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { stdio: 'pipe' });
    return args.toString().includes(folder);
  } catch {
    return false;
  }
}

function folders() {
  try {
    return readdirSync(room);
  } catch {
    return [];
  }
}

function read(path) {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(isDone, msMax) {
  const deadline = Date.now() + msMax;
  while (Date.now() < deadline) {
    if (isDone()) return true;
    await wait(POLL_MS);
  }
  return isDone();
}
