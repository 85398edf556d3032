import type { Asked } from './asked.ts';
import type { Layer, LayerPolicies } from './layer-policy.ts';

/** What can share a batch: rows of one layer, of one width, for the same models. */
interface Lane {
  readonly key: string;
  readonly layer: Layer;
  /** In the order in which they came. */
  asked: Asked[];
  rows: number;
}

/** A request that waits so long is as urgent as a fresh one of the next layer. */
export const AGEING_MS = 100;

/**
 * What waits, by layers. A batch is due when it is full or its first row has waited for as long as
 * its layer allows. Of those that are due the one of the highest layer goes, but each `AGEING_MS`
 * of waiting counts as a layer: layer 0 goes before a fresh layer 3 after three of them, well
 * within a deadline, so that nothing starves. Knows no clock: it is told what time it is.
 */
export class BatchQueue {
  readonly #layers: LayerPolicies;
  readonly #lanes = new Map<string, Lane>();
  #count = 0;

  constructor(layers: LayerPolicies) {
    this.#layers = layers;
  }

  /** Requests that wait. */
  get count(): number {
    return this.#count;
  }

  add(asked: Asked): void {
    const lane = this.#laneOf(asked);
    lane.asked.push(asked);
    lane.rows += asked.rows;
    this.#count += 1;
  }

  /** Those of a batch that was not computed go before all that came after them. */
  putBack(batch: readonly Asked[]): void {
    for (const asked of batch.toReversed()) {
      const lane = this.#laneOf(asked);
      lane.asked.unshift(asked);
      lane.rows += asked.rows;
      this.#count += 1;
    }
  }

  remove(asked: Asked): void {
    const lane = this.#lanes.get(keyOf(asked));
    const place = lane?.asked.indexOf(asked) ?? -1;
    if (lane !== undefined && place >= 0) this.#cut(lane, place, 1);
  }

  clear(): readonly Asked[] {
    const all = [...this.#lanes.values()].flatMap(({ asked }) => asked);
    this.#lanes.clear();
    this.#count = 0;
    return all;
  }

  /** The batch that goes now, if any. `isFullOnly`: one to which nothing could be added. */
  take(nowMs: number, isFullOnly = false): readonly Asked[] | undefined {
    let best: Lane | undefined;
    for (const lane of this.#lanes.values()) {
      const isDue = isFullOnly ? this.#isFull(lane) : this.#dueMs(lane) <= nowMs;
      if (isDue && (best === undefined || urgency(lane, nowMs) > urgency(best, nowMs))) best = lane;
    }
    if (best === undefined) return undefined;
    return this.#cut(best, 0, this.#taken(best));
  }

  /** When the next batch is due, if nothing else comes; undefined where nothing waits. */
  dueMs(): number | undefined {
    let earliest: number | undefined;
    for (const lane of this.#lanes.values()) {
      earliest = Math.min(earliest ?? Number.POSITIVE_INFINITY, this.#dueMs(lane));
    }
    return earliest;
  }

  #dueMs(lane: Lane): number {
    if (this.#isFull(lane)) return Number.NEGATIVE_INFINITY;
    return (lane.asked[0]?.askedMs ?? 0) + this.#layers[lane.layer].waitMsMax;
  }

  #isFull(lane: Lane): boolean {
    return lane.rows >= this.#layers[lane.layer].batchMax;
  }

  /** How many of its requests make a batch: never a part of one. */
  #taken(lane: Lane): number {
    const { batchMax } = this.#layers[lane.layer];
    let rows = 0;
    let taken = 0;
    for (const asked of lane.asked) {
      if (taken > 0 && rows + asked.rows > batchMax) break;
      rows += asked.rows;
      taken += 1;
    }
    return taken;
  }

  #cut(lane: Lane, from: number, count: number): readonly Asked[] {
    const cut = lane.asked.splice(from, count);
    this.#count -= cut.length;
    for (const asked of cut) lane.rows -= asked.rows;
    if (lane.asked.length === 0) this.#lanes.delete(lane.key);
    return cut;
  }

  #laneOf(asked: Asked): Lane {
    const key = keyOf(asked);
    const there = this.#lanes.get(key);
    if (there !== undefined) return there;
    const lane: Lane = { key, layer: asked.request.layer, asked: [], rows: 0 };
    this.#lanes.set(key, lane);
    return lane;
  }
}

function urgency({ layer, asked }: Lane, nowMs: number): number {
  return layer + (nowMs - (asked[0]?.askedMs ?? nowMs)) / AGEING_MS;
}

function keyOf({ request: { layer, width }, models }: Asked): string {
  return `${layer};${width};${models.join()}`;
}
