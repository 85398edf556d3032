import { describe, expect, it } from 'vitest';
import { ByteReader, DecodeError } from '../../../src/core/bytes.ts';
import type { Kernel } from '../../../src/actors/runtime/kernel.ts';
import { Kernel as KernelOf } from '../../../src/actors/runtime/kernel.ts';
import { recover } from '../../../src/actors/runtime/recovery.ts';
import { loadSnapshot, writeSnapshot } from '../../../src/actors/runtime/snapshot.ts';
import { RECORD_INPUT } from '../../../src/ports/turn-record.ts';
import { rowsOf, stateOf } from './kernel-state.ts';
import { COUNT, LAYER, prices } from './toy-families.ts';
import { type Fault, tableOf, TOY_NAMES, ToyError, type ToyName } from './toy-messages.ts';
import { fixedPlan } from './toy-plans.ts';
import { Continued, visitorOf } from './toy-recovery.ts';
import { ToyDesk } from './toy-desk.ts';
import { makeKernel, POLICY, SESSION_OPENS, ToyRun } from './toy-session.ts';

const ANOTHER_ORDER: readonly ToyName[] = ['execution', 'averages', 'risk', 'prices', 'strategy'];
const PLACE = { sequence: 9, hashHigh: -1, hashLow: 2, life: 3, frames: 4 };

/** A session with rows out, crashes counted, timers set, and effects under way. */
function busyDesk(): ToyDesk {
  const fault: Fault = (_actor, message, _row, value) => {
    if (message === 'trade' && value === 666) throw new ToyError('poison');
  };
  const desk = new ToyDesk({ toys: { fault, quarantineUs: 50_000_000 } });
  desk.input(SESSION_OPENS);
  for (let at = 0; at < 9; at += 1) desk.trade(at % 2, 100 + at);
  for (let crash = 0; crash < 4; crash += 1) desk.trade(2, 666);
  desk.trade(3, 666);
  return desk;
}

function loaded(bytes: Uint8Array, kernel: Kernel): Kernel {
  loadSnapshot(kernel, new ByteReader(bytes));
  return kernel;
}

