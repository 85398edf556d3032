import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { TurnAge } from '../../../src/actors/services/turn-age.ts';

describe('TurnAge', () => {
  it('measures a turn from the look that first saw it', () => {
    const watch = new TurnAge(10, 0);

    const seen = [10, 20, 30, 40].map((nowMs) => watch.look(1, 0, nowMs));

    expect(seen).toEqual([0, 10, 20, 30]);
  });

  it('begins anew with every turn, and sees nothing between turns', () => {
    const watch = new TurnAge(10, 0);

    const turns = [
      [1, 0],
      [1, 0],
      [2, 1],
      [2, 1],
      [2, 2],
      [3, 2],
    ] as const;
    const seen = turns.map(([began, ended], at) => watch.look(began, ended, (at + 1) * 10));

    expect(seen).toEqual([0, 10, 0, 10, 0, 0]);
  });

  it('takes the time in which nobody ran for no turn at all, but for two ticks', () => {
    const watch = new TurnAge(10, 0);
    watch.look(1, 0, 10);

    expect(watch.look(1, 0, 3_600_000)).toBe(20);
    expect(watch.look(1, 0, 3_600_010)).toBe(30);
  });

  it('knows numbers that have wrapped round', () => {
    const watch = new TurnAge(10, 0);
    watch.look(-(2 ** 31), 2 ** 31 - 1, 10);

    expect(watch.look(-(2 ** 31), 2 ** 31 - 1, 20)).toBe(10);
  });
});

describe('the watchdog of the deciding thread', () => {
  it('G8 ends a process whose turn does not end, and says so on its last line', async () => {
    const { code, signal, stdout, stderr } = await run('hang', 300);

    expect({ code, signal, stdout }).toEqual({
      code: null,
      signal: 'SIGKILL',
      stdout: 'hanging\n',
    });
    expect(stderr).toMatch(/fatal: turn 2 of this life has run for \d+ ms, more than 300/);
  });

  it('leaves a busy thread alone whose turns are short', async () => {
    expect(await run('busy', 300)).toMatchObject({ code: 0, stdout: 'done\n', stderr: '' });
  });

  it('keeps no process alive', async () => {
    expect(await run('idle', 60_000)).toMatchObject({ code: 0, stdout: 'done\n', stderr: '' });
  });
});

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(mode: string, turnMsMax: number): Promise<Ended> {
  const file = fileURLToPath(new URL('./hung-turn-child.ts', import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, file, mode, String(turnMsMax)]);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  return new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}
