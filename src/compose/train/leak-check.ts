import { type Samples, selectSamples } from '../../models/data/samples.ts';
import { predict } from '../../models/trees/predict.ts';
import { trainTrees } from '../../models/trees/train-trees.ts';
import { DEPTH_WISE } from '../../models/trees/tree-options.ts';
import { type Canary, leakCanary, type TrainClass } from '../../models/validation/canary.ts';
import type { Dataset } from './dataset.ts';

const SAMPLES_MAX = 3_000;
const TREES = { trees: 10, depthMax: 5, learningRate: 0.5, coverMin: 0, binsMax: 32 };

/**
 * Trains on labels that mean nothing, over the rows that were learned from: whoever foretells them
 * has seen them. The learner is one that would learn by heart. Says before each of many learners
 * which it is; what that throws ends the check.
 */
export function checkLeaks(
  { rows, parts }: Dataset,
  seed: number,
  begins: (learner: number) => void,
): Canary {
  const every = Math.max(1, Math.ceil(parts.train.length / SAMPLES_MAX));
  const places = parts.train.filter((_, at) => at % every === 0);
  let learners = 0;
  const heard: TrainClass = (learned, own) => {
    learners += 1;
    begins(learners);
    return byTrees(learned, own);
  };
  return leakCanary(heard, selectSamples(rows, places), { seed });
}

const byTrees: TrainClass = (learned, seed) => {
  const names = Array.from({ length: learned.width }, (_, at) => `f${at}`);
  const data = { rows: learned.count, names, features: learned.features, labels: learned.label };
  const { model } = trainTrees({ data, options: { ...DEPTH_WISE, ...TREES, seed } });
  return (asked: Samples) => predict(model, asked.features, asked.count);
};

export function leakText({ shuffled, overlapping, unpurged, isClean, isAlive }: Canary): string {
  const areas =
    `AUC ${shuffled.toFixed(3)} on shuffled labels, ${overlapping.toFixed(3)} on such that ` +
    `overlap, ${unpurged.toFixed(3)} without the purge`;
  const verdict = isClean ? 'no leak found' : 'LEAK: labels without a meaning were foretold';
  const alive = isAlive ? '' : '; this learner would not have shown one in the labels';
  return `${verdict}: ${areas}${alive}`;
}
