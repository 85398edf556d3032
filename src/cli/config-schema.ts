import { z } from 'zod';
import { formatMoney, parseMoney } from '../core/money.ts';
import { MS } from '../core/time.ts';
import { barKindFault } from '../domain/market/bars/bar-kind.ts';
import { BACKEND_NAMES, EXECUTION_PROVIDERS } from '../ports/inference-backend.ts';
import { codecOfPolygon, feedOfPolygon, hostOfPolygon, polygonSection } from './config-polygon.ts';
import { storeSection } from './config-store.ts';
import { trainingSection } from './config-training.ts';

/**
 * Every setting, its limits and the one place of its default. `config/default.yaml` shows them with
 * their reasons; a test keeps the two equal. Units are in the names, a ratio is 0 to 1 (0.02 is two
 * per cent), money is decimal text in dollars, and an unknown key is an error.
 */
const fraction = () => z.number().gt(0).max(1);
const positive = () => z.number().gt(0).max(1_000_000_000);
const count = (max: number) => z.int().min(1).max(max);
const milliseconds = (max = DAY_MS) => z.int().min(0).max(max);

const DAY_MS = 86_400_000;
const BYTES_MAX = 1e15;

const accountSection = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,20}$/, 'must be 1 to 20 letters, digits or hyphens')
    .default('PAPER'),
  startingCash: money('100000.00'),
});

const marketSection = z
  .strictObject({
    provider: z.enum(['alpaca', 'polygon']).default('alpaca'),
    cadence: z.enum(['bar', 'event']).default('bar'),
    observes: z.enum(['rule', 'standard']).default('rule'),
    barSpanMs: milliseconds()
      .min(1_000)
      .refine(...ofBars())
      .default(60_000),
    barGraceMs: milliseconds(60_000).default(250),
    bars: z.enum(['trades', 'venue']).default('trades'),
    feed: z.enum(['iex', 'sip', 'delayed_sip']).default('iex'),
    codec: z.enum(['msgpack', 'json']).default('msgpack'),
    slots: z.int().min(0).max(10_000).default(0),
    silenceMsMax: milliseconds(600_000).min(100).default(5_000),
    polygon: polygonSection.prefault({}),
  })
  .refine(...feedOfPolygon())
  .refine(...codecOfPolygon())
  .refine(...hostOfPolygon());

const layer1Section = z
  .strictObject({
    priceMin: money('3.00'),
    dollarVolume20Min: z.number().min(0).max(1e12).default(5_000_000),
    historyDaysMin: count(250).default(5),
    spreadBpsMax: positive().default(50),
    enterRatio: positive().default(1),
    leaveRatio: positive().default(0.8),
    capRatio: fraction().default(0.25),
    floor: count(10_000).default(20),
  })
  .refine(...atMost('leaveRatio', 'enterRatio'));

const layer2Section = z
  .strictObject({
    enterScore: z.number().min(0).max(100).default(1.5),
    leaveScore: z.number().min(0).max(100).default(0.8),
    dwellMs: milliseconds().default(300_000),
    floor: count(10_000).default(15),
    cap: count(10_000).default(200),
  })
  .refine(...atMost('leaveScore', 'enterScore'))
  .refine(...atMost('floor', 'cap'));

const featuresSection = z.strictObject({
  derived: expressions(),
  scanners: expressions(),
  layout: z.array(z.string().min(1).max(100)).max(1_000).default([]),
});

const meanReversionSection = z
  .strictObject({
    isEnabled: z.boolean().default(true),
    zEnter: positive().default(2),
    zExit: z.number().min(0).max(100).default(0.5),
    zStop: positive().default(4),
    holdMsMax: milliseconds().min(1_000).default(1_800_000),
    newsQuietMs: milliseconds().default(300_000),
  })
  .refine(...below('zExit', 'zEnter'))
  .refine(...below('zEnter', 'zStop'));

const momentumSection = z
  .strictObject({
    isEnabled: z.boolean().default(true),
    scoreEnter: fraction().default(0.6),
    scoreExit: fraction().default(0.5),
    holdMsMax: milliseconds().min(1_000).default(1_800_000),
  })
  .refine(...atMost('scoreExit', 'scoreEnter'));

/** Rows of a layer in a batch, how long its first row waits, and how old features may be. */
const batches = (batchMax: number, waitMsMax: number, freshnessMsMax: number) =>
  z
    .strictObject({
      batchMax: count(65_536).default(batchMax),
      // Longer, and half of the time that an inference has is gone.
      waitMsMax: milliseconds(250).default(waitMsMax),
      freshnessMsMax: milliseconds().min(1).default(freshnessMsMax),
    })
    .prefault({});

const MODELS_MAX = 9;
/** Rows of a symbol that its predictions keep: more would be a store of its own. */
const WINDOW_MAX = 256;
const HORIZON_BARS_MAX = 390;
const modelName = z
  .string()
  .regex(
    /^[a-z0-9-]{1,64}(?:@[0-9a-f]{8})?$/,
    'must be the name of a model, such as momentum-mlp, or with a version: momentum-mlp@1a2b3c4d',
  );
