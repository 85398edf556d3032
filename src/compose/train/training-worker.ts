import { parentPort, workerData } from 'node:worker_threads';
import { registryOf } from '../../cli/custom-features.ts';
import { loadConfig } from '../../cli/load-config.ts';
import { assert } from '../../core/assert.ts';
import { STANDARD_REGISTRY } from '../../domain/features/standard-registry.ts';
import { cardText } from '../../models/artefact/card.ts';
import type { EnsembleCard } from '../../models/artefact/ensemble-card.ts';
import { saveArtefact } from '../../store/artefacts/artefact-store.ts';
import { saveEnsemble } from '../../store/artefacts/ensemble-store.ts';
import { checkpointFolder } from './checkpoint-files.ts';
import { type FailedFamily, failureOf } from './judge-families.ts';
import { runTraining, type TrainingWord } from './run-training.ts';
import { type FromTraining, isTrainingSettings } from './training-protocol.ts';
import { openTrainingStore } from './training-store.ts';

/**
 * The thread in which models are trained: it computes for minutes, and the one that shows how far
 * it is, and hears Ctrl-C, must not stand still for it.
 */
assert(parentPort !== null, 'this file is the beginning of a worker');
const port = parentPort;
const WORDS_MS = 100;
await train().catch(fail);

async function train(): Promise<void> {
  assert(isTrainingSettings(workerData), 'a worker is started with its settings');
  const { plan, dataDir, config, isResumed, isCheckingLeaks, out, stop } = workerData;
  const flag = new Int32Array(stop);
  const registry = await registryOf(loadConfig('demo', config), STANDARD_REGISTRY);
  const checkpoints = checkpointFolder(dataDir, plan, isResumed);
  const result = await runTraining({
    plan,
    registry,
    openStore: () => openTrainingStore(dataDir, config, process.env),
    checkpoints,
    isCheckingLeaks,
    tell: throttled(),
    shouldStop: () => Atomics.load(flag, 0) !== 0,
    save: (card, model) => saveArtefact(out, card, model),
    clock: {
      nowUs: () => Date.now() * 1_000,
      wallSeconds: () => performance.now() / 1_000,
      cpuSeconds() {
        const { user, system } = process.cpuUsage();
        return (user + system) / 1e6;
      },
    },
  });
  const failed = [...result.failed, ...keepVote(out, result.vote)];
  if (!result.isStopped && failed.length === 0) checkpoints.clear();
  say({
    kind: 'done',
    cards: result.cards.map(({ card, folder }) => ({ text: cardText(card), folder })),
    ...(result.vote === undefined ? {} : { vote: JSON.stringify(result.vote) }),
    failed,
    isStopped: result.isStopped,
  });
}

/** Where it cannot be kept the models that vote are still told and registered. */
function keepVote(out: string, vote: EnsembleCard | undefined): readonly FailedFamily[] {
  try {
    if (vote !== undefined) saveEnsemble(out, vote);
    return [];
  } catch (error) {
    return [failureOf('ensemble', error)];
  }
}

/** No more words about the same thing than people read; those with a validation loss all. */
function throttled(): (word: TrainingWord) => void {
  let [lastMs, lastKind] = [Number.NEGATIVE_INFINITY, ''];
  return (word) => {
    const nowMs = performance.now();
    const isPassing = word.kind === 'gathering' || word.kind === 'fitting';
    const isJudged = word.kind === 'fitting' && word.validationLoss !== undefined;
    const isSoon = word.kind === lastKind && nowMs < lastMs + WORDS_MS;
    if (isPassing && isSoon && !(isJudged && nowMs > lastMs + WORDS_MS / 5)) return;
    [lastMs, lastKind] = [nowMs, word.kind];
    say(word);
  };
}

function fail(error: unknown): void {
  const hasCode = error instanceof Error && 'code' in error && typeof error.code === 'string';
  const message = error instanceof Error ? error.message : String(error);
  say({ kind: 'failed', code: hasCode ? String(error.code) : '', message });
}

function say(word: FromTraining): void {
  port.postMessage(word);
}
