import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** A folder's name lives in the folder above it, so that one is synced for each folder made. */
export function makeFolder(place: string): void {
  // One by one: asked for all at once, Node never comes back from a place such as /proc/none.
  const missing: string[] = [];
  for (let above = resolve(place); !existsSync(above); above = dirname(above)) missing.push(above);
  for (const folder of missing.toReversed()) {
    makeOne(folder);
    syncFolder(dirname(folder));
  }
}

/** Somebody else may have made it in between. */
function makeOne(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

/** So that the names in it outlive a loss of power. */
export function syncFolder(place: string): void {
  const descriptor = openSync(place, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
