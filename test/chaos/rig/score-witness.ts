import { openModel } from '../../../src/gpu/plain/load-model.ts';
import { hashModel, score } from '../../../src/gpu/plain/model.ts';
import type { Effect } from '../../../src/ports/effect.ts';
import type { PlainFileSource } from '../../../src/ports/inference-backend.ts';
import type { Answer } from '../../../src/ports/input.ts';
import type { TurnRecord } from '../../../src/ports/turn-record.ts';
import { momentumSource } from '../../inference-models.ts';

type Infer = Extract<Effect, { kind: 'infer' }>;

/** Other versions of the shipped model: their scores differ in the first digits. */
export const VERSIONS = Array.from({ length: 6 }, (_, at) => versionOf(at));
const MODELS = new Map(
  [momentumSource, ...VERSIONS].map((source) => {
    const model = openModel(source);
    return [model.version, model] as const;
  }),
);

/** Holds each answer of the models against its question, as the journal has them. */
export class ScoreWitness {
  readonly faults: string[] = [];
  readonly versions = new Set<string>();
  done = 0;
  unscored = 0;
  readonly #asked = new Map<string, Infer>();

  get open(): number {
    return this.#asked.size;
  }

  turn(sequence: number, { items }: TurnRecord): void {
    let index = 0;
    for (const item of items) {
      if (item.type === 'fact') continue;
      if (item.type === 'effect' && item.effect.kind === 'infer') {
        this.#asked.set(`${sequence}:${index}`, item.effect);
      }
      index += 1;
    }
  }

  answered(answer: Answer): void {
    const key = `${answer.effectInput}:${answer.effectIndex}`;
    const effect = this.#asked.get(key);
    if (effect === undefined) {
      if (answer.scores !== undefined) this.faults.push(`${key} was answered twice`);
      return;
    }
    this.#asked.delete(key);
    if (answer.outcome === 'done') this.#judge(key, effect, answer);
    else this.unscored += 1;
  }

  #judge(key: string, effect: Infer, { scores, modelVersion = '' }: Answer): void {
    this.done += 1;
    this.versions.add(modelVersion);
    const model = MODELS.get(modelVersion);
    const wanted = new Float64Array(effect.rows.length);
    if (model !== undefined) score(model, effect.features, effect.rows.length, wanted);
    const isIts = model !== undefined && scores?.every((value, row) => value === wanted[row]);
    if (isIts !== true || scores?.length !== wanted.length) {
      this.faults.push(`${key} has scores that ${modelVersion} does not make of its rows`);
    }
  }
}

function versionOf(at: number): PlainFileSource {
  const { json, layoutHash, width } = momentumSource;
  const changed = { ...openModel(momentumSource), bias2: 0.1 * (at + 1) };
  const contentHash = hashModel(changed);
  const text = JSON.stringify({ ...JSON.parse(json), bias2: changed.bias2, contentHash });
  return { json: text, layoutHash, width };
}
