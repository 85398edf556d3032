import { MINUTE } from '../../core/time.ts';
import type { EffectKind } from '../../ports/effect.ts';
import type { Answer } from '../../ports/input.ts';
import type { TurnItem } from '../../ports/turn-record.ts';
import { latency } from '../../store/tables/latency.ts';
import { type RowsTaken, TableRows } from './table-rows.ts';

export interface AnswerTimesOptions {
  readonly session: string;
  readonly rowsMax: number;
  readonly taken: RowsTaken;
}

const SPAN_US = MINUTE;
/** More in one span are counted, and their percentiles are those of the first so many. */
const SAMPLES_MAX = 8_192;
/** Effects of one turn; with the turn's number they make one number, which a double holds. */
const EFFECTS_MAX = 65_536;
const WAITING_MAX = 100_000;

const PATHS: ReadonlyMap<EffectKind, string> = new Map([
  ['submitOrder', 'order answer'],
  ['infer', 'inference'],
]);

/**
 * How long the broker and the model took to answer, by the times that the journal has: of market
 * time, and the same whenever it is told.
 */
export class AnswerTimes {
  readonly #session: string;
  readonly #rows: TableRows;
  readonly #asked = new Map<number, { readonly path: string; readonly atUs: number }>();
  readonly #spans = new Map([...PATHS.values()].map((path) => [path, new Samples(SAMPLES_MAX)]));
  #untilUs = 0;

  constructor({ session, rowsMax, taken }: AnswerTimesOptions) {
    this.#session = session;
    this.#rows = new TableRows(latency, rowsMax, taken);
  }

  get tables(): readonly TableRows[] {
    return [this.#rows];
  }

  /** A span ends with the first record that is past it. */
  pass(nowUs: number): void {
    if (nowUs < this.#untilUs) return;
    this.finish();
    this.#untilUs = (Math.floor(nowUs / SPAN_US) + 1) * SPAN_US;
  }

  asked(sequence: number, items: readonly TurnItem[]): void {
    let index = 0;
    for (const item of items) {
      if (item.type === 'fact') continue;
      const path = item.type === 'effect' ? PATHS.get(item.effect.kind) : undefined;
      if (path !== undefined && index < EFFECTS_MAX && this.#asked.size < WAITING_MAX) {
        this.#asked.set(keyOf(sequence, index), { path, atUs: item.requestedUs });
      }
      index += 1;
    }
  }

  answered({ effectInput, effectIndex }: Answer, nowUs: number): void {
    const key = keyOf(effectInput, effectIndex);
    const asked = this.#asked.get(key);
    if (asked === undefined) return;
    this.#asked.delete(key);
    this.#spans.get(asked.path)?.add(nowUs - asked.atUs);
  }

  /** What there is of the span that has not ended. */
  finish(): void {
    for (const [path, samples] of this.#spans) {
      if (samples.count === 0) continue;
      const { count, most } = samples;
      const [p50, p99] = samples.percentiles();
      this.#rows.add([this.#untilUs, this.#session, path, SPAN_US, count, p50, p99, most]);
      samples.clear();
    }
  }
}

class Samples {
  count = 0;
  most = 0;
  readonly #values: Float64Array;

  constructor(samplesMax: number) {
    this.#values = new Float64Array(samplesMax);
  }

  add(value: number): void {
    if (this.count < this.#values.length) this.#values[this.count] = value;
    this.count += 1;
    this.most = Math.max(this.most, value);
  }

  percentiles(): readonly [p50: number, p99: number] {
    const there = this.#values.subarray(0, Math.min(this.count, this.#values.length));
    const sorted = there.toSorted();
    const at = (share: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
    return [at(0.5), at(0.99)];
  }

  clear(): void {
    this.count = 0;
    this.most = 0;
  }
}

function keyOf(sequence: number, index: number): number {
  return sequence * EFFECTS_MAX + index;
}
