import { describe, expect, it } from 'vitest';
import { InferenceScene } from './rig/inference-scene.ts';

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
});
