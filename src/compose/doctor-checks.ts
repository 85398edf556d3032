import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check, Finding } from '../cli/doctor.ts';
import { CONFIG_FOLDER, loadConfig } from '../cli/load-config.ts';
import { type BackendFacts, INSPECTED_ROWS, inspectInference } from '../gpu/inspect-inference.ts';
import type { VerbOptions } from '../cli/verbs.ts';
import { featuresOf } from './kernel-options.ts';
import { storeCheck } from './store-feed/store-check.ts';
import { isKeyText, KEY_VARIABLES } from './live/paper-place.ts';

type Found = Omit<Finding, 'name'>;

/** What only the composed product can look at: stores, how models run, and whether keys are set. */
export function composedChecks(
  environment: Readonly<Record<string, string | undefined>>,
): (options: VerbOptions) => readonly Check[] {
  return ({ dataDir, config }) => [
    storeCheck({ profile: 'demo', config, dataDir, environment }),
    storeCheck({ profile: 'paper', config, dataDir, environment }),
    { name: 'models', run: models },
    { name: 'keys', run: () => keys(environment) },
  ];
}

async function models(): Promise<Found> {
  const { config } = loadConfig('demo');
  const { predictions } = config;
  const { layoutHash, width } = featuresOf(config);
  const json = readFileSync(join(CONFIG_FOLDER, 'models', `${predictions.model}.json`), 'utf8');
  const clock = { wallMs: () => performance.now() };
  const facts = await inspectInference({ source: { json, layoutHash, width }, clock });
  const isAnyReady = facts.some(({ isReady }) => isReady);
  const what = facts.map(described).join('; ');
  if (!isAnyReady) return { state: 'fail', what, action: 'No model can run: see the reasons.' };
  const isAllReady = facts.every(({ isReady }) => isReady);
  const action = isAllReady
    ? ''
    : 'npm install onnxruntime-node, or use predictions.backend plain.';
  return { state: isAllReady ? 'ok' : 'warn', what, action };
}

function described(facts: BackendFacts): string {
  if (!facts.isReady) return `${facts.backend}: not here (${facts.code}: ${facts.reason})`;
  const { backend, runtime, oneRowUs, batchUs } = facts;
  const times = `1 row ${oneRowUs.toFixed(0)} us, ${INSPECTED_ROWS} rows ${batchUs.toFixed(0)} us`;
  return `${backend}: ${runtime}, ${times}`;
}

/** Their values are never looked at, and a session at the embedded venue needs none. */
function keys(environment: Readonly<Record<string, string | undefined>>): Found {
  const missing = KEY_VARIABLES.filter((name) => (environment[name] ?? '') === '');
  const odd = KEY_VARIABLES.filter((name) => !isKeyText(environment[name] ?? 'unset'));
  if (missing.length === 0 && odd.length > 0) {
    const what = `${odd.join(' and ')}: characters that no key has`;
    return { state: 'fail', what, action: 'Copy the key again, without spaces and line breaks.' };
  }
  if (missing.length === 0) {
    return { state: 'ok', what: 'set for strata trade --mode paper', action: '' };
  }
  const what = `${missing.join(' and ')} not set: only the embedded venue can be traded`;
  return { state: 'ok', what, action: '' };
}
