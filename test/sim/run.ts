import { Hash64 } from '../../src/core/hash.ts';
import { SECOND } from '../../src/core/time.ts';
import type { Violation } from './auditor.ts';
import { ORDER_TIMES } from './kernel-settings.ts';
import type { Fault } from './faults.ts';
import type { PlantedBug } from './planted-bugs.ts';
import { World } from './world.ts';

export interface SimOptions {
  readonly bug?: PlantedBug;
  /** Hears what happens, when. */
  readonly trace?: (atUs: number, text: string) => void;
}

export interface Outcome {
  readonly seed: number;
  /** Of all decisions of all lives, and of the broker's books. */
  readonly hash: string;
  readonly violations: readonly Violation[];
  readonly fired: ReadonlyMap<Fault, number>;
  /** Steps of the order graph that were taken: `intended>working`. */
  readonly edges: ReadonlySet<string>;
  readonly lives: number;
  readonly turns: number;
  readonly orders: number;
  readonly fills: number;
}

/** Faults come for so long ... */
const SAFETY_US = 60 * SECOND;
/**
 * ... and then the world is kind, and everything has to be known after 60 seconds (RELIABILITY A3),
 * and the settling window more: an order that never arrived is known to be absent no earlier.
 */
const TRADING_US = 20 * SECOND;
const LIVENESS_US = 60 * SECOND + ORDER_TIMES.settlingUs;

/** A whole session under a seed: faults and safety, then healing and liveness. */
export async function simulate(seed: number, options: SimOptions = {}): Promise<Outcome> {
  const notes: { note: (text: string) => void } = { note: () => undefined };
  const world = new World(seed, {
    bug: options.bug,
    note: (text) => notes.note(text),
    isTraced: options.trace !== undefined,
  });
  notes.note = (text) => {
    if (text !== '') options.trace?.(world.agenda.nowUs, text);
  };
  const { auditor, agenda } = world;
  const startUs = agenda.nowUs;
  try {
    await world.runTo(startUs + SAFETY_US);
    auditor.compareVenue(world.link.broker);
    if (auditor.violations.length > 0) return outcomeOf(seed, world);
    world.heal();
    await world.runTo(startUs + SAFETY_US + TRADING_US);
    // From here on nothing new is begun, so that what is open can come to its end.
    world.command('halt');
    await world.runTo(startUs + SAFETY_US + LIVENESS_US);
    const { engine } = world.process;
    if (auditor.violations.length > 0) return outcomeOf(seed, world);
    if (engine === undefined) auditor.accuse('A3', 'no process lives');
    else auditor.settled(engine.kernel, world.link.broker);
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    auditor.accuse('STOPPED', text);
  }
  return outcomeOf(seed, world);
}

function outcomeOf(seed: number, world: World): Outcome {
  const { auditor, faults, link, life, process } = world;
  const hash = new Hash64();
  hash.text(process.engine?.sequencer.hash.hex() ?? 'none');
  hash.text(JSON.stringify(link.broker.allOrders()));
  hash.text(JSON.stringify([...faults.fired]));
  hash.int(auditor.turns);
  return {
    seed,
    hash: hash.hex(),
    violations: auditor.violations,
    fired: faults.fired,
    edges: auditor.takenEdges(),
    lives: life,
    turns: auditor.turns,
    orders: auditor.orders,
    fills: auditor.fills,
  };
}
