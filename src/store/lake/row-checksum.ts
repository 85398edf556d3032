import { assert } from '../../core/assert.ts';
import { Hash64 } from '../../core/hash.ts';
import type { ColumnValues, RowBatch } from '../../ports/time-series.ts';

/**
 * The sum of a 64-bit hash of each row: the same for the same rows in any order, from any store.
 *
 * What is not known (NaN, an empty text or list) adds nothing, and each value is tagged with its
 * column's name: so a column that a later build added changes no sum, and every NaN is alike.
 */
export class RowChecksum {
  rows = 0;
  #high = 0;
  #low = 0;
  #highLanes = new Int32Array(0);
  #lowLanes = new Int32Array(0);
  readonly #texts = new Map<string, TextHash>();

  add(batch: RowBatch): void {
    const { table, rows, columns } = batch;
    this.#begin(rows);
    for (const [index, { name }] of table.columns.entries()) {
      const values = columns[index];
      assert(values !== undefined && values.length >= rows, 'a column has a value for each row');
      this.#column(hashOf(name).low, values, rows);
    }
    this.#end(rows);
  }

  /** As if its rows had been added here. */
  addSum(other: RowChecksum): void {
    this.rows += other.rows;
    this.#addLanes(other.#high, other.#low);
  }

  /** 16 lower-case hex digits. */
  get hex(): string {
    return hex32(this.#high) + hex32(this.#low);
  }

  equals(other: RowChecksum): boolean {
    return this.rows === other.rows && this.#high === other.#high && this.#low === other.#low;
  }

  #begin(rows: number): void {
    if (this.#lowLanes.length < rows) {
      this.#highLanes = new Int32Array(rows);
      this.#lowLanes = new Int32Array(rows);
    }
    this.#highLanes.fill(0x9e3779b9, 0, rows);
    this.#lowLanes.fill(0x85ebca6b, 0, rows);
  }

  #end(rows: number): void {
    const [high, low] = [this.#highLanes, this.#lowLanes];
    for (let row = 0; row < rows; row += 1) {
      this.#addLanes(finish(high[row] ?? 0) >>> 0, finish(low[row] ?? 0) >>> 0);
    }
    this.rows += rows;
  }

  #addLanes(high: number, low: number): void {
    const sum = this.#low + low;
    this.#low = sum >>> 0;
    this.#high = (this.#high + high + (sum > 0xffff_ffff ? 1 : 0)) >>> 0;
  }

  #column(tag: number, values: ColumnValues, rows: number): void {
    if (values instanceof Float64Array) return this.#numbers(tag, values, rows);
    for (let row = 0; row < rows; row += 1) {
      const value = values[row];
      assert(value !== undefined, 'a column has a value for each row');
      if (typeof value === 'number') this.#mix(row, tag, value);
      else if (typeof value === 'string') this.#text(row, tag, value);
      else this.#doubles(row, tag, value);
    }
  }

  #numbers(tag: number, values: Float64Array, rows: number): void {
    const words = wordsOf(values);
    for (let row = 0; row < rows; row += 1) {
      const value = values[row] ?? Number.NaN;
      if (value !== value) continue;
      this.#mix(row, tag ^ (words[2 * row] ?? 0), words[2 * row + 1] ?? 0);
    }
  }

  #text(row: number, tag: number, text: string): void {
    if (text === '') return;
    let hash = this.#texts.get(text);
    if (hash === undefined) {
      if (this.#texts.size >= TEXTS_MAX) this.#texts.clear();
      hash = hashOf(text);
      this.#texts.set(text, hash);
    }
    this.#mix(row, tag ^ hash.high, hash.low);
  }

  #doubles(row: number, tag: number, list: Float64Array): void {
    if (list.length === 0) return;
    this.#mix(row, tag, list.length);
    const words = wordsOf(list);
    for (let at = 0; at < list.length; at += 1) {
      const value = list[at] ?? Number.NaN;
      const isKnown = value === value;
      this.#mix(row, isKnown ? (words[2 * at] ?? 0) : 0, isKnown ? (words[2 * at + 1] ?? 0) : -1);
    }
  }

  /** As `Hash64.int` mixes, twice: integer operators only, the same on every machine. */
  #mix(row: number, first: number, second: number): void {
    const k = Math.imul(first, 0xcc9e2d51);
    const j = Math.imul(second, 0x2545f491);
    const a = (this.#lowLanes[row] ?? 0) ^ Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    const low = Math.imul(((a << 13) | (a >>> 19)) ^ j ^ (j >>> 15), 5) + 0xe6546b64;
    const b = (this.#highLanes[row] ?? 0) ^ Math.imul(j ^ (j >>> 16) ^ k, 0x38b34ae5);
    this.#lowLanes[row] = low;
    this.#highLanes[row] = Math.imul((b << 17) | (b >>> 15), 9) + (low ^ 0x561ccd1b);
  }
}

export function checksumOf(batches: Iterable<RowBatch>): RowChecksum {
  const sum = new RowChecksum();
  for (const batch of batches) sum.add(batch);
  return sum;
}

interface TextHash {
  readonly high: number;
  readonly low: number;
}

const TEXTS_MAX = 65_536;

function hashOf(text: string): TextHash {
  const hash = new Hash64();
  hash.text(text);
  return { high: hash.high, low: hash.low };
}

/** The bits of doubles, low word first: every machine that Node runs on is little-endian. */
function wordsOf(values: Float64Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.length * 2);
}

function finish(lane: number): number {
  const a = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b);
  const b = Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return b ^ (b >>> 16);
}

function hex32(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
