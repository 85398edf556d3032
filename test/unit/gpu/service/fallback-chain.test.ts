import { describe, expect, it } from 'vitest';
import { InferenceError } from '../../../../src/gpu/inference-error.ts';
import { openScorer, type Scorer } from '../../../../src/gpu/service/scorer.ts';
import { warmUp } from '../../../../src/gpu/service/warm-up.ts';
import type { InferenceBackend, LoadedModel } from '../../../../src/ports/inference-backend.ts';
import { momentumSource } from '../../../inference-models.ts';

const ROWS = 4;
const WIDTH = 2;
const features = Float64Array.from({ length: ROWS * WIDTH }, (_, at) => at + 1);

interface Played {
  /** A run that dies, counted from 1; 0: none does. */
  readonly diesAt?: number;
  /** Answers nothing but NaN from this run on. */
  readonly blankFrom?: number;
  readonly loads?: Error;
  readonly version?: string;
}

/** A backend that scores a row with its number in the chain. */
class PlayedBackend implements InferenceBackend {
  readonly name = 'onnx';
  loaded = 0;
  released = 0;
  runs = 0;
  readonly #place: number;
  readonly #played: Played;

  constructor(place: number, played: Played = {}) {
    this.#place = place;
    this.#played = played;
  }

  async load(): Promise<LoadedModel> {
    this.loaded += 1;
    const { loads, diesAt = 0, blankFrom, version = 'played@1' } = this.#played;
    if (loads !== undefined) throw loads;
    return {
      name: 'played',
      version,
      width: WIDTH,
      outputs: 1,
      columns: ['probability'],
      runtime: `place ${this.#place}`,
      score: async (_features, rows, scores) => {
        this.runs += 1;
        scores.fill(this.#place, 0, rows / 2); // Half of the batch is done when it dies.
        if (this.runs === diesAt) throw new Error(`device ${this.#place} lost`);
        const isBlank = blankFrom !== undefined && this.runs >= blankFrom;
        scores.fill(isBlank ? Number.NaN : this.#place, 0, rows);
      },
      release: async () => {
        this.released += 1;
        throw new Error('the device is gone');
      },
    };
  }
}

async function open(...chain: readonly PlayedBackend[]): Promise<{
  readonly scorer: Scorer;
  score(): Promise<{ readonly scores: readonly number[]; readonly why: string | undefined }>;
}> {
  const scorer = await openScorer(momentumSource, chain);
  return {
    scorer,
    async score() {
      const scores = new Float64Array(ROWS);
      const why = await scorer.score(features, ROWS, scores);
      return { scores: [...scores], why };
    },
  };
}

const ALL = (place: number): readonly number[] => Array.from({ length: ROWS }, () => place);

describe('the chain of backends', () => {
  it('M1 computes a batch again on the next where one dies, and stays there', async () => {
    const chain = [new PlayedBackend(1, { diesAt: 2 }), new PlayedBackend(2), new PlayedBackend(3)];
    const { score, scorer } = await open(...chain);

    expect(await score()).toEqual({ scores: ALL(1), why: undefined });
    expect(await score()).toEqual({ scores: ALL(2), why: 'device 1 lost' });
    expect(await score()).toEqual({ scores: ALL(2), why: undefined });
    expect(scorer.runtime).toBe('place 2');
    expect(chain.map(({ released, loaded }) => [released, loaded])).toEqual([
      [1, 1],
      [0, 1],
      [0, 0], // Nothing is loaded before it is needed.
    ]);
  });

  it('M1 goes down the whole chain in one batch, and says all that was lost', async () => {
    const unavailable = new InferenceError('ONNX_UNAVAILABLE', 'not installed');
    const chain = [
      new PlayedBackend(1, { diesAt: 1 }),
      new PlayedBackend(2, { loads: unavailable }),
      new PlayedBackend(3, { diesAt: 1 }),
      new PlayedBackend(4),
    ];
    const { score } = await open(...chain);
    const { scores, why } = await score();

    expect(scores).toEqual(ALL(4));
    expect(why).toBe('device 1 lost; ONNX_UNAVAILABLE: not installed; device 3 lost');
  });

  it('M1 takes a backend for lost that answers nothing but NaN to finite rows', async () => {
    const { score } = await open(new PlayedBackend(1, { blankFrom: 2 }), new PlayedBackend(2));
    await score();

    expect(await score()).toEqual({
      scores: ALL(2),
      why: 'place 1 has no score for any row',
    });
  });

  it('keeps the last of the chain, whatever it does, and fails that batch alone', async () => {
    const { score } = await open(new PlayedBackend(1, { diesAt: 1 }));

    await expect(score()).rejects.toThrow('device 1 lost');
    expect(await score()).toEqual({ scores: ALL(1), why: undefined });
  });

  it('M3 never goes on with another model than the one that it began with', async () => {
    const { score } = await open(
      new PlayedBackend(1, { diesAt: 1 }),
      new PlayedBackend(2, { version: 'played@2' }),
    );

    await expect(score()).rejects.toMatchObject({
      code: 'INFERENCE_REFUSED',
      message: 'place 2 loads another model',
    });
  });

  it('M3 refuses an unfit model at once, and tries no backend that would take it', async () => {
    const unfit = Object.assign(new Error('edited'), { code: 'MODEL_CHANGED' });
    const chain = [new PlayedBackend(1, { loads: unfit }), new PlayedBackend(2)];

    await expect(open(...chain)).rejects.toBe(unfit);
    expect(chain[1]?.loaded).toBe(0);
  });

  it('begins with the next where a library throws what has no code', async () => {
    const strange = new PlayedBackend(1, { loads: new TypeError('undefined is not a function') });
    const { scorer } = await open(strange, new PlayedBackend(2));

    expect(scorer.facts).toMatchObject({
      runtime: 'place 2',
      fellBack: 'ONNX_FAILED: undefined is not a function',
    });
  });
});

describe('warming up', () => {
  it('runs every size, breathing between them, and tells what was lost', async () => {
    const first = new PlayedBackend(1, { diesAt: 2 });
    const second = new PlayedBackend(2);
    const { scorer } = await open(first, second);
    let breaths = 0;
    const breathe = async (): Promise<void> => {
      breaths += 1;
    };
    const lost = await warmUp(scorer, [1, 10, 50], { breathe, nowMs: () => 0 });

    expect([first.runs, second.runs, breaths]).toEqual([2, 2, 3]);
    expect(lost).toEqual(['device 1 lost']);
  });

  it('M3 refuses a model that has no score for any ordinary row', async () => {
    const { scorer } = await open(new PlayedBackend(1, { blankFrom: 1 }));

    const pace = { breathe: async () => undefined, nowMs: () => 0 };
    await expect(warmUp(scorer, [8], pace)).rejects.toMatchObject({
      code: 'INFERENCE_REFUSED',
      message: expect.stringContaining('has no score for any of 8 rows'),
    });
  });

  it('leaves out what is larger than a size that takes longer than anybody waits', async () => {
    const slow = new PlayedBackend(1);
    const { scorer } = await open(slow);
    let nowMs = 0;
    const pace = {
      breathe: async () => undefined,
      nowMs: () => {
        nowMs += slow.runs * 300; // 300 ms for the first size, 600 for the second.
        return nowMs;
      },
    };
    await warmUp(scorer, [1, 10, 50, 200], pace);

    expect(slow.runs).toBeLessThan(4);
    expect(slow.runs).toBeGreaterThan(1);
  });
});
