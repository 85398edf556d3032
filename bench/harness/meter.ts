import { readFileSync } from 'node:fs';
import {
  constants,
  monitorEventLoopDelay,
  type PerformanceEntry,
  PerformanceObserver,
} from 'node:perf_hooks';
import { GCProfiler, getHeapStatistics } from 'node:v8';
import type { Figures, Meter } from './suite.ts';

/** Node looks at its loop so often, and counts the way from one look to the next. */
const LOOK_MS = 10;
/** As many looks as its p99 needs. */
const LOOKS_MIN = 1_000;
const NS_IN_MS = 1e6;
const BYTES_IN_MB = 1e6;

/** What a process spent, read at one moment. */
interface Reading {
  readonly wallMs: number;
  readonly cpuUs: number;
  readonly preemptions: number;
}

/** What the collector said of one collection. */
interface Collection {
  readonly atMs: number;
  readonly pauseMs: number;
  readonly isMajor: boolean;
}

/**
 * What a run costs its process, so that no suite has to count it: CPU of all threads, wall time,
 * memory, collections, how late the event loop is, how often the system took the processor away.
 */
export class RunMeter implements Meter {
  readonly #collections: Collection[] = [];
  readonly #observer = new PerformanceObserver((list) => this.#note(list.getEntries()));
  readonly #loop = monitorEventLoopDelay({ resolution: LOOK_MS });
  readonly #whole = read();
  readonly #spans: (readonly [fromMs: number, toMs: number])[] = [];
  #begun: Reading | undefined;
  #profiler: GCProfiler | undefined;
  #usedAtBegin = 0;
  #wallMs = 0;
  #cpuUs = 0;
  #preemptions = 0;
  #allocated = 0;
  #events = 0;

  constructor() {
    this.#observer.observe({ entryTypes: ['gc'] });
    this.#loop.enable();
  }

  begin(): void {
    this.#profiler = new GCProfiler();
    this.#profiler.start();
    this.#usedAtBegin = usedBytes();
    this.#begun = read();
  }

  end(events: number): void {
    if (this.#begun === undefined) return;
    const now = read();
    const used = usedBytes();
    this.#wallMs += now.wallMs - this.#begun.wallMs;
    this.#cpuUs += now.cpuUs - this.#begun.cpuUs;
    this.#preemptions += now.preemptions - this.#begun.preemptions;
    this.#spans.push([this.#begun.wallMs, now.wallMs]);
    this.#allocated += allocatedBytes(this.#profiler?.stop(), this.#usedAtBegin, used);
    this.#events += events;
    this.#begun = undefined;
  }

  /** After the run. Waits a moment, as collections are told of late. */
  async figures(): Promise<Figures> {
    if (this.#begun !== undefined) this.end(0);
    if (this.#spans.length === 0) this.#takeWhole();
    await new Promise((resolve) => setImmediate(resolve));
    this.#note(this.#observer.takeRecords());
    this.#observer.disconnect();
    this.#loop.disable();
    const within = this.#collections.filter(({ atMs }) =>
      this.#spans.some(([fromMs, toMs]) => atMs >= fromMs && atMs <= toMs),
    );
    const pauses = within.map(({ pauseMs }) => pauseMs);
    return {
      runCpuMs: this.#cpuUs / 1e3,
      runWallMs: this.#wallMs,
      preemptions: this.#preemptions,
      gcCount: within.length,
      gcMajorCount: within.filter(({ isMajor }) => isMajor).length,
      gcMs: pauses.reduce((sum, ms) => sum + ms, 0),
      gcPauseMaxMs: pauses.reduce((most, ms) => Math.max(most, ms), 0),
      ...(this.#events > 0 ? { allocatedBytesPerEvent: this.#allocated / this.#events } : {}),
      rssMaxMb: (process.resourceUsage().maxRSS * 1_024) / BYTES_IN_MB,
      ...this.#loopFigures(),
    };
  }

  #takeWhole(): void {
    const now = read();
    this.#wallMs = now.wallMs - this.#whole.wallMs;
    this.#cpuUs = now.cpuUs - this.#whole.cpuUs;
    this.#preemptions = now.preemptions - this.#whole.preemptions;
    this.#spans.push([this.#whole.wallMs, now.wallMs]);
  }

  #note(entries: readonly PerformanceEntry[]): void {
    for (const entry of entries) {
      const { startTime, duration } = entry;
      const detail: unknown = Reflect.get(entry, 'detail');
      const kind: unknown = Reflect.get(Object(detail), 'kind');
      const isMajor = kind === constants.NODE_PERFORMANCE_GC_MAJOR;
      this.#collections.push({ atMs: startTime, pauseMs: duration, isMajor });
    }
  }

  /** Of a run that gave the loop its turns; one that never did has nothing to tell. */
  #loopFigures(): Figures {
    const { count, max } = this.#loop;
    if (count < 2) return {};
    const late = (ns: number) => Math.max(0, ns / NS_IN_MS - LOOK_MS);
    const p99 = count >= LOOKS_MIN ? { loopLateP99Ms: late(this.#loop.percentile(99)) } : {};
    return { loopLateMaxMs: late(max), ...p99 };
  }
}

function read(): Reading {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  return {
    wallMs: performance.now(),
    cpuUs: userCPUTime + systemCPUTime,
    preemptions: preemptions(),
  };
}

/** Of the main thread, where Linux tells; else of all threads, the collector's too. */
function preemptions(): number {
  try {
    const status = readFileSync('/proc/self/status', 'utf8');
    const told = /^nonvoluntary_ctxt_switches:\s*(\d+)/m.exec(status)?.[1];
    if (told !== undefined) return Number(told);
  } catch {
    // Another system.
  }
  return process.resourceUsage().involuntaryContextSwitches;
}

function usedBytes(): number {
  return getHeapStatistics().used_heap_size;
}

/** What the heap grew between collections: nobody counts it for us. */
export function allocatedBytes(
  profile: HeapProfile | undefined,
  usedAtBegin: number,
  usedAtEnd: number,
): number {
  let allocated = 0;
  let used = usedAtBegin;
  for (const { beforeGC, afterGC } of profile?.statistics ?? []) {
    allocated += Math.max(0, beforeGC.heapStatistics.usedHeapSize - used);
    used = afterGC.heapStatistics.usedHeapSize;
  }
  return allocated + Math.max(0, usedAtEnd - used);
}

/** The part of what `GCProfiler` answers that is read. */
export interface HeapProfile {
  readonly statistics: readonly {
    readonly beforeGC: { readonly heapStatistics: { readonly usedHeapSize: number } };
    readonly afterGC: { readonly heapStatistics: { readonly usedHeapSize: number } };
  }[];
}
