import { present } from '../../../src/core/assert.ts';
import type { TimerSet, TurnItem, TurnRecord } from '../../../src/ports/turn-record.ts';
import type { Handled, SiteKernel } from './site-kernel.ts';

/** What a turn would have been without one of its handlings, and all that follows from that one. */
export interface Descent {
  /** Handlings that do not descend from it in any way, and what they left. */
  readonly items: readonly TurnItem[];
  readonly timers: readonly TimerSet[];
  /** Places of the actors of which some handling descends from it. */
  readonly places: ReadonlySet<number>;
  /** May this row of a family differ? */
  readonly isRowOpen: (place: number, row: number) => boolean;
  /** Handlings of the failed row in this turn. */
  readonly ofRow: number;
}

/**
 * A handling descends from another by a message that it was sent, by a fact that its actor applied,
 * or by a row that it reads. Coarse on purpose: what is left over surely does not.
 */
export function descentOf(clean: SiteKernel, turn: TurnRecord, failed: number): Descent {
  const { handled } = clean;
  const parts = partsOf(handled, turn);
  const root = present(handled[failed], 'the handling that fails');
  const tainted = new Set<number>();
  const places = new Set<number>();
  const rows = new Set<string>();
  const kinds = new Set<string>(isOrderPath(clean, root) ? POLICY_KINDS : []);
  const appliesTainted = (place: number) =>
    clean.slot(place).definition.applies.some((kind) => kinds.has(kind));
  const readsTainted = ({ place, row }: Handled) =>
    row === -2 ? [...rows].some((one) => one.startsWith(`${place} `)) : rows.has(`${place} ${row}`);
  handled.forEach((one, at) => {
    if (at < failed) return;
    const isPath = isOrderPath(clean, root) && isOrderPath(clean, one);
    const descends =
      tainted.has(one.parent) || appliesTainted(one.place) || readsTainted(one) || isPath;
    if (at !== failed && !descends) return;
    tainted.add(at);
    places.add(one.place);
    if (one.row >= 0) rows.add(`${one.place} ${one.row}`);
    for (const item of parts[at]?.items ?? []) if (item.type === 'fact') kinds.add(item.fact.kind);
  });
  const left = parts.filter((_, at) => !tainted.has(at));
  return {
    items: left.flatMap(({ items }) => items),
    timers: left.flatMap(({ timers }) => timers),
    places,
    isRowOpen: (place, row) => rows.has(`${place} ${row}`) || appliesTainted(place),
    ofRow: handled.filter(({ place, row }) => place === root.place && row === root.row).length,
  };
}

/** What the runtime's policy says of an order path that failed. */
const POLICY_KINDS = ['tradingHalted', 'stood', 'released'];

export function isOrderPath(clean: SiteKernel, { place }: Handled): boolean {
  const { definition } = clean.slot(place);
  return 'isOrderPath' in definition && definition.isOrderPath;
}

interface Part {
  readonly items: readonly TurnItem[];
  readonly timers: readonly TimerSet[];
}

/** A turn's items and timers, by the handling that left them. */
export function partsOf(handled: readonly Handled[], turn: TurnRecord): readonly Part[] {
  let item = 0;
  let timer = 0;
  const parts = handled.map(({ items, timers }) => {
    const part = {
      items: turn.items.slice(item, item + items),
      timers: turn.timers.slice(timer, timer + timers),
    };
    item += items;
    timer += timers;
    return part;
  });
  if (item !== turn.items.length || timer !== turn.timers.length) {
    throw new Error('every item of a clean turn is of one of its handlings');
  }
  return parts;
}
