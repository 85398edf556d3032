import { ByteWriter } from '../../../src/core/bytes.ts';
import { hashBytes } from '../../../src/core/hash.ts';
import type { Kernel } from '../../../src/actors/runtime/kernel.ts';
import type { Slot } from '../../../src/actors/runtime/slot.ts';
import { EFFECT_TRAITS, effectCodec } from '../../../src/ports/effect.ts';

/** Everything a kernel is between two turns, in words that say where two of them differ. */
export function stateOf(kernel: Kernel): Readonly<Record<string, unknown>> {
  const state: Record<string, unknown> = { nowUs: kernel.nowUs, timers: timersOf(kernel) };
  for (const slot of kernel.slots) {
    const { name } = slot.definition;
    state[`${name} is out`] = slot.isOut;
    state[`${name} decided`] = decidedBy(slot);
    if (slot.type === 'family') {
      state[`${name} rows`] = rowsOf(slot);
      state[`${name} rows out`] = [...slot.outRows.subarray(0, slot.rows.rows)];
    }
  }
  state['crashes'] = kernel.supervision.list().map(({ place, row, times }) => ({
    actor: kernel.slots[place]?.definition.name,
    row,
    times,
  }));
  state['outstanding'] = outstandingOf(kernel);
  return state;
}

/** Bits, not numbers: -0 is not 0 here, and one NaN is not another. */
export function rowsOf(slot: Slot): readonly string[] {
  if (slot.type !== 'family') return [];
  const { rows } = slot;
  return Array.from({ length: rows.rows }, (_, row) => {
    const values = rows.values.slice(rows.at(row), rows.at(row) + rows.stride);
    return Array.from(new BigUint64Array(values.buffer), (bits) => bits.toString(16)).join(' ');
  });
}

function decidedBy(slot: Slot): readonly string[] {
  const condensed =
    slot.type === 'actor'
      ? slot.definition.condense(slot.state)
      : slot.definition.condense(slot.rows);
  return condensed.map((applied) => JSON.stringify(applied));
}

function timersOf(kernel: Kernel): readonly string[] {
  return kernel.timers.list().map(({ actor, dueUs, tag, key }) => {
    // The supervisor's key names a place, which another table of actors has elsewhere.
    const name = kernel.slots[actor]?.definition.name;
    return name === undefined ? `lift at ${dueUs}` : `${name} ${tag} ${key} at ${dueUs}`;
  });
}

/** Without those that a recovery forgets. */
function outstandingOf(kernel: Kernel): readonly string[] {
  return kernel.outstanding
    .list()
    .filter(({ effect }) => EFFECT_TRAITS[effect.kind].recovery !== 'forget')
    .map(({ input, index, actor, requestedUs, effect }) => {
      const writer = new ByteWriter();
      effectCodec.write(writer, effect);
      const name = kernel.slots[actor]?.definition.name;
      return `${name} ${input}:${index} ${effect.kind} ${requestedUs} ${hashBytes(writer.copy())}`;
    });
}