describe('a snapshot', () => {
  it('puts a fresh kernel into the same state, and says where it was taken', () => {
    const desk = busyDesk();
    const bytes = writeSnapshot(desk.kernel, PLACE);
    const fresh = makeKernel();
    const place = loadSnapshot(fresh, new ByteReader(bytes));

    expect(stateOf(fresh)).toEqual(stateOf(desk.kernel));
    expect(place).toEqual({ ...PLACE, actors: TOY_NAMES });
    expect(writeSnapshot(fresh, PLACE)).toEqual(bytes);
    // Nothing in it is empty, or this would prove nothing.
    const { timers, outstanding, crashes } = stateOf(desk.kernel);
    for (const list of [timers, outstanding, crashes]) expect(list).not.toEqual([]);
  });

  it('is read the same from the middle of a larger buffer, as files come', () => {
    const desk = busyDesk();
    const bytes = writeSnapshot(desk.kernel, PLACE);
    const file = Buffer.concat([Buffer.from('header!'), bytes]).subarray(7);

    expect(stateOf(loaded(file, makeKernel()))).toEqual(stateOf(desk.kernel));
  });

  it('finds its actors by name where another build has them in another order', () => {
    const desk = busyDesk();
    const bytes = writeSnapshot(desk.kernel, PLACE);
    const other = loaded(bytes, makeKernel({ order: ANOTHER_ORDER }));

    expect(stateOf(other)).toEqual(stateOf(desk.kernel));
  });

  it('lifts the row that was out, also where its family has another place', () => {
    const desk = busyDesk();
    const bytes = writeSnapshot(desk.kernel, PLACE);
    const order = ANOTHER_ORDER;
    const other = loaded(bytes, makeKernel({ order }));
    const at = order.indexOf('prices');
    const outRows = () => {
      const slot = other.slots[at];
      return slot?.type === 'family' ? [...slot.outRows.subarray(0, 4)] : [];
    };
    expect(outRows()).toEqual([0, 0, 1, 0]);
    other.beginTurn();
    other.deliverInput({ kind: 'timePassed' }, other.nowUs + 50_000_000);

    expect(outRows()).toEqual([0, 0, 0, 0]);
    const facts = other.endTurn().items.map((item) => item.type === 'fact' && item.fact);
    expect(facts).toContainEqual({ kind: 'lifted', actor: 'prices', row: 2 });
  });

  it('starts rows of another layout anew and keeps what was decided about them', () => {
    const desk = busyDesk();
    const bytes = writeSnapshot(desk.kernel, PLACE);
    expect(desk.valueOf(0, 0, LAYER)).toBe(1);
    const other = loaded(bytes, makeKernel({ toys: { layoutHash: 'prices-2' } }));
    const slot = other.slots[0];
    if (slot?.type !== 'family') throw new Error('prices are not there');

    expect(slot.rows.rows).toBe(4);
    for (let row = 0; row < 4; row += 1) {
      expect(slot.rows.values[slot.rows.at(row) + COUNT]).toBe(0);
      expect(slot.rows.values[slot.rows.at(row) + LAYER]).toBe(desk.valueOf(0, row, LAYER));
    }
    const own = other.slots[1];
    const were = desk.kernel.slots[1];
    expect(own && rowsOf(own)).toEqual(were && rowsOf(were));
    expect(stateOf(other)['execution decided']).toEqual(stateOf(desk.kernel)['execution decided']);
  });

  it('gives a family that it does not know a row for every symbol', () => {
    const desk = busyDesk();
    const bytes = writeSnapshot(desk.kernel, PLACE);
    const newcomer = pricesNamed('newcomer');
    const other = loaded(
      bytes,
      new KernelOf({
        definitions: [newcomer, ...makeKernel().slots.map(({ definition }) => definition)],
        rowsMax: 256,
        messagesMax: 100,
        policy: POLICY,
      }),
    );
    const [slot] = other.slots;
    expect(slot?.type === 'family' && slot.rows.rows).toBe(4);
    expect(slot?.type === 'family' && slot.rows.values[LAYER]).toBe(0);
  });

  it('passes over an actor that this build no longer has, with its timers and effects', () => {
    const desk = busyDesk();
    const bytes = writeSnapshot(desk.kernel, PLACE);
    const order = TOY_NAMES.filter((name) => name !== 'prices' && name !== 'execution');
    const other = loaded(bytes, makeKernel({ order }));

    const state = stateOf(other);
    expect(state['averages rows']).toEqual(stateOf(desk.kernel)['averages rows']);
    expect(other.timers.list().every(({ actor }) => actor < order.length)).toBe(true);
    expect(other.outstanding.list().every(({ effect }) => effect.kind === 'infer')).toBe(true);
  });

  it.each([
    ['of another version', (bytes: Uint8Array) => bytes.with(0, 77)],
    ['that ends early', (bytes: Uint8Array) => bytes.slice(0, bytes.length - 3)],
    ['of more rows than there is room for', (bytes: Uint8Array) => bytes],
  ])('%s is refused', (what, damage) => {
    const bytes = damage(writeSnapshot(busyDesk().kernel, PLACE));
    const rowsMax = what.startsWith('of more') ? 3 : 256;
    const definitions = makeKernel().slots.map(({ definition }) => definition);
    const kernel = new KernelOf({ definitions, rowsMax, messagesMax: 100, policy: POLICY });
    expect(() => loadSnapshot(kernel, new ByteReader(bytes))).toThrow(DecodeError);
  });
});

