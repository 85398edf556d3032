import { assert } from '../../core/assert.ts';

export interface LaneEntry {
  /** Client order ids. */
  readonly orders: readonly string[];
  /** A submission or a replacement: it waits for all before it, and all after it wait for it. */
  readonly makesExposure: boolean;
}

/**
 * Effects about one order keep their order: a cancel that overtakes its submission finds nothing,
 * and a question that does so proves nothing. Cancels and questions do not wait for one another.
 */
export class OrderLanes<Entry extends LaneEntry> {
  readonly #lanes = new Map<string, Entry[]>();

  add(entry: Entry): void {
    for (const order of entry.orders) {
      const lane = this.#lanes.get(order);
      if (lane === undefined) this.#lanes.set(order, [entry]);
      else lane.push(entry);
    }
  }

  /** Has all that it must not overtake been answered? */
  isNext(entry: Entry): boolean {
    return entry.orders.every((order) => {
      for (const other of this.#lanes.get(order) ?? []) {
        if (other === entry) return true;
        if (entry.makesExposure || other.makesExposure) return false;
      }
      return true;
    });
  }

  remove(entry: Entry): void {
    for (const order of entry.orders) {
      const lane = this.#lanes.get(order);
      assert(lane !== undefined, 'an open effect has its lanes');
      lane.splice(lane.indexOf(entry), 1);
      if (lane.length === 0) this.#lanes.delete(order);
    }
  }
}
