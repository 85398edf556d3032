import {
  appendFileSync,
  cpSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ChildEngine } from './child-engine.ts';
import { dataDirectory } from './data-directory.ts';
import { MAIN, strata } from './strata.ts';

const DEMO = ['demo', '--virtual', '--once', '--symbols', '20', '--speed', '8000'];
const SESSION = 'demo-20240603-1';
const SEGMENT = join('sessions', SESSION, 'journal', '000001.seg');

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const killed = dataDirectory();
afterAll(() => killed[Symbol.dispose]());

beforeAll(async () => {
  await using engine = await ChildEngine.start(killed.path, DEMO);
  await engine.until('a position', ({ fills }) => fills > 0);
  await engine.kill();
});

it('(B5) names segment and offset of a flipped bit, and does not trade on it', async () => {
  using data = dataDirectory();
  cpSync(killed.path, data.path, { recursive: true, filter: (path) => !path.endsWith('.sock') });
  const path = join(data.path, SEGMENT);
  const bytes = readFileSync(path);
  const middle = Math.floor(bytes.length / 2);
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 0x10, middle);
  writeFileSync(path, bytes);
  const at = ['--data-dir', data.path];

  for (const verb of [['verify'], ['explain', 'NOPE'], [...DEMO]]) {
    const refused = await strata([...verb, ...at]);
    expect(refused.code, verb.join(' ')).toBe(7);
    const named = /000001\.seg is damaged at byte (\d+): expected/.exec(refused.stderr);
    const offset = Number(named?.[1]);
    expect(offset).toBeLessThanOrEqual(middle);
    expect(offset).toBeGreaterThan(middle - 70_000); // In the block that holds it.
    expect(refused.stderr).toContain('Do not start again before the disk is checked');
  }
  expect(readFileSync(path).equals(bytes)).toBe(true);
  const doctor = await strata(['doctor', ...at]);
  expect(doctor.code).toBe(7);
  expect(doctor.stdout).toContain('000001.seg is damaged at byte');
});

it('does not start another day beside a session that it cannot read', async () => {
  using data = dataDirectory();
  cpSync(killed.path, data.path, { recursive: true, filter: (path) => !path.endsWith('.sock') });
  const path = join(data.path, 'sessions', SESSION, 'session.json');
  writeFileSync(path, readFileSync(path, 'utf8').slice(0, 100));
  const refused = await strata([...DEMO, '--data-dir', data.path]);

  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain(`sessions/${SESSION}/session.json`);
  expect(refused.stderr).toContain('restore the file');
});

it('refuses to verify what another build decided, and says what would', async () => {
  using other = dataDirectory();
  const built = join(MAIN, '..');
  cpSync(built, join(other.path, 'dist'), { recursive: true });
  for (const name of ['node_modules', 'config', 'package.json']) {
    symlinkSync(realpathSync(join(built, '..', name)), join(other.path, name));
  }
  appendFileSync(join(other.path, 'dist', 'main.js'), '\n// Another build.\n');
  const main = join(other.path, 'dist', 'main.js');
  const refused = await strata(['verify', '--data-dir', killed.path], { main });

  expect(refused.code).toBe(7);
  expect(refused.stdout).toContain('life 1 was written by build');
  expect(refused.stdout).toContain('strata replay');
});
