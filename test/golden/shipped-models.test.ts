import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { momentumSet } from '../../src/domain/features/momentum-set.ts';
import { createPlainBackend } from '../../src/gpu/plain/plain-backend.ts';
import { rowWidth } from '../../src/models/artefact/card.ts';
import { findArtefact, listArtefacts } from '../../src/store/artefacts/artefact-store.ts';
import { listEnsembles } from '../../src/store/artefacts/ensemble-store.ts';

const ROOT = fileURLToPath(new URL('../../config/models', import.meta.url));
const NAMES = ['momentum-lstm', 'momentum-mlp', 'momentum-transformer', 'momentum-xgboost'];

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
