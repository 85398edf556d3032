import type { SessionDescription, SessionReader } from '../ports/session-reader.ts';
import { align, type Step } from './align.ts';
import { type Decision, type DecisionKind, type Decisions, readDecisions } from './decisions.ts';
import type { ParityClass, Why } from './parity-classes.ts';
import { explainPairs, timeOf } from './parity-explain.ts';
import { marketDifference, type MarketShared } from './parity-market.ts';
import { isEqual, type Pair, pairDecisions, TIME } from './parity-pairs.ts';
import type { RiskFold } from './parity-state.ts';
import { type Trace, traceSession } from './parity-trace.ts';

export interface Difference {
  readonly kind: DecisionKind;
  readonly stream: string;
  readonly atUs: number;
  readonly left: Decision | undefined;
  readonly right: Decision | undefined;
  /** Names of the fields that differ, where both sides decided. */
  readonly fields: readonly string[];
  /** The last decision of the stream on which both agree. */
  readonly before: Decision | undefined;
  /** A recovery asked about the order, or learned its state later: nothing was decided anew. */
  readonly isRecovery: boolean;
  /** Where one session was live and both have had the same market: what explains it. */
  readonly why?: Why;
}

export interface KindCounts {
  left: number;
  right: number;
  equal: number;
  changed: number;
  onlyLeft: number;
  onlyRight: number;
  /** Of these, what only a recovery caused. */
  recovery: number;
}

export interface Parity {
  readonly left: SessionDescription;
  readonly right: SessionDescription;
  readonly counts: Readonly<Record<DecisionKind, KindCounts>>;
  /** In the order of time; those of recoveries too. */
  readonly differences: readonly Difference[];
  /** Differences that count: all of them where `isStrict`. */
  readonly counted: number;
  readonly isStrict: boolean;
  /** One of the sessions is larger than can be compared. */
  readonly isCut: boolean;
  /** How many differences there are of each class, where they are explained. */
  readonly classes?: Readonly<Partial<Record<ParityClass, number>>>;
  /** Events of the market that both have had; of two live sessions, bars. */
  readonly events?: number;
  readonly shared?: MarketShared;
  /** Where the markets of a live session and of another one part. */
  readonly marketDiffers?: string;
}

export interface ParityOptions {
  /** Count every difference, whatever explains it. */
  readonly isStrict: boolean;
  /** Makes risk's book; without it no difference is explained. */
  readonly riskFold?: () => RiskFold;
}

/**
 * Compares what two sessions decided. A live session and a replay of it differ by nature, and so do
 * two live sessions: there every difference is explained or stays unexplained, as long as market
 * and configuration are the same. All others must be equal. Throws as `SessionReader.read` where
 * one is damaged.
 */
export function compareSessions(
  reader: SessionReader,
  left: SessionDescription,
  right: SessionDescription,
  options: ParityOptions,
): Parity {
  const { isStrict, riskFold } = options;
  const isLive = left.isLive === true || right.isLive === true;
  if (isStrict || !isLive || riskFold === undefined || left.configHash !== right.configHash) {
    return compareStrictly(reader, left, right, isStrict);
  }
  const shared = left.isLive === true && right.isLive === true ? 'bars' : 'events';
  const traces = [left, right].map(({ sessionId }) => {
    return traceSession(reader, sessionId, riskFold(), shared);
  });
  const [one, other] = traces;
  if (one === undefined || other === undefined) return compareStrictly(reader, left, right, true);
  const marketDiffers = marketDifference(one.market, other.market);
  if (marketDiffers === undefined) return explained(left, right, one, other);
  return { ...compareStrictly(reader, left, right, isStrict), marketDiffers };
}

function explained(
  left: SessionDescription,
  right: SessionDescription,
  one: Trace,
  other: Trace,
): Parity {
  const counts = emptyCounts();
  const pairs = pairDecisions(one, other);
  for (const pair of pairs) countPair(counts, pair);
  const classes: Partial<Record<ParityClass, number>> = {};
  const differences = explainPairs(one, other, pairs).map(({ pair, why }): Difference => {
    classes[why.class] = (classes[why.class] ?? 0) + 1;
    const { kind, stream, fields } = pair;
    const sides = { left: pair.left, right: pair.right };
    const difference = { kind, stream, fields, ...sides, before: undefined, isRecovery: false };
    return { ...difference, atUs: timeOf(pair), why };
  });
  return {
    left,
    right,
    counts,
    differences,
    counted: classes.unexplained ?? 0,
    isStrict: false,
    isCut: one.collected.isCut || other.collected.isCut,
    classes,
    events: Math.min(one.market.events, other.market.events),
    shared: one.market.shared,
  };
}

