import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Layer, LayerPolicies } from '../../../../src/gpu/service/layer-policy.ts';
import { momentumSource } from '../../../inference-models.ts';
import { type Asking, PlayedInference, settle } from './played-inference.ts';
import { POLICY } from './service-stage.ts';

const LAYERS: LayerPolicies = [
  { batchMax: 16, waitMsMax: 20, freshnessMsMax: 1_000 },
  { batchMax: 8, waitMsMax: 5, freshnessMsMax: 1_000 },
  { batchMax: 4, waitMsMax: 2, freshnessMsMax: 1_000 },
  { batchMax: 3, waitMsMax: 0, freshnessMsMax: 1_000 },
];
const NAMES = ['one', 'two'] as const;

type Step =
  | { readonly kind: 'ask'; readonly layer: Layer; readonly rows: number; readonly both: boolean }
  | { readonly kind: 'score' | 'die' | 'load' | 'swap' | 'refuse' | 'settle' }
  | { readonly kind: 'pass'; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      layer: fc.constantFrom<Layer>(0, 1, 2, 3),
      rows: fc.integer({ min: 1, max: 6 }),
      both: fc.boolean(),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom('score' as const, 'score', 'load', 'swap', 'refuse', 'die', 'settle'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      ms: fc.integer({ min: 1, max: 200 }),
    }),
  },
);

interface Watched {
  readonly asking: Asking;
  readonly first: number;
  readonly rows: number;
  readonly names: readonly string[];
  readonly versions: readonly string[];
}

describe('the inference service, whatever happens in whatever order', () => {
  it('M1 M3 answers each request once, of its own rows, by a version that was current', async () => {
    const seen = { done: 0, rerun: 0, swaps: 0, expired: 0, failed: 0 };
    const property = fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 160 }), async (steps) => {
      const policy = { ...POLICY, inFlightMax: 1_000 };
      const options = { layers: LAYERS, policy, replacementsMax: 1_000 };
      const played = await PlayedInference.start(options, NAMES);
      const { worker, stage } = played;
      const watched: Watched[] = [];
      let version = 1;
      /** Every version of `one` that was ever current, in order. */
      const history = ['one@00000001'];
      const swapping: Promise<unknown>[] = [];
      /** A thread begins with what is current; what comes after that is a swap. */
      const load = (): void => {
        const handle = worker.nextHandle;
        if (handle === 2) return worker.load({ name: 'two', version: 'two@00000001' });
        if (handle === 1) return worker.load({ name: 'one', version: history.at(-1) ?? '' });
        if (handle === undefined) return;
        version += 1;
        worker.load({ name: 'one', version: `one@${version}` });
      };
      const isSwapping = (): boolean => (worker.nextHandle ?? 0) > NAMES.length;
      for (const one of steps) {
        if (one.kind === 'ask') {
          const first = watched.length + 1;
          const names = one.both ? ['one', 'two'] : ['one'];
          const scores = Array.from({ length: one.rows }, () => first);
          const versions = [stage.service.models().get('one') ?? ''];
          const asking = played.ask(scores, { layer: one.layer, models: names });
          watched.push({ asking, first, rows: one.rows, names, versions });
        } else if (one.kind === 'score' && worker.isBusy) worker.score();
        else if (one.kind === 'die') worker.end('killed');
        else if (one.kind === 'load') load();
        else if (one.kind === 'refuse' && isSwapping()) worker.refuse('MODEL_CHANGED', 'no');
        else if (one.kind === 'swap') swapping.push(stage.service.swap(momentumSource));
        else if (one.kind === 'pass') stage.time.advance(one.ms);
        if (one.kind !== 'ask') await settle();
        const current = stage.service.models().get('one');
        if (current !== undefined && current !== history.at(-1)) history.push(current);
      }
      for (let left = 400; left > 0 && watched.some(({ asking }) => !asking.answer); left -= 1) {
        if (worker.isBusy) worker.score();
        else if (worker.nextHandle !== undefined) load();
        else stage.time.advance(20);
        await settle();
        const current = stage.service.models().get('one');
        if (current !== undefined && current !== history.at(-1)) history.push(current);
      }
      await Promise.race([Promise.all(swapping), settle()]);
      for (const { asking, first, rows, names, versions } of watched) {
        const { answer } = asking;
        expect(answer).toBeDefined();
        if (answer?.outcome !== 'done') continue;
        expect(answer.columns.map(({ model }) => model)).toEqual(names);
        answer.columns.forEach(({ scores }, place) => {
          expect([...scores]).toEqual(Array.from({ length: rows }, () => first + place * 100));
        });
        const since = history.indexOf(versions[0] ?? '');
        expect(history.slice(Math.max(0, since))).toContain(answer.columns[0]?.version);
      }
      const { counts } = played;
      expect(counts.requests).toBe(watched.length);
      expect(counts.done + counts.expired + counts.failed).toBe(watched.length);
      expect(stage.failures).toEqual([]);
      for (const name of ['done', 'rerun', 'swaps', 'expired', 'failed'] as const) {
        seen[name] += counts[name];
      }
    });
    await fc.assert(property, { numRuns: 150 });

    // Each of them happened, or the property says nothing of it.
    expect(Math.min(seen.done, seen.rerun, seen.swaps, seen.expired)).toBeGreaterThan(10);
  });
});
