import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { momentumSet } from '../../src/domain/features/momentum-set.ts';
import { openSource } from '../../src/gpu/open-model.ts';
import { createPlainBackend } from '../../src/gpu/plain/plain-backend.ts';
import { plainScorer } from '../../src/gpu/plain/plain-model.ts';
import { rowWidth } from '../../src/models/artefact/card.ts';
import { findArtefact, listArtefacts } from '../../src/store/artefacts/artefact-store.ts';
import { listEnsembles } from '../../src/store/artefacts/ensemble-store.ts';

const ROOT = fileURLToPath(new URL('../../config/models', import.meta.url));
const NAMES = ['momentum-lstm', 'momentum-mlp', 'momentum-transformer', 'momentum-xgboost'];

/** Of three rows: of networks probability, return and confidence; of trees the first alone. */
const SCORES: readonly (readonly [name: string, scores: readonly (readonly number[])[]])[] = [
  [
    'momentum-lstm',
    [
      [0.4841195439987059, -0.000351135527444778, 0.03176091200258824],
      [0.47869001659080557, -0.000509908902162621, 0.042619966818388866],
      [0.469779967970063, -0.0006433494382421798, 0.06044006405987401],
    ],
  ],
  [
    'momentum-mlp',
    [
      [0.4003073488022926, 0.00011156000813111256, 0.19938530239541485],
      [0.44610043547403394, 0.0009600944458363553, 0.10779912905193212],
      [0.5654034184583369, 0.002128525884518106, 0.13080683691667372],
    ],
  ],
  [
    'momentum-transformer',
    [
      [0.4702056887529235, -0.0012459063692486967, 0.059588622494152976],
      [0.46199742718056586, -0.001443342482514773, 0.07600514563886829],
      [0.438558976812421, -0.0013721871883145063, 0.12288204637515798],
    ],
  ],
  ['momentum-xgboost', [[0.43890173469062477], [0.46871293830120475], [0.5123997968495978]]],
];

describe('the models that come with the program', () => {
  it('are sound, of the layout that a session serves, and of no fetched data', () => {
    const listed = listArtefacts(ROOT);
    const cards = listed.flatMap((one) => (one.kind === 'sound' ? [one.card] : []));

    expect(listed.filter(({ kind }) => kind === 'refused')).toEqual([]);
    expect(cards.map(({ name }) => name)).toEqual(NAMES);
    for (const { input, data } of cards) {
      expect(input.layoutHash).toBe(momentumSet().layoutHash);
      expect(data.source).toBe('seeded market 1');
    }
  });

  it('vote by the versions that are there', () => {
    const versions = NAMES.map((name) => findArtefact([ROOT], name).card.version);

    const [vote, ...others] = listEnsembles(ROOT);

    expect(others).toEqual([]);
    expect(vote?.members).toHaveLength(3);
    for (const { version } of vote?.members ?? []) expect(versions).toContain(version);
  });

  it.each(NAMES)('%s was tested on later days, and knows something and not much', (name) => {
    const { data, metrics } = findArtefact([ROOT], name).card;
    const of = (line: string) => metrics.table.find((row) => row.name === line)?.figures ?? {};
    const { logLoss = NaN, auc = NaN } = of(name);

    expect(metrics.rows).toBe(data.rows['test']);
    expect(metrics.fromUs).toBeGreaterThan(data.fromUs);
    expect(metrics.toUs).toBe(data.toUs);
    expect(logLoss).toBeLessThan(of('base rate')['logLoss'] ?? NaN);
    expect(auc).toBeGreaterThan((of('persistence')['auc'] ?? NaN) + 0.02);
    expect(auc).toBeLessThan(0.65);
  });

  it.each(SCORES)('%s has in plain JavaScript the bits it has anywhere', (name, pinned) => {
    const { card, cardText, model } = findArtefact([ROOT], name);
    const width = rowWidth(card);
    const opened = openSource({ card: cardText, model, layoutHash: card.input.layoutHash, width });
    const features = Float64Array.from(
      { length: 3 * width },
      (_, at) => (((at * 7_919) % 601) - 300) / 300,
    );
    const scores = new Float64Array(3 * card.outputs.length);
    plainScorer(opened)(features, 3, scores);

    expect([...scores]).toEqual(pinned.flat());
  });

  it.each(NAMES)('%s answers a row with a probability that its card explains', async (name) => {
    const { card, cardText, model } = findArtefact([ROOT], name);
    const width = rowWidth(card);
    const source = { card: cardText, model, layoutHash: card.input.layoutHash, width };

    const loaded = await createPlainBackend().load(source);
    const scores = new Float64Array(loaded.outputs);
    await loaded.score(new Float64Array(width), 1, scores);

    expect(loaded.version).toBe(card.version);
    expect(scores[0]).toBeGreaterThan(0.3);
    expect(scores[0]).toBeLessThan(0.7);
  });
});
