import { MINUTE } from '../core/time.ts';
import { align } from './align.ts';
import type { Decision, DecisionKind } from './decisions.ts';
import type { Trace } from './parity-trace.ts';

/** One decision in both sessions, or in one of them. */
export interface Pair {
  readonly kind: DecisionKind;
  readonly stream: string;
  readonly left: Decision | undefined;
  readonly right: Decision | undefined;
  readonly fields: readonly string[];
  /** What it follows from by its own name: of an answer its signal, of a fill its order. */
  readonly parent: Pair | undefined;
  /** What the other session answered to the same signal, where that is of another kind. */
  readonly instead: Decision | undefined;
}

/** Number a decision, and do not describe it: earlier ones more or less change them. */
const NUMBERS: ReadonlySet<string> = new Set(['signalId', 'sequence']);
/** The same decision is not taken farther apart than a layer is swept. */
const APART_US_MAX = 6 * MINUTE;
export const TIME = 'time';

/**
 * Pairs what two sessions decided by what it is about: moves and signals by their content, the
 * answer to a signal by the signal, an order's life by the order. Time, prices and sizes may
 * differ within a pair; why they do is another question.
 */
export function pairDecisions(left: Trace, right: Trace): readonly Pair[] {
  const pairs: Pair[] = [];
  const rows = [byStream(left), byStream(right)] as const;
  const of = (kind: DecisionKind) => streamsOf(rows, kind);
  for (const [stream, [a, b]] of of('moves')) {
    pairs.push(...alike({ kind: 'moves', stream }, a, b, moveKey));
  }
  const signals = [...of('signals')].flatMap(([stream, [a, b]]) =>
    alike({ kind: 'signals', stream }, a, b, signalKey),
  );
  const answers = answersOf(signals, left, right);
  pairs.push(...signals, ...answers);
  for (const pair of answers) {
    if (pair.kind === 'intents') pairs.push(...orderPairs(pair, rows));
  }
  pairs.push(...strangers(rows, pairs));
  for (const kind of ['halts', 'adoptions'] as const) {
    for (const [stream, [a, b]] of of(kind)) pairs.push(...inOrder({ kind, stream }, a, b));
  }
  return pairs;
}

export function isEqual({ left, right, fields }: Pair): boolean {
  return left !== undefined && right !== undefined && fields.length === 0;
}

type Rows = ReadonlyMap<string, readonly Decision[]>;
type Subject = Pick<Pair, 'kind' | 'stream'> & { readonly parent?: Pair };

function moveKey({ fields }: Decision): string {
  return `${fields['isMember']} ${fields['reason']} ${fields['score']}`;
}

/**
 * How long it was held, and how much is closed, is no part of what the signal is. Without a model
 * it is of one event, and the range that this event made; a score may find a newer one.
 */
function signalKey({ fields }: Decision): string {
  const { purpose, reason, value, stopDistance, modelVersion } = fields;
  if (reason === 'held too long' || purpose === 'flatten') return `${purpose} ${reason}`;
  const range = modelVersion === undefined ? stopDistance : '';
  return `${purpose} ${reason} ${value} ${range}`;
}

/** Pairs what has the same key; the rest stands alone. */
function alike(
  subject: Subject,
  left: readonly Decision[],
  right: readonly Decision[],
  keyOf: (decision: Decision) => string,
): readonly Pair[] {
  return align(left, right, keyOf).flatMap((step) => {
    const { left: a, right: b, isEqual: isAlike } = step;
    const isNear = Math.abs((a?.atUs ?? 0) - (b?.atUs ?? 0)) <= APART_US_MAX;
    if (isAlike && isNear) return [pairOf(subject, a, b)];
    return [
      ...(a === undefined ? [] : [pairOf(subject, a, undefined)]),
      ...(b === undefined ? [] : [pairOf(subject, undefined, b)]),
    ];
  });
}

/** Pairs in order, the equal ones first, then what stands between them on both sides. */
function inOrder(
  subject: Subject,
  left: readonly Decision[],
  right: readonly Decision[],
): readonly Pair[] {
  const keyOf = ({ fields }: Decision) => JSON.stringify(fields);
  return align(left, right, keyOf).map((step) => pairOf(subject, step.left, step.right));
}

