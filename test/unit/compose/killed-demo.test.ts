import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type JsonObject, Workplace } from './workplace.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const DEMO = ['demo', '--once', '--symbols', '2', '--speed', '100000'];
const SESSION = 'demo-20240603-1';

let place: Workplace;

beforeAll(async () => {
  place = new Workplace();
  await place.run(...DEMO);
});

afterAll(() => place.remove());

/** As it is while a session runs, and stays where it is killed. */
function describeKilled(session: string, changed: JsonObject = {}): void {
  const path = join(place.folder(session), 'session.json');
  const { ended: _, ...killed } = place.description(session);
  writeFileSync(path, JSON.stringify({ ...killed, ...changed }));
}

function ownConfig(text: string): string {
  const path = join(place.dataDir, 'own.yaml');
  writeFileSync(path, text);
  return path;
}

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
