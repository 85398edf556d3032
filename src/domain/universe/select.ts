import { assert } from '../../core/assert.ts';

/** One change of membership, with the reason a person reads. */
export interface Move {
  readonly row: number;
  readonly isMember: boolean;
  readonly reason: string;
  readonly score: number;
}

export interface Candidates {
  readonly rows: number;
  /** Higher is better; NaN is not measurable and never qualifies. */
  readonly score: (row: number) => number;
  readonly isMember: (row: number) => boolean;
  /** Why the row may not be in at all (`price`, `halted`), or undefined. */
  readonly barredBy: (row: number) => string | undefined;
  /** When it became a member, in microseconds. */
  readonly sinceUs: (row: number) => number;
}

export interface SelectionRules {
  /** A row outside enters at this score ... */
  readonly enterScore: number;
  /** ... and a member leaves only below this one: the gap stops flicker. */
  readonly leaveScore: number;
  /** A member stays at least this long, unless it is barred. */
  readonly dwellUs: number;
  /** Kept, best first, while they are not barred. */
  readonly floor: number;
  readonly cap: number;
}

/**
 * Who moves in and out of a layer, best first: thresholds with hysteresis, dwell, floor and cap.
 * Pure: reads candidates, answers moves. Ties go to the lower row, so the answer never depends on
 * the order of measurement.
 */
export function selectMembers(
  candidates: Candidates,
  rules: SelectionRules,
  nowUs: number,
): readonly Move[] {
  assert(rules.floor <= rules.cap, 'a floor is not above its cap');
  assert(rules.leaveScore <= rules.enterScore, 'leaving is not easier than entering');
  const wanting: Ranked[] = [];
  const moves: Move[] = [];
  for (let row = 0; row < candidates.rows; row += 1) {
    const isMember = candidates.isMember(row);
    const barredBy = candidates.barredBy(row);
    const score = candidates.score(row);
    if (barredBy !== undefined) {
      if (isMember) moves.push({ row, isMember: false, reason: barredBy, score });
    } else if (score === score) {
      const dwells = isMember && nowUs - candidates.sinceUs(row) < rules.dwellUs;
      wanting.push({ row, isMember, score, dwells });
    } else if (isMember) {
      moves.push({ row, isMember: false, reason: 'unmeasurable', score });
    }
  }
  wanting.sort(byRank);
  return [...moves, ...rank(wanting, rules)];
}

interface Ranked {
  readonly row: number;
  readonly isMember: boolean;
  readonly score: number;
  readonly dwells: boolean;
}

/** Those that may not leave yet come first, then the best. */
function byRank(left: Ranked, right: Ranked): number {
  if (left.dwells !== right.dwells) return left.dwells ? -1 : 1;
  if (left.score !== right.score) return right.score - left.score;
  return left.row - right.row;
}

function rank(wanting: readonly Ranked[], rules: SelectionRules): readonly Move[] {
  const moves: Move[] = [];
  let kept = 0;
  for (const { row, isMember, score, dwells } of wanting) {
    const threshold = isMember ? rules.leaveScore : rules.enterScore;
    const qualifies = dwells || score >= threshold;
    const stays = kept < rules.cap && (qualifies || kept < rules.floor);
    if (stays) kept += 1;
    if (stays === isMember) continue;
    moves.push({ row, isMember: stays, reason: reasonOf(stays, qualifies, kept, rules), score });
  }
  return moves;
}

function reasonOf(stays: boolean, qualifies: boolean, kept: number, rules: SelectionRules): string {
  if (stays) return qualifies ? 'score' : 'floor';
  return qualifies && kept >= rules.cap ? 'cap' : 'score';
}
