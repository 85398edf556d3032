import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { assert } from '../../core/assert.ts';
import { TurnAge } from './turn-age.ts';
import type { WatchedTurns } from './turn-watchdog.ts';

const STDERR = 2;

watch(workerData);

/** Ends the process where a turn does not end: the journal holds what it decided. */
function watch(data: unknown): void {
  assert(isWatchedTurns(data), 'the watching thread is given what it watches');
  const { cells, turnMsMax, tickMs } = data;
  const turns = new TurnAge(tickMs, performance.now());
  setInterval(() => {
    const began = Atomics.load(cells, 0);
    const spentMs = turns.look(began, Atomics.load(cells, 1), performance.now());
    if (spentMs <= turnMsMax) return;
    const what = `turn ${began} of this life has run for ${Math.round(spentMs)} ms`;
    // Straight to the descriptor: a thread's own stderr goes through the thread that hangs.
    writeSync(STDERR, `fatal: ${what}, more than ${turnMsMax}: the process ends\n`);
    process.kill(process.pid, 'SIGKILL');
  }, tickMs);
}

function isWatchedTurns(data: unknown): data is WatchedTurns {
  if (typeof data !== 'object' || data === null) return false;
  const cells: unknown = Reflect.get(data, 'cells');
  const numbers = [Reflect.get(data, 'turnMsMax'), Reflect.get(data, 'tickMs')];
  return cells instanceof Int32Array && numbers.every((value) => typeof value === 'number');
}
