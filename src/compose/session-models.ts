import { join } from 'node:path';
import { ConfigError } from '../cli/config-error.ts';
import type { Config } from '../cli/config-schema.ts';
import { CONFIG_FOLDER, type ResolvedConfig, settingFault } from '../cli/load-config.ts';
import { MINUTE, MS } from '../core/time.ts';
import { hybridRulesFault } from '../domain/signals/hybrid-vote.ts';
import { ArtefactError } from '../models/artefact/artefact-error.ts';
import type { ModelCard } from '../models/artefact/card.ts';
import type { ModelSource } from '../ports/inference-backend.ts';
import { type Artefact, findArtefact, MODELS_FOLDER } from '../store/artefacts/artefact-store.ts';
import { ensembleOptions, featuresOf, isScored, nameOf } from './kernel-options.ts';

/**
 * Where the models of a session are looked for: the shipped ones before the user's own, so that a
 * training takes no session over by its name. One's own is asked by another name or its version.
 */
export function modelFolders(dataDir: string): readonly string[] {
  return [SHIPPED_MODELS, join(dataDir, MODELS_FOLDER)];
}

export const SHIPPED_MODELS = join(CONFIG_FOLDER, 'models');

/**
 * The models that a session asks, with what is expected of them; none where it asks nobody. Throws
 * a `ConfigError`: a model that is not there or is damaged, that learned from other features, sees
 * more bars than the configuration has, or speaks of another horizon.
 */
export function sessionModels(
  config: Config,
  folders: readonly string[] = [SHIPPED_MODELS],
  resolved?: ResolvedConfig,
): readonly ModelSource[] {
  if (!isScored(config)) return [];
  const { models, shadow, vote } = config.predictions;
  const refuse = (key: string, what: string, entry?: string): never => {
    const fault = resolved === undefined ? undefined : settingFault(resolved, key, what, entry);
    throw new ConfigError('CONFIG_INVALID', [fault ?? { file: 'settings', line: 1, key, what }]);
  };
  const names = [...models, ...shadow];
  const bare = names.map(nameOf);
  const twice = bare.find((name, at) => bare.indexOf(name) < at);
  if (twice !== undefined) refuse('predictions.models', `has ${twice} twice`);
  const members = new Set(models.map(nameOf));
  const stranger = Object.keys(vote.thresholds).find((name) => !members.has(nameOf(name)));
  if (stranger !== undefined) {
    const key = 'predictions.vote.thresholds';
    refuse(key, `has ${stranger}, which is none of the models`, `${key}.${stranger}`);
  }
  const fault = hybridRulesFault(ensembleOptions(config).vote);
  if (fault !== undefined) refuse('predictions.vote', `cannot be: ${fault}`);
  return names.map((name) => {
    const key = models.includes(name) ? 'predictions.models' : 'predictions.shadow';
    return sourceOf(name, config, folders, (what, at = key) => refuse(at, what));
  });
}

type Refuse = (what: string, key?: string) => never;

/** Purposes of which the probability is that of a rise. */
const RISES: ReadonlySet<ModelCard['purpose']> = new Set(['momentum', 'ensemble']);

function sourceOf(
  name: string,
  config: Config,
  folders: readonly string[],
  refuse: Refuse,
): ModelSource {
  const { layoutHash, width } = featuresOf(config);
  const { card, cardText, model } = found(name, folders, refuse);
  demandFit(card, config, layoutHash, refuse);
  return { card: cardText, model, layoutHash, width: width * config.predictions.window };
}

function found(name: string, folders: readonly string[], refuse: Refuse): Artefact {
  try {
    return findArtefact(folders, name);
  } catch (error) {
    if (!(error instanceof ArtefactError)) throw error;
    return refuse(`${error.message} (${error.code}); strata models lists what there is`);
  }
}

function demandFit(card: ModelCard, config: Config, layoutHash: string, refuse: Refuse): void {
  const { version, input, label, outputs, purpose } = card;
  const { window, horizonBars } = config.predictions;
  if (input.layoutHash !== layoutHash) {
    const hashes = `${input.layoutHash}, not ${layoutHash}`;
    if (config.market.barSpanMs * MS === MINUTE) {
      refuse(
        `has ${version}, which learned from other features than the rows of a session carry: ` +
          `${hashes}; train it without --features, on bars of a minute`,
      );
    }
    refuse(
      `makes bars that ${version} knows nothing of: it learned from the features ${hashes}; ` +
        'give it its own bars, or set strategies.momentum.isEnabled to false',
      'market.barSpanMs',
    );
  }
  if (!outputs.includes('probability') || !RISES.has(purpose)) {
    refuse(`has ${version}, which is for ${purpose} and says no probability of a rise`);
  }
  if (input.window > window) {
    refuse(`is ${window}, but ${version} sees ${input.window} bars`, 'predictions.window');
  }
  if (label.horizonBars !== horizonBars) {
    const what = `is ${horizonBars}, but ${version} speaks of ${label.horizonBars} bars on`;
    refuse(what, 'predictions.horizonBars');
  }
}
