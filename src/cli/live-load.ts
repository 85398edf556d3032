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
  ];
}

/** As it comes over the control channel; undefined where there is none in it. */
export function readLoad(answer: Readonly<Record<string, unknown>>): LiveLoad | undefined {
  return isLoad(answer) ? answer : undefined;
}

function isLoad(answer: object): answer is LiveLoad {
  const { loop, feed, queues, drops, memory } = fieldsOf(answer);
  return (
    isNumbers(loop, ['p50Ms', 'p99Ms', 'maxMs']) &&
    isNumbers(feed, ['lagMs', 'lagMsMost']) &&
    isNumbers(memory, ['rssBytes', 'rssBytesMost']) &&
    isNumbers(drops, []) &&
    Object.values(fieldsOf(queues)).every((queue) => isNumbers(queue, ['now', 'most', 'max']))
  );
}

/** Nothing but numbers, and these of them. */
function isNumbers(value: unknown, names: readonly string[]): boolean {
  const fields = fieldsOf(value);
  const isThere = value !== undefined && names.every((name) => name in fields);
  return isThere && Object.values(fields).every((one) => typeof one === 'number');
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' ? { ...value } : {};
}
