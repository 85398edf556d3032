import { createServiceTree, type ServiceTree } from '../../../src/actors/services/service-tree.ts';
import { createSystemTime } from '../../../src/actors/services/system-time.ts';
import { present } from '../../../src/core/assert.ts';
import { symbolId } from '../../../src/core/ids.ts';
import { Random } from '../../../src/core/random.ts';
import {
  createInferenceService,
  type InferenceDefinition,
} from '../../../src/gpu/service/inference-service.ts';
import type { Layer } from '../../../src/gpu/service/layer-policy.ts';
import type { ScoreAnswer } from '../../../src/gpu/service/score-request.ts';
import type { Answer } from '../../../src/ports/input.ts';
import { edited, makeSource, plainScores } from '../../inference-models.ts';

const WIDTH = 7;
const NAMES = ['alpha', 'beta'] as const;
/** Weights by other seeds make other versions of one name. */
const SEEDS = [1, 2, 3, 4, 5, 6];
const SOURCES = NAMES.map((name, place) =>
  SEEDS.map((seed) => makeSource(name, WIDTH, 12 + place, seed)),
);
const MODELS = new Map(
  SOURCES.flat().map((source) => [source.version, plainScores(source)] as const),
);

/** A request, and what must be true of its answer. */
interface Question {
  readonly id: number;
  readonly models: readonly string[];
  readonly features: Float64Array;
  readonly rows: number;
  /** Of each model how often it had been switched when it was asked. */
  readonly askedAt: ReadonlyMap<string, number>;
  answers: number;
}

export interface InferenceChaos {
  readonly kills: number;
  readonly swaps: number;
  /** Between two of them, at most: a thread takes some 400 ms to start where it is TypeScript. */
  readonly gapMsMax: number;
}

/**
 * The inference service under its supervision tree, asked without a pause from all layers and the
 * kernel's way, while its thread is killed and its models are swapped. Every answer is held against
 * what can be known: who asked, which versions were current meanwhile, and what they make of each
 * row.
 */
export class InferenceScene {
  readonly service: InferenceDefinition;
  readonly faults: string[] = [];
  readonly outcomes = new Map<string, number>();
  kills = 0;
  swaps = 0;
  refusedSwaps = 0;
  asked = 0;
  /** Answers with a version that came into force after the question. */
  answeredByNew = 0;
  readonly #tree: ServiceTree;
  readonly #random: Random;
  readonly #time = createSystemTime();
  readonly #open = new Map<number, Question>();
  /** Every version that a model has had, in order. */
  readonly #history = new Map<string, string[]>();
  #isOver = false;

