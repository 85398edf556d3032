/**
 * The decisions of the house that a machine can check. A line added here is a decision: say why in
 * the commit. A home that ends in `/` is a folder and everything under it; any other is one file.
 */

/** What a folder may import besides itself (ARCHITECTURE §5). The longest prefix wins. */
export const LAYERS: readonly (readonly [folder: string, mayImport: readonly string[]])[] = [
  ['src/core/', []],
  ['src/domain/', ['src/core/']],
  ['src/ports/', ['src/core/', 'src/domain/']],
  ['src/models/', ['src/core/', 'src/domain/']],
  ['src/actors/runtime/', ['src/core/', 'src/domain/', 'src/ports/']],
  ['src/actors/kernel/', ['src/core/', 'src/domain/', 'src/ports/', 'src/actors/runtime/']],
  [
    'src/actors/services/',
    ['src/core/', 'src/domain/', 'src/ports/', 'src/models/', 'src/actors/runtime/'],
  ],
  ...['streams', 'history', 'gpu', 'brokers', 'store', 'venue'].map(
    (folder) =>
      [`src/${folder}/`, ['src/core/', 'src/domain/', 'src/ports/', 'src/models/']] as const,
  ),
  ...['api', 'dashboard'].map(
    (folder) => [`src/${folder}/`, ['src/core/', 'src/domain/', 'src/ports/']] as const,
  ),
  // Cards of models are told to people.
  ['src/cli/', ['src/core/', 'src/domain/', 'src/ports/', 'src/models/']],
  // The rooms in which main.ts composes: it would not fit one file.
  ['src/compose/', ['src/']],
  ['src/main.ts', ['src/']],
];

/** A domain folder imports itself and those before it. */
export const DOMAIN_ORDER: readonly string[] = [
  'market',
  'indicators',
  'features',
  'universe',
  'signals',
  'orders',
  'portfolio',
  'risk',
  'matching',
  'learning',
  'scans',
  'backfill',
];

/** Where a run or a worker begins: nobody imports these. */
export const ENTRIES: readonly string[] = [
  'src/main.ts',
  'src/gpu/service/inference-worker.ts',
  'src/store/relational/pglite-worker.ts',
  'src/store/duckdb/duckdb-worker.ts',
  'src/compose/train/training-worker.ts',
  'src/actors/services/turn-watchdog-thread.ts',
  'src/store/journal/packing-thread.ts',
  'test/typescript-threads.mjs',
];

/**
 * Rooms that `main.ts` does not run yet. When it runs four files in five of a room, tidy asks for
 * the room's line to go; from then on a file of that room which nothing runs is a fault.
 */
export const AWAITING: readonly string[] = [
  // Unit roots, cointegration, rescaled ranges: pairs and research will run them.
  'src/domain/features/least-squares.ts',
  'src/domain/features/mackinnon.ts',
  'src/domain/features/stationarity.ts',
  'src/domain/features/cointegration.ts',
  'src/domain/features/rescaled-range.ts',
  // Bars that users send or that are still forming: the features will run them.
  'src/domain/indicators/bar-fault.ts',
  'src/domain/indicators/indicator-table.ts',
  'src/domain/indicators/replaceable.ts',
  'src/models/nets/forecaster.ts', // Forecasts of many steps: the bench runs them.
  'src/models/trees/shap.ts', // Why a tree said so: the dashboard will ask.
  'src/domain/universe/', // Rescans of all rows by rules: the scanners will run them.
];

/** `as` belongs to the one file that owns a brand; everywhere else a type guard does the work. */
export const BRAND_OWNERS: readonly string[] = [
  'src/core/money.ts',
  'src/core/ids.ts',
  'src/core/record.ts',
  'src/actors/runtime/definition.ts',
  'src/domain/risk/approval.ts',
];

/** Tools that read a default export and nothing else. */
export const DEFAULT_EXPORTS: readonly string[] = [
  'vitest.config.ts',
  'test/closing-line.ts',
  'test/mutation/vitest.config.ts',
];

/** Files that speak a wire format in which null means something. */
export const NULL_HOMES: readonly string[] = ['src/venue/rest/', 'src/venue/trading/'];

