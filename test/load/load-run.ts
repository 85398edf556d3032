import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { parseStatus, type EngineStatus } from '../../src/cli/status.ts';
import { readLoad, type LiveLoad } from '../../src/cli/live-load.ts';
import { askEngine, holderOf } from '../../src/store/journal/session-lock.ts';
import { dataDirectory } from '../crash/data-directory.ts';
import { type Ended, strata } from '../crash/strata.ts';
import { LiveVenue } from '../live-rig/live-venue.ts';
import { VenueAdmin } from '../venue-client.ts';

export interface LoadPlan {
  /** Equities; two funds and an index come on top. */
  readonly symbols: number;
  readonly speed: number;
  /** Wall time from the first status; undefined for the whole session. */
  readonly runMs: number | undefined;
  readonly lookMs: number;
}

export interface Look {
  readonly status: EngineStatus;
  readonly load: LiveLoad;
}

export interface QueueFigures {
  readonly most: number;
  readonly max: number;
}

export interface LoadRun {
  /** What the engine said of itself, again and again; the last one first of its end. */
  readonly looks: readonly Look[];
  /** Its summary. */
  readonly summary: Readonly<Record<string, unknown>>;
  readonly ended: Ended;
  readonly venue: {
    readonly queues: Readonly<Record<string, QueueFigures>>;
    readonly counters: Readonly<Record<string, number>>;
    readonly lagMsMost: number;
    /** Symbols whose trades or quotes were sent, the most at a time. */
    readonly slotsMost: number;
    /** What was asked for of bars at any time. */
    readonly bars: ReadonlySet<string>;
  };
  /** How late a loop was meanwhile that only burns a tenth of a processor, on the same machine. */
  readonly floor: { readonly p50Ms: number; readonly p99Ms: number; readonly maxMs: number };
  /** Of the verification of the journal, where it was asked for. */
  readonly verified: string;
}

const START_MS_MAX = 120_000;
const FLOOR_LOOK_MS = 10;
/** Of every look: about what the engine takes. A process that never works never has to wait. */
const FLOOR_BURN_MS = 1;

/** A venue and an engine, each a process of its own, for a while. This process only watches. */
export async function runLoad(plan: LoadPlan, isVerified: boolean): Promise<LoadRun> {
  const { symbols, speed, runMs, lookMs } = plan;
  using data = dataDirectory();
  await using venue = await LiveVenue.start({ seed: 7, symbols, speed });
  const words = ['trade', '--json', '--mode', 'sim', '--venue', venue.adminUrl];
  const at = ['--data-dir', data.path];
  const deadlineMs = START_MS_MAX + (runMs ?? WHOLE_MS_MAX);
  const engine = { isOver: false };
  const ending = strata([...words, ...at], { deadlineMs }).finally(() => {
    engine.isOver = true;
  });
  await untilHeld(data.path, engine);
  const floor = monitorEventLoopDelay({ resolution: FLOOR_LOOK_MS });
  const burning = setInterval(burn, FLOOR_LOOK_MS);
  floor.enable();
  const looks: Look[] = [];
  let watched = await watchVenue(venue.adminUrl, speed);
  let endMs = Number.POSITIVE_INFINITY;
  while (!engine.isOver && performance.now() < endMs) {
    await pause(lookMs);
    const look = await lookAt(data.path);
    if (look === undefined) continue;
    looks.push(look);
    if (looks.length === 1 && runMs !== undefined) endMs = performance.now() + runMs;
    watched = await watchVenue(venue.adminUrl, speed, watched);
  }
  floor.disable();
  clearInterval(burning);
  if (!engine.isOver) await askEngine(data.path, { verb: 'stop' });
  const ended = await ending;
  const verified = isVerified ? (await strata(['verify', ...at], { deadlineMs })).stdout : '';
  return {
    looks,
    ended,
    summary: Object(JSON.parse(ended.stdout)),
    venue: watched,
    floor: {
      p50Ms: floor.percentile(50) / 1e6 - FLOOR_LOOK_MS,
      p99Ms: floor.percentile(99) / 1e6 - FLOOR_LOOK_MS,
      maxMs: floor.max / 1e6 - FLOOR_LOOK_MS,
    },
    verified,
  };
}

const WHOLE_MS_MAX = 3_600_000;

function burn(): void {
  const endMs = performance.now() + FLOOR_BURN_MS;
  while (performance.now() < endMs) continue;
}

/** An engine that is still recovering, or has just ended, says nothing. */
async function lookAt(dataDir: string): Promise<Look | undefined> {
  const answer = await askEngine(dataDir, { verb: 'status' }).catch(() => ({}));
  const status = parseStatus(answer);
  const load = status === undefined ? undefined : readLoad(status);
  return status === undefined || load === undefined ? undefined : { status, load };
}

async function untilHeld(dataDir: string, engine: { readonly isOver: boolean }): Promise<void> {
  const endMs = performance.now() + START_MS_MAX;
  while (!engine.isOver && performance.now() < endMs) {
    if ((await holderOf(dataDir)) !== undefined) return;
    await pause(50);
  }
}

async function watchVenue(
  adminUrl: string,
  speed: number,
  before?: LoadRun['venue'],
): Promise<LoadRun['venue']> {
  const { queues, counters, market, connections } = await new VenueAdmin(adminUrl).state();
  const served = connections.data.map(({ subscriptions }) => subscriptions);
  const slots = new Set(served.flatMap(({ trades = [], quotes = [] }) => [...trades, ...quotes]));
  const bars = served.flatMap((channels) => channels['bars'] ?? []);
  return {
    queues,
    counters,
    lagMsMost: Math.max(before?.lagMsMost ?? 0, market.lagUs / 1_000 / speed),
    slotsMost: Math.max(before?.slotsMost ?? 0, slots.size),
    bars: new Set([...(before?.bars ?? []), ...bars]),
  };
}
