import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { isRunning } from './is-running.ts';
import { describeWith } from './describe-with.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const THREADS = fileURLToPath(new URL('../typescript-threads.mjs', import.meta.url));

/** `npm run services -- questdb postgres`, without npm: its process, and what it started. */
async function started() {
  const args = ['--import', THREADS, MAIN, 'questdb', 'postgres'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const pids: number[] = [];
  let room = '';
  for await (const line of createInterface({ input: child.stdout })) {
    const said: unknown = JSON.parse(line);
    if (typeof said !== 'object' || said === null) continue;
    pids.push(Number(Reflect.get(said, 'pid')));
    room = dirname(dirname(String(Reflect.get(said, 'dir'))));
    if (pids.length === 2) break;
  }
  return { child, pids, room };
}

await describeWith(['questdb', 'postgres'], 'Servers whose tests have ended', () => {
  it.each(['SIGKILL', 'SIGINT'] as const)('end and leave nothing: %s', async (signal) => {
    const { child, pids, room } = await started();
    expect([pids.map(isRunning), existsSync(room)]).toEqual([[true, true], true]);

    child.kill(signal);
    await once(child, 'exit');

    const left = (): unknown => [pids.map(isRunning), existsSync(room)];
    await expect.poll(left, { timeout: 15_000 }).toEqual([[false, false], false]);
  });
});
