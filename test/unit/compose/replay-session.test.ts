import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '../../../src/cli/program.ts';
import { createVerbs } from '../../../src/compose/verbs.ts';
import { CollectingTerminal } from '../cli/collecting-terminal.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'strata-replay-'));
const folder = (session: string) => join(dataDir, 'sessions', session);

beforeAll(async () => {
  const { exitCode } = await run('demo', '--once', '--symbols', '6', '--speed', '100000');
  expect(exitCode).toBe(0);
}, 60_000);

afterAll(() => {
  rmSync(dataDir, { recursive: true });
});

interface Ran {
  readonly exitCode: number;
  readonly out: string;
  readonly errors: string;
}

async function run(...words: readonly string[]): Promise<Ran> {
  const terminal = new CollectingTerminal();
  const verbs = createVerbs(terminal, new AbortController().signal);
  const argv = [...words, '--data-dir', dataDir, '--json'];
  const exitCode = await runProgram(argv, verbs, terminal);
  return { exitCode, out: terminal.out, errors: terminal.errors };
}

async function replayed(...words: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const { exitCode, out, errors } = await run('replay', ...words);
  expect([exitCode, errors]).toEqual([0, '']);
  const value: unknown = JSON.parse(out);
  return { ...(typeof value === 'object' ? value : {}) };
}

function described(session: string): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(join(folder(session), 'session.json'), 'utf8'));
}

const DEMO = 'demo-20240603-1';

describe('a recorded session that is replayed', () => {
  it('decides the same under its own settings', async () => {
    const { decisionHash, counts, sessionId } = await replayed(folder(DEMO));
    const verified = await run('verify', DEMO);
    const parity = await run('parity', DEMO, String(sessionId));

    expect(sessionId).toBe(`replay-${DEMO}-1`);
    expect(counts).toMatchObject({ symbols: expect.any(Number), faults: 0 });
    expect(JSON.parse(verified.out)).toMatchObject({ result: { decisionHash } });
    expect(parity.exitCode).toBe(0);
    expect(described(`replay-${DEMO}-1`)).toMatchObject({
      isHistoryGiven: true,
      market: { kind: 'journal', path: join(folder(DEMO), 'journal') },
    });
    expect((await run('verify', `replay-${DEMO}-1`)).exitCode).toBe(0);
  }, 60_000);

  it('decides otherwise under another threshold, and under no other setting', async () => {
    const own = join(dataDir, 'own.yaml');
    writeFileSync(own, 'strategies: { meanReversion: { zEnter: 2.2 } }\n');
    const same = await replayed(join(folder(DEMO), 'journal'));
    const other = await replayed(join(folder(DEMO), 'journal'), '--config', own);
    const parity = await run('parity', DEMO, String(other['sessionId']));

    expect(other['decisionHash']).not.toBe(same['decisionHash']);
    expect(parity.exitCode).toBe(7);
    const settings = described(String(other['sessionId']))['config'];
    expect(settings).toEqual({
      ...Object(described(DEMO)['config']),
      strategies: expect.objectContaining({
        meanReversion: expect.objectContaining({ zEnter: 2.2, zExit: 0.5 }),
      }),
    });
  }, 60_000);

  it('is replayed whole', async () => {
    const dated = await run('replay', folder(DEMO), '--date', '2024-06-03');
    const past = await run('replay', folder(DEMO), '--history', dataDir);

    for (const { exitCode, errors } of [dated, past]) {
      expect(exitCode).toBe(1);
      expect(errors).toMatch(/holds its days and its history already .RECORDED_WHOLE.\nLeave out/);
    }
  });

  it('is refused where its journal is damaged, before anything is decided', async () => {
    const segment = join(folder(DEMO), 'journal', '000001.seg');
    const whole = readFileSync(segment);
    const damaged = Buffer.from(whole);
    damaged[damaged.length >> 1] = (damaged[damaged.length >> 1] ?? 0) ^ 1;
    writeFileSync(segment, damaged);
    const { exitCode, errors } = await run('replay', folder(DEMO));
    writeFileSync(segment, whole);

    expect(exitCode).toBe(7);
    expect(errors).toMatch(/000001\.seg.*\d+/);
  });
});
