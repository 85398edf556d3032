import { join, resolve } from 'node:path';
import { EXIT_CODES, type ExitCode } from '../../cli/exit-codes.ts';
import { CONFIG_FOLDER } from '../../cli/load-config.ts';
import { cardPage } from '../../cli/model-card-page.ts';
import { renderCard, renderEnsemble } from '../../cli/model-card-text.ts';
import { renderModels } from '../../cli/model-list-text.ts';
import { plainText } from '../../cli/terminal-text.ts';
import type { Terminal } from '../../cli/terminal.ts';
import type { ModelsOptions } from '../../cli/train-options.ts';
import { nearestWord } from '../../core/nearest-word.ts';
import { ArtefactError } from '../../models/artefact/artefact-error.ts';
import {
  findArtefact,
  type ListedArtefact,
  listArtefacts,
  MODELS_FOLDER,
} from '../../store/artefacts/artefact-store.ts';
import { listEnsembles } from '../../store/artefacts/ensemble-store.ts';

/** Where models lie: those of the data directory, then those that came with the program. */
function modelRoots(dataDir: string): readonly string[] {
  return [resolve(dataDir, MODELS_FOLDER), SHIPPED];
}

const SHIPPED = join(CONFIG_FOLDER, 'models');

export async function modelsVerb(options: ModelsOptions, terminal: Terminal): Promise<ExitCode> {
  const { action } = options;
  switch (action.kind) {
    case 'list':
      return listVerb(options, terminal);
    case 'show':
      return showVerb(options, action, terminal);
  }
}

function listVerb({ dataDir, isJson }: ModelsOptions, terminal: Terminal): ExitCode {
  const roots = modelRoots(dataDir);
  const models = roots.flatMap((root) => listArtefacts(root));
  const ensembles = roots.flatMap((root) => listEnsembles(root));
  if (isJson) terminal.write(`${JSON.stringify({ models, ensembles })}\n`);
  else terminal.write(renderModels(models, ensembles));
  const refused = models.filter(({ kind }) => kind === 'refused').length;
  if (refused === 0) return EXIT_CODES.ok;
  terminal.writeError(`strata: ${refused} of ${models.length} models cannot be used\n`);
  return EXIT_CODES.error;
}

function showVerb(
  { dataDir, isJson }: ModelsOptions,
  { model, isHtml }: Extract<ModelsOptions['action'], { readonly kind: 'show' }>,
  terminal: Terminal,
): ExitCode {
  const roots = modelRoots(dataDir);
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
    else terminal.write(`${renderCard(card)}\nkept in      ${folder}\n`);
    return EXIT_CODES.ok;
  } catch (error) {
    if (!(error instanceof ArtefactError) || error.code !== 'MODEL_MISSING') throw error;
    const near = nearestWord(model, roots.flatMap((root) => listArtefacts(root)).flatMap(namesOf));
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    terminal.writeError(`strata: ${plainText(error.message)}${hint}\n`);
    terminal.writeError('`strata models list` lists all.\n');
    return EXIT_CODES.notFound;
  }
}

function namesOf(listed: ListedArtefact): readonly string[] {
  return listed.kind === 'sound' ? [listed.card.name, listed.card.version] : [];
}