function countPair(counts: Record<DecisionKind, KindCounts>, pair: Pair): void {
  const { kind, left, right } = pair;
  const row = counts[kind];
  row.left += left === undefined ? 0 : 1;
  row.right += right === undefined ? 0 : 1;
  if (isEqual(pair)) row.equal += 1;
  else if (left === undefined) row.onlyRight += 1;
  else if (right === undefined) row.onlyLeft += 1;
  else row.changed += 1;
}

function compareStrictly(
  reader: SessionReader,
  left: SessionDescription,
  right: SessionDescription,
  isStrict: boolean,
): Parity {
  const leftDecisions = readDecisions(reader, left.sessionId);
  const rightDecisions = readDecisions(reader, right.sessionId);
  const touched = new Set([...leftDecisions.touched, ...rightDecisions.touched]);
  const counts = emptyCounts();
  const differences: Difference[] = [];
  const leftStreams = streamsOf(leftDecisions);
  const rightStreams = streamsOf(rightDecisions);
  for (const stream of new Set([...leftStreams.keys(), ...rightStreams.keys()])) {
    const [a, b] = [leftStreams.get(stream) ?? [], rightStreams.get(stream) ?? []];
    let before: Decision | undefined;
    for (const step of align(a, b, keyOf)) {
      if (step.isEqual) before = step.left;
      const difference = take(step, counts, touched, before);
      if (difference !== undefined) differences.push(difference);
    }
  }
  differences.sort((one, other) => one.atUs - other.atUs);
  return {
    left,
    right,
    counts,
    differences,
    counted: differences.filter(({ isRecovery }) => isStrict || !isRecovery).length,
    isStrict,
    isCut: leftDecisions.isCut || rightDecisions.isCut,
  };
}

function take(
  { left, right, isEqual }: Step<Decision>,
  counts: Record<DecisionKind, KindCounts>,
  touched: ReadonlySet<string>,
  before: Decision | undefined,
): Difference | undefined {
  const one = left ?? right;
  if (one === undefined) return undefined;
  const row = counts[one.kind];
  row.left += left === undefined ? 0 : 1;
  row.right += right === undefined ? 0 : 1;
  if (isEqual) {
    row.equal += 1;
    return undefined;
  }
  const fields = left === undefined || right === undefined ? [] : differing(left, right);
  const isRecovery = touched.has(one.order) && isRecoverys(left, right, fields);
  if (left === undefined) row.onlyRight += 1;
  else if (right === undefined) row.onlyLeft += 1;
  else row.changed += 1;
  row.recovery += isRecovery ? 1 : 0;
  const { kind, stream } = one;
  const atUs = Math.min(left?.atUs ?? Number.POSITIVE_INFINITY, right?.atUs ?? one.atUs);
  return { kind, stream, atUs, left, right, fields, before, isRecovery };
}

/**
 * Of an order that a recovery asked about: the questions themselves, the doubt and its end, and
 * what was learned at another time but not otherwise.
 */
function isRecoverys(
  left: Decision | undefined,
  right: Decision | undefined,
  fields: readonly string[],
): boolean {
  const sides = [left, right].filter((side) => side !== undefined);
  if (sides.every(({ kind }) => kind === 'enquiries')) return true;
  const isDoubt = sides.every(
    ({ kind, fields: { standing } }) =>
      kind === 'standings' && (standing === 'unknown' || standing === 'working'),
  );
  return isDoubt || (sides.length === 2 && fields.every((field) => field === TIME));
}

function differing(left: Decision, right: Decision): readonly string[] {
  const names = new Set([...Object.keys(left.fields), ...Object.keys(right.fields)]);
  const fields = [...names].filter((name) => left.fields[name] !== right.fields[name]);
  return left.atUs === right.atUs ? fields : [TIME, ...fields];
}

function keyOf({ atUs, fields }: Decision): string {
  return JSON.stringify([atUs, fields]);
}

function streamsOf({ list }: Decisions): ReadonlyMap<string, readonly Decision[]> {
  const streams = new Map<string, Decision[]>();
  for (const decision of list) {
    const name = `${decision.kind} ${decision.stream}`;
    const stream = streams.get(name);
    if (stream === undefined) streams.set(name, [decision]);
    else stream.push(decision);
  }
  return streams;
}

function emptyCounts(): Record<DecisionKind, KindCounts> {
  const none = (): KindCounts => ({
    left: 0,
    right: 0,
    equal: 0,
    changed: 0,
    onlyLeft: 0,
    onlyRight: 0,
    recovery: 0,
  });
  return {
    moves: none(),
    signals: none(),
    refusals: none(),
    intents: none(),
    standings: none(),
    fills: none(),
    cancels: none(),
    halts: none(),
    enquiries: none(),
    adoptions: none(),
  };
}
