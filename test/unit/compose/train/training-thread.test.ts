import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TrainingWord } from '../../../../src/compose/train/run-training.ts';
import { trainInThread } from '../../../../src/compose/train/training-link.ts';
import { FAMILIES, parseCard } from '../../../../src/models/artefact/card.ts';
import { parseEnsemble } from '../../../../src/models/artefact/ensemble-card.ts';
import { listArtefacts, readArtefact } from '../../../../src/store/artefacts/artefact-store.ts';
import { listEnsembles } from '../../../../src/store/artefacts/ensemble-store.ts';
import { tinyPlan } from './tiny-training.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'strata-train-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A loaded machine takes its time over the native runtime. */
const PATIENT = { timeout: 120_000 };

describe('a training in its thread', PATIENT, () => {
  it('makes an artefact of every family, each tested beside the same baselines', async () => {
    const plan = tinyPlan({ models: ['all'] });
    const out = join(folder, 'models');
    const words: TrainingWord[] = [];
    const settings = {
      plan,
      dataDir: folder,
      config: undefined,
      isResumed: false,
      isCheckingLeaks: false,
      out,
    };

    const done = await trainInThread(settings, (word) => words.push(word), still());

    expect(done.failed).toEqual([]);
    expect(done.isStopped).toBe(false);
    const cards = done.cards.map(({ text }) => parseCard(text));
    expect(cards.map(({ family }) => family)).toEqual(FAMILIES);
    for (const { folder: place } of done.cards) expect(() => readArtefact(place)).not.toThrow();
    for (const { metrics, data, curve } of cards) {
      const names = metrics.table.map(({ name, role }) => (role === 'model' ? role : name));
      expect(names).toEqual(['model', 'base rate', 'persistence', 'seasonal', 'logistic']);
      expect(metrics.rows).toBe(data.rows['test']);
      expect(metrics.trials).toBe(FAMILIES.length);
      expect(metrics.verdict).not.toBe('');
      expect(curve.length).toBeGreaterThan(0);
    }
    expect(listArtefacts(out)).toHaveLength(FAMILIES.length);

    const vote = parseEnsemble(done.vote ?? '');
    const members = vote.members.map(({ version }) => version);
    expect(members.map((version) => version.split('@')[0])).toEqual([
      'momentum-transformer',
      'momentum-lstm',
      'momentum-mlp',
    ]);
    expect(listEnsembles(out)).toEqual([vote]);
    expect(new Set(words.map(({ kind }) => kind))).toContain('fitting');
    expect(existsSync(join(folder, 'training'))).toBe(true);
  });

  it('is refused while another trains the same, with its name, and harms it not', async () => {
    const plan = tinyPlan({ models: ['mlp', 'xgboost'], purpose: 'liquidity' });
    const settings = {
      plan,
      dataDir: join(folder, 'twice'),
      config: undefined,
      isResumed: false,
      isCheckingLeaks: false,
      out: join(folder, 'twice', 'models'),
    };
    let second: Promise<unknown> | undefined;
    const begun = (word: TrainingWord) => {
      if (word.kind !== 'fitting' || second !== undefined) return;
      const part = { ...settings, plan: { ...plan, families: ['xgboost'] as const } };
      second = trainInThread(part, () => undefined, still()).catch((error: unknown) => error);
    };

    const first = await trainInThread(settings, begun, still());

    expect(await second).toMatchObject({
      code: 'TRAIN_RUNNING',
      message: expect.stringContaining(`by process ${process.pid} since `),
    });
    expect(first).toMatchObject({ failed: [], isStopped: false });
    expect(first.cards).toHaveLength(2);
    expect(readdirSync(join(settings.dataDir, 'training'))).toEqual([]);
    const again = await trainInThread(settings, () => undefined, still());
    expect(again.cards).toHaveLength(2);
  });

  it('ends in order when it is asked to, with a code that says so', async () => {
    const plan = tinyPlan({ models: ['mlp', 'xgboost'], purpose: 'liquidity' });
    const settings = {
      plan,
      dataDir: folder,
      config: undefined,
      isResumed: false,
      isCheckingLeaks: false,
      out: folder,
    };
    const stop = new AbortController();
    stop.abort();
    await expect(trainInThread(settings, () => undefined, stop.signal)).rejects.toMatchObject({
      code: 'TRAIN_CANCELLED',
    });
  });
});

function still(): AbortSignal {
  return new AbortController().signal;
}
