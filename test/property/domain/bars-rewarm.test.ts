import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../../src/core/time.ts';
import { readRecord } from '../../../src/domain/indicators/read-record.ts';
import { Rewarm } from '../../../src/domain/indicators/rewarm.ts';
import { BAR_WIDTH } from '../../../src/domain/indicators/indicator.ts';
import { standardTen } from '../../reference/standard-ten.ts';
import { BarHistory, NOT_CLOSED, TOO_OLD } from '../../../src/domain/market/bars/bar-history.ts';
import {
  BAR_CORE_OPEN_US,
  BAR_END_US,
  BAR_RECORD_WIDTH,
  resetRecord,
} from '../../../src/domain/market/bars/bar-record.ts';
import {
  OPEN_BAR_CLOSE,
  OPEN_BAR_HIGH,
  OPEN_BAR_LOW,
  OPEN_BAR_OPEN,
  OPEN_BAR_START_US,
  OPEN_BAR_TRADES,
  OPEN_BAR_VOLUME,
} from '../../../src/domain/market/bar.ts';
import { OPEN_US } from '../../unit/domain/market/bars/bar-scene.ts';

const RUNS = process.env['STRATA_LONG'] === '1' ? 800 : 300;
const AT = 2;
const STATE_AT = 5;

interface Bar {
  readonly minute: number;
  readonly close: number;
  readonly spread: number;
  readonly volume: number;
}

function recordOf({ minute, close, spread, volume }: Bar): Float64Array {
  const record = new Float64Array(BAR_RECORD_WIDTH);
  resetRecord(record, 0);
  record[OPEN_BAR_OPEN] = close - spread;
  record[OPEN_BAR_HIGH] = close + spread;
  record[OPEN_BAR_LOW] = close - 2 * spread;
  record[OPEN_BAR_CLOSE] = close;
  record[OPEN_BAR_VOLUME] = volume;
  record[OPEN_BAR_TRADES] = 1;
  record[OPEN_BAR_START_US] = OPEN_US + minute * MINUTE;
  record[BAR_END_US] = OPEN_US + (minute + 1) * MINUTE;
  record[BAR_CORE_OPEN_US] = OPEN_US;
  return record;
}

const values = {
  close: fc.integer({ min: 1_000, max: 2_000 }),
  spread: fc.nat(20),
  volume: fc.nat(10_000),
};
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('next' as const), wait: fc.nat(1), ...values }),
  },
  // Minutes back from now: of a bar that is there, of one that is not, or of one long forgotten.
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('told' as const), back: fc.nat(30), ...values }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rewarm' as const) }) },
);

describe('indicators after closed bars were told anew', () => {
  it('are to the bit what the right bars would have made of them', () => {
    const set = standardTen();
    let [corrected, tooOld] = [0, 0];
    const steps = fc.array(step, { minLength: 40, maxLength: 150, size: 'max' });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 12 }), (taken, barsMin) => {
        const rewarm = new Rewarm(set, new BarHistory(barsMin));
        const memory = new Float64Array(AT + rewarm.width + 1).fill(-7);
        const state = new Float64Array(STATE_AT + set.width + 1).fill(-7);
        rewarm.reset(memory, AT, state, STATE_AT);
        const right = new Map<number, Bar>();
        let now = 0;
        for (const each of taken) {
          if (each.kind === 'next') {
            now += 1 + each.wait;
            right.set(now, { ...each, minute: now });
            rewarm.update(memory, AT, state, STATE_AT, recordOf({ ...each, minute: now }), 0);
          } else if (each.kind === 'told') {
            const bar = { ...each, minute: now - each.back };
            const newer = [...right.keys()].filter((minute) => minute >= bar.minute).length;
            const answer = rewarm.correct(memory, AT, recordOf(bar));
            if (right.has(bar.minute) && newer <= barsMin) expect(answer).not.toBe(TOO_OLD);
            if (right.size === 0) expect(answer).toBe(NOT_CLOSED);
            if (answer === TOO_OLD) tooOld += 1;
            if (answer < 0) continue;
            corrected += 1;
            right.set(bar.minute, bar);
          } else {
            rewarm.rewarm(memory, AT, state, STATE_AT);
            expect(bits(state)).toEqual(bits(learned(right)));
          }
        }
        rewarm.rewarm(memory, AT, state, STATE_AT);

        expect(bits(state)).toEqual(bits(learned(right)));
        expect([...memory.subarray(0, AT), memory.at(-1)]).toEqual([-7, -7, -7]);
      }),
      { numRuns: RUNS },
    );
    // Otherwise the test would prove nothing.
    expect(Math.min(corrected, tooOld)).toBeGreaterThan(RUNS);

    function learned(right: ReadonlyMap<number, Bar>): Float64Array {
      const state = new Float64Array(STATE_AT + set.width + 1).fill(-7);
      const bar = new Float64Array(BAR_WIDTH);
      set.reset(state, STATE_AT);
      for (const each of [...right.values()].toSorted((one, two) => one.minute - two.minute)) {
        readRecord(bar, recordOf(each), 0);
        set.update(state, STATE_AT, bar);
      }
      return state;
    }
  });
});

function bits(state: Float64Array): readonly bigint[] {
  return [...new BigUint64Array(state.buffer, state.byteOffset, state.length)];
}
