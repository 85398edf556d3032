import type { SessionView } from '../../cli/session-view.ts';
import { plural } from '../../cli/figures.ts';
import type { Timers } from '../../ports/clock.ts';
import type { Command } from '../../ports/input.ts';
import { operatorCommand } from '../operator-command.ts';

export interface StopRequest {
  /** Why, for the journal and the summary. */
  readonly reason: string;
  readonly isFlattening: boolean;
  readonly ordersAtStop: 'cancel' | 'keep';
}

export interface StoppingEngine {
  readonly account: string;
  readonly view: SessionView;
  readonly timers: Timers;
  /** Wall time that cancels and closing orders are waited for. */
  readonly stopMsMax: number;
  enter(command: Command): void;
  /** A journal that failed hears nothing any more. */
  readonly hasFailed: () => boolean;
}

const LOOK_MS = 20;

/**
 * No new entries, then what is asked for positions and orders, then waiting for the venue's word.
 * Answers what is left open when time is up; nothing where all was done.
 */
export async function stopInOrder(
  engine: StoppingEngine,
  request: StopRequest,
): Promise<string | undefined> {
  const { view, timers, stopMsMax } = engine;
  const { isFlattening, ordersAtStop } = request;
  engine.enter(command(engine, 'drain', request.reason));
  // Each of these halts, and a halt is only asked for where there is something to end.
  const hasOrders = view.orders.open().length > 0;
  const isHolding = hasOrders || view.heldPositions().length > 0;
  if (isFlattening && isHolding) engine.enter(command(engine, 'flatten', request.reason));
  if (!isFlattening && hasOrders && ordersAtStop === 'cancel') {
    engine.enter(command(engine, 'cancelAll', request.reason));
  }
  const isDone = (): boolean => {
    if (engine.hasFailed()) return true;
    const hasOrders = view.orders.open().length > 0;
    if (isFlattening) return !hasOrders && view.heldPositions().length === 0;
    return ordersAtStop === 'keep' || !hasOrders;
  };
  for (let waitedMs = 0; waitedMs < stopMsMax; waitedMs += LOOK_MS) {
    // The commands have to be turns before what they asked for can be seen.
    await new Promise<void>((resolve) => timers.after(LOOK_MS, resolve));
    if (isDone()) break;
  }
  return leftOpen(view);
}

/** What an end leaves behind, for people; undefined where that is nothing. */
export function leftOpen(view: SessionView): string | undefined {
  const positions = view.heldPositions().length;
  const orders = view.orders.open().length;
  if (positions + orders === 0) return undefined;
  return `${plural(positions, 'position')} and ${plural(orders, 'order')}`;
}

function command(
  { account, view }: StoppingEngine,
  verb: Command['verb'],
  reason: string,
): Command {
  return operatorCommand({ verb, account, reason, taken: view.counters.inputs });
}
