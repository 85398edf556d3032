import { assert } from '../../core/assert.ts';
import type { Vectors } from './native.ts';
import type { Lists } from './packed-batch.ts';
import type { VectorWrite } from './vector-write.ts';

const DOUBLE_BYTES = 8;

/**
 * Lists of doubles as bytes, little-endian as every machine that Node runs on: each list is copied
 * once. As numbers the database would keep them in blocks, and a block of nothing but zeros of both
 * signs as one zero.
 */
export function byteWriter(vectors: Vectors, lists: Lists): VectorWrite {
  const { lengths, values } = lists;
  const starts = startsOf(lists);
  makeNanOne(values);
  return (vector, { rows, length }) => {
    for (let at = 0; at < length; at += 1) {
      const row = rows[at] ?? 0;
      const from = (starts[row] ?? 0) * DOUBLE_BYTES;
      const bytes = new Uint8Array(values.buffer, from, (lengths[row] ?? 0) * DOUBLE_BYTES);
      vectors.vector_assign_string_element_len(vector, at, bytes);
    }
  };
}

/** Lists of doubles as lists: for files that others read. */
export function listWriter(vectors: Vectors, lists: Lists): VectorWrite {
  const { lengths, values } = lists;
  const starts = startsOf(lists);
  const entries = new Uint32Array(vectors.vector_size() * 4);
  return (vector, { rows, length }) => {
    let total = 0;
    entries.fill(0);
    for (let at = 0; at < length; at += 1) {
      const size = lengths[rows[at] ?? 0] ?? 0;
      entries[at * 4] = total;
      entries[at * 4 + 2] = size;
      total += size;
    }
    vectors.list_vector_reserve(vector, total);
    vectors.list_vector_set_size(vector, total);
    const child = vectors.list_vector_get_child(vector);
    for (let at = 0; at < length; at += 1) {
      const row = rows[at] ?? 0;
      const size = lengths[row] ?? 0;
      if (size === 0) continue;
      const to = (entries[at * 4] ?? 0) * DOUBLE_BYTES;
      const from = (starts[row] ?? 0) * DOUBLE_BYTES;
      vectors.copy_data_to_vector(child, to, values.buffer, from, size * DOUBLE_BYTES);
    }
    assert(total <= 0xffff_ffff, 'a chunk of lists fits its offsets');
    vectors.copy_data_to_vector(vector, 0, entries.buffer, 0, length * 16);
  };
}

/** Where each list begins among the values. */
function startsOf({ lengths }: Lists): Float64Array {
  const starts = new Float64Array(lengths.length);
  for (let row = 1; row < lengths.length; row += 1) {
    starts[row] = (starts[row - 1] ?? 0) + (lengths[row - 1] ?? 0);
  }
  return starts;
}

/** Whatever a NaN was made of, its bytes are those of every other. */
function makeNanOne(values: Float64Array): void {
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] ?? 0;
    if (value !== value) values[at] = Number.NaN;
  }
}
