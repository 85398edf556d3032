import { createHash } from 'node:crypto';
import {
  CARD_FORMAT,
  contentHashOf,
  fileOf,
  type ModelCard,
  versionOf,
} from '../src/models/artefact/card.ts';

/** A card that is in order, for the bytes of a model; what is given replaces what it has. */
export function cardOf(
  model: Uint8Array,
  given: Partial<Omit<ModelCard, 'version' | 'contentHash' | 'file'>> = {},
): ModelCard {
  const family = given.family ?? 'mlp';
  const contents = {
    format: CARD_FORMAT,
    name: 'momentum-mlp',
    family,
    purpose: 'momentum',
    file: {
      name: fileOf(family),
      bytes: model.length,
      sha256: createHash('sha256').update(model).digest('hex'),
    },
    input: { layoutHash: '0123456789abcdef', features: ['return1', 'return5'], window: 3 },
    outputs: ['probability'],
    label: { kind: 'forward-return', horizonBars: 30, text: 'the close is higher 30 bars later' },
    data: {
      source: 'seeded market 1',
      hash: 'fedcba9876543210',
      timeframe: '1m',
      fromUs: 0,
      toUs: 1,
      symbols: ['AAA', 'BBB'],
      universe: { strategy: 'symbols', text: '2 symbols' },
      rows: { train: 100, test: 20 },
      effectiveRows: 60,
      dropped: {},
    },
    config: { hash: '0000000000000000', values: { epochs: 1 } },
    seeds: { data: 1, training: 1 },
    curve: [{ at: 1, loss: 0.7, validationLoss: 0.69 }],
    runtime: 'plain JavaScript',
    madeUs: 1,
    wallSeconds: 1,
    cpuSeconds: 1,
    metrics: {
      primary: 'logLoss',
      rows: 20,
      effectiveRows: 12,
      fromUs: 0,
      toUs: 1,
      table: [
        { name: 'momentum-mlp', role: 'model', figures: { logLoss: 0.69 } },
        { name: 'base rate', role: 'baseline', figures: { logLoss: 0.7 } },
      ],
      verdict: 'does not beat the naive baseline',
      beatsBaselines: false,
      trials: 1,
    },
    ...given,
  } as const;
  const contentHash = contentHashOf(contents);
  return { ...contents, contentHash, version: versionOf(contents.name, contentHash) };
}
