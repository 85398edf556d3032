import { assert } from '../../core/assert.ts';
import type { SymbolId } from '../../core/ids.ts';

export interface SlotCandidate {
  readonly symbol: SymbolId;
  /** The highest layer it is in: 2 comes before 1. */
  readonly layer: number;
  /** Higher is better; NaN is not known and comes last. */
  readonly score: number;
}

export interface SlotQuestion {
  /** Symbols whose trades and quotes the provider sends at a time. */
  readonly slots: number;
  /** Without a price these could not be watched: positions first, then orders. */
  readonly needed: Iterable<SymbolId>;
  readonly candidates: Iterable<SlotCandidate>;
  /** Who has a slot, and since when. */
  readonly held: ReadonlyMap<SymbolId, number>;
  /** A slot is kept at least so long, unless a position needs it. */
  readonly keepUs: number;
  readonly nowUs: number;
}

/**
 * Who gets a slot, in ascending order: what is needed, then those who got theirs a short while ago,
 * then the active symbols by score, then the liquid ones until all slots are taken. Pure, and equal
 * scores go to the lower symbol, so the same question has the same answer.
 */
export function planSlots(question: SlotQuestion): readonly SymbolId[] {
  const { slots, needed, candidates, held, keepUs, nowUs } = question;
  assert(slots >= 0, 'there are no fewer than no slots');
  const chosen = new Set<SymbolId>();
  const choose = (symbol: SymbolId): void => {
    if (chosen.size < slots) chosen.add(symbol);
  };
  for (const symbol of needed) choose(symbol);
  const ranked = [...candidates].toSorted(byRank);
  const isKept = (symbol: SymbolId): boolean => nowUs - (held.get(symbol) ?? -keepUs) < keepUs;
  // The best of those who are kept first: a position may have taken one of their slots.
  for (const { symbol } of ranked) if (held.has(symbol) && isKept(symbol)) choose(symbol);
  for (const symbol of held.keys()) if (isKept(symbol)) choose(symbol);
  for (const { symbol } of ranked) choose(symbol);
  return [...chosen].toSorted((left, right) => left - right);
}

function byRank(left: SlotCandidate, right: SlotCandidate): number {
  if (left.layer !== right.layer) return right.layer - left.layer;
  const [leftScore, rightScore] = [orLast(left.score), orLast(right.score)];
  if (leftScore !== rightScore) return leftScore > rightScore ? -1 : 1;
  return left.symbol - right.symbol;
}

function orLast(score: number): number {
  return score === score ? score : Number.NEGATIVE_INFINITY;
}
