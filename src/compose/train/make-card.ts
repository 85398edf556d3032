import { basename, dirname } from 'node:path';
import { hashText } from '../../core/hash.ts';
import {
  type Answering,
  type Calibration,
  CARD_FORMAT,
  contentHashOf,
  fileOf,
  type Metrics,
  type ModelCard,
  versionOf,
} from '../../models/artefact/card.ts';
import { sha256 } from '../../store/artefacts/artefact-files.ts';
import type { Dataset } from './dataset.ts';
import type { Fitted } from './fit.ts';
import type { Gathered } from './gather-rows.ts';
import { labelStatement } from './purposes.ts';
import type { TrainPlan } from './train-plan.ts';

export interface CardParts {
  readonly plan: TrainPlan;
  readonly gathered: Gathered;
  readonly dataset: Dataset;
  readonly fitted: Fitted;
  readonly calibration: Calibration | undefined;
  readonly metrics: Metrics;
  readonly madeUs: number;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
}

export function makeCard(parts: CardParts): ModelCard {
  const { plan, gathered, dataset, fitted, calibration, metrics } = parts;
  const answering = answeringOf(parts);
  const contentHash = contentHashOf(answering);
  const { windows } = dataset;
  return {
    format: CARD_FORMAT,
    ...answering,
    version: versionOf(answering.name, contentHash),
    contentHash,
    ...(calibration === undefined ? {} : { calibration }),
    data: {
      source: sourceText(plan, gathered),
      hash: dataset.hash,
      timeframe: plan.timeframe,
      fromUs: windows.atUs.at(0) ?? 0,
      toUs: windows.atUs.at(-1) ?? 0,
      symbols: windows.symbols,
      universe: { strategy: plan.universe.strategy, text: gathered.universe.text },
      rows: Object.fromEntries(
        (['train', 'validation', 'calibration', 'test'] as const).map((part) => [
          part,
          dataset.parts[part].length,
        ]),
      ),
      effectiveRows: dataset.weights.effective,
      dropped: dataset.dropped,
    },
    config: configOf(plan),
    seeds: { training: plan.seed },
    curve: thinned(fitted.curve),
    runtime: fitted.runtime,
    madeUs: parts.madeUs,
    wallSeconds: parts.wallSeconds,
    cpuSeconds: parts.cpuSeconds,
    metrics:
      fitted.importance === undefined ? metrics : { ...metrics, importance: fitted.importance },
  };
}

function answeringOf({ plan, gathered, fitted, calibration }: CardParts): Answering {
  const { family, model, window, outputs } = fitted;
  return {
    name: `${plan.namePrefix}-${family}`,
    family,
    purpose: plan.purpose,
    file: { name: fileOf(family), bytes: model.length, sha256: sha256(model) },
    input: { layoutHash: gathered.wide.layoutHash, features: gathered.wide.features, window },
    outputs,
    label: labelStatement(plan),
    ...(calibration === undefined ? {} : { calibration }),
  };
}

/** What a card needs before there are figures: its answers are scored with this one. */
export const NO_METRICS: Metrics = {
  primary: 'logLoss',
  rows: 0,
  effectiveRows: 0,
  fromUs: 0,
  toUs: 0,
  table: [{ name: 'none', role: 'model', figures: {} }],
  verdict: 'not measured',
  beatsBaselines: false,
  trials: 1,
};

/** Folders of a machine are nobody's business: the last two names tell which data it was. */
function sourceText({ source }: TrainPlan, gathered: Gathered): string {
  if (source.kind !== 'recorded') return gathered.source;
  return `${basename(dirname(source.path))}/${basename(source.path)}`;
}

const POINTS_MAX = 1_000;

function thinned(curve: Fitted['curve']): Fitted['curve'] {
  const every = Math.ceil(curve.length / POINTS_MAX);
  return curve.filter((_, at) => every <= 1 || at % every === 0 || at === curve.length - 1);
}

function configOf(plan: TrainPlan): ModelCard['config'] {
  const { training, label, purpose, timeframe, horizonBars, lookbackDays, features } = plan;
  const { groups: _, seeded: __, features: ___, runner: ____, ...settings } = training;
  const values = {
    purpose,
    label,
    timeframe,
    horizonBars,
    features: [...features],
    ...(lookbackDays === undefined ? {} : { lookbackDays }),
    training: structuredClone(settings),
  };
  return { hash: hashText(JSON.stringify(values)), values };
}
