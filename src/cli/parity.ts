import type { SessionDescription, SessionReader } from '../ports/session-reader.ts';
import { align, type Step } from './align.ts';
import {
  type Decision,
  DECISION_KINDS,
  type DecisionKind,
  type Decisions,
  readDecisions,
} from './decisions.ts';
import { count, dateOf, exactClock, plural } from './figures.ts';

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
}

/** Compares what two sessions decided. Throws as `SessionReader.read` where one is damaged. */
export function compareSessions(
  reader: SessionReader,
  left: SessionDescription,
  right: SessionDescription,
  options: { readonly isStrict: boolean },
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
  const { isStrict } = options;
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

/** The name under which a difference in time is listed among the fields. */
const TIME = 'time';

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

export const DIFFERENCES_SHOWN_MAX = 10;

/** For people: a table by kind, then the first differences with what both sides say. */
export function renderParity(parity: Parity): string {
  const { left, right, counts, differences, counted, isStrict } = parity;
  const recovery = differences.filter(({ isRecovery }) => isRecovery).length;
  const shown = differences.filter(({ isRecovery }) => isStrict || !isRecovery);
  const lines = [
    `A ${left.sessionId} (${left.kind}: ${left.source})`,
    `B ${right.sessionId} (${right.kind}: ${right.source})`,
    ...headerLines(left, right),
    '',
    `${'decisions'.padEnd(10)}${HEADS.map((head) => head.padStart(10)).join('')}`,
    ...DECISION_KINDS.map((kind) => countsLine(kind, counts[kind])),
    '',
  ];
  if (parity.isCut) lines.push('The sessions hold more decisions than can be compared.');
  if (recovery > 0 && !isStrict) {
    lines.push(`${plural(recovery, 'difference')} caused by recovery alone, not counted.`);
  }
  if (counted === 0) lines.push('No difference in what was decided.');
  else {
    lines.push(`${plural(counted, 'difference')}; the first may have caused the others:`);
    for (const one of shown.slice(0, DIFFERENCES_SHOWN_MAX)) lines.push('', ...sidesOf(one));
    const unshown = counted - DIFFERENCES_SHOWN_MAX;
    if (unshown > 0) lines.push('', `... and ${count(unshown)} more (--json has all).`);
  }
  return `${lines.join('\n')}\n`;
}

const HEADS = ['A', 'B', 'equal', 'changed', 'only A', 'only B'] as const;

function countsLine(kind: DecisionKind, counts: KindCounts): string {
  const { left, right, equal, changed, onlyLeft, onlyRight } = counts;
  const figures = [left, right, equal, changed, onlyLeft, onlyRight];
  return `${kind.padEnd(10)}${figures.map((figure) => count(figure).padStart(10)).join('')}`;
}

/** What may explain all differences at once comes before any of them. */
function headerLines(left: SessionDescription, right: SessionDescription): readonly string[] {
  const lines: string[] = [];
  if (left.configHash !== right.configHash) {
    lines.push(
      `config differs: A ${left.configHash.slice(0, 12)}, B ${right.configHash.slice(0, 12)}`,
    );
  }
  if (left.buildId !== right.buildId) {
    lines.push(`build differs: A ${left.buildId}, B ${right.buildId}`);
  }
  if (left.source !== right.source) lines.push('the market differs: see the sources above');
  return lines;
}

function sidesOf(difference: Difference): readonly string[] {
  const { kind, stream, atUs, left, right, fields, before } = difference;
  const what = fields.length > 0 ? `: ${fields.join(', ')}` : '';
  const side = (name: string, decision: Decision | undefined) =>
    `  ${name} ${decision === undefined ? 'nothing' : decisionText(decision)}`;
  return [
    `${dateOf(atUs)} ${exactClock(atUs)}  ${kind}, ${stream}${what}`,
    ...(before === undefined ? [] : [side('=', before)]),
    side('A', left),
    side('B', right),
  ];
}

function decisionText({ atUs, fields }: Decision): string {
  const shown = Object.entries(fields).map(([name, value]) => `${name}=${value}`);
  return `${exactClock(atUs)}  ${shown.join(' ')}`;
}
