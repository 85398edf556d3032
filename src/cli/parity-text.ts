import type { Decision } from './decisions.ts';
import { DECISION_KINDS, type DecisionKind } from './decisions.ts';
import { count, dateOf, exactClock, plural } from './figures.ts';
import { PARITY_CLASSES, type ParityClass } from './parity-classes.ts';
import type { Difference, KindCounts, Parity } from './parity.ts';

export const DIFFERENCES_SHOWN_MAX = 10;

/** For people: a table by kind, then the first differences with what both sides say. */
export function renderParity(parity: Parity): string {
  return parity.classes === undefined ? renderStrict(parity) : renderExplained(parity);
}

function renderStrict(parity: Parity): string {
  const { differences, counted, isStrict } = parity;
  const recovery = differences.filter(({ isRecovery }) => isRecovery).length;
  const shown = differences.filter(({ isRecovery }) => isStrict || !isRecovery);
  const lines = headLines(parity);
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

/** The classes with their first example, and what none of them explains in full. */
function renderExplained(parity: Parity): string {
  const { differences, classes = {}, counted } = parity;
  const lines = headLines(parity);
  if (parity.isCut) lines.push('The sessions hold more decisions than can be compared.');
  if (differences.length === 0) lines.push('No difference in what was decided.');
  else {
    const equal = Object.values(parity.counts).reduce((sum, row) => sum + row.equal, 0);
    lines.push(
      `${plural(equal, 'decision')} equal, ${plural(differences.length, 'difference')}:`,
      '',
      ...CLASSES.flatMap((name) => classLines(name, classes[name] ?? 0, differences)),
    );
  }
  const lost = differences.filter(({ why }) => why?.class === 'unexplained');
  for (const one of lost) lines.push('', ...sidesOf(one), `  ? ${one.why?.because ?? ''}`);
  if (differences.length > 0) {
    lines.push('', counted === 0 ? 'Every difference is explained.' : `${count(counted)} are not.`);
  }
  return `${lines.join('\n')}\n`;
}

function classLines(
  name: ParityClass,
  many: number,
  differences: readonly Difference[],
): readonly string[] {
  const first = differences.find(({ why }) => why?.class === name);
  if (first === undefined) return [];
  const { atUs, kind, stream, why } = first;
  const cause = why?.cause === undefined ? undefined : differences[why.cause];
  const after =
    cause === undefined ? '' : `; after ${clockOf(cause)} ${cause.kind}, ${cause.stream}`;
  return [
    `${name.padEnd(16)}${count(many).padStart(6)}  ${PARITY_CLASSES[name]}`,
    `${' '.repeat(24)}first ${exactClock(atUs)} ${kind}, ${stream}: ${why?.because}${after}`,
  ];
}

function clockOf({ atUs }: Difference): string {
  return exactClock(atUs).slice(0, 8);
}

/** Both sessions, what they have in common, and the table by kind. */
function headLines(parity: Parity): string[] {
  const { left, right, counts } = parity;
  return [
    `A ${left.sessionId} (${left.kind}: ${left.source})`,
    `B ${right.sessionId} (${right.kind}: ${right.source})`,
    ...headerLines(parity),
    '',
    `${'decisions'.padEnd(10)}${HEADS.map((head) => head.padStart(10)).join('')}`,
    ...DECISION_KINDS.map((kind) => countsLine(kind, counts[kind])),
    '',
  ];
}

const CLASSES = Object.keys(PARITY_CLASSES).filter(isClass);

function isClass(name: string): name is ParityClass {
  return name in PARITY_CLASSES;
}

const HEADS = ['A', 'B', 'equal', 'changed', 'only A', 'only B'] as const;

function countsLine(kind: DecisionKind, counts: KindCounts): string {
  const { left, right, equal, changed, onlyLeft, onlyRight } = counts;
  const figures = [left, right, equal, changed, onlyLeft, onlyRight];
  return `${kind.padEnd(10)}${figures.map((figure) => count(figure).padStart(10)).join('')}`;
}

/** What may explain all differences at once comes before any of them. */
function headerLines(parity: Parity): readonly string[] {
  const { left, right, marketDiffers, events } = parity;
  const lines: string[] = [];
  if (left.configHash !== right.configHash) {
    lines.push(
      `config differs: A ${left.configHash.slice(0, 12)}, B ${right.configHash.slice(0, 12)}`,
    );
  }
  if (left.buildId !== right.buildId) {
    lines.push(`build differs: A ${left.buildId}, B ${right.buildId}`);
  }
  const what = parity.shared === 'bars' ? 'bar' : 'event';
  if (events !== undefined) lines.push(`the same market: ${plural(events, what)}`);
  else if (marketDiffers !== undefined) lines.push(`the market differs: ${marketDiffers}`);
  else if (left.source !== right.source) lines.push('the market differs: see the sources above');
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
