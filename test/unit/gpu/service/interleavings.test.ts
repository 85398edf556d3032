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
  readonly models: readonly string[];
  /** Of `one`, when it was asked. */
  readonly version: string;
}

/** One run of the property: a service, and what is known of every question. */
class Interleaving {
  readonly #played: PlayedInference;
  readonly #watched: Watched[] = [];
  readonly #swapping: Promise<unknown>[] = [];
  /** Every version of `one` that was ever current, in order. */
  readonly #history = ['one@00000001'];
  #versions = 1;

  constructor(played: PlayedInference) {
    this.#played = played;
  }

  get counts(): PlayedInference['counts'] {
    return this.#played.counts;
  }

  async take(step: Step): Promise<void> {
    const { worker, stage } = this.#played;
    if (step.kind === 'ask') return this.#ask(step);
    if (step.kind === 'score' && worker.isBusy) worker.score();
    else if (step.kind === 'die') worker.end('killed');
    else if (step.kind === 'load') this.#load();
    else if (step.kind === 'refuse' && this.#isSwapping) worker.refuse('MODEL_CHANGED', 'no');
    else if (step.kind === 'swap') this.#swapping.push(stage.service.swap(momentumSource));
    else if (step.kind === 'pass') stage.time.advance(step.ms);
    await this.#look();
  }

  /** Until each question has its answer. */
  async end(): Promise<void> {
    const { worker, stage } = this.#played;
    const isOpen = (): boolean => this.#watched.some(({ asking }) => asking.answer === undefined);
    for (let left = 400; left > 0 && isOpen(); left -= 1) {
      if (worker.isBusy) worker.score();
      else if (worker.nextHandle === undefined) stage.time.advance(20);
      else this.#load();
      await this.#look();
    }
    await Promise.race([Promise.all(this.#swapping), settle()]);
  }

  judge(): void {
    const { counts, stage } = this.#played;
    for (const one of this.#watched) this.#judge(one);
    expect(counts.requests).toBe(this.#watched.length);
    expect(counts.done + counts.expired + counts.failed).toBe(this.#watched.length);
    expect(stage.failures).toEqual([]);
  }

  #ask({ layer, rows, both }: Extract<Step, { kind: 'ask' }>): void {
    const first = this.#watched.length + 1;
    const models = both ? ['one', 'two'] : ['one'];
    const scores = Array.from({ length: rows }, () => first);
    const version = this.#played.stage.service.models().get('one') ?? '';
    const asking = this.#played.ask(scores, { layer, models });
    this.#watched.push({ asking, first, rows, models, version });
  }

  /** A thread begins with what is current; what comes after that is a swap. */
  #load(): void {
    const { worker } = this.#played;
    const handle = worker.nextHandle;
    if (handle === undefined) return;
    if (handle === 2) return worker.load({ name: 'two', version: 'two@00000001' });
    if (handle === 1) return worker.load({ name: 'one', version: this.#history.at(-1) ?? '' });
    this.#versions += 1;
    worker.load({ name: 'one', version: `one@${this.#versions}` });
  }

  get #isSwapping(): boolean {
    return (this.#played.worker.nextHandle ?? 0) > NAMES.length;
  }

  async #look(): Promise<void> {
    await settle();
    const current = this.#played.stage.service.models().get('one');
    if (current !== undefined && current !== this.#history.at(-1)) this.#history.push(current);
  }

  #judge({ asking: { answer }, first, rows, models, version }: Watched): void {
    expect(answer).toBeDefined();
    if (answer?.outcome !== 'done') return;
    expect(answer.columns.map(({ model }) => model)).toEqual(models);
    answer.columns.forEach(({ scores }, place) => {
      expect([...scores]).toEqual(Array.from({ length: rows }, () => first + place * 100));
    });
    const since = Math.max(0, this.#history.indexOf(version));
    expect(this.#history.slice(since)).toContain(answer.columns[0]?.version);
  }
}

describe('the inference service, whatever happens in whatever order', () => {
  it('M1 M3 answers each request once, of its own rows, by a version of then', async () => {
    const seen = { done: 0, rerun: 0, swaps: 0, expired: 0 };
    const policy = { ...POLICY, inFlightMax: 1_000 };
    const options = { layers: LAYERS, policy, replacementsMax: 1_000 };
    const steps = fc.array(step, { minLength: 40, maxLength: 160 });
    const property = fc.asyncProperty(steps, async (all) => {
      const run = new Interleaving(await PlayedInference.start(options, NAMES));
      for (const one of all) await run.take(one);
      await run.end();
      run.judge();
      for (const name of ['done', 'rerun', 'swaps', 'expired'] as const) {
        seen[name] += run.counts[name];
      }
    });
    await fc.assert(property, { numRuns: 150 });

    // Each of them happened, or the property says nothing of it.
    expect(Math.min(seen.done, seen.rerun, seen.swaps, seen.expired)).toBeGreaterThan(10);
  });
});
