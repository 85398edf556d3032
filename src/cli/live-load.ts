import { bytesText, count, measure } from './figures.ts';

/** How hard a live session works: what a person looks at before asking why it is slow. */
export interface LiveLoad {
  readonly loop: LoopLoad;
  readonly feed: FeedLoad;
  /** Everything that waits for something else, by name. */
  readonly queues: Readonly<Record<string, QueueLoad>>;
  /** What did not reach the kernel as it was sent, or did not leave, by name. */
  readonly drops: Readonly<Record<string, number>>;
  readonly memory: { readonly rssBytes: number; readonly rssBytesMost: number };
  /** Left out where nothing is scored. */
  readonly inference?: InferenceLoad;
}

/** What became of questions to models, and how long their batches took. */
export interface InferenceLoad {
  readonly counts: Readonly<Record<string, number>>;
  readonly layers: Readonly<Record<string, LayerLoad>>;
  /** By the version that computed last. */
  readonly models: Readonly<Record<string, ModelLoad>>;
}

export interface LayerLoad {
  readonly batches: number;
  readonly rowsP50: number;
  readonly rowsMost: number;
  readonly waitP50Ms: number;
  readonly waitP99Ms: number;
  readonly answerP99Ms: number;
  readonly deadlineMisses: number;
}

export interface ModelLoad {
  readonly rows: number;
  readonly runP50Ms: number;
  readonly runP99Ms: number;
  readonly faults: number;
  readonly deadlineMisses: number;
}

/** How late the event loop came to what was due, in wall time. */
export interface LoopLoad {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** How old market data are when they are received, in wall time; the most that was looked at. */
export interface FeedLoad {
  readonly lagMs: number;
  readonly lagMsMost: number;
}

export interface QueueLoad {
  readonly now: number;
  readonly most: number;
  readonly max: number;
}

export function loadRows(load: LiveLoad): readonly (readonly [string, string])[] {
  const { loop, feed, queues, drops, memory } = load;
  const late = `p50 ${measure(loop.p50Ms)} ms, p99 ${measure(loop.p99Ms)} ms`;
  const lag = `${measure(feed.lagMs)} ms behind, at most ${measure(feed.lagMsMost)} ms`;
  const lines = Object.entries(queues).map(
    ([name, { most, max }]) => `${name} ${count(most)} of ${count(max)}`,
  );
  const lost = Object.entries(drops).filter(([, many]) => many > 0);
  const named = lost.map(([name, many]) => `${name} ${count(many)}`).join(', ');
  return [
    ['loop', `late by ${late}, at most ${measure(loop.maxMs)} ms`],
    ['feed', lag],
    ['queues', `at most ${lines.join(', ')}`],
    ['drops', named === '' ? 'none' : named],
    ['memory', `${bytesText(memory.rssBytes)}, at most ${bytesText(memory.rssBytesMost)}`],
    ...(load.inference === undefined ? [] : inferenceRows(load.inference)),
  ];
}

function inferenceRows(load: InferenceLoad): readonly (readonly [string, string])[] {
  const counted = Object.entries(load.counts).filter(([, many]) => many > 0);
  const layers = Object.entries(load.layers).map(([name, layer]) => {
    const { batches, rowsP50, waitP50Ms, waitP99Ms, answerP99Ms, deadlineMisses } = layer;
    const waited = `wait p50 ${measure(waitP50Ms)} ms, p99 ${measure(waitP99Ms)} ms`;
    const rows = `${count(batches)} batches of ${count(rowsP50)} rows (p50)`;
    const answered = `answer p99 ${measure(answerP99Ms)} ms, late ${count(deadlineMisses)}`;
    return `${name}: ${rows}, ${waited}, ${answered}`;
  });
  const models = Object.entries(load.models).map(([name, model]) => {
    const { rows, runP50Ms, runP99Ms, faults } = model;
    const ran = `run p50 ${measure(runP50Ms)} ms, p99 ${measure(runP99Ms)} ms`;
    return `${name}: ${count(rows)} rows, ${ran}, faults ${count(faults)}`;
  });
  const named = counted.map(([name, many]) => `${name} ${count(many)}`).join(', ');
  return [
    ['inference', named === '' ? 'nothing was asked' : named],
    ...layers.map((text) => ['', text] as const),
    ...models.map((text) => ['', text] as const),
  ];
}

/** As it comes over the control channel; undefined where there is none in it. */
export function readLoad(answer: Readonly<Record<string, unknown>>): LiveLoad | undefined {
  return isLoad(answer) ? answer : undefined;
}

function isLoad(answer: object): answer is LiveLoad {
  const { loop, feed, queues, drops, memory, inference } = fieldsOf(answer);
  return (
    isNumbers(loop, ['p50Ms', 'p99Ms', 'maxMs']) &&
    isNumbers(feed, ['lagMs', 'lagMsMost']) &&
    isNumbers(memory, ['rssBytes', 'rssBytesMost']) &&
    isNumbers(drops, []) &&
    Object.values(fieldsOf(queues)).every((queue) => isNumbers(queue, ['now', 'most', 'max'])) &&
    (inference === undefined || isInference(inference))
  );
}

function isInference(value: unknown): boolean {
  const { counts, layers, models } = fieldsOf(value);
  const all = (named: unknown, names: readonly string[]): boolean =>
    Object.values(fieldsOf(named)).every((one) => isNumbers(one, names));
  return (
    isNumbers(counts, []) &&
    all(layers, LAYER_NAMES) &&
    all(models, ['rows', 'runP50Ms', 'runP99Ms'])
  );
}

const LAYER_NAMES = ['batches', 'rowsP50', 'waitP50Ms', 'waitP99Ms', 'answerP99Ms'];

/** Nothing but numbers, and these of them. */
function isNumbers(value: unknown, names: readonly string[]): boolean {
  const fields = fieldsOf(value);
  const isThere = value !== undefined && names.every((name) => name in fields);
  return isThere && Object.values(fields).every((one) => typeof one === 'number');
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' ? { ...value } : {};
}
