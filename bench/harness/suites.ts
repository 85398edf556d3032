import { batchBits } from '../suites/batch-bits.ts';
import { features } from '../suites/features.ts';
import { eachIndicator, indicators } from '../suites/indicators.ts';
import { inference } from '../suites/inference.ts';
import { inferenceService } from '../suites/inference-service.ts';
import { journal } from '../suites/journal.ts';
import { kernel } from '../suites/kernel.ts';
import { latency } from '../suites/latency.ts';
import { live } from '../suites/live.ts';
import { memory } from '../suites/memory.ts';
import { messages } from '../suites/messages.ts';
import { replay } from '../suites/replay.ts';
import { stores } from '../suites/stores.ts';
import type { Suite } from './suite.ts';
import { training } from '../suites/training.ts';
import { trees } from '../suites/trees.ts';

/** What `strata bench` runs when no suite is named, in this order. */
export const SUITES: readonly Suite[] = [
  replay,
  latency,
  memory,
  messages,
  kernel,
  journal,
  live,
  indicators,
  features,
  stores,
  training,
  trees,
  inferenceService,
  inference,
  batchBits,
];

/** Run only when named: they take long, or need what few machines have. */
export const SUITES_ASKED_FOR: readonly Suite[] = [eachIndicator];