/** Every signal has one answer: an intent or a refusal. */
function answersOf(signals: readonly Pair[], left: Trace, right: Trace): readonly Pair[] {
  const [a, b] = [answersBySignal(left), answersBySignal(right)];
  return signals.flatMap((parent) => {
    const one = a.get(parent.left?.fields['signalId'] ?? '');
    const other = b.get(parent.right?.fields['signalId'] ?? '');
    if (one === undefined && other === undefined) return [];
    if (one === undefined || other === undefined || one.kind === other.kind) {
      const subject = subjectOf(one ?? other, parent);
      return subject === undefined ? [] : [pairOf(subject, one, other)];
    }
    return [
      { ...pairOf({ ...one, parent }, one, undefined), instead: other },
      { ...pairOf({ ...other, parent }, undefined, other), instead: one },
    ];
  });
}

function subjectOf(decision: Decision | undefined, parent: Pair): Subject | undefined {
  return decision === undefined ? undefined : { ...decision, parent };
}

function answersBySignal({ collected }: Trace): ReadonlyMap<string, Decision> {
  const answers = new Map<string, Decision>();
  for (const decision of collected.list) {
    const { kind, fields } = decision;
    if (kind === 'intents' || kind === 'refusals') answers.set(fields['signalId'] ?? '', decision);
  }
  return answers;
}

const ORDER_KINDS = ['standings', 'fills', 'cancels', 'enquiries'] as const;

function orderPairs(parent: Pair, [left, right]: readonly [Rows, Rows]): readonly Pair[] {
  const [a, b] = [parent.left?.order, parent.right?.order];
  return ORDER_KINDS.flatMap((kind) => {
    const one = a === undefined ? [] : (left.get(`${kind} ${a}`) ?? []);
    const other = b === undefined ? [] : (right.get(`${kind} ${b}`) ?? []);
    return inOrder({ kind, stream: a ?? b ?? '', parent }, one, other);
  });
}

/** Of orders that neither session intended, or whose signal is not known. */
function strangers(rows: readonly [Rows, Rows], known: readonly Pair[]): readonly Pair[] {
  const paired = new Set(known.flatMap(({ left, right }) => [left, right]));
  return (['intents', 'refusals', ...ORDER_KINDS] as const).flatMap((kind) =>
    [...streamsOf(rows, kind)].flatMap(([stream, [a, b]]) =>
      inOrder(
        { kind, stream },
        a.filter((one) => !paired.has(one)),
        b.filter((one) => !paired.has(one)),
      ),
    ),
  );
}

function pairOf(
  { kind, stream, parent }: Subject,
  left: Decision | undefined,
  right: Decision | undefined,
): Pair {
  const fields = left === undefined || right === undefined ? [] : differing(left, right);
  return { kind, stream, left, right, fields, parent, instead: undefined };
}

function differing(left: Decision, right: Decision): readonly string[] {
  const names = new Set([...Object.keys(left.fields), ...Object.keys(right.fields)]);
  const fields = [...names].filter(
    (name) => !NUMBERS.has(name) && left.fields[name] !== right.fields[name],
  );
  return left.atUs === right.atUs ? fields : [TIME, ...fields];
}

function byStream({ collected }: Trace): Rows {
  const rows = new Map<string, Decision[]>();
  for (const decision of collected.list) {
    const key = `${decision.kind} ${decision.stream}`;
    const row = rows.get(key);
    if (row === undefined) rows.set(key, [decision]);
    else row.push(decision);
  }
  return rows;
}

function* streamsOf(
  [left, right]: readonly [Rows, Rows],
  kind: DecisionKind,
): Iterable<readonly [string, readonly [readonly Decision[], readonly Decision[]]]> {
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    if (!key.startsWith(`${kind} `)) continue;
    yield [key.slice(kind.length + 1), [left.get(key) ?? [], right.get(key) ?? []]];
  }
}
