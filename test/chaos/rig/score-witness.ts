import { parseCard } from '../../../src/models/artefact/card.ts';
import type { Effect } from '../../../src/ports/effect.ts';
import type { Answer } from '../../../src/ports/input.ts';
import type { TurnRecord } from '../../../src/ports/turn-record.ts';
import { plainScores, recalibrated, shippedSource } from '../../inference-models.ts';

type Infer = Extract<Effect, { kind: 'infer' }>;

/** Other versions of the shipped model: their scores differ in the first digits. */
export const VERSIONS = Array.from({ length: 6 }, (_, at) =>
  recalibrated(shippedSource, 0.1 * (at + 1)),
);
const MODELS = new Map(
  [shippedSource, ...VERSIONS].map((source) => [source.version, plainScores(source)] as const),
);
const COLUMNS = parseCard(shippedSource.card).outputs.length;

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
    const rows = effect.rows.length;
    const wanted = MODELS.get(modelVersion)?.(effect.features, rows);
    // The kernel is told of each row the first score alone.
    const isIts = scores?.every((value, row) => value === wanted?.[row * COLUMNS]);
    if (wanted === undefined || isIts !== true || scores?.length !== rows) {
      this.faults.push(`${key} has scores that ${modelVersion} does not make of its rows`);
    }
  }
}
