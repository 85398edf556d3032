import { SECOND } from '../core/time.ts';
import type { Decision } from './decisions.ts';
import type { ParityClass, Why } from './parity-classes.ts';
import { type Pair, TIME } from './parity-pairs.ts';
import type { KeptPart, Place, StatePart } from './parity-state.ts';
import type { Grounds, Score, Trace } from './parity-trace.ts';

/** Two sessions of one market, and which of their differences came before. */
export interface Evidence {
  readonly left: Trace;
  readonly right: Trace;
  /** The last earlier difference about this, by its place in the list. */
  last(about: string): number | undefined;
  /** The place of a pair among the differences; undefined where it is none. */
  placeOf(pair: Pair): number | undefined;
}

/** What `Evidence.last` is asked about. */
export const ACCOUNT = 'account';
export const HALTS = 'halts';
export const booksOf = (symbol: string): string => `books ${symbol}`;
export const layersOf = (symbol: string): string => `layers ${symbol}`;
export const layerOf = (stream: string): string => stream.slice(stream.lastIndexOf('layer'));
export const lifeOf = (order: string): string => `order ${order}`;

/** One side of a pair, and what the other session is. */
export interface Side {
  readonly decision: Decision;
  readonly grounds: Grounds;
  readonly own: Trace;
  readonly other: Trace;
}

export function sidesOf(evidence: Evidence, { left, right }: Pair): readonly Side[] {
  const sides = [
    { decision: left, own: evidence.left, other: evidence.right },
    { decision: right, own: evidence.right, other: evidence.left },
  ];
  return sides.flatMap(({ decision, own, other }) => {
    const grounds = decision === undefined ? undefined : own.grounds.get(decision);
    return decision === undefined || grounds === undefined
      ? []
      : [{ decision, grounds, own, other }];
  });
}

export function because(why: ParityClass, text: string): Why {
  return { class: why, because: text };
}

export function unexplained(text: string): Why {
  return because('unexplained', text);
}

/** A consequence needs an earlier difference to follow from. */
export function follows(evidence: Evidence, about: string, text: string): Why {
  const cause = evidence.last(about);
  if (cause === undefined) return unexplained(`${text}, and nothing of it differed before`);
  return { class: 'consequence', because: text, cause };
}

export function followsPair(evidence: Evidence, pair: Pair, text: string): Why {
  const cause = evidence.placeOf(pair);
  if (cause === undefined) return unexplained(`${text}, which is equal`);
  return { class: 'consequence', because: text, cause };
}

export function only(fields: readonly string[], allowed: readonly string[]): boolean {
  return fields.every((field) => allowed.includes(field));
}

/** Do the two sides of a pair rest on different grounds in this part? */
export function partsDiffer(sides: readonly Side[], part: StatePart): boolean {
  const [a, b] = sides.map(({ grounds }) => grounds.view?.[part]);
  return sides.length === 2 && a !== b;
}

/** The same part in the other session, when it had come as far. */
export function differsThere(
  { grounds, own, other }: Side,
  part: KeptPart,
  there?: Place,
): boolean {
  const { symbol, strategy, place, view } = grounds;
  const ours = view?.[part] ?? own.state.at(part, strategy, symbol, before(place));
  return ours !== other.state.at(part, strategy, symbol, before(there ?? place));
}

/** A decision rests on what was known before it. */
function before({ events, nowUs }: Place): Place {
  return { events, nowUs: nowUs - 1 };
}

/** Had the other session, at this time, seen as many events as this one? */
export function sawOtherwise({ grounds: { place }, other }: Side): boolean {
  const [least, most] = other.market.eventsAround(place.nowUs);
  return place.events < least || place.events > most;
}

/** What the other session asked the model on the same occasion. */
export function scoreThere({ grounds: { score, symbol }, other }: Side): Score | undefined {
  if (score === undefined) return undefined;
  const distance = (one: Score): number => Math.abs(one.requestedUs - score.requestedUs);
  let nearest: Score | undefined;
  for (const one of other.scores.get(symbol) ?? []) {
    if (distance(one) > SAME_QUESTION_US) continue;
    if (nearest === undefined || distance(one) < distance(nearest)) nearest = one;
  }
  return nearest;
}

/** Less than a bar, so that the question after it is another one. */
const SAME_QUESTION_US = 30 * SECOND;

