import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startHash } from '../../src/actors/runtime/verify.ts';
import type { JournalRecord } from '../../src/ports/journal.ts';
import { RECORD_MARKET, RECORD_TURN } from '../../src/ports/turn-record.ts';
import { stateOf } from '../unit/runtime/kernel-state.ts';
import { failAtMultiplesOf, type Fault } from '../unit/runtime/toy-messages.ts';
import { plans } from '../unit/runtime/toy-plans.ts';
import { Continued, isUntaken, Witness } from '../unit/runtime/toy-recovery.ts';
import { CONFIG, copyOf, type Plan, ToyRun } from '../unit/runtime/toy-session.ts';

/** Of what the sessions here are made: several frames a turn, and handlers that fail. */
const FRAMES_A_TURN = 8;

describe('recovery', () => {
  it('I10: after every record, gives the state, hash and timers that the session had there', () => {
    fc.assert(
      fc.property(plans(25), (plan) => {
        const { records, witness } = witnessed(plan);
        for (let cut = 1; cut <= records.length; cut += 1) {
          const kept = records.slice(0, cut);
          const { kernel, recovered } = new Continued(kept, disarmed());

          // An input without its turn is as if it had never come: nobody acted on it.
          const stood = isUntaken(kept) ? cut - 1 : cut;
          expect(recovered.sequence).toBe(cut);
          expect(hashOf(recovered)).toBe(witness.hashes.get(stood) ?? startHash(CONFIG).hex());
          if (stood > 0) expect(stateOf(kernel)).toEqual(witness.states.get(stood));
        }
      }),
      { numRuns: 5 },
    );
  });

  it('I10: gives the same from a snapshot of any earlier turn and the records since', () => {
    fc.assert(
      fc.property(plans(25), fc.nat(), fc.nat(), (plan, first, second) => {
        const { records, witness } = witnessed(plan);
        const places = [...witness.snapshots.keys()];
        const taken = places[first % places.length] ?? 0;
        const cut = taken + (second % (records.length - taken + 1));
        const kept = records.slice(0, cut);
        const { kernel, recovered } = new Continued(kept, disarmed(), witness.snapshots.get(taken));

        const stood = cut > taken && isUntaken(kept) ? cut - 1 : cut;
        expect(stateOf(kernel)).toEqual(witness.states.get(stood));
        expect(hashOf(recovered)).toBe(witness.hashes.get(stood));
        expect(recovered.frames).toBe(framesOf(records.slice(0, stood)));
      }),
      { numRuns: 40 },
    );
  });

  it('goes on after any cut to the decisions of the session that was never cut', () => {
    fc.assert(
      fc.property(plans(25), fc.nat(), fc.option(fc.nat()), (plan, at, before) => {
        const { run, records, witness } = witnessed(plan);
        const cut = 1 + (at % (records.length - 1));
        const kept = records.slice(0, cut);
        const places = [...witness.snapshots.keys()].filter((place) => place < cut);
        const place = before === null ? undefined : places[before % Math.max(1, places.length)];
        const snapshot = place === undefined ? undefined : witness.snapshots.get(place);
        const fault = new SwitchedFault();
        const continued = new Continued(kept, { toys: { fault: fault.call } }, snapshot);

        fault.isOn = true;
        const isLeft = isUntaken(kept);
        const isGivenAgain = isLeft && kept.at(-1)?.kind === RECORD_MARKET;
        const rest = records.slice(isGivenAgain ? cut - 1 : cut);
        // What was left is taken again under the next number; only an opening is not.
        continued.goOn(rest, isLeft && cut > 1 ? 1 : 0, cut);

        if (rest.every(({ kind }) => kind === RECORD_TURN)) return; // Nobody came after the cut.
        expect(continued.hash).toBe(run.hash);
        const { outstanding: _left, ...state } = stateOf(continued.kernel);
        const { outstanding: _whole, ...whole } = stateOf(run.kernel);
        expect(state).toEqual(whole);
      }),
      { numRuns: 80 },
    );
  });
});

/** Fails by content, but not while the journal is read: then only what is recorded fails. */
class SwitchedFault {
  isOn = false;
  readonly #fault = failAtMultiplesOf(37);
  readonly call: Fault = (...handling) => {
    if (this.isOn) this.#fault(...handling);
  };
}

function disarmed() {
  return { toys: { fault: new SwitchedFault().call } };
}

function witnessed(plan: Plan) {
  const witness = new Witness();
  const run = new ToyRun(plan, {
    toys: { fault: failAtMultiplesOf(37) },
    framesMax: FRAMES_A_TURN,
    onTurn: (seen) => witness.see(seen),
  });
  run.run();
  return { run, witness, records: run.records };
}

function hashOf({ hashHigh, hashLow }: Continued['recovered']): string {
  return copyOf({ high: hashHigh, low: hashLow }).hex();
}

function framesOf(records: readonly JournalRecord[]): number {
  return records
    .filter(({ kind }) => kind === RECORD_MARKET)
    .reduce((frames, { payload }) => frames + (payload[2] ?? 0), 0);
}
