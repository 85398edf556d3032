import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/cli/load-config.ts';
import { featuresOf, kernelOptions } from '../../../src/compose/kernel-options.ts';
import { pinModels } from '../../../src/compose/pinned-models.ts';
import { writeSessionFile } from '../../../src/compose/session-files.ts';
import { cardOf } from '../../model-cards.ts';
import { ARCHITECTURES, networkBytes } from '../../served-models.ts';
import { saveArtefact } from '../../../src/store/artefacts/artefact-store.ts';
import { nodeDisk } from '../../../src/store/journal/node-disk.ts';

const BACKTEST = loadConfig('backtest');
const { layoutHash } = featuresOf(BACKTEST.config);
const features = Array.from({ length: 12 }, (_, place) => `feature${place}`);
let dataDir = '';

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'strata-pinned-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

describe('the models of a session', () => {
  it('are named with their versions, which is what the settings are from then on', () => {
    const { resolved, said } = pin(['momentum-mlp']);
    const [model = ''] = resolved.config.predictions.models;
    expect(model).toMatch(/^momentum-mlp@[0-9a-f]{8}$/);
    expect(said).toEqual([`strata: scored by ${model}\n`]);
    expect(resolved.configHash).not.toBe(BACKTEST.configHash);
    const { predictions, ensemble } = kernelOptions({
      config: resolved.config,
      orderSession: 'x',
      hasHistory: true,
      symbolsMax: 1,
    });
    expect([predictions.models, ensemble.models]).toEqual([['momentum-mlp'], ['momentum-mlp']]);
  });

  it('are the shipped ones, where one of the user has the same name', () => {
    const shipped = pin(['momentum-mlp']).resolved.config.predictions.models;
    const own = save('momentum-mlp', 1);
    expect(pin(['momentum-mlp']).resolved.config.predictions.models).toEqual(shipped);
    expect(pin([own]).resolved.config.predictions.models).toEqual([own]);
  });

  it('stay what a killed session began with, whatever was trained meanwhile', () => {
    const first = save('mine', 1);
    expect(pin(['mine']).resolved.config.predictions.models).toEqual([first]);
    const second = save('mine', 2);
    expect(pin(['mine']).resolved.config.predictions.models).toEqual([second]);
    killed(first);
    expect(pin(['mine']).resolved.config.predictions.models).toEqual([first]);
    expect(pin([second]).resolved.config.predictions.models).toEqual([second]);
  });

  it('are those there are, where the one that a killed session had is gone', () => {
    const last = save('mine', 2);
    killed('mine@00000000');
    const { resolved, said } = pin(['mine']);
    expect(resolved.config.predictions.models).toEqual([last]);
    expect(said[0]).toContain('the killed session had mine@00000000, and there is no model');
  });

  it('say the chance of a rise, or are refused', () => {
    const other = save('other', 3, { purpose: 'liquidity' });
    const value = save('value', 3, { outputs: ['return'] });
    expect(() => pin([other])).toThrow('for liquidity and says no probability of a rise');
    expect(() => pin([value])).toThrow('says no probability of a rise');
  });
});

function pin(models: readonly string[]) {
  const said: string[] = [];
  const { predictions } = BACKTEST.config;
  const config = { ...BACKTEST.config, predictions: { ...predictions, models } };
  const terminal = { writeError: (text: string) => void said.push(text) };
  const resolved = pinModels({ ...BACKTEST, config }, { dataDir, kind: 'demo', terminal });
  return { resolved, said };
}

/** Answers its version; later ones were made later. */
function save(name: string, seed: number, given: Parameters<typeof cardOf>[1] = {}): string {
  const outputs = given.outputs ?? ['probability'];
  const model = networkBytes(ARCHITECTURES.mlp, { features: 12, window: 1, seed, outputs });
  const input = { layoutHash, features, window: 1 };
  const card = cardOf(model, { name, input, madeUs: seed, ...given });
  saveArtefact(join(dataDir, 'models'), card, model);
  return card.version;
}

function killed(model: string): void {
  const { predictions } = BACKTEST.config;
  writeSessionFile(nodeDisk(dataDir), {
    sessionId: 'demo-1',
    kind: 'demo',
    source: 'seed 1',
    startedUs: 1,
    configHash: '',
    buildId: '',
    nodeMajor: 20,
    isHistoryGiven: true,
    market: { kind: 'seeded', seed: 1, symbols: 1, date: 20240603 },
    config: { ...BACKTEST.config, predictions: { ...predictions, models: [model], shadow: [] } },
    orderSession: 'd',
    symbolsMax: 1,
  });
}
