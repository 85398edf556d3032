import { lstatSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from '../../core/assert.ts';
import { nearestWord } from '../../core/nearest-word.ts';
import { ArtefactError } from '../../models/artefact/artefact-error.ts';
import {
  CARD_BYTES_MAX,
  cardText,
  MODEL_BYTES_MAX,
  type ModelCard,
  parseCard,
  versionOf,
} from '../../models/artefact/card.ts';
import { makeFolder, syncFolder } from '../durable-folder.ts';
import { namesIn, readPlainFile, sha256, writeSynced } from './artefact-files.ts';

/** A model as it lies in its folder: read whole, and held against its card. */
export interface Artefact {
  readonly card: ModelCard;
  /** The text that the card was read from. */
  readonly cardText: string;
  readonly model: Uint8Array;
  readonly folder: string;
}

/** One that is there; with a fault where it cannot be used. */
export type ListedArtefact =
  | { readonly kind: 'sound'; readonly folder: string; readonly card: ModelCard }
  | {
      readonly kind: 'refused';
      readonly folder: string;
      readonly code: ArtefactError['code'];
      readonly reason: string;
    };

/** Where models lie in a data directory. */
export const MODELS_FOLDER = 'models';

const CARD = 'card.json';
const NAME = /^[a-z0-9-]{1,64}$/;
const HASH = /^[0-9a-f]{16}$/;
const VERSION = /^([a-z0-9-]{1,64})(?:@([0-9a-f]{8}))?$/;
/** More than a person keeps; a folder with more is something else. */
const ARTEFACTS_MAX = 10_000;

/**
 * Keeps a model under `root/<name>/<contentHash>`, whole or not at all: it is written beside its
 * place, synced, and moved there. One that is there already stays as it is, but for its card, in
 * which figures may have been measured again.
 */
export function saveArtefact(root: string, card: ModelCard, model: Uint8Array): string {
  const { name, bytes, sha256: digest } = card.file;
  assert(model.length === bytes && sha256(model) === digest, 'a card is of its model');
  const text = cardText(card);
  parseCard(text); // What could not be read again is not written.
  const above = join(root, card.name);
  const folder = join(above, card.contentHash);
  const making = join(above, `.making-${card.contentHash}-${process.pid}`);
  makeFolder(above);
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making);
  try {
    writeSynced(join(making, CARD), text);
    if (lstatSync(folder, { throwIfNoEntry: false }) !== undefined) {
      readArtefact(folder); // A damaged one is not made sound by a new card.
      renameSync(join(making, CARD), join(folder, CARD));
      syncFolder(folder);
      return folder;
    }
    writeSynced(join(making, name), model);
    syncFolder(making);
    renameSync(making, folder);
    syncFolder(above);
    return folder;
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

/**
 * Reads the model in a folder. Throws `ArtefactError`: not there, a link or anything else that is
 * not ours, too large, damaged, or another than its folder is named for.
 */
export function readArtefact(folder: string): Artefact {
  const names = namesIn(folder);
  if (names.length === 0) throw new ArtefactError('MODEL_MISSING', `${folder} holds no model`);
  const { card, text } = readCard(folder);
  const { name, bytes, sha256: digest } = card.file;
  const stray = names.find((each) => each !== CARD && each !== name);
  if (stray !== undefined) {
    throw new ArtefactError('MODEL_FOREIGN', `${folder} holds ${stray}, which is no part of it`);
  }
  const model = readPlainFile(join(folder, name), MODEL_BYTES_MAX);
  if (model.length !== bytes || sha256(model) !== digest) {
    const found = `${model.length} bytes, sha256 ${sha256(model).slice(0, 16)}`;
    const message = `${join(folder, name)} is not the file of its card: ${found}`;
    throw new ArtefactError('MODEL_CHANGED', message);
  }
  return { card, cardText: text, model, folder };
}

/**
 * The model of that name, or `name@version`; without a version the one that was made last. Looks in
 * each root in turn: the first that has one decides.
 */
export function findArtefact(roots: readonly string[], asked: string): Artefact {
  const [, name, version] = VERSION.exec(asked) ?? [];
  if (name === undefined) {
    const expected = 'expected a name, or name@ and eight hex digits';
    const message = `no model is called ${asked}; ${expected}${nearest(roots, asked)}`;
    throw new ArtefactError('MODEL_MISSING', message);
  }
  for (const root of roots) {
    const hashes = hashesOf(root, name).filter((hash) => hash.startsWith(version ?? ''));
    const [first] = hashes;
    if (hashes.length === 1 && first !== undefined) return readArtefact(join(root, name, first));
    const found = hashes.map((hash) => ({ hash, madeUs: madeUs(join(root, name, hash)) }));
    const [last] = found.toSorted((left, right) => right.madeUs - left.madeUs);
    if (last !== undefined) return readArtefact(join(root, name, last.hash));
  }
  throw new ArtefactError('MODEL_MISSING', `there is no model ${asked}${nearest(roots, asked)}`);
}

function nearest(roots: readonly string[], asked: string): string {
  const near = nearestWord(asked, roots.flatMap(namesAndVersions));
  return near === undefined ? '' : `; did you mean ${near}?`;
}

function namesAndVersions(root: string): readonly string[] {
  return namesIn(root).flatMap((name) => {
    if (!NAME.test(name) || !isFolder(join(root, name))) return [];
    return [name, ...hashesOf(root, name).map((hash) => versionOf(name, hash))];
  });
}

/** All of a root, by name and then the newest first. What cannot be used is told, not left out. */
export function listArtefacts(root: string): readonly ListedArtefact[] {
  const found: ListedArtefact[] = [];
  for (const name of namesIn(root)) {
    if (!isFolder(join(root, name)) || !NAME.test(name)) continue;
    const listed = hashesOf(root, name).map((hash) => listedOne(join(root, name, hash)));
    found.push(...listed.toSorted((left, right) => timeOf(right) - timeOf(left)));
    if (found.length > ARTEFACTS_MAX) {
      throw new ArtefactError('MODEL_OVERSIZED', `${root} has more than ${ARTEFACTS_MAX} models`);
    }
  }
  return found;
}

function listedOne(folder: string): ListedArtefact {
  try {
    return { kind: 'sound', folder, card: readArtefact(folder).card };
  } catch (error) {
    if (!(error instanceof ArtefactError)) throw error;
    return { kind: 'refused', folder, code: error.code, reason: error.message };
  }
}

function timeOf(listed: ListedArtefact): number {
  return listed.kind === 'sound' ? listed.card.madeUs : Number.NEGATIVE_INFINITY;
}

/** A refused one counts as the oldest: it is named where there is no other. */
function madeUs(folder: string): number {
  return timeOf(listedOne(folder));
}

function hashesOf(root: string, name: string): readonly string[] {
  if (lstatSync(join(root, name), { throwIfNoEntry: false }) === undefined) return [];
  return namesIn(join(root, name)).filter((hash) => HASH.test(hash));
}

function isFolder(path: string): boolean {
  return lstatSync(path).isDirectory();
}

function readCard(folder: string): { readonly card: ModelCard; readonly text: string } {
  const bytes = readPlainFile(join(folder, CARD), CARD_BYTES_MAX);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new ArtefactError('MODEL_UNREADABLE', `${folder}: the card is no text`, {
      cause: error,
    });
  }
  const card = parsed(folder, text);
  const path = `${card.name}/${card.contentHash}`;
  if (folder.replaceAll('\\', '/').endsWith(`/${path}`)) return { card, text };
  throw new ArtefactError('MODEL_CHANGED', `${folder} holds another model, ${path}`);
}

/** Where many are looked at, which of them is at fault is half of the message. */
function parsed(folder: string, text: string): ModelCard {
  try {
    return parseCard(text);
  } catch (error) {
    if (!(error instanceof ArtefactError)) throw error;
    throw new ArtefactError(error.code, `${folder}: ${error.message}`, { cause: error });
  }
}
