import { constructs } from './constructs.ts';
import { clocks, determinism } from './determinism.ts';
import { fences, layers } from './imports.ts';
import { limits } from './limits.ts';
import { names, queues } from './names.ts';
import type { Rule } from './source.ts';
import { testWords, unfinished } from './test-words.ts';

/** What is asked of every file on its own. */
export const RULES: readonly Rule[] = [
  limits,
  constructs,
  clocks,
  determinism,
  fences,
  layers,
  names,
  queues,
  testWords,
  unfinished,
];