/** Every module from outside and where it may be imported. What is not here has no home. */
export const MODULE_HOMES: Readonly<Record<string, readonly string[]>> = {
  '@alpacahq/alpaca-trade-api': ['src/brokers/alpaca/', 'src/streams/alpaca/'],
  // Not in streams: the venue must not share a codec with what reads it.
  '@msgpack/msgpack': ['src/venue/'],
  '@polygon.io/client-js': ['src/streams/polygon/'],
  '@aws-sdk/client-s3': ['src/store/lake/'],
  '@duckdb/node-api': ['src/store/duckdb/', 'src/store/lake/'],
  // The vectors of a chunk, which the library above it hands out one value at a time.
  '@duckdb/node-bindings': ['src/store/duckdb/'],
  '@electric-sql/pglite': ['src/store/relational/'],
  '@questdb/nodejs-client': ['src/store/questdb/'],
  pg: ['src/store/relational/'],
  'onnxruntime-node': ['src/gpu/'],
  mathjs: ['src/cli/expression-text.ts'],
  commander: ['src/cli/', 'src/main.ts'],
  fflate: ['src/store/', 'src/history/', 'src/streams/recorded/'],
  nact: ['src/actors/services/'],
  pino: ['src/cli/log.ts'],
  ws: ['src/venue/', 'src/streams/', 'src/brokers/', 'src/api/'],
  yaml: ['src/cli/load-config.ts', 'src/cli/config-document.ts'],
  zod: [
    'src/cli/config-lake.ts',
    'src/cli/config-names.ts',
    'src/cli/config-polygon.ts',
    'src/cli/config-schema.ts',
    'src/cli/config-store.ts',
    'src/cli/config-training.ts',
    'src/cli/load-config.ts',
    'src/models/artefact/card.ts',
    'src/models/artefact/ensemble-card.ts',
  ],
  // The benches run in processes of their own.
  'node:child_process': ['src/cli/', 'src/compose/live/', 'src/compose/bench-verb.ts'],
  'node:crypto': ['src/cli/', 'src/store/', 'src/compose/build-id.ts', 'src/gpu/open-model.ts'],
  'node:fs': [
    'src/cli/',
    'src/history/',
    'src/store/',
    'src/streams/recorded/',
    'src/compose/',
    'src/main.ts',
    'src/gpu/onnx/machine-view.ts', // Whether there is a graphics card, before a driver is loaded.
    // Its last words, past a thread that hangs.
    'src/actors/services/turn-watchdog-thread.ts',
  ],
  'node:fs/promises': ['src/store/'],
  'node:http': ['src/venue/', 'src/api/', 'src/store/questdb/'],
  'node:https': ['src/store/questdb/'],
  'node:module': ['src/gpu/'],
  'node:net': ['src/cli/', 'src/store/', 'src/venue/'],
  'node:perf_hooks': ['src/compose/live/loop-delay.ts', 'src/gpu/service/histogram.ts'],
  'node:os': [
    'src/cli/',
    'src/main.ts',
    'src/store/journal/socket-place.ts',
    'src/compose/live/account-lease.ts',
    'src/gpu/onnx/machine-view.ts',
  ],
  'node:path': ['src/cli/', 'src/store/', 'src/streams/recorded/', 'src/compose/', 'src/main.ts'],
  'node:url': ['src/cli/', 'src/store/', 'src/compose/', 'src/main.ts'],
  'node:readline': ['src/compose/live/'],
  'node:timers/promises': [
    'src/cli/log.ts',
    'src/compose/run-session.ts',
    'src/store/journal/claim-gate.ts',
  ],
  'node:util': ['src/cli/', 'src/store/'],
  'node:worker_threads': [
    'src/store/',
    'src/actors/services/',
    'src/venue/',
    'src/gpu/',
    'src/compose/train/',
  ],
  'node:zlib': ['src/store/', 'src/history/', 'src/streams/recorded/'],
};

/** Clocks, chance, the environment and the network, as names that need no import. */
export const FENCED_GLOBALS: readonly string[] = [
  'Date',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'process',
  'crypto',
  'fetch',
  'WebSocket',
  'globalThis',
  'global',
  'eval',
  'require',
];

/** Where time and chance become inputs. Never core, domain, ports, models, runtime or kernel. */
export const CLOCK_HOMES: readonly string[] = [
  'src/actors/services/',
  'src/streams/',
  'src/brokers/',
  'src/store/',
  'src/venue/',
  'src/cli/',
  'src/compose/',
  'src/gpu/service/inference-worker.ts', // How long a run takes is measured where it runs.
  'src/main.ts',
];

/** Same input, same bits, on every machine (ARCHITECTURE §4). */
export const DETERMINISTIC: readonly string[] = [
  'src/core/',
  'src/domain/',
  'src/actors/runtime/',
  'src/actors/kernel/',
];

/** Exact, or correctly rounded by IEEE 754: the rest differs between versions of Node. */
export const MATH_ALLOWED: ReadonlySet<string> = new Set([
  'abs',
  'floor',
  'ceil',
  'round',
  'trunc',
  'min',
  'max',
  'sqrt',
  'sign',
  'imul',
  'fround',
  'clz32',
  'PI',
  'LN2',
]);

/** Names whose answer depends on the machine, its language or the moment it is asked. */
export const UNSTABLE_GLOBALS: readonly string[] = [
  'Intl',
  'Promise',
  'WeakRef',
  'FinalizationRegistry',
];

export const UNSTABLE_METHODS = /^(?:localeCompare|toLocale\w*|toFixed|toPrecision)$/;
