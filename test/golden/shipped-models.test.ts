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
      [0.4841038363103197, -0.000351135527444778, 0.03179232737936055],
      [0.47865964503856473, -0.000509908902162621, 0.04268070992287054],
      [0.469725580948451, -0.0006433494382421798, 0.06054883810309797],
    ],
  ],
  [
    'momentum-mlp',
    [
      [0.40007222763731964, 0.00011156000813111256, 0.1998555447253607],
      [0.44598372059982383, 0.0009600944458363553, 0.10803255880035234],
      [0.5656056556185699, 0.002128525884518106, 0.1312113112371398],
    ],
  ],
  [
    'momentum-transformer',
    [
      [0.4701534412773043, -0.0012459063692486967, 0.05969311744539141],
      [0.46192318905790625, -0.001443342482514773, 0.0761536218841875],
      [0.43842255729763696, -0.0013721871883145063, 0.12315488540472608],
    ],
  ],
  ['momentum-xgboost', [[0.43876665009871546], [0.4686568591316457], [0.5124609908754542]]],
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
