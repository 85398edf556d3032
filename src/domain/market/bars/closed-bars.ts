import { assert } from '../../../core/assert.ts';
import { BAR_RECORD_WIDTH, copyRecord } from './bar-record.ts';

/**
 * Where closed bars are handed over: memory of the caller's, made once. He reads what one event
 * closed, in the order in which it was closed, and clears it.
 */
export class ClosedBars {
  readonly barsMax: number;
  /** One record (bar-record.ts) a bar. */
  readonly values: Float64Array;
  /** Which of the builder's streams each bar is of. */
  readonly streams: Uint16Array;
  count = 0;

  constructor(barsMax: number) {
    assert(Number.isInteger(barsMax) && barsMax > 0, 'there is room for a closed bar');
    this.barsMax = barsMax;
    this.values = new Float64Array(barsMax * BAR_RECORD_WIDTH);
    this.streams = new Uint16Array(barsMax);
  }

  clear(): void {
    this.count = 0;
  }

  /** Where the record of a bar begins. */
  at(bar: number): number {
    assert(bar >= 0 && bar < this.count, 'the bar was closed');
    return bar * BAR_RECORD_WIDTH;
  }

  add(stream: number, state: Float64Array, at: number): void {
    assert(this.count < this.barsMax, 'there is room for one more closed bar');
    copyRecord(this.values, this.count * BAR_RECORD_WIDTH, state, at);
    this.streams[this.count] = stream;
    this.count += 1;
  }
}
