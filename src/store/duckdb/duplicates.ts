import { assert, present } from '../../core/assert.ts';
import { isNumbers, type PackedBatch, type PackedColumn } from './packed-batch.ts';

/**
 * The rows of a batch that no later row of it replaces, in their order; undefined where that is all
 * of them, as it nearly always is.
 */
export function lastOfAlike(batch: PackedBatch): Uint32Array | undefined {
  const { rows } = batch;
  const keys = keyColumns(batch);
  let size = 16;
  while (size < rows * 2) size *= 2;
  // Open addressing: a place holds a row's number and one, so that zero is free.
  const places = new Uint32Array(size);
  const isLast = new Uint8Array(rows);
  let kept = 0;
  for (let row = rows - 1; row >= 0; row -= 1) {
    let place = hashOf(keys, row) & (size - 1);
    while (places[place] !== 0 && !isAlike(keys, row, (places[place] ?? 0) - 1)) {
      place = (place + 1) & (size - 1);
    }
    if (places[place] !== 0) continue;
    places[place] = row + 1;
    isLast[row] = 1;
    kept += 1;
  }
  if (kept === rows) return undefined;
  const last = new Uint32Array(kept);
  let at = 0;
  for (let row = 0; row < rows; row += 1) if (isLast[row] === 1) last[at++] = row;
  return last;
}

/** The values that make a row the only one of its kind: its time and its keys. */
type Key = Float64Array | Uint32Array | Uint8Array;

function keyColumns({ table, columns }: PackedBatch): readonly Key[] {
  return [table.time, ...table.keys].map((name) => {
    const place = table.columns.findIndex((column) => column.name === name);
    return keyOf(present(columns[place], `the key ${name}`));
  });
}

function keyOf(column: PackedColumn): Key {
  if (isNumbers(column)) return column;
  assert(column.kind === 'texts', 'a list is no key');
  return column.codes;
}

function hashOf(keys: readonly Key[], row: number): number {
  let hash = 0;
  for (const key of keys) {
    const value = key[row] ?? 0;
    // The upper half of a time tells days apart, the lower one microseconds.
    hash = Math.imul(hash ^ (value | 0), 0x9e37_79b1);
    hash = Math.imul(hash ^ (value / 4_294_967_296), 0x85eb_ca6b);
    hash ^= hash >>> 15;
  }
  return hash;
}

function isAlike(keys: readonly Key[], left: number, right: number): boolean {
  for (const key of keys) if (key[left] !== key[right]) return false;
  return true;
}
