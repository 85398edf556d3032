import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { DataDirectoryError } from '../../../src/store/journal/session-lock.ts';
import { nodeDisk } from '../../../src/store/journal/node-disk.ts';
import { present } from '../../../src/core/assert.ts';
import { runProgram } from '../../../src/cli/program.ts';
import { runSession } from '../../../src/compose/run-session.ts';
import { readSessionFile } from '../../../src/compose/session-files.ts';
import { createVerbs } from '../../../src/compose/verbs.ts';
import { CollectingTerminal } from '../cli/collecting-terminal.ts';
import { Workplace } from './workplace.ts';

const SESSION = 'demo-20240603-1';

it('says what a session that a person ends leaves open, and goes on with it no more', async () => {
  const place = new Workplace();
  const terminal = new CollectingTerminal();
  const stopping = new AbortController();
  const verbs = createVerbs(terminal, () => stopping.signal);
  const words = [
    'demo',
    '--virtual',
    '--symbols',
    '20',
    '--speed',
    '6000',
    '--data-dir',
    place.dataDir,
  ];
  const running = runProgram(words, verbs, terminal);
  while (!/"positions":[1-9]/.test((await place.run('status', '--json')).out)) await setImmediate();
  stopping.abort();
  const exitCode = await running;
  const file = present(readSessionFile(nodeDisk(place.dataDir), SESSION), 'the session');
  const again = runSession({
    dataDir: place.dataDir,
    file,
    configText: '',
    speed: 0,
    terminal,
    isJson: false,
    stop: stopping.signal,
  });
  await expect(again).rejects.toThrow(DataDirectoryError);
  const { exitCode: verified } = await place.run('verify', SESSION);
  place.remove();

  expect([exitCode, verified]).toEqual([0, 0]);
  expect(terminal.out).toMatch(/note +left open: [1-9]\d* positions? and \d+ orders?; the next/);
  expect(file.ended).toMatchObject({ reason: 'stopped by a person' });
}, 60_000);