describe('recovery by another build', () => {
  it('finds actors by name in the records, with and without a snapshot before them', () => {
    const snapshots: { bytes: Uint8Array; sequence: number }[] = [];
    const run = new ToyRun(fixedPlan(30), {
      framesMax: 8,
      onTurn: ({ kernel, sequencer }) => {
        const { sequence, hash } = sequencer;
        if (sequence < 60 || snapshots.length > 0) return;
        const place = { sequence, hashHigh: hash.high, hashLow: hash.low, life: 1, frames: 0 };
        snapshots.push({ bytes: writeSnapshot(kernel, place), sequence });
      },
    });
    run.driver.advance(run.driver.nowUs + 18_000);
    run.driver.advance(run.kernel.nowUs + 12_000);
    run.sequencer.seal();

    const same = stateOf(new Continued(run.records, {}).kernel);
    expect(same['timers']).not.toEqual([]);
    expect(same['outstanding']).not.toEqual([]);
    for (const snapshot of [undefined, snapshots[0]?.bytes]) {
      const other = new Continued(run.records, { order: ANOTHER_ORDER }, snapshot);
      const state = stateOf(other.kernel);
      expect({ ...state, outstanding: sorted(state) }).toEqual({
        ...same,
        outstanding: sorted(same),
      });
    }
    expect(snapshots).toHaveLength(1);
  });

  it('lifts, when their time comes, the rows that the records put out', () => {
    const fault: Fault = (_actor, message, _row, value) => {
      if (message === 'trade' && value % 3 === 0) throw new ToyError('third');
    };
    const desk = new ToyDesk({ toys: { fault, quarantineUs: 900_000 } });
    for (let at = 0; at < 60; at += 1) desk.trade(at % 4, 100 + at);
    const { kernel } = new Continued(desk.journal.records, { order: ANOTHER_ORDER });
    const out = () => [...outOf(kernel)];
    expect(out()).toEqual([...outOf(desk.kernel)]);
    expect(out().length).toBeGreaterThan(1);
    kernel.beginTurn();
    kernel.deliverInput({ kind: 'timePassed' }, kernel.nowUs + 1_000_000);
    expect(out()).toEqual([]);
  });

  it('hands over what the world still owes, sorted by what can be done about it', () => {
    const desk = new ToyDesk();
    for (let at = 0; at < 6; at += 1) desk.trade(0, 100 + at);
    const { recovered, kernel } = new Continued(desk.journal.records, {});
    const kinds = (list: typeof recovered.reissue) => list.map(({ effect }) => effect.kind);

    expect(kinds(recovered.enquire)).toEqual(['submitOrder', 'submitOrder', 'submitOrder']);
    expect(kinds(recovered.reissue)).toEqual(['infer', 'cancelOrder', 'cancelOrder']);
    expect(kernel.outstanding.list().map(({ effect }) => effect.kind)).not.toContain('writeRows');
    const asked = desk.requests.filter(({ effect }) => effect.kind !== 'writeRows');
    const ids = [...recovered.enquire, ...recovered.reissue].map(idOf).toSorted();
    expect(ids).toEqual(asked.map(idOf).toSorted());
  });

  it('repeats every reply: of effects kept only as a hash nobody gets one, nor a count', () => {
    const heard: string[] = [];
    const counted: number[] = [];
    const fault: Fault = (actor, message) => void heard.push(`${actor} ${message}`);
    const desk = new ToyDesk({ toys: { fault } });
    for (let at = 0; at < 6; at += 1) desk.trade(0, 100 + at);
    for (const slot of desk.kernel.slots) {
      counted.push(desk.kernel.outstanding.of(slot.place, 'writeRows'));
    }
    for (const requested of desk.requests) desk.answer(requested, 'done');

    expect(desk.requestsOf('writeRows')).toHaveLength(2);
    expect(counted).toEqual([0, 0, 0, 0, 0]);
    expect(heard).toContain('averages replied');
    expect(heard).not.toContain('prices replied');
    expect(desk.kernel.outstanding.strayAnswers).toBe(0);
    expect(stateOf(new Continued(desk.journal.records, {}).kernel)).toEqual(stateOf(desk.kernel));
  });

  it('reads payloads that the next record replaces', () => {
    const { records, hash } = new ToyRun(fixedPlan(12), { framesMax: 4 }).run();
    const shared = Buffer.alloc(1 << 16);
    const kernel = makeKernel();
    const { hashHigh, hashLow } = recover({
      kernel,
      read: (visit) => {
        for (const record of records) {
          shared.fill(0xee);
          shared.set(record.payload, 8);
          visit({ ...record, payload: shared.subarray(8, 8 + record.payload.length) });
        }
      },
    });
    const whole = new Continued(records, {});
    expect([hashHigh, hashLow]).toEqual([whole.recovered.hashHigh, whole.recovered.hashLow]);
    expect(stateOf(kernel)).toEqual(stateOf(whole.kernel));
    expect(whole.hash).toBe(hash);
  });

  it('refuses a turn that follows no input', () => {
    const { records } = new ToyRun(fixedPlan(12), { framesMax: 4 }).run();
    const at = records.findIndex(({ kind }, index) => index > 6 && kind !== RECORD_INPUT);
    const broken = records.filter((_, index) => index !== at);
    const kernel = makeKernel();
    expect(() => recover({ kernel, read: visitorOf(broken) })).toThrow(DecodeError);
  });
});

/** Rows that are out, as `family row`. */
function* outOf({ slots }: Kernel): Iterable<string> {
  for (const slot of slots) {
    if (slot.type !== 'family') continue;
    for (let row = 0; row < slot.rows.rows; row += 1) {
      if (slot.outRows[row] === 1) yield `${slot.definition.name} ${row}`;
    }
  }
}

function idOf({ input, index }: { readonly input: number; readonly index: number }): string {
  return `${input}:${index}`;
}

function sorted({ outstanding }: Readonly<Record<string, unknown>>): unknown {
  return Array.isArray(outstanding) ? outstanding.toSorted() : outstanding;
}

function pricesNamed(name: string) {
  const options = {
    table: tableOf(TOY_NAMES),
    fault: () => undefined,
    quarantineUs: 1,
    round: Math.round,
    alpha: 0.2,
    layoutHash: 'prices-1',
  };
  return { ...prices(options), name };
}
