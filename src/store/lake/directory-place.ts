import * as fs from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { LakeError, type LakeErrorCode } from './lake-error.ts';
import type { Place, PlacedFile } from './place.ts';
import { makeFolder, syncFolder } from '../durable-folder.ts';

/** A file of this ending was never finished: the process died before it had its name. */
const DRAFT = '.draft';

/** A folder on a disk of this machine; it is made with its first file. */
export function directoryPlace(root: string): Place {
  const base = resolve(root);
  const place = (path: string): string => {
    if (isInside(path)) return join(base, path);
    throw new LakeError('LAKE_REFUSED', `the path ${JSON.stringify(path)} leaves ${base}`);
  };
  return {
    name: base,
    list: (folder) => guarded(base, () => walk(base, folder)),
    size: (path) => guarded(path, () => sizeOf(place(path))),
    get: (path) => guarded(path, () => readWhole(place(path))),
    put: (path, bytes) => guarded(path, () => putFile(place(path), bytes)),
    remove: (path) => guarded(path, () => removeFile(place(path))),
    freeBytes: () => guarded(base, () => freeBytes(base)),
    localPath: place,
  };
}

/** Of this process: two files of one path that are written at once are two drafts. */
let drafts = 0;

async function putFile(place: string, bytes: Uint8Array): Promise<void> {
  makeFolder(dirname(place));
  drafts += 1;
  const draft = `${place}.${process.pid}-${drafts}${DRAFT}`;
  try {
    const file = await open(draft, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    fs.renameSync(draft, place);
  } finally {
    fs.rmSync(draft, { force: true });
  }
  syncFolder(dirname(place));
}

function sizeOf(place: string): number | undefined {
  const stat = fs.statSync(place, { throwIfNoEntry: false });
  return stat?.isFile() === true ? stat.size : undefined;
}

async function readWhole(place: string): Promise<Uint8Array> {
  const file = await open(place, 'r');
  try {
    const { buffer, byteOffset, length } = await file.readFile();
    return new Uint8Array(buffer, byteOffset, length);
  } finally {
    await file.close();
  }
}

function removeFile(place: string): void {
  const isThere = fs.existsSync(place);
  fs.rmSync(place, { force: true });
  if (isThere) syncFolder(dirname(place));
}

/** Iterative, and by path: two runs see the same. */
function walk(base: string, folder: string): readonly PlacedFile[] {
  const found: PlacedFile[] = [];
  const open = [folder];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const at = join(base, next);
    if (!fs.existsSync(at)) continue;
    for (const entry of fs.readdirSync(at, { withFileTypes: true })) {
      const path = `${next}${entry.name}`;
      if (entry.isDirectory()) open.push(`${path}/`);
      else if (entry.isFile() && !path.endsWith(DRAFT)) {
        // It may go while we look, where another process cleans up.
        const size = fs.statSync(join(base, path), { throwIfNoEntry: false })?.size;
        if (size !== undefined) found.push({ path, bytes: size });
      }
    }
  }
  return found.toSorted((left, right) => (left.path < right.path ? -1 : 1));
}

/** Of the nearest folder that is there: the lake's own comes with its first file. */
function freeBytes(base: string): number {
  let at = base;
  while (!fs.existsSync(at) && dirname(at) !== at) at = dirname(at);
  const { bavail, bsize } = fs.statfsSync(at);
  return bavail * bsize;
}

function isInside(path: string): boolean {
  return path !== '' && !path.startsWith('/') && !path.split('/').includes('..');
}

async function guarded<T>(at: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    const message = error instanceof Error ? error.message : code;
    throw new LakeError(kindOf(code), `${at}: ${message}`, { cause: error });
  }
}

function kindOf(code: string): LakeErrorCode {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return 'LAKE_FULL';
    case 'ENOENT':
      return 'LAKE_MISSING';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EISDIR':
      return 'LAKE_REFUSED';
    default:
      return 'LAKE_AWAY';
  }
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
