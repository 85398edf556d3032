import { setTimeout as pause } from 'node:timers/promises';
import type { Outcome, Scale, Suite } from '../harness/suite.ts';
import { type BenchLive, openBenchLive } from '../engine/live-session.ts';
import { slopeOf } from '../engine/slope.ts';
import { inScratchFolder } from '../harness/scratch-folder.ts';
import { Stopwatch } from '../harness/stopwatch.ts';

/** `STRATA_SOAK_MINUTES` says otherwise. */
const MINUTES = { full: 30, quick: 0.1 } as const;
const SYMBOLS = { full: 500, quick: 50 } as const;
/**
 * The busiest minute of a seeded day has 2.75 times the events of a mean one, and a session begins
 * with the busy ones: at 6 times the mean is 2.2 times the peak.
 */
const SPEED = 6;
const SAMPLE_MS = { full: 1_000, quick: 100 } as const;
/** Buffers grow and code is compiled: what is measured begins after that. */
const WARM_UP_SHARE = 1 / 3;
const MB = 1e6;
const MS_PER_HOUR = 3_600_000;

/** Trades and quotes of all symbols, and as many decisions as a session makes. */
const SETTINGS = {
  market: { feed: 'sip', bars: 'venue', slots: 500, cadence: 'event' },
  universe: {
    layer1: { priceMin: '1.00', dollarVolume20Min: 0, spreadBpsMax: 1_000, capRatio: 1 },
    layer2: { enterScore: 0, leaveScore: 0, dwellMs: 0, floor: 500, cap: 500 },
  },
  risk: { ordersPerSecondMax: 100, entriesPerSymbolMax: 1_000 },
  runtime: { turnFramesMax: 64 },
} as const;

export const soak: Suite = {
  name: 'soak',
  measures:
    `a live session of ${SYMBOLS.full} symbols for ${MINUTES.full} minutes, the embedded venue a ` +
    `process of its own at ${SPEED} times: on the mean 2.2 times the rate of its busiest minute. ` +
    "The engine's RSS every second, a straight line through what follows the first third, and " +
    'its standard error, widened by what neighbours have in common; the same of the heap. ' +
    '`handles` and `timers` are active resources of the process: their median in the second and ' +
    'in the last quarter, and the most of each.',
  leavesOut:
    'a whole day; a real venue; growth below its error. RSS of pages that the system took back ' +
    'is not seen',
  target: 'RSS slope <= 1 MB/h within its error; handles and timers flat',
  variants: [{ name: 'live session', run: soaked }],
  goals: [
    {
      id: '8.1',
      says: 'RSS slope after warm-up less two standard errors, MB/h',
      limit: 1,
      sense: 'atMost',
      figure: (of) => {
        const [slope, error] = ['rssSlopeMbPerHour', 'rssErrorMbPerHour'];
        return of('live session', slope) - 2 * of('live session', error);
      },
    },
    {
      id: '8.2',
      says: 'active handles more in the last quarter than in the second, medians',
      limit: 0,
      sense: 'atMost',
      figure: (of) => of('live session', 'handlesGrowth'),
    },
    {
      id: '8.3',
      says: 'timers more in the last quarter than in the second, medians',
      limit: 0,
      sense: 'atMost',
      figure: (of) => of('live session', 'timersGrowth'),
    },
  ],
};

/** One look at the process. */
interface Sample {
  readonly atHours: number;
  readonly rssMb: number;
  readonly heapMb: number;
  readonly handles: number;
  readonly timers: number;
}

function soaked(scale: Scale): Promise<Outcome> {
  return inScratchFolder(async (folder) => {
    const symbols = SYMBOLS[scale];
    const fault = (): void => undefined;
    const plan = 'plus' as const;
    const setting = { folder, symbols, speed: SPEED, plan, settings: SETTINGS, fault };
    const opened = await openBenchLive(setting);
    await opened.tree.start();
    const watch = new Stopwatch();
    const samples = await sampled(opened, scale);
    const { cpuMs, wallMs } = watch.read();
    const { events } = opened.session.driver;
    const dropped = opened.services.health().reduce((sum, { gaps }) => sum + gaps, 0);
    const failure = opened.failure();
    await opened.close();
    return {
      figures: {
        minutes: wallMs / 60_000,
        eventsPerSecond: (events / wallMs) * 1_000,
        cpuShare: cpuMs / wallMs,
        gaps: dropped,
        ...slopes(samples),
        ...growth(samples, 'handles'),
        ...growth(samples, 'timers'),
      },
      ...(failure === undefined ? {} : { note: `it failed: ${String(failure)}` }),
    };
  });
}

async function sampled(opened: BenchLive, scale: Scale): Promise<readonly Sample[]> {
  const minutes = Number(process.env['STRATA_SOAK_MINUTES'] ?? MINUTES[scale]);
  const samples: Sample[] = [];
  const beganMs = performance.now();
  const endMs = beganMs + minutes * 60_000;
  while (performance.now() < endMs && opened.failure() === undefined) {
    await pause(SAMPLE_MS[scale]);
    const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
    const active = process.getActiveResourcesInfo();
    const timers = active.filter((kind) => kind === 'Timeout' || kind === 'Immediate').length;
    samples.push({
      atHours: (performance.now() - beganMs) / MS_PER_HOUR,
      rssMb: rss / MB,
      heapMb: (heapUsed + arrayBuffers) / MB,
      handles: active.length - timers,
      timers,
    });
  }
  return samples;
}

function slopes(samples: readonly Sample[]): Readonly<Record<string, number>> {
  const after = samples.slice(Math.floor(samples.length * WARM_UP_SHARE));
  const hours = after.map(({ atHours }) => atHours);
  const rss = slopeOf(
    hours,
    after.map(({ rssMb }) => rssMb),
  );
  const heap = slopeOf(
    hours,
    after.map(({ heapMb }) => heapMb),
  );
  const most = (of: readonly Sample[]) => Math.max(...of.map(({ rssMb }) => rssMb));
  return {
    rssSlopeMbPerHour: rss.perUnit,
    rssErrorMbPerHour: rss.error,
    heapSlopeMbPerHour: heap.perUnit,
    heapErrorMbPerHour: heap.error,
    rssWarmMb: after[0]?.rssMb ?? Number.NaN,
    rssEndMb: after.at(-1)?.rssMb ?? Number.NaN,
    rssMostMb: most(samples),
  };
}

/**
 * Connections and requests come and go: a busy machine answers later, and more are under way. What
 * grows for good moves the usual number; the most is told beside it.
 */
function growth(
  samples: readonly Sample[],
  what: 'handles' | 'timers',
): Readonly<Record<string, number>> {
  const quarter = Math.floor(samples.length / 4);
  const sorted = (from: number, to: number) =>
    samples
      .slice(from, to)
      .map((sample) => sample[what])
      .toSorted((left, right) => left - right);
  const second = sorted(quarter, 2 * quarter);
  const last = sorted(3 * quarter, samples.length);
  const usual = (of: readonly number[]) => of[Math.floor(of.length / 2)] ?? Number.NaN;
  return {
    [`${what}Second`]: usual(second),
    [`${what}Last`]: usual(last),
    [`${what}Growth`]: usual(last) - usual(second),
    [`${what}SecondMost`]: second.at(-1) ?? Number.NaN,
    [`${what}LastMost`]: last.at(-1) ?? Number.NaN,
  };
}
