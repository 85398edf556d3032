import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { HaltFile } from '../../../src/compose/live/halt-file.ts';
import { ManualTime } from '../../manual-time.ts';

function scene(answers: readonly boolean[]) {
  const folder = mkdtempSync(join(tmpdir(), 'strata-halt-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'HALT');
  const time = new ManualTime(0);
  let told = 0;
  let isHalted = false;
  const found = (): boolean => {
    told += 1;
    isHalted = answers[told - 1] ?? true;
    return isHalted;
  };
  const file = new HaltFile(path, time, found, () => isHalted);
  const resume = (): void => {
    isHalted = false;
  };
  return { path, time, file, resume, told: () => told };
}

it('tells once of a file that stays, and again of one that comes back', () => {
  const { path, time, file, told } = scene([]);
  file.start();
  time.advance(100);
  expect(told()).toBe(0);

  writeFileSync(path, '');
  time.advance(200);
  expect(told()).toBe(1);

  rmSync(path);
  time.advance(100);
  writeFileSync(path, '');
  time.advance(100);
  expect(told()).toBe(2);
});

it('pulls again where the halt was not taken', () => {
  const { path, time, file, told } = scene([false, false]);
  writeFileSync(path, '');
  file.start();
  time.advance(400);

  expect(told()).toBe(3);
});

it('halts again where somebody resumed and left the file', () => {
  const { path, time, file, resume, told } = scene([]);
  writeFileSync(path, '');
  file.start();
  resume();
  time.advance(100);
  expect(told()).toBe(2);

  rmSync(path);
  resume();
  time.advance(200);
  expect(told()).toBe(2);
});

it('looks no more once it has stopped', () => {
  const { path, time, file, told } = scene([]);
  file.start();
  file.stop();
  writeFileSync(path, '');
  time.advance(400);

  expect(told()).toBe(0);
});
