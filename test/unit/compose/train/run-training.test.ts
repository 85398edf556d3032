import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tinyPlan, train } from './tiny-training.ts';

let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'strata-resume-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** A loaded machine takes its time over the native runtime. */
const PATIENT = { timeout: 120_000 };

describe('a training', PATIENT, () => {
  it('that was stopped goes on to the bits of one that never was', async () => {
    const plan = tinyPlan({ models: ['mlp', 'xgboost'], purpose: 'liquidity' });
    const whole = await train(plan, { dataDir });

    let steps = 0;
    const count = {
      tell: ({ kind }: { kind: string }) => void (steps += Number(kind === 'fitting')),
    };
    const first = await train(plan, { dataDir }, { ...count, shouldStop: () => steps >= 5 });
    const second = await train(
      plan,
      { dataDir, isResumed: true },
      { ...count, shouldStop: () => steps >= 60 },
    );
    const third = await train(plan, { dataDir, isResumed: true });

    expect([first.isStopped, second.isStopped, third.isStopped]).toEqual([true, true, false]);
    expect(first.cards).toEqual([]);
    expect(second.cards).toHaveLength(1);
    expect(third.kept.map(({ model }) => model)).toEqual(whole.kept.map(({ model }) => model));
    expect(third.cards.map(({ card }) => card.version)).toEqual(
      whole.cards.map(({ card }) => card.version),
    );
  });

  it('with another seed is another model, and with the same the same', async () => {
    const [one, same, other] = await Promise.all(
      [3, 3, 4].map((seed) =>
        train(tinyPlan({ models: ['lightgbm'], purpose: 'liquidity', seed }), { dataDir }),
      ),
    );

    expect(same?.cards[0]?.card.contentHash).toBe(one?.cards[0]?.card.contentHash);
    expect(other?.cards[0]?.card.contentHash).not.toBe(one?.cards[0]?.card.contentHash);
  });

  it('refuses a checkpoint that was changed, for that family alone', async () => {
    const plan = tinyPlan({ models: ['mlp', 'xgboost'], purpose: 'liquidity' });
    let steps = 0;
    const stopped = await train(
      plan,
      { dataDir },
      {
        tell: ({ kind }) => void (steps += Number(kind === 'fitting')),
        shouldStop: () => steps > 3,
      },
    );
    const place = join(stopped.checkpoints.folder, 'mlp.checkpoint');
    const bytes = readFileSync(place);
    bytes[bytes.length - 9] = (bytes.at(-9) ?? 0) ^ 1;
    writeFileSync(place, bytes);

    const resumed = await train(plan, { dataDir, isResumed: true });

    expect(resumed.failed).toMatchObject([{ family: 'mlp', code: 'TRAINING_CHECKPOINT' }]);
    expect(resumed.cards.map(({ card }) => card.family)).toEqual(['xgboost']);
  });

  it.each([
    ['liquidity', 'next-day-liquidity', 1],
    ['value', 'forward-return', 20],
  ] as const)('for %s learns of days: %s over %i', async (purpose, kind, horizonBars) => {
    const plan = tinyPlan({ models: ['xgboost'], purpose });

    const { cards } = await train(plan, { dataDir });

    const [made] = cards;
    expect(made?.card.label).toMatchObject({ kind, horizonBars });
    expect(made?.card.data.timeframe).toBe('1d');
    expect(made?.card.name).toBe(`${purpose}-xgboost`);
  });

  it('learns which barrier is met, and tells what of the features it lives by', async () => {
    const plan = tinyPlan({ models: ['forest'], purpose: 'value', label: 'barrier' });

    const { cards } = await train(plan, { dataDir });

    expect(cards[0]?.card.label.kind).toBe('triple-barrier');
    expect(cards[0]?.card.metrics.importance?.length).toBe(15);
  });

  it('finds no leak in rows of days, by labels that mean nothing', async () => {
    const said: string[] = [];
    const whole = tinyPlan({ models: ['xgboost'], purpose: 'value' });
    const plan = { ...whole, training: { ...whole.training, samplesMax: 500 } };

    await train(
      plan,
      { dataDir, isCheckingLeaks: true },
      { tell: (word) => void (word.kind === 'checked' && said.push(word.text)) },
    );

    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^no leak found: AUC 0\.\d+ on shuffled labels/);
  });

  it('says what there is too little of', async () => {
    const plan = tinyPlan({ purpose: 'value' });
    const greedy = { ...plan, training: { ...plan.training, samplesMin: 50_000 } };

    await expect(train(greedy, { dataDir })).rejects.toMatchObject({ code: 'TRAIN_SAMPLES_FEW' });
  });

  it('says what is wrong with its source', async () => {
    const plan = tinyPlan({ source: join(dataDir, 'nowhere') });

    await expect(train(plan, { dataDir })).rejects.toMatchObject({ code: 'TRAIN_SOURCE' });
  });

  it('says which features it cannot make', async () => {
    const plan = tinyPlan({ purpose: 'value', features: ['return1', 'moonPhase'] });

    await expect(train(plan, { dataDir })).rejects.toMatchObject({
      code: 'TRAIN_FEATURES',
      message: expect.stringContaining('moonPhase'),
    });
  });
});
