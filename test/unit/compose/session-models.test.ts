import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/cli/config-error.ts';
import { loadConfig, type ResolvedConfig } from '../../../src/cli/load-config.ts';
import { featuresOf, isScored } from '../../../src/compose/kernel-options.ts';
import { modelFolders, sessionModels } from '../../../src/compose/session-models.ts';
import type { ModelCard } from '../../../src/models/artefact/card.ts';
import { saveArtefact } from '../../../src/store/artefacts/artefact-store.ts';
import { cardOf } from '../../model-cards.ts';
import { ARCHITECTURES, networkBytes } from '../../served-models.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'strata-session-models-'));
const own = modelFolders(dataDir).at(-1) ?? '';
const { layoutHash } = featuresOf(loadConfig('demo').config);
const features = Array.from({ length: 12 }, (_, place) => `feature${place}`);
afterAll(() => rmSync(dataDir, { recursive: true }));

save('three', { input: { layoutHash, features, window: 3 } });
save('four', { input: { layoutHash, features, window: 3 } });
save('wide', { input: { layoutHash, features, window: 5 } });
save('far', { input: { layoutHash, features, window: 3 }, label: labelOf(31) });
save('foreign', { input: { layoutHash: 'fedcba9876543210', features, window: 3 } });

const FIT = 'window: 3, horizonBars: 30';

describe('the models of a session', () => {
  it('are those that vote and those in shadow, with what is expected of them', () => {
    const models = modelsOf('models: [three], shadow: [wide], window: 5, horizonBars: 30');
    expect(models.map(({ width }) => width)).toEqual([60, 60]);
    expect(models.every((source) => source.layoutHash === layoutHash)).toBe(true);
  });

  it('are refused where the bars are of another span', () => {
    const { config } = load(
      `market: { barSpanMs: 10000 }\npredictions: { models: [three], ${FIT} }\n`,
    );
    const run = () => sessionModels(config, modelFolders(dataDir));
    expect(refusal(run).message).toContain('market.barSpanMs makes bars that three@');
  });

  it('are none where nobody is asked', () => {
    const off = 'market: { barSpanMs: 10000 }\nstrategies: { momentum: { isEnabled: false } }\n';
    const { config } = load(off);
    expect(isScored(config)).toBe(false);
    expect(sessionModels(config, modelFolders(dataDir))).toEqual([]);
  });

  it.each([
    [`models: [nope]`, 'predictions.models there is no model nope (MODEL_MISSING)'],
    [`models: [wide], ${FIT}`, 'predictions.window is 3, but wide@'],
    [`models: [far], ${FIT}`, 'predictions.horizonBars is 30, but far@'],
    [`models: [foreign], ${FIT}`, 'predictions.models has foreign@'],
    [
      `models: [three, four], ${FIT}, vote: { votesLeast: 3 }`,
      'predictions.vote cannot be: there are fewer members than have to vote',
    ],
    [`models: [three, three], ${FIT}`, 'predictions.models has three twice'],
    [`models: [three], shadow: [three], ${FIT}`, 'predictions.models has three twice'],
    [
      `models: [three], ${FIT}, vote: { thresholds: { mlp: 0.4 } }`,
      'predictions.vote.thresholds has mlp, which is none of the models',
    ],
    [`models: [three], shadow: [wide], ${FIT}`, 'predictions.window is 3, but wide@'],
  ])('are refused, with file and line: %s', (predictions, message) => {
    const text = `\npredictions: { ${predictions} }\n`;
    const resolved = load(text);
    const refused = refusal(() => sessionModels(resolved.config, modelFolders(dataDir), resolved));
    expect(refused).toMatchObject({ code: 'CONFIG_INVALID', exitCode: 4 });
    expect(refused.message).toContain(message);
    expect(refused.message).toMatch(/^.*(?:own|default|demo)\.yaml:\d+ /);
  });
});

describe('a fault of the models', () => {
  it('stands at the line of the threshold that is of none of them', () => {
    const vote = 'vote:\n    thresholds:\n      three: 0.4\n      thre: 0.6';
    const resolved = load(`predictions:\n  models: [three]\n  ${vote}\n`);
    const refused = refusal(() => sessionModels(resolved.config, modelFolders(dataDir), resolved));
    expect(refused.message).toMatch(/own\.yaml:6 predictions\.vote\.thresholds has thre,/);
  });

  it.each([
    ['thre', 'three'],
    ['momentum-transfomer', 'momentum-transformer'],
  ])('of a name that is mistyped names the nearest: %s', (typed, near) => {
    const { config } = load(`predictions: { models: [${typed}], ${FIT} }\n`);
    const refused = refusal(() => sessionModels(config, modelFolders(dataDir)));
    expect(refused.message).toContain(`there is no model ${typed}; did you mean ${near}?`);
  });
});

function labelOf(horizonBars: number): ModelCard['label'] {
  return { kind: 'forward-return', horizonBars, text: 'the close is higher' };
}

function save(name: string, card: Parameters<typeof cardOf>[1]): void {
  const window = card?.input?.window ?? 1;
  const model = networkBytes(ARCHITECTURES.mlp, { features: features.length, window });
  saveArtefact(own, cardOf(model, { ...card, name }), model);
}

function modelsOf(predictions: string) {
  return sessionModels(load(`predictions: { ${predictions} }\n`).config, modelFolders(dataDir));
}

function load(yaml: string): ResolvedConfig {
  const file = join(dataDir, 'own.yaml');
  writeFileSync(file, yaml);
  return loadConfig('demo', file);
}

function refusal(run: () => unknown): ConfigError {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}
