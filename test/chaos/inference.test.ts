import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.ts';
import { ChaosSession } from './rig/chaos-session.ts';
import { InferenceScene } from './rig/inference-scene.ts';
import { VERSIONS } from './rig/score-witness.ts';

const isLong = process.env['STRATA_LONG'] === '1';
const SEED = Number(process.env['STRATA_SEED'] ?? 72);

describe('inference whose thread is killed and whose models are swapped', () => {
  const chaos = isLong
    ? { kills: 100, swaps: 100, gapMsMax: 1_500 }
    : { kills: 2, swaps: 4, gapMsMax: 600 };
  const { kills, swaps } = chaos;

  it(
    `M1 M3: ${kills} kills, ${swaps} swaps, seed ${SEED}: each request one answer, of its own rows`,
    { timeout: 600_000 },
    async ({ annotate }) => {
      const scene = new InferenceScene(SEED);
      await scene.run(chaos);
      const counts = scene.service.counts();
      const outcomes = Object.fromEntries(scene.outcomes);
      const { asked, answeredByNew, refusedSwaps } = scene;
      await annotate(JSON.stringify({ asked, outcomes, answeredByNew, refusedSwaps, counts }));

      expect(scene.faults).toEqual([]);
      expect([...scene.outcomes.values()].reduce((sum, one) => sum + one, 0)).toBe(asked);
      expect(scene.kills).toBe(kills);
      expect(counts.swaps).toBe(swaps);
      // Chaos is not an outage: many have their scores all the same.
      expect((scene.outcomes.get('done') ?? 0) / asked).toBeGreaterThan(0.25);
      expect(counts.rerun + counts.failed + counts.expired).toBeGreaterThan(0);
    },
  );

  const times = 100;

  // Bars of a minute, two seconds each: minutes of a test.
  it.runIf(isLong)(
    `M1 M3: a session that trades meanwhile, ${times} kills and swaps, seed ${SEED}`,
    { timeout: 900_000 },
    async ({ annotate }) => {
      // The bars of the model: on others nobody is asked for scores.
      const config = {
        market: { bars: 'trades', barSpanMs: 60_000, slots: 30 },
        services: { hungMs: 20_000, backoffMinMs: 50, backoffMaxMs: 500, restartsMax: 1_000 },
      };
      await using session = await ChaosSession.start({ seed: SEED, speed: 30, haste: 4, config });
      const { inference } = session.live.services;
      if (inference === undefined) return expect.fail('a session has its model');
      const random = new Random(SEED);
      const { scores } = session.witness;
      await session.until('scores', () => scores.done > 0);
      const rest = async (): Promise<void> => {
        const [fromMs, waitMs] = [performance.now(), random.below(2_500)];
        await session.until('a moment', () => performance.now() - fromMs > waitMs);
      };
      const kill = async (): Promise<void> => {
        for (let left = times; left > 0; left -= inference.killThread() ? 1 : 0) await rest();
      };
      const swap = async (): Promise<void> => {
        for (let left = times; left > 0;) {
          await rest();
          const source = VERSIONS[random.below(VERSIONS.length)];
          if (source !== undefined && (await inference.swap(source)).isSwapped) left -= 1;
        }
      };
      await Promise.all([kill(), swap()]);
      await session.finish();
      const counts = inference.counts();
      const { done, unscored, open, versions } = scores;
      await annotate(JSON.stringify({ done, unscored, versions: versions.size, counts }));

      expect(scores.faults).toEqual([]);
      expect(open).toBe(0);
      expect(versions.size).toBeGreaterThan(1);
      expect(session.live.tree.outstanding).toBe(0);
    },
  );
});
