import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../cli/config-schema.ts';
import { type ResolvedConfig, withSettings } from '../cli/load-config.ts';
import type { Terminal } from '../cli/terminal.ts';
import { ArtefactError } from '../models/artefact/artefact-error.ts';
import { parseCard } from '../models/artefact/card.ts';
import { findArtefact } from '../store/artefacts/artefact-store.ts';
import { nameOf } from './kernel-options.ts';
import { modelFolders, sessionModels } from './session-models.ts';
import { unfinishedSessions } from './session-names.ts';
import type { SessionFile } from './session-files.ts';

/**
 * The settings with the version of each model: what a session begins with it goes on with, whatever
 * has been trained meanwhile. A name without a version is that of the killed session that goes on,
 * else the shipped model of that name, else the one that was made last. Throws as `sessionModels`.
 */
export function pinModels(
  resolved: ResolvedConfig,
  request: {
    readonly dataDir: string;
    /** Of the sessions that may be gone on with; left out where there are none. */
    readonly kind?: SessionFile['kind'];
    readonly terminal: Pick<Terminal, 'writeError'>;
  },
): ResolvedConfig {
  const { dataDir, kind, terminal } = request;
  const folders = modelFolders(dataDir);
  const { predictions } = resolved.config;
  const before = kind === undefined ? [] : modelsBefore(dataDir, kind);
  const kept = (model: string): string => {
    const version = before.find((one) => one !== model && nameOf(one) === model);
    if (version === undefined) return model;
    const why = faultOf(folders, version);
    if (why === undefined) return version;
    terminal.writeError(`strata: the killed session had ${version}, and ${why}\n`);
    return model;
  };
  const models = predictions.models.map(kept);
  const shadow = predictions.shadow.map(kept);
  const found: Config = { ...resolved.config, predictions: { ...predictions, models, shadow } };
  const versions = sessionModels(found, folders, resolved).map(
    ({ card }) => parseCard(card).version,
  );
  if (versions.length === 0) return resolved;
  terminal.writeError(`strata: scored by ${versions.join(', ')}\n`);
  const pinned = {
    models: versions.slice(0, models.length),
    shadow: versions.slice(models.length),
  };
  return withSettings(resolved, {
    ...resolved.config,
    predictions: { ...predictions, ...pinned },
  });
}

function modelsBefore(dataDir: string, kind: SessionFile['kind']): readonly string[] {
  if (!existsSync(join(dataDir, 'sessions'))) return [];
  const config: unknown = unfinishedSessions(dataDir, kind).at(-1)?.config;
  const predictions = fieldOf(config, 'predictions');
  return [fieldOf(predictions, 'models'), fieldOf(predictions, 'shadow')].flatMap((names) =>
    Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [],
  );
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** Why a model that was there cannot be had, if it cannot. */
function faultOf(folders: readonly string[], model: string): string | undefined {
  try {
    findArtefact(folders, model);
    return undefined;
  } catch (error) {
    if (error instanceof ArtefactError) return error.message;
    throw error;
  }
}
