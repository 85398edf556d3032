import { beforeAll, describe, expect, it } from 'vitest';
import { verifySession } from '../../src/compose/verify-session.ts';
import { decisionsOf, factsOf } from './golden-decisions.ts';
import { type GoldenRun, goldenFile, runGolden, runKilled } from './golden-session.ts';

/** Four shipped models in one pass: three vote, two of them over sixteen bars, one is in shadow. */
const file = goldenFile((yaml) =>
  yaml.replace(
    'models: [momentum-mlp], window: 1,',
    'models: [momentum-transformer, momentum-lstm, momentum-mlp], shadow: [momentum-xgboost], ' +
      'vote: { thresholds: { momentum-lstm: 0.4, momentum-mlp: 0.4 } }, window: 16,',
  ),
);
const NAMES = ['momentum-transformer', 'momentum-lstm', 'momentum-mlp', 'momentum-xgboost'];

describe('a session whose models vote', () => {
  let run: GoldenRun;
  beforeAll(async () => {
    run = await runGolden({ file });
  });

  it('enters where enough of them agree, and says who', () => {
    const entries = factsOf(run.disk).flatMap(({ fact }) =>
      fact.kind === 'signalled' && fact.strategy === 'mo' && fact.purpose === 'entry' ? [fact] : [],
    );
    expect(entries.length).toBeGreaterThan(5);
    for (const { reason, modelVersion = '', value } of entries) {
      expect(reason).toMatch(/^strength 0\.\d+ by [23] of [23] votes: momentum-transformer /);
      const versions = modelVersion.split('+');
      expect(versions.length).toBe(Number(/by (\d)/.exec(reason)?.[1]));
      expect(versions.every((version) => /^momentum-(?:transformer|lstm|mlp)@/.test(version))).toBe(
        true,
      );
      expect(value).toBeGreaterThanOrEqual(0.6);
    }
  });

  it('knows how right each was, the one in shadow too', () => {
    const judged = factsOf(run.disk).flatMap(({ fact }) =>
      fact.kind === 'modelsJudged' ? [fact] : [],
    );
    expect(judged.length).toBeGreaterThan(3);
    expect(judged.every(({ models }) => models.join() === NAMES.join())).toBe(true);
    const sums = NAMES.map((_, place) =>
      judged.reduce((sum, one) => sum + (one.judged[place] ?? 0), 0),
    );
    expect(new Set(sums).size).toBe(1);
    expect(sums[0]).toBeGreaterThan(10);
  });

  it('verifies, and decides the same when it is killed and goes on', async () => {
    expect(verifySession(run.disk, file).kind).toBe('verified');
    const killed = await runKilled(
      (point, nth) => point === 'effectDispatched' && nth % 400 === 0,
      {
        file,
      },
    );
    expect(killed.lives).toBeGreaterThan(1);
    expect(decisionsOf(killed.disk)).toEqual(decisionsOf(run.disk));
  });
});
