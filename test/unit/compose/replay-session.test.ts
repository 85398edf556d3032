import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type JsonObject, objectOf, Workplace } from './workplace.ts';

const DEMO = 'demo-20240603-1';
const place = new Workplace();

beforeAll(async () => {
  const { exitCode } = await place.run(
    'demo',
    '--virtual',
    '--once',
    '--symbols',
    '6',
    '--speed',
    '100000',
  );
  expect(exitCode).toBe(0);
}, 60_000);

afterAll(() => {
  place.remove();
});

async function replayed(...words: readonly string[]): Promise<JsonObject> {
  const { exitCode, value } = await place.json('replay', ...words);
  expect(exitCode).toBe(0);
  return value;
}

describe('a recorded session that is replayed', () => {
  it('decides the same under its own settings', async () => {
    const { decisionHash, sessionId, notes } = await replayed(place.folder(DEMO));
    const verified = await place.json('verify', DEMO);
    const parity = await place.run('parity', DEMO, String(sessionId));

    expect([sessionId, notes]).toEqual([`replay-${DEMO}-1`, []]);
    expect(verified.value).toMatchObject({ result: { decisionHash } });
    expect(parity.exitCode).toBe(0);
    expect(place.description(`replay-${DEMO}-1`)).toMatchObject({
      isHistoryGiven: true,
      market: { kind: 'journal', path: join(place.folder(DEMO), 'journal') },
    });
    expect((await place.run('verify', `replay-${DEMO}-1`)).exitCode).toBe(0);
  }, 60_000);

  it('decides otherwise under another threshold, and under no other setting', async () => {
    const own = join(place.dataDir, 'own.yaml');
    writeFileSync(own, 'strategies: { meanReversion: { zEnter: 2.2 } }\n');
    const journal = join(place.folder(DEMO), 'journal');
    const same = await replayed(journal);
    const other = await replayed(journal, '--config', own);
    const parity = await place.run('parity', DEMO, String(other['sessionId']));

    expect(other['decisionHash']).not.toBe(same['decisionHash']);
    expect(parity.exitCode).toBe(7);
    const settings = objectOf(place.description(DEMO)['config']);
    const strategies = objectOf(settings['strategies']);
    const meanReversion = { ...objectOf(strategies['meanReversion']), zEnter: 2.2 };
    expect(place.description(String(other['sessionId']))['config']).toEqual({
      ...settings,
      strategies: { ...strategies, meanReversion },
    });
  }, 60_000);

  it('is replayed whole', async () => {
    const dated = await place.run('replay', place.folder(DEMO), '--date', '2024-06-03');
    const past = await place.run('replay', place.folder(DEMO), '--history', place.dataDir);

    for (const { exitCode, errors } of [dated, past]) {
      expect(exitCode).toBe(1);
      expect(errors).toMatch(/holds its days and its history already .RECORDED_WHOLE.\nLeave out/);
    }
  });

  it('is refused where its journal is damaged, before anything is decided', async () => {
    const segment = join(place.folder(DEMO), 'journal', '000001.seg');
    const whole = readFileSync(segment);
    const damaged = Buffer.from(whole);
    damaged[damaged.length >> 1] = (damaged[damaged.length >> 1] ?? 0) ^ 1;
    writeFileSync(segment, damaged);
    const before = await place.run('status');
    const { exitCode, errors } = await place.run('replay', place.folder(DEMO));
    writeFileSync(segment, whole);

    expect(before.exitCode).toBe(3);
    expect(exitCode).toBe(7);
    expect(errors).toMatch(/000001\.seg/);
  });
});
