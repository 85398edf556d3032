import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  writeFileSync,
} from 'node:fs';
import { ArtefactError } from '../../models/artefact/artefact-error.ts';

/** Not there on every platform; where it is not, `lstat` before has seen the link. */
const NOFOLLOW = Reflect.get(constants, 'O_NOFOLLOW') === undefined ? 0 : constants.O_NOFOLLOW;

/** Readable for all, writable for its owner, executable for nobody. */
const MODE = 0o644;

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Written and synced; a file that is there already is a fault. */
export function writeSynced(path: string, contents: Uint8Array | string): void {
  const descriptor = openSync(path, 'wx', MODE);
  try {
    writeFileSync(descriptor, contents);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * All of a plain file, and never more than `bytesMax` of it: what is larger, a link, a pipe or a
 * folder is not read at all.
 */
export function readPlainFile(path: string, bytesMax: number): Uint8Array {
  demandPlain(path);
  const descriptor = openSync(path, constants.O_RDONLY | NOFOLLOW);
  try {
    const found = fstatSync(descriptor);
    if (!found.isFile()) throw new ArtefactError('MODEL_FOREIGN', `${path} is no plain file`);
    if (found.size > bytesMax) {
      const limit = `${path} has ${found.size} bytes, more than the ${bytesMax} that one may have`;
      throw new ArtefactError('MODEL_OVERSIZED', limit);
    }
    const bytes = new Uint8Array(found.size);
    let at = 0;
    while (at < bytes.length) {
      const read = readSync(descriptor, bytes, at, bytes.length - at, at);
      if (read === 0) throw new ArtefactError('MODEL_CHANGED', `${path} became shorter`);
      at += read;
    }
    return bytes;
  } finally {
    closeSync(descriptor);
  }
}

function demandPlain(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new ArtefactError('MODEL_MISSING', `${path} is not there`);
  if (!found.isFile()) throw new ArtefactError('MODEL_FOREIGN', `${path} is no plain file`);
}

/** Names in a folder that is no link, in their order; none where there is no such folder. */
export function namesIn(folder: string): readonly string[] {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (!found.isDirectory()) throw new ArtefactError('MODEL_FOREIGN', `${folder} is no folder`);
  return readdirSync(folder).toSorted();
}