const modelNames = z.array(modelName).max(MODELS_MAX);

const predictionsSection = z.strictObject({
  models: modelNames.min(1).default(['momentum-mlp']),
  shadow: modelNames.default([]),
  window: z.int().min(1).max(WINDOW_MAX).default(1),
  horizonBars: z.int().min(1).max(HORIZON_BARS_MAX).default(30),
  vote: z
    .strictObject({
      thresholds: z.record(modelName, z.number().min(0).lt(1)).default({}),
      votesLeast: z.int().min(1).max(MODELS_MAX).default(2),
      boosts: z.array(z.number().min(1).max(2)).min(1).max(MODELS_MAX).default([1.1, 1.2]),
    })
    .prefault({}),
  backend: z.enum(BACKEND_NAMES).default('plain'),
  executionProviders: z.array(z.enum(EXECUTION_PROVIDERS)).max(3).default([]),
  isSoftwareAdapterAllowed: z.boolean().default(false),
  // A grid of no width would never cut a batch.
  batchMs: milliseconds(10_000).min(1).default(5),
  // An answer after the half second that an inference has would never count.
  latencyMs: milliseconds(499).default(20),
  inFlightMax: count(100_000).default(64),
  rowsMax: count(65_536).default(256),
  layers: z
    .strictObject({
      layer3: batches(10, 0, 30_000),
      layer2: batches(50, 2, 300_000),
      layer1: batches(200, 5, 3_600_000),
      layer0: batches(1_000, 20, DAY_MS),
    })
    .prefault({}),
});

const riskSection = z
  .strictObject({
    fractionPerTrade: z.number().gt(0).max(0.1).default(0.01),
    stopDistanceAtr: z.number().gt(0).max(100).default(2),
    positionNotionalMax: money('10000.00'),
    positionsMax: count(1_000).default(20),
    sectorExposureMax: fraction().default(0.4),
    grossExposureMax: z.number().gt(0).max(4).default(1),
    dailyLossMax: fraction().default(0.02),
    quoteAgeMsMax: milliseconds().min(1).default(5_000),
    barAgeMsMax: milliseconds().min(1).default(180_000),
    spreadBpsMax: positive().default(50),
    ordersPerSecondMax: count(1_000).default(20),
    orderNotionalMax: money('12500.00'),
    orderNotionalMin: money('500.00'),
    entriesPerSymbolMax: count(1_000).default(10),
    flattenBeforeCloseMs: milliseconds(23_400_000).default(300_000),
  })
  // A position that may grow past the largest order could not be closed with one.
  .refine(...atMost('positionNotionalMax', 'orderNotionalMax'))
  // No entry would ever be large enough.
  .refine(...atMost('orderNotionalMin', 'positionNotionalMax'));

const executionSection = z
  .strictObject({
    orderDeadlineMs: milliseconds(60_000).min(1).default(5_000),
    unfilledCancelMs: milliseconds().min(1).default(60_000),
    settlingMs: milliseconds(600_000).min(1).default(30_000),
    enquiryRetryMs: milliseconds(600_000).min(1).default(5_000),
    limitOffsetBps: z.number().min(0).max(1_000).default(5),
    reconcileMs: milliseconds().default(0),
  })
  // "Not found" proves nothing while the request may still be on its way.
  .refine(...atMost('orderDeadlineMs', 'settlingMs'));

const brokerSection = z
  .strictObject({
    mode: z.enum(['paper', 'realistic']).default('paper'),
    feedLatencyMs: milliseconds(60_000).default(1),
    orderLatencyMs: milliseconds(60_000).default(15),
    answerLatencyMs: milliseconds(60_000).default(15),
    barSpreadBps: z.number().min(0).max(1_000).default(2),
    partialFillChance: z.number().min(0).max(1).default(0),
    requestsPerMinute: count(100_000).default(200),
    requestsKept: z.int().min(0).max(100_000).default(40),
  })
  // Else no entry would ever be sent.
  .refine(...below('requestsKept', 'requestsPerMinute'));

const servicesSection = z
  .strictObject({
    backoffMinMs: milliseconds(60_000).min(1).default(250),
    backoffMaxMs: milliseconds(600_000).min(1).default(30_000),
    restartsMax: z.int().min(0).max(1_000).default(5),
    withinMs: milliseconds().min(1).default(60_000),
    hungMs: milliseconds(600_000).min(100).default(10_000),
    inFlightMax: count(100_000).default(256),
  })
  .refine(...atMost('backoffMinMs', 'backoffMaxMs'));

const journalSection = z
  .strictObject({
    durability: z.enum(['fsync', 'os', 'none']).default('fsync'),
    bytesMax: count(BYTES_MAX).default(20_000_000_000),
    segmentBytesMax: count(BYTES_MAX).default(268_435_456),
    blockBytesMax: z.int().min(2_048).max(1_048_576).default(65_536),
    snapshotEveryRecords: count(1_000_000_000).default(200_000),
    compress: z.enum(['closed', 'none']).default('closed'),
  })
  .refine(...below('blockBytesMax', 'segmentBytesMax'))
  .refine(...atMost('segmentBytesMax', 'bytesMax'));

