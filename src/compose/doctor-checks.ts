import { ConfigError } from '../cli/config-error.ts';
import type { Check, Finding } from '../cli/doctor.ts';
import { loadConfig, type ResolvedConfig } from '../cli/load-config.ts';
import { type BackendFacts, INSPECTED_ROWS, inspectInference } from '../gpu/inspect-inference.ts';
import { inspectProviders, type ProviderFacts } from '../gpu/inspect-providers.ts';
import { PLAIN_RUNTIME } from '../gpu/plain/plain-model.ts';
import type { VerbOptions } from '../cli/verbs.ts';
import { parseCard } from '../models/artefact/card.ts';
import { modelFolders, sessionModels } from './session-models.ts';
import { storeCheck } from './store-feed/store-check.ts';
import { polygonCheck } from './polygon-check.ts';
import { isKeyText, KEY_VARIABLES } from './live/paper-place.ts';

type Found = Omit<Finding, 'name'>;

/** What only the composed product can look at: stores, how models run, and whether keys are set. */
export function composedChecks(
  environment: Readonly<Record<string, string | undefined>>,
): (options: VerbOptions) => readonly Check[] {
  return ({ dataDir, config }) => [
    storeCheck({ dataDir, config, profile: 'demo', environment }),
    storeCheck({ dataDir, config, profile: 'paper', environment }),
    { name: 'models', run: () => models(dataDir, config) },
    { name: 'backends', run: () => backends(environment) },
    { name: 'keys', run: () => keys(environment) },
    polygonCheck({ environment, market: readable(config)?.config.market }),
  ];
}

/** Those of the demo, or of the user's own settings: a line for each, which version it is. */
async function models(dataDir: string, file: string | undefined): Promise<Found> {
  const resolved = readable(file);
  if (resolved === undefined) {
    // That fails once, under its own name.
    const what = 'not looked at: the configuration cannot be read';
    return { state: 'warn', what, action: 'Correct the configuration first.' };
  }
  const { shadow, backend } = resolved.config.predictions;
  const clock = { wallMs: () => performance.now() };
  const facts: BackendFacts[] = [];
  const details: string[] = [];
  const sources = sessionModels(resolved.config, modelFolders(dataDir), resolved);
  for (const [at, source] of sources.entries()) {
    const found = await inspectInference({ source, clock });
    facts.push(...found);
    const isShadow = at >= sources.length - shadow.length;
    const { version } = parseCard(source.card);
    const rank = (one: BackendFacts) => (one.backend === backend ? 0 : 1);
    const ways = found.toSorted((left, right) => rank(left) - rank(right)).map(described);
    details.push(`${version}${isShadow ? ' (shadow)' : ''}: ${ways.join(', ')}`);
  }
  if (details.length === 0) return { state: 'ok', what: 'no session asks any', action: '' };
  const what = `first the backend that scores; times of 1 row and of ${INSPECTED_ROWS}`;
  if (!facts.some(({ isReady }) => isReady)) {
    return { state: 'fail', what, details, action: 'No model can run: see the reasons.' };
  }
  // TensorFlow.js is what a user adds; nobody misses it.
  const isUsualReady = facts.every((one) => one.isReady || one.backend === 'tensorflow');
  const action = isUsualReady
    ? ''
    : 'npm install onnxruntime-node, or use predictions.backend plain.';
  return { state: isUsualReady ? 'ok' : 'warn', what, details, action };
}

function readable(file: string | undefined): ResolvedConfig | undefined {
  try {
    return loadConfig('demo', file);
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
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
  const { backend } = facts;
  if (!facts.isReady && facts.code === 'TENSORFLOW_UNAVAILABLE') return `${backend} not installed`;
  if (!facts.isReady) return `${backend} not here (${facts.code}: ${facts.reason})`;
  const { oneRowUs, batchUs, runtime } = facts;
  if (runtime === PLAIN_RUNTIME && backend !== 'plain') return `${backend} leaves it to plain`;
  return `${backend} ${timeText(oneRowUs)} and ${timeText(batchUs)}`;
}

function timeText(us: number): string {
  return us < 1_000 ? `${us.toFixed(0)} us` : `${(us / 1_000).toFixed(1)} ms`;
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
