import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { gatherRows } from '../../../../src/compose/train/gather-rows.ts';
import { DAY } from '../../../../src/core/time.ts';
import { STANDARD_REGISTRY } from '../../../../src/domain/features/standard-registry.ts';
import { FIRST_DAY } from '../../../seeded-minutes.ts';
import { tinyPlan } from './tiny-training.ts';

const folder = mkdtempSync(join(tmpdir(), 'strata-later-split-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const DATES = Array.from({ length: 140 }, (_, at) => new Date(((FIRST_DAY + at) * DAY) / 1_000))
  .filter((date) => date.getUTCDay() % 6 !== 0)
  .map((date) => date.toISOString().slice(0, 10));

describe('a universe of daily files', () => {
  it('is the same whatever is split after the cut', async () => {
    const later = DATES.at(-2) ?? '';
    const cut = DATES[Math.floor(DATES.length * tinyPlan().training.parts.train)] ?? '';

    const untold = await universeWith('');
    expect(untold.layers.get('AAA')).toBeGreaterThan(0);
    expect(await universeWith(`AAA,${later},20\n`)).toEqual(untold);
    expect(await universeWith(`AAA,${cut},20\n`)).toEqual(untold);
  });
});

/** $40 a share, of which 1,000,000 are traded a day. */
async function universeWith(splits: string) {
  const days = join(folder, 'days');
  mkdirSync(days, { recursive: true });
  const lines = DATES.map((date) => `${date},40,41,39,40,40,1000000`);
  for (const name of ['AAA', 'BBB']) {
    const head = 'Date,Open,High,Low,Close,Adj Close,Volume';
    writeFileSync(join(days, `${name}.csv`), `${[head, ...lines].join('\n')}\n`);
  }
  const actions = join(folder, 'splits.csv');
  writeFileSync(actions, `symbol,date,split\n${splits}`);
  const plan = tinyPlan({ source: days, actions, purpose: 'value', features: ['return1'] });
  const { universe } = await gatherRows({
    plan,
    registry: STANDARD_REGISTRY,
    openStore: () => Promise.reject(new Error('no store is asked for')),
    progress: () => undefined,
  });
  return universe;
}
