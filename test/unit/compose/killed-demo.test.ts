import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { present } from '../../../src/core/assert.ts';
import { takeBack } from '../../../src/compose/earlier-lives.ts';
import { readSessionFile, writeSessionFile } from '../../../src/compose/session-files.ts';
import { nodeDisk } from '../../../src/store/journal/node-disk.ts';
import { type JsonObject, objectOf, Workplace } from './workplace.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const DEMO = ['demo', '--virtual', '--once', '--symbols', '2', '--speed', '100000'];
const SESSION = 'demo-20240603-1';

let place: Workplace;

beforeAll(async () => {
  place = new Workplace();
  await place.run(...DEMO);
});

afterAll(() => place.remove());

/** As it is while a session runs, and stays where it is killed. */
function describeKilled(session: string, changed: JsonObject = {}, at = place): void {
  const path = join(at.folder(session), 'session.json');
  const { ended: _, ...killed } = at.description(session);
  writeFileSync(path, JSON.stringify({ ...killed, ...changed }));
}

function ownConfig(text: string): string {
  const path = join(place.dataDir, 'own.yaml');
  writeFileSync(path, text);
  return path;
}

describe('a demo that cannot be opened', () => {
  it('leaves no session behind that the next start would go on with', () => {
    const disk = nodeDisk(place.dataDir);
    const file = present(readSessionFile(disk, SESSION), 'the session');
    writeSessionFile(disk, { ...file, sessionId: 'demo-20240604-1' });
    takeBack(place.dataDir, 'demo-20240604-1');

    expect(existsSync(place.folder('demo-20240604-1'))).toBe(false);
  });

  it('keeps what was recorded, and what a life before had said of it', () => {
    const disk = nodeDisk(place.dataDir);
    const before = present(readSessionFile(disk, SESSION), 'the session');
    writeSessionFile(disk, { ...before, configHash: 'another' });
    takeBack(place.dataDir, SESSION);
    expect(existsSync(join(place.folder(SESSION), 'journal', '000001.seg'))).toBe(true);
    takeBack(place.dataDir, SESSION, before);
    expect(readSessionFile(disk, SESSION)).toEqual(before);
  });
});

describe('demos that were killed', () => {
  it('are all found, the newest by its start, the others named', async () => {
    const fresh = new Workplace();
    await fresh.run(...DEMO);
    await fresh.run(...DEMO);
    const second = 'demo-20240603-2';
    for (const [session, startedUs] of [
      [SESSION, 2_000_000],
      [second, 1_000_000],
    ] as const) {
      describeKilled(session, { startedUs }, fresh);
    }
    const first = await fresh.run(...DEMO);
    const then = await fresh.run(...DEMO);
    fresh.remove();

    expect(first.errors).toContain(`killed too, and left for later: ${second}`);
    expect(first.errors).toContain(`going on with ${SESSION},`);
    expect(then.errors).toContain(`going on with ${second},`);
    expect(then.errors).not.toContain('left for later');
  });
});

describe('a demo that was killed', () => {
  it('is not gone on with under another account: 4, and both are named', async () => {
    describeKilled(SESSION);
    const before = readFileSync(join(place.folder(SESSION), 'session.json'), 'utf8');
    const own = ownConfig('account:\n  id: other\n');
    const { exitCode, errors } = await place.run(...DEMO, '--config', own);

    expect(exitCode).toBe(4);
    expect(errors).toMatch(/demo-20240603-1 was killed while it traded account \S+, and .* other/);
    expect(readFileSync(join(place.folder(SESSION), 'session.json'), 'utf8')).toBe(before);
  });

  it('is not gone on with in another market: 7, and its description stays', async () => {
    const own = objectOf(place.description(SESSION)['market']);
    for (const [other, told] of [
      [{ ...own, date: 20240604 }, /was killed in market \w{16}; now it is \w{16}/],
      [{ ...own, symbols: 1 }, /in a market whose symbol \d is \w+; now it is \w+/],
    ] as const) {
      describeKilled(SESSION, { market: other });
      const before = readFileSync(join(place.folder(SESSION), 'session.json'), 'utf8');
      const { exitCode, errors } = await place.run(...DEMO);

      expect(exitCode, errors).toBe(7);
      expect(errors).toMatch(told);
      expect(readFileSync(join(place.folder(SESSION), 'session.json'), 'utf8')).toBe(before);
    }
    describeKilled(SESSION, { market: own });
  });

  it('is gone on with whatever was typed, which is said', async () => {
    describeKilled(SESSION);
    const own = ownConfig('risk:\n  positionsMax: 3\n');
    const words = ['--seed', '99', '--date', '2024-06-10', '--config', own];
    const { exitCode, errors, out } = await place.run(...DEMO, ...words);

    expect(exitCode).toBe(0);
    expect(out).toContain(`Session ${SESSION} `);
    expect(errors).toMatch(
      /going on with demo-20240603-1, .*\(seed 99 and 2 symbols are ignored\)/,
    );
  });
});
