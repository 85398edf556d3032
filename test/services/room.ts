import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const GUARD = fileURLToPath(new URL('guard.mjs', import.meta.url));
let room: string | undefined;
let folders = 0;

/** A fresh folder for one server. It goes with the server, or with this process at its end. */
export function serverFolder(name: string): string {
  room ??= guardedRoom();
  folders += 1;
  const folder = join(room, `${name}-${folders}`);
  mkdirSync(folder);
  return folder;
}

function guardedRoom(): string {
  const path = mkdtempSync(join(realpathSync(tmpdir()), 'strata-services-'));
  // PostgreSQL may run as another user, who must find its folder in here.
  chmodSync(path, 0o711);
  // A group of its own: Ctrl-C must not end it before the tests have ended.
  const guard = spawn(process.execPath, [GUARD, path], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: process.env['PATH'] },
  });
  guard.on('error', (error) => {
    throw error;
  });
  // Neither it nor the pipe to it keeps this process alive; that the pipe closes is the message.
  guard.unref();
  const { stdin } = guard;
  if ('unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
  return path;
}