const runtimeSection = z.strictObject({
  // A frame of the seeded market has up to 256 events, and is never divided.
  turnEventsMax: z.int().min(256).max(65_536).default(1_024),
  turnFramesMax: count(65_536).default(64),
  // A turn of many symbols at the open sends thousands: fewer would stop a sound session.
  turnMessagesMax: z.int().min(10_000).max(1_000_000_000).default(1_000_000),
  turnMsMax: milliseconds(600_000).min(100).default(5_000),
});

const tradeSection = z.strictObject({
  ordersAtStop: z.enum(['cancel', 'keep']).default('cancel'),
  stopMsMax: milliseconds(600_000).min(100).default(10_000),
  haltFile: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be a plain file name, such as HALT')
    .default('HALT'),
});

const demoSection = z.strictObject({
  seed: z.int().min(0).default(7),
  symbols: count(10_000).default(500),
  speed: z.number().gt(0).max(100_000).default(60),
});

const logSection = z.strictObject({
  level: z.enum(['debug', 'info', 'warn', 'error', 'fatal']).default('info'),
});

export const Config = z.strictObject({
  account: accountSection.prefault({}),
  market: marketSection.prefault({}),
  universe: z
    .strictObject({ layer1: layer1Section.prefault({}), layer2: layer2Section.prefault({}) })
    .prefault({}),
  features: featuresSection.prefault({}),
  strategies: z
    .strictObject({
      meanReversion: meanReversionSection.prefault({}),
      momentum: momentumSection.prefault({}),
    })
    .prefault({}),
  predictions: predictionsSection.prefault({}),
  risk: riskSection.prefault({}),
  execution: executionSection.prefault({}),
  broker: brokerSection.prefault({}),
  journal: journalSection.prefault({}),
  services: servicesSection.prefault({}),
  runtime: runtimeSection.prefault({}),
  trade: tradeSection.prefault({}),
  store: storeSection.prefault({}),
  training: trainingSection.prefault({}),
  demo: demoSection.prefault({}),
  log: logSection.prefault({}),
});

type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;

export type Config = Frozen<z.infer<typeof Config>>;

/** Printed as `(private)` when a description is redacted. */
export const PRIVATE_KEYS: readonly string[] = ['account.id', 'account.startingCash'];

/**
 * Settings that change what is seen and never what is decided: they leave the hash alone, so that a
 * session goes on, and verifies, at any speed. Who told of the market is one of them: the journal
 * has what was told, and two that tell the same decide the same.
 */
export const OBSERVING_KEYS: readonly string[] = [
  'demo.speed',
  'journal.compress',
  'log.level',
  'market.provider',
];

/** Whole groups of such settings. */
export const OBSERVING_GROUPS: readonly string[] = ['store.', 'training.', 'market.polygon.'];

/** What `config/schema.json` holds, for editors: JSON Schema of a whole or partial file. */
export function configJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(Config, { io: 'input' }), undefined, 2)}\n`;
}

/** Decimal text, as brokers write it. `3` and `3.0` become `3.00`, so that they hash alike. */
function money(dollars: string) {
  return z
    .string({ error: 'must be dollars as decimal text in quotes' })
    .regex(/^\d{1,11}(?:\.\d{1,4})?$/, 'must be dollars with at most 4 places, such as 100000.00')
    .refine((text) => Number(text) !== 0, 'must be above 0')
    .overwrite((text) => {
      const ticks = parseMoney(text);
      return ticks === undefined ? text : formatMoney(ticks);
    })
    .default(dollars);
}

/** A span that bars may have. */
function ofBars(): [holds: (ms: number) => boolean, fault: string] {
  const isOne = (ms: number) => barKindFault({ kind: 'time', spanUs: ms * MS }) === undefined;
  return [isOne, 'must be whole seconds that divide a day or a session of 6.5 hours'];
}

/** Names with their expressions; what those say is checked where they are used. */
function expressions() {
  const name = z
    .string()
    .regex(/^[a-z][A-Za-z0-9]{0,63}$/, 'must be a name of letters and digits, such as dipInTrend');
  const text = z
    .string()
    .regex(/^[^]{1,500}$/, 'must be an expression of at most 500 characters, such as rsi14 < 30');
  return z
    .record(name, text)
    .refine((all) => Object.keys(all).length <= EXPRESSIONS_MAX, 'must be at most 200 expressions')
    .default({});
}

const EXPRESSIONS_MAX = 200;

type Limits<K extends string> = Readonly<Record<K, number | string>>;
type Check<K extends string> = [
  holds: (section: Limits<K>) => boolean,
  fault: { path: [K]; params: { other: K }; message: string },
];

/** The fault names both keys, so that it is shown where the later of the two was set. */
function below<K extends string>(low: K, high: K): Check<K> {
  return [
    (section) => Number(section[low]) < Number(section[high]),
    { path: [low], params: { other: high }, message: `must be below ${high}` },
  ];
}

function atMost<K extends string>(low: K, high: K): Check<K> {
  return [
    (section) => Number(section[low]) <= Number(section[high]),
    { path: [low], params: { other: high }, message: `must not be above ${high}` },
  ];
}
