import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

/** A folder's name lives in the folder above it, so that one is synced for each folder made. */
export function makeFolder(place: string): void {
  const first = mkdirSync(place, { recursive: true });
  if (first === undefined) return;
  for (let made = place; made.length >= first.length; made = dirname(made)) {
    syncFolder(dirname(made));
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
