import { z } from 'zod';
import { MOMENTUM_LAYOUT } from '../domain/features/momentum-set.ts';
import { FAMILIES } from '../models/artefact/card.ts';

/**
 * How models are trained. It decides nothing in a session, so none of it is in the configuration's
 * hash; a card states what it was made with.
 */
const share = (fallback: number) => z.number().min(0).max(1).default(fallback);
const family = z.enum(FAMILIES);

const layer = (sampleSize: number, weight: number) =>
  z
    .strictObject({
      sampleSize: z.int().min(1).max(20_000).default(sampleSize),
      weight: z.number().min(0).max(1_000).default(weight),
    })
    .prefault({});

const groupsSection = z
  .record(z.string().regex(/^[a-z][a-z0-9-]{0,31}$/), z.array(family).min(1))
  .refine((groups) => !FAMILIES.some((name) => name in groups), 'must not be named as a family is')
  .default({
    ensemble: ['lstm', 'transformer', 'mlp'],
    research: ['dlinear', 'nhits', 'patchtst', 'xgboost', 'lightgbm', 'forest'],
    all: [...FAMILIES],
  });

const partsSection = z
  .strictObject({ train: share(0.5), validation: share(0.1), calibration: share(0.1) })
  .refine(
    ({ train, validation, calibration }) =>
      train > 0 && validation > 0 && train + validation + calibration < 1,
    'must leave a share for training, for validation and for the final test',
  );

const networksSection = z.strictObject({
  epochs: z.int().min(1).max(10_000).default(12),
  batch: z.int().min(1).max(65_536).default(256),
  rate: z.number().gt(0).max(1).default(0.001),
  decay: z.number().min(0).max(1).default(0.01),
  dropout: z.number().min(0).max(0.95).default(0.1),
  clipNorm: z.number().gt(0).max(1e6).default(1),
  patience: z.int().min(1).max(10_000).default(3),
  width: z.int().min(1).max(1_024).default(32),
});

const treesSection = z.strictObject({
  trees: z.int().min(1).max(100_000).default(200),
  depth: z.int().min(1).max(16).default(5),
  leaves: z.int().min(2).max(4_096).default(31),
  rate: z.number().gt(0).max(1).default(0.05),
  leafWeightMin: z.number().min(0).max(1e9).default(20),
  featureShare: z.number().gt(0).max(1).default(0.8),
  rowShare: z.number().gt(0).max(1).default(0.8),
  patience: z.int().min(1).max(100_000).default(30),
});

const names = (fallback: readonly string[]) =>
  z
    .array(z.string().min(1).max(100))
    .min(1)
    .max(1_000)
    .default([...fallback]);

/** What a model sees of a symbol; of momentum what the kernel's rows carry. */
const featuresSection = z.strictObject({
  momentum: names(MOMENTUM_LAYOUT.names),
  days: names([
    'return1',
    'return5',
    'return15',
    'return60',
    'barRange',
    'closePlace',
    'smaDistance',
    'averageGap',
    'rsiCentred',
    'macdPull',
    'bandPlace',
    'trendStrength',
    'rangeShare',
    'volumeSurge1',
    'volumeSurge5',
  ]),
});

export const trainingSection = z.strictObject({
  groups: groupsSection,
  universe: z.enum(['layered', 'layer', 'symbols']).default('layered'),
  layers: z
    .strictObject({
      layer0: layer(2_000, 0.5),
      layer1: layer(1_000, 1),
      layer2: layer(200, 2),
      layer3: layer(50, 4),
    })
    .prefault({}),
  parts: partsSection.prefault({}),
  horizonBars: z
    .strictObject({
      momentum: z.int().min(1).max(10_000).default(30),
      value: z.int().min(1).max(1_000).default(20),
    })
    .prefault({}),
  barrier: z.strictObject({ deviations: z.number().gt(0).max(100).default(1.5) }).prefault({}),
  features: featuresSection.prefault({}),
  window: z.int().min(1).max(512).default(16),
  samplesMax: z.int().min(100).max(20_000_000).default(60_000),
  samplesMin: z.int().min(50).max(1_000_000).default(500),
  halfLifeDays: z.number().gt(0).max(100_000).default(365),
  runner: z.enum(['onnx', 'interpreter']).default('onnx'),
  checkpointSteps: z.int().min(1).max(1_000_000).default(200),
  seeded: z
    .strictObject({
      symbols: z.int().min(1).max(10_000).default(24),
      days: z.int().min(1).max(250).default(45),
    })
    .prefault({}),
  networks: networksSection.prefault({}),
  trees: treesSection.prefault({}),
});
