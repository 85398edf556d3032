import { Hash64 } from '../../core/hash.ts';
import type { Samples } from './samples.ts';

/**
 * 16 hex digits over all columns: two data sets with the same hash train the same model. Every NaN
 * counts as the same one, since its bits may differ between machines.
 */
export function dataHash(samples: Samples): string {
  const hash = new Hash64();
  hash.int(samples.count);
  hash.int(samples.width);
  for (const symbol of samples.symbols) hash.text(symbol);
  hash.int(samples.symbols.length);
  for (const symbol of samples.symbol) hash.int(symbol);
  for (const column of COLUMNS) doubles(hash, samples[column]);
  return hash.hex();
}

const COLUMNS = ['atUs', 'knownUs', 'label', 'forwardReturn', 'weight', 'features'] as const;

const double = new DataView(new ArrayBuffer(8));

function doubles(hash: Hash64, column: Float64Array): void {
  for (const value of column) {
    const isNumber = value === value;
    double.setFloat64(0, value, true);
    hash.int(isNumber ? double.getInt32(0, true) : 0);
    hash.int(isNumber ? double.getInt32(4, true) : NAN_HIGH);
  }
  hash.int(column.length);
}

const NAN_HIGH = 0x7ff80000;
