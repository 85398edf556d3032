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
  /** A member stays at least this long, unless it is barred or more such members than the cap. */
  readonly dwellUs: number;
  /** So many are kept, members first and then the best, as long as so many can be measured. */
  readonly floor: number;
  readonly cap: number;
}

/**
 * Who moves in and out of a layer: thresholds with hysteresis, dwell, floor and cap. Pure: reads
 * candidates, answers moves, those who leave first. Ties go to the lower row, so the answer never
 * depends on the order of measurement.
 */
export function selectMembers(
  candidates: Candidates,
  rules: SelectionRules,
  nowUs: number,
): readonly Move[] {
  assert(rules.floor <= rules.cap, 'a floor is not above its cap');
  assert(rules.leaveScore <= rules.enterScore, 'leaving is not easier than entering');
  const leaving: Move[] = [];
  const entering: Move[] = [];
  const wanting: Ranked[] = [];
  for (let row = 0; row < candidates.rows; row += 1) {
    const isMember = candidates.isMember(row);
    const barredBy = candidates.barredBy(row);
    const score = candidates.score(row);
    const dwells = isMember && nowUs - candidates.sinceUs(row) < rules.dwellUs;
    if (barredBy !== undefined) {
      if (isMember) leaving.push({ row, isMember: false, reason: barredBy, score });
    } else if (score === score || dwells) {
      const claim = dwells ? DWELLS : claimOf(isMember, score, rules);
      wanting.push({ row, isMember, score, claim });
    } else if (isMember) {
      leaving.push({ row, isMember: false, reason: 'unmeasurable', score });
    }
  }
  wanting.sort(byRank);
  const seats = seatsOf(wanting, rules);
  wanting.forEach(({ row, isMember, score, claim }, place) => {
    const stays = place < seats;
    if (stays === isMember) return;
    const qualifies = claim <= QUALIFIES;
    if (stays) entering.push({ row, isMember: true, reason: qualifies ? 'score' : 'floor', score });
    else leaving.push({ row, isMember: false, reason: qualifies ? 'cap' : 'score', score });
  });
  return [...leaving, ...entering];
}

interface Ranked {
  readonly row: number;
  readonly isMember: boolean;
  readonly score: number;
  readonly claim: number;
}

/** May not leave yet. */
const DWELLS = 0;
const QUALIFIES = 1;
/** Members that fall fill the floor before newcomers do, or it would flicker. */
const FILLS = 2;
const NEWCOMER = 3;

function claimOf(isMember: boolean, score: number, rules: SelectionRules): number {
  if (score >= (isMember ? rules.leaveScore : rules.enterScore)) return QUALIFIES;
  return isMember ? FILLS : NEWCOMER;
}

/** By claim, then the best. A score that is not known yet comes after all others. */
function byRank(left: Ranked, right: Ranked): number {
  if (left.claim !== right.claim) return left.claim - right.claim;
  const [leftScore, rightScore] = [orLast(left.score), orLast(right.score)];
  if (leftScore !== rightScore) return leftScore > rightScore ? -1 : 1;
  return left.row - right.row;
}

function orLast(score: number): number {
  return score === score ? score : Number.NEGATIVE_INFINITY;
}

/** All who qualify, and more where the floor asks for them; never more than the cap. */
function seatsOf(wanting: readonly Ranked[], { floor, cap }: SelectionRules): number {
  const qualified = wanting.filter(({ claim }) => claim <= QUALIFIES).length;
  return Math.min(cap, Math.max(qualified, floor));
}
