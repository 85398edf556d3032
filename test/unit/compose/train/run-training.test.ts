import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TrainingWord } from '../../../../src/compose/train/run-training.ts';
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
    const told: string[] = [];
    const tell = (word: TrainingWord) => void (word.kind === 'resumed' && told.push(word.text));
    const third = await train(plan, { dataDir, isResumed: true }, { tell });

    expect(told).toEqual([
      expect.stringMatching(/^mlp: goes on after step \d+$/),
      expect.stringMatching(/^xgboost: goes on after \d+ trees?$/),
    ]);
    expect([first.isStopped, second.isStopped, third.isStopped]).toEqual([true, true, false]);
    expect(first.cards).toEqual([]);
    expect(second.cards).toHaveLength(1);
    expect(third.kept.map(({ model }) => model)).toEqual(whole.kept.map(({ model }) => model));
    expect(third.cards.map(({ card }) => card.version)).toEqual(
      whole.cards.map(({ card }) => card.version),
    );
  });

  it('that finds nothing to go on from says so', async () => {
    const plan = tinyPlan({ models: ['xgboost'], purpose: 'liquidity' });
    const told: string[] = [];
    const tell = (word: TrainingWord) => void (word.kind === 'resumed' && told.push(word.text));
    await train(plan, { dataDir }, { tell });
    rmSync(join(dataDir, 'training'), { recursive: true });
    await train(plan, { dataDir, isResumed: true }, { tell });

    expect(told).toEqual(['xgboost: nothing to go on from, begins anew']);
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

  it('keeps the others where one cannot be kept, and says why of that one', async () => {
    const plan = tinyPlan({ models: ['xgboost', 'lightgbm'], purpose: 'liquidity' });
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });

    const { cards, failed } = await train(
      plan,
      { dataDir },
      {
        save({ family }) {
          if (family === 'xgboost') throw full;
        },
      },
    );

    expect(cards.map(({ card }) => card.family)).toEqual(['lightgbm']);
    expect(failed).toEqual([
      { family: 'xgboost', code: 'ENOSPC', reason: 'no space left on device' },
    ]);
  });

  it('tells which model is judged, and hears there that it is to stop', async () => {
    const plan = tinyPlan({ models: ['xgboost', 'lightgbm'], purpose: 'liquidity' });
    const said: string[] = [];
    const judging = (stopAfter: number) => ({
      tell(word: TrainingWord) {
        if (word.kind === 'judging') said.push(`${word.family}, ${word.at} of ${word.of}`);
      },
      shouldStop: () => said.length >= stopAfter,
    });

    const stopped = await train(plan, { dataDir }, judging(1));
    expect(said).toEqual(['xgboost, 1 of 2']);
    expect(stopped).toMatchObject({ isStopped: true, cards: [], kept: [] });

    const { cards } = await train(plan, { dataDir, isResumed: true }, judging(Infinity));
    expect(said.slice(1)).toEqual(['xgboost, 1 of 2', 'lightgbm, 2 of 2']);
    expect(cards).toHaveLength(2);
  });

  it('hears that it is to stop between two learners that look for leaks', async () => {
    const plan = tinyPlan({ models: ['xgboost'], purpose: 'value' });
    let learners = 0;
    const hooks = {
      tell: (word: TrainingWord) =>
        void (learners += Number(word.kind === 'gathering' && word.what.includes('leaks'))),
      shouldStop: () => learners >= 2,
    };

    const asked = train(plan, { dataDir, isCheckingLeaks: true }, hooks);
    await expect(asked).rejects.toMatchObject({ code: 'TRAIN_CANCELLED' });
    expect(learners).toBe(2);
  });

  it('does not calibrate by few independent outcomes, and its verdict says so', async () => {
    const plan = tinyPlan({ models: ['xgboost'], purpose: 'value' });
    const { cards } = await train(plan, { dataDir });

    const [made] = cards;
    expect(made?.card.calibration).toBeUndefined();
    expect(made?.card.metrics.verdict).toMatch(
      /not calibrated: \d+ independent outcomes, and 50 are needed$/,
    );
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
