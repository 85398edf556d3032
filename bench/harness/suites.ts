import type { Suite } from './suite.ts';

/** A suite is a file, and only the process that runs it loads it: no suite pays for another. */
export interface SuiteEntry {
  readonly name: string;
  load(): Promise<Suite>;
}

/** What `strata bench` runs when no suite is named, in this order. */
export const SUITES: readonly SuiteEntry[] = [
  { name: 'replay', load: async () => (await import('../suites/replay.ts')).replay },
  { name: 'latency', load: async () => (await import('../suites/latency.ts')).latency },
  { name: 'memory', load: async () => (await import('../suites/memory.ts')).memory },
  { name: 'decode', load: async () => (await import('../suites/decode.ts')).decode },
  { name: 'socket', load: async () => (await import('../suites/socket.ts')).socket },
  { name: 'kernel', load: async () => (await import('../suites/kernel.ts')).kernel },
  { name: 'journal', load: async () => (await import('../suites/journal.ts')).journal },
  {
    name: 'tick-to-order',
    load: async () => (await import('../suites/tick-to-order.ts')).tickToOrder,
  },
  { name: 'startup', load: async () => (await import('../suites/startup.ts')).startup },
  { name: 'overload', load: async () => (await import('../suites/overload.ts')).overload },
  { name: 'live', load: async () => (await import('../suites/live.ts')).live },
  { name: 'indicators', load: async () => (await import('../suites/indicators.ts')).indicators },
  { name: 'features', load: async () => (await import('../suites/features.ts')).features },
  { name: 'stores', load: async () => (await import('../suites/stores.ts')).stores },
  { name: 'training', load: async () => (await import('../suites/training.ts')).training },
  { name: 'trees', load: async () => (await import('../suites/trees.ts')).trees },
  {
    name: 'inference-service',
    load: async () => (await import('../suites/inference-service.ts')).inferenceService,
  },
  { name: 'inference', load: async () => (await import('../suites/inference.ts')).inference },
  { name: 'batch-bits', load: async () => (await import('../suites/batch-bits.ts')).batchBits },
];

/** Run only when named: they take long, or need what few machines have. */
export const SUITES_ASKED_FOR: readonly SuiteEntry[] = [
  {
    name: 'each-indicator',
    load: async () => (await import('../suites/indicators.ts')).eachIndicator,
  },
  { name: 'soak', load: async () => (await import('../suites/soak.ts')).soak },
];