  constructor(seed: number) {
    this.#random = new Random(seed);
    const { clock, timers } = this.#time;
    const layer = { freshnessMsMax: 86_400_000 };
    this.service = createInferenceService({
      backend: 'plain',
      sources: SOURCES.map((versions) => present(versions[0], 'a version')),
      rowsMax: 256,
      layers: [
        { ...layer, batchMax: 200, waitMsMax: 5 },
        { ...layer, batchMax: 100, waitMsMax: 3 },
        { ...layer, batchMax: 50, waitMsMax: 1 },
        { ...layer, batchMax: 10, waitMsMax: 0 },
      ],
      policy: {
        backoffMinMs: 5,
        backoffMaxMs: 40,
        restartsMax: 100_000,
        withinMs: 1_000,
        hungMs: 20_000,
        inFlightMax: 256,
      },
      replacementsMax: 3,
      clock,
      timers,
    });
    this.#tree = createServiceTree({
      definitions: [{ group: 'inference', definition: this.service }],
      clock,
      timers,
      random: this.#random.fork(1),
      enter: () => undefined,
      onAnswer: (answer) => this.#heard(answer),
      log: () => undefined,
      onFatal: (error) => this.faults.push(String(error)),
    });
  }

  async run({ kills, swaps, gapMsMax }: InferenceChaos): Promise<void> {
    await this.#tree.start();
    for (const [name, version] of this.service.models()) this.#history.set(name, [version]);
    const asking = this.#ask();
    await Promise.all([this.#kill(kills, gapMsMax), this.#swap(swaps, gapMsMax)]);
    this.#isOver = true;
    await asking;
    // What is open has a deadline of half a second; the rest is the thread that may be starting.
    for (let left = 200; left > 0 && this.#open.size > 0; left -= 1) await this.#rest(10);
    for (const { id } of this.#open.values()) this.faults.push(`${id} was never answered`);
    await this.#tree.stop();
    if (this.#tree.outstanding > 0) this.faults.push('effects without an answer');
  }

  async #ask(): Promise<void> {
    const random = this.#random.fork(2);
    while (!this.#isOver) {
      for (let left = random.below(4); left > 0; left -= 1) this.#askOne(random);
      await this.#rest(random.below(3));
    }
  }

  #askOne(random: Random): void {
    this.asked += 1;
    const layer = random.pick<Layer>([0, 1, 2, 3]);
    const rows = 1 + random.below(layer === 0 ? 150 : 12);
    const isKernels = random.chance(0.3);
    const first = random.pick(NAMES);
    const models = isKernels || random.chance(0.4) ? [first] : NAMES.toReversed();
    const question: Question = {
      id: this.asked,
      models,
      rows,
      // What nobody else asks: another row's score is another number.
      features: Float64Array.from({ length: rows * WIDTH }, () => random.normal()),
      askedAt: new Map(NAMES.map((name) => [name, this.#switches(name)])),
      answers: 0,
    };
    this.#open.set(question.id, question);
    const { features } = question;
    const askedUs = this.#time.clock.nowUs();
    if (isKernels) {
      const symbols = Array.from({ length: rows }, (_, row) => symbolId(row));
      const effect = {
        kind: 'infer',
        model: first,
        rows: symbols,
        width: WIDTH,
        features,
      } as const;
      const requested = { input: question.id, index: 0, requestedUs: askedUs, effect };
      return this.#tree.router.dispatch(requested);
    }
    const request = { models, layer, rows, width: WIDTH, features, askedUs };
    void this.service.ask(request).then((answer) => this.#answered(question, answer));
  }

  async #kill(kills: number, gapMsMax: number): Promise<void> {
    const random = this.#random.fork(3);
    while (this.kills < kills) {
      await this.#rest(random.below(gapMsMax));
      // Some die by their thread, some by their supervisor.
      const isKilled = random.chance(0.9)
        ? this.service.killThread()
        : this.#tree.kill('inference');
      if (isKilled) this.kills += 1;
    }
  }

  async #swap(swaps: number, gapMsMax: number): Promise<void> {
    const random = this.#random.fork(4);
    while (this.swaps < swaps) {
      await this.#rest(random.below(gapMsMax));
      const versions = random.pick([SOURCES[0] ?? [], SOURCES[1] ?? []]);
      const source = present(versions[random.below(versions.length)], 'a version');
      const isUnfit = random.chance(0.2);
      const answer = await this.service.swap(isUnfit ? edited(source) : source);
      if (!answer.isSwapped) {
        this.refusedSwaps += 1;
        continue;
      }
      if (isUnfit) this.faults.push(`${answer.version} is unfit and was taken`);
      this.swaps += 1;
      const history = this.#history.get(answer.model);
      if (history?.at(-1) !== answer.replaced)
        this.faults.push(`${answer.replaced} was not current`);
      history?.push(answer.version);
    }
  }

  /** By the kernel's way. */
  #heard({ effectInput, outcome, code, scores, modelVersion }: Answer): void {
    const question = this.#open.get(effectInput);
    if (question === undefined) {
      this.faults.push(`${effectInput} was answered twice`);
      return;
    }
    const [model = ''] = question.models;
    if (outcome === 'done' && scores !== undefined && modelVersion !== undefined) {
      const said = ['probability'] as const;
      const columns = [{ model, version: modelVersion, columns: said, scores }];
      this.#answered(question, { outcome, columns, missing: [] });
    } else if (outcome === 'done' || outcome === 'unknown') {
      this.faults.push(`${effectInput} was answered ${outcome} without scores`);
    } else {
      this.#close(question, code ?? outcome);
    }
  }

  #answered(question: Question, answer: ScoreAnswer): void {
    this.#close(question, answer.outcome === 'done' ? 'done' : answer.code);
    if (answer.outcome !== 'done') return;
    const { id, models, features, rows } = question;
    if (answer.missing.length > 0) this.faults.push(`${id} lacks ${answer.missing[0]?.model}`);
    const given = answer.columns.map(({ model }) => model);
    if (given.join() !== models.join()) this.faults.push(`${id} asked ${models.join()}`);
    for (const { model, version, scores } of answer.columns) {
      const wanted = MODELS.get(version)?.(features, rows);
      const isOurs =
        scores.length === wanted?.length && scores.every((value, row) => value === wanted[row]);
      if (!isOurs) this.faults.push(`${id} has scores that ${version} does not make of its rows`);
      this.#judge(question, model, version);
    }
  }

  /** Of those that were current from the question to now. */
  #judge({ id, askedAt }: Question, model: string, version: string): void {
    const since = askedAt.get(model) ?? 0;
    const current = this.#history.get(model)?.slice(since) ?? [];
    if (!current.includes(version)) this.faults.push(`${id} has ${version}, not ${current.join()}`);
    else if (current[0] !== version) this.answeredByNew += 1;
  }

  #close(question: Question, outcome: string): void {
    question.answers += 1;
    if (question.answers > 1) this.faults.push(`${question.id} was answered twice`);
    this.#open.delete(question.id);
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
  }

  /** The place of the version that is current. */
  #switches(name: string): number {
    return (this.#history.get(name)?.length ?? 1) - 1;
  }

  #rest(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#time.timers.after(ms, resolve));
  }
}