export function moveWhy(evidence: Evidence, pair: Pair): Why {
  const sides = sidesOf(evidence, pair);
  const [side] = sides;
  if (side === undefined) return unexplained('it has no place in its journal');
  if (sides.length === 2) {
    if (only(pair.fields, [TIME])) return because('waiting', 'the same move at another time');
    return unexplained(`${pair.fields.join(', ')} differ`);
  }
  if (differsThere(side, 'row')) return because('crash', 'its rows learned again');
  if (sawOtherwise(side)) {
    return because('waiting', 'the other session had seen other events at this time');
  }
  return follows(evidence, layerOf(pair.stream), 'the layer had moved otherwise');
}

/** What a score finds when it comes later: the strategy's measure is the same. */
const QUOTED = [TIME, 'bid', 'ask', 'last'];

export function signalWhy(evidence: Evidence, pair: Pair): Why {
  const sides = sidesOf(evidence, pair);
  const [one, other] = sides;
  if (one === undefined) return unexplained('it has no place in its journal');
  if (other === undefined) return loneSignalWhy(evidence, one);
  const { fields } = pair;
  const { reason, purpose } = one.decision.fields;
  if (reason === 'held too long' || purpose === 'flatten') {
    const about = booksOf(one.grounds.symbol);
    const isSame = only(fields, [TIME]) && evidence.last(about) === undefined;
    if (isSame) return because('waiting', 'the same signal at another time');
    return follows(evidence, about, 'it was held since another time, or otherwise');
  }
  const isMoved = one.grounds.place.events !== other.grounds.place.events;
  // Between two bars, too, a range moves with what was seen.
  if (!only(fields, isMoved ? [...QUOTED, 'stopDistance'] : QUOTED))
    return unexplained(`${fields.join(', ')} differ`);
  const [a, b] = sides.map(({ grounds }) => grounds.score?.answeredAt);
  if (a !== undefined && b !== undefined && (a.nowUs !== b.nowUs || isMoved)) {
    return because('model', `the score came ${apart(a.nowUs, b.nowUs)} apart`);
  }
  const isLater = fields.includes(TIME);
  if (isLater || isMoved) return because('waiting', 'the same signal at another time');
  return unexplained('both had seen the same at the same time');
}

function loneSignalWhy(evidence: Evidence, side: Side): Why {
  const { grounds } = side;
  const { symbol, score } = grounds;
  if (differsThere(side, 'row')) return because('crash', 'its rows learned again');
  const there = scoreThere(side);
  if (score !== undefined) {
    if (there === undefined) return because('model', 'the other session did not ask');
    if (there.outcome !== 'done') return because('model', `the score was ${there.outcome} there`);
    if (there.isStale) return because('model', 'the score came after the next bar there');
  }
  const place = there?.answeredAt;
  if (differsThere(side, 'stance', place)) {
    return follows(evidence, booksOf(symbol), 'the strategy held or ordered otherwise');
  }
  if (differsThere(side, 'holding', place)) {
    return follows(evidence, booksOf(symbol), 'risk held or ordered otherwise');
  }
  if (differsThere(side, 'layer', place)) {
    return follows(evidence, layersOf(symbol), 'the symbol was in another layer');
  }
  // The window of a model's bars begins when its symbol comes to the layer.
  if (score !== undefined && isLivePair(evidence) && hasMovedBefore(evidence, symbol)) {
    return follows(evidence, layersOf(symbol), 'what the model sees began at another time');
  }
  // A bar that comes late is another bar: indicators learn of it, and no strategy is asked. Of two
  // live sessions one always hears a bar first, which proves nothing.
  if (score === undefined && !isLivePair(evidence) && sawOtherwise(side)) {
    return because('waiting', 'the other session had seen other events at this time');
  }
  if (side.decision.fields['reason'] === 'held too long') {
    return follows(evidence, booksOf(symbol), 'it was held since another time');
  }
  return unexplained('the other session stood where this one did, and made no such signal');
}

/** Two live sessions share the bars of their market, and the moment of nothing. */
export function isLivePair({ left }: Evidence): boolean {
  return left.market.shared === 'bars';
}

function hasMovedBefore(evidence: Evidence, symbol: string): boolean {
  return evidence.last(layersOf(symbol)) !== undefined;
}

export function apart(a: number, b: number): string {
  return `${Math.round(Math.abs(a - b) / 1_000)} ms`;
}
