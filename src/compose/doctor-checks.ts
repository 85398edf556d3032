import type { Check, Finding } from '../cli/doctor.ts';
import { loadConfig } from '../cli/load-config.ts';
import { type BackendFacts, INSPECTED_ROWS, inspectInference } from '../gpu/inspect-inference.ts';
import { inspectProviders, type ProviderFacts } from '../gpu/inspect-providers.ts';
import type { VerbOptions } from '../cli/verbs.ts';
import { sessionModels } from './session-models.ts';
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
    { name: 'backends', run: () => backends(environment) },
    { name: 'keys', run: () => keys(environment) },
  ];
}

async function models(): Promise<Found> {
  const { config } = loadConfig('demo');
  const clock = { wallMs: () => performance.now() };
  const facts: BackendFacts[] = [];
  for (const source of sessionModels(config))
    facts.push(...(await inspectInference({ source, clock })));
  const isAnyReady = facts.some(({ isReady }) => isReady);
  const what = `${config.predictions.models.join(' + ')}: ${facts.map(described).join('; ')}`;
  if (!isAnyReady) return { state: 'fail', what, action: 'No model can run: see the reasons.' };
  // TensorFlow.js is what a user adds; nobody misses it.
  const isUsualReady = facts.every(({ backend, isReady }) => isReady || backend === 'tensorflow');
  const action = isUsualReady
    ? ''
    : 'npm install onnxruntime-node, or use predictions.backend plain.';
  return { state: isUsualReady ? 'ok' : 'warn', what, action };
}

/** Which backend scores in a session, and where onnxruntime could compute. */
async function backends(environment: Readonly<Record<string, string | undefined>>): Promise<Found> {
  const { backend, executionProviders, isSoftwareAdapterAllowed } =
    loadConfig('demo').config.predictions;
  const isSoftwareAllowed = isSoftwareAdapterAllowed;
  const providers = await inspectProviders({ environment, isSoftwareAllowed });
  const wanted = [...executionProviders, 'cpu'];
  const isUsable = (name: string) => providers.some((one) => one.provider === name && one.isReady);
  const used = wanted.find(isUsable);
  const place = used === undefined ? '' : ` on ${used}`;
  const who = backend === 'onnx' && used === undefined ? 'plain' : backend;
  const chosen = `${who}${who === 'onnx' ? place : ''} scores (predictions.backend: ${backend})`;
  const what = [chosen, ...providers.map(provided)].join('; ');
  if (who === backend) return { state: 'ok', what, action: '' };
  return { state: 'warn', what, action: 'npm install onnxruntime-node, or choose plain.' };
}

function provided({ provider, isReady, why }: ProviderFacts): string {
  return `onnxruntime on ${provider}: ${isReady ? '' : 'no, '}${why}`;
}

function described(facts: BackendFacts): string {
  if (!facts.isReady && facts.code === 'TENSORFLOW_UNAVAILABLE') {
    return `${facts.backend}: not installed`;
  }
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
