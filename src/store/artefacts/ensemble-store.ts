import { lstatSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ArtefactError } from '../../models/artefact/artefact-error.ts';
import { type EnsembleCard, parseEnsemble } from '../../models/artefact/ensemble-card.ts';
import { CARD_BYTES_MAX } from '../../models/artefact/card.ts';
import { makeFolder, syncFolder } from '../durable-folder.ts';
import { namesIn, readPlainFile, writeSynced } from './artefact-files.ts';

/** Beside the models, under a name that no model has. */
const FOLDER = '.ensembles';
const FILE = /^[a-z0-9-]{1,64}-[0-9a-f]{16}\.json$/;

/** Keeps the card of a vote; the same vote measured again replaces its figures. */
export function saveEnsemble(root: string, card: EnsembleCard): string {
  const folder = join(root, FOLDER);
  const place = join(folder, `${card.name}-${card.contentHash}.json`);
  const making = join(folder, `.making-${process.pid}`);
  makeFolder(folder);
  rmSync(making, { force: true });
  writeSynced(making, `${JSON.stringify(card, undefined, 2)}\n`);
  renameSync(making, place);
  syncFolder(folder);
  return place;
}

/** All of a root; what cannot be read is left to who looks at the folder. */
export function listEnsembles(root: string): readonly EnsembleCard[] {
  const folder = join(root, FOLDER);
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return namesIn(folder).flatMap((name) => {
    if (!FILE.test(name)) return [];
    try {
      const bytes = readPlainFile(join(folder, name), CARD_BYTES_MAX);
      return [parseEnsemble(new TextDecoder().decode(bytes))];
    } catch (error) {
      if (error instanceof ArtefactError) return [];
      throw error;
    }
  });
}
