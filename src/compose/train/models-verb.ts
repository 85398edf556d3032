import { basename, dirname, resolve } from 'node:path';
import { EXIT_CODES, type ExitCode } from '../../cli/exit-codes.ts';
import { cardPage } from '../../cli/model-card-page.ts';
import { renderCard, renderEnsemble } from '../../cli/model-card-text.ts';
import { renderModels } from '../../cli/model-list-text.ts';
import { plainText } from '../../cli/terminal-text.ts';
import type { Terminal } from '../../cli/terminal.ts';
import type { ModelsOptions } from '../../cli/train-options.ts';
import { ArtefactError } from '../../models/artefact/artefact-error.ts';
import type { ModelCard } from '../../models/artefact/card.ts';
import {
  findArtefact,
  type ListedArtefact,
  listArtefacts,
} from '../../store/artefacts/artefact-store.ts';
import { listEnsembles } from '../../store/artefacts/ensemble-store.ts';
import { modelFolders, SHIPPED_MODELS } from '../session-models.ts';

export async function modelsVerb(options: ModelsOptions, terminal: Terminal): Promise<ExitCode> {
  const { action } = options;
  switch (action.kind) {
    case 'list':
      return listVerb(options, terminal);
    case 'show':
      return showVerb(options, action, terminal);
  }
}

/** Where models lie: those of the data directory, then those that came with the program. */
function rootsOf(dataDir: string): readonly string[] {
  return modelFolders(resolve(dataDir)).toReversed();
}

function listVerb({ dataDir, isJson }: ModelsOptions, terminal: Terminal): ExitCode {
  const places = rootsOf(dataDir).map((root) => ({
    title: `${root === SHIPPED_MODELS ? 'with the program' : 'yours'}, in ${root}`,
    models: listArtefacts(root),
    ensembles: listEnsembles(root),
  }));
  const models = places.flatMap((place) => place.models);
  const meant = meantByName(places.toReversed().flatMap((place) => place.models));
  if (isJson) {
    const ensembles = places.flatMap((place) => place.ensembles);
    const told = models.map((model) => ({ ...model, isMeantByName: meant.has(model.folder) }));
    terminal.write(`${JSON.stringify({ models: told, ensembles })}\n`);
  } else terminal.write(renderModels(places, meant));
  const refused = models.filter(({ kind }) => kind === 'refused').length;
  if (refused === 0) return EXIT_CODES.ok;
  terminal.writeError(`strata: ${refused} of ${models.length} models cannot be used\n`);
  return EXIT_CODES.error;
}

/** The folders that a session takes for a name alone; they come in the order it looks in. */
function meantByName(models: readonly ListedArtefact[]): ReadonlySet<string> {
  const meant = new Map<string, string>();
  for (const { folder } of models) {
    const name = basename(dirname(folder));
    if (!meant.has(name)) meant.set(name, folder);
  }
  return new Set(meant.values());
}

function showVerb(
  { dataDir, isJson }: ModelsOptions,
  { model, isHtml }: Extract<ModelsOptions['action'], { readonly kind: 'show' }>,
  terminal: Terminal,
): ExitCode {
  const roots = rootsOf(dataDir);
  const ensemble = roots
    .flatMap((root) => listEnsembles(root))
    .findLast(({ name }) => name === model);
  if (ensemble !== undefined) {
    terminal.write(isJson ? `${JSON.stringify(ensemble)}\n` : `${renderEnsemble(ensemble)}\n`);
    return EXIT_CODES.ok;
  }
  try {
    const { card, folder } = findArtefact(roots, model);
    if (isJson) terminal.write(`${JSON.stringify({ card, folder })}\n`);
    else if (isHtml) terminal.write(cardPage(card));
    else terminal.write(`${renderCard(card)}\nkept in      ${folder}\n${otherOf(card, dataDir)}`);
    return EXIT_CODES.ok;
  } catch (error) {
    if (!(error instanceof ArtefactError) || error.code !== 'MODEL_MISSING') throw error;
    terminal.writeError(`strata: ${plainText(error.message)}\n`);
    terminal.writeError('`strata models list` lists all.\n');
    return EXIT_CODES.notFound;
  }
}

/** A session looks among the shipped ones first: said where it would not take this one. */
function otherOf({ name, version }: ModelCard, dataDir: string): string {
  const taken = versionTaken(name, dataDir);
  if (taken === version || taken === undefined) return '';
  return `a session    takes ${taken} for the name alone\n`;
}

function versionTaken(name: string, dataDir: string): string | undefined {
  try {
    return findArtefact(modelFolders(dataDir), name).card.version;
  } catch (error) {
    if (error instanceof ArtefactError) return undefined;
    throw error;
  }
}
