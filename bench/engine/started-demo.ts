import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isRecord, parseJson } from '../../src/core/json.ts';

const PROGRAM = fileURLToPath(new URL('../../src/main.js', import.meta.url));
const LOOK_MS = 5;
const WAIT_MS_MAX = 60_000;
/** Of the kernel's accounting of processes. */
const TICKS_PER_SECOND = 100;

export interface StartedDemo {
  /** From the start of the process to the first trade, quote or bar, as the log has it. */
  readonly firstEventMs: number;
  /** CPU of the engine and of its venue by then. */
  readonly engineCpuMs: number;
  readonly venueCpuMs: number;
  /** Milliseconds from its start to each thing that it said. */
  readonly saidMs: ReadonlyMap<string, number>;
}

/** `strata demo --once`, ended at its first market event. Throws if it never takes one. */
export async function startDemo(folder: string, symbols: number): Promise<StartedDemo> {
  const args = [PROGRAM, 'demo', '--once', '--data-dir', folder, '--symbols', String(symbols)];
  const beganMs = performance.now();
  const engine = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const saidMs = new Map<string, number>();
  engine.stderr.on('data', (text: Buffer) => {
    for (const line of text.toString().split('\n')) {
      const word = /^strata: (scored|starting|asking|fetching)/.exec(line)?.[1];
      if (word !== undefined && !saidMs.has(word)) saidMs.set(word, performance.now() - beganMs);
    }
  });
  try {
    for (let waited = 0; waited < WAIT_MS_MAX; waited += LOOK_MS) {
      const firstEventMs = firstEventOf(folder);
      if (firstEventMs !== undefined) {
        const engineCpuMs = cpuMsOf(engine.pid ?? 0);
        return { firstEventMs, engineCpuMs, venueCpuMs: await endVenue(folder), saidMs };
      }
      if (engine.exitCode !== null) break;
      await pause(LOOK_MS);
    }
    throw new Error(`the demo took no market event: exit ${engine.exitCode}`);
  } finally {
    engine.kill('SIGKILL');
    await endVenue(folder).catch(() => Number.NaN);
  }
}

function firstEventOf(folder: string): number | undefined {
  const sessions = join(folder, 'sessions');
  const [session] = existsSync(sessions) ? readdirSync(sessions) : [];
  const log = join(sessions, session ?? '', 'log.ndjson');
  if (session === undefined || !existsSync(log)) return undefined;
  const line = readFileSync(log, 'utf8').split('\n').find(isFirstEvent);
  const said = line === undefined ? undefined : parseJson(line);
  const startMs = isRecord(said) ? said['startMs'] : undefined;
  return typeof startMs === 'number' ? startMs : undefined;
}

function isFirstEvent(line: string): boolean {
  return line.includes('"event":"marketHeard"');
}

/** Answers the CPU that it took. */
async function endVenue(folder: string): Promise<number> {
  const place = parseJson(readFileSync(join(folder, 'venue.json'), 'utf8'));
  const admin = isRecord(place) ? String(place['adminUrl']) : '';
  const signal = AbortSignal.timeout(10_000);
  const state: unknown = await (await fetch(new URL('/admin/state', admin), { signal })).json();
  const instance = isRecord(state) ? String(state['instance']) : '';
  const cpuMs = cpuMsOf(Number.parseInt(instance, 10));
  await fetch(new URL('/admin/shutdown', admin), { method: 'POST', signal });
  return cpuMs;
}

/** NaN where the system has no such account of processes. */
function cpuMsOf(pid: number): number {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return Number.NaN;
  // After the name in brackets: utime and stime are the 12th and 13th.
  const fields = readFileSync(path, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_SECOND;
}
