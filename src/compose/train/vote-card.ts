import { HYBRID_RULES, type HybridRules, hybridVote } from '../../domain/signals/hybrid-vote.ts';
import { newYorkDayNumber } from '../../domain/market/calendar.ts';
import {
  type EnsembleCard,
  type EnsembleLine,
  ENSEMBLE_FORMAT,
  ensembleHash,
} from '../../models/artefact/ensemble-card.ts';
import type { ModelCard } from '../../models/artefact/card.ts';
import { decisionDays, type Samples } from '../../models/data/samples.ts';
import { type DayBlocks, dayBlocks, meanInterval } from '../../models/validation/day-blocks.ts';
import type { Bench } from './judge.ts';

export interface VotingMember {
  readonly card: ModelCard;
  /** Of the final test, calibrated. */
  readonly scores: Float64Array;
}

const LEVEL = 0.95;
const REPETITIONS = 2_000;

/** The vote beside each of its members, on the same decisions; undefined where one is missing. */
export function voteCard(
  name: string,
  found: readonly VotingMember[],
  { test, seed }: Bench,
): EnsembleCard | undefined {
  const rules: HybridRules = HYBRID_RULES;
  const members = rules.members.flatMap(({ name: family }) =>
    found.filter(({ card }) => card.family === family).slice(0, 1),
  );
  if (members.length < rules.members.length) return undefined;
  const days = decisionDays(test);
  const blocks = dayBlocks(days, Int32Array.from(test.knownUs, newYorkDayNumber));
  const voted = taken(test, (row) => {
    const strengths = members.map(({ scores }) => scores[row] ?? Number.NaN);
    return hybridVote(rules, strengths).reason === 'agreed';
  });
  const vote = lineOf('vote', voted, test);
  const lines = members.map(({ card, scores }, at) => {
    const threshold = rules.members[at]?.threshold ?? 1;
    const own = taken(test, (row) => (scores[row] ?? 0) > threshold);
    return comparedWith(lineOf(card.name, own, test), voted, own, { blocks, seed: seed + at });
  });
  const always = new Float64Array(test.forwardReturn);
  const last = comparedWith(lineOf('always in', always, test), voted, always, {
    blocks,
    seed: seed + members.length,
  });
  const table = [vote, ...lines, last];
  const isBetter = [...lines, last].every(({ difference }) => (difference?.low ?? -1) > 0);
  const contents = {
    name,
    members: members.map(({ card }, at) => ({
      version: card.version,
      threshold: rules.members[at]?.threshold ?? 1,
      weight: rules.members[at]?.weight ?? 1,
    })),
    votesLeast: rules.votesLeast,
    boosts: rules.boosts,
  };
  return {
    format: ENSEMBLE_FORMAT,
    ...contents,
    contentHash: ensembleHash(contents),
    rows: test.count,
    fromUs: test.atUs.at(0) ?? 0,
    toUs: test.atUs.at(-1) ?? 0,
    table,
    verdict: verdictOf([...lines, last]),
    isBetter,
  };
}

/** What a decision returned: nothing where there was no signal, which NaN stands for here. */
function taken(test: Samples, hasSignal: (row: number) => boolean): Float64Array {
  return test.forwardReturn.map((value, row) => (hasSignal(row) ? value : Number.NaN));
}

function lineOf(name: string, returns: Float64Array, test: Samples): EnsembleLine {
  let [signals, hits, sum] = [0, 0, 0];
  returns.forEach((value, row) => {
    if (Number.isNaN(value)) return;
    signals += 1;
    hits += test.label[row] ?? 0;
    sum += value;
  });
  return {
    name,
    signals,
    ...(signals > 0 ? { hitRate: hits / signals } : {}),
    returnOfDecision: sum / Math.max(1, returns.length),
  };
}

function comparedWith(
  line: EnsembleLine,
  vote: Float64Array,
  own: Float64Array,
  { blocks, seed }: { readonly blocks: DayBlocks; readonly seed: number },
): EnsembleLine {
  const worth = (value: number) => (Number.isNaN(value) ? 0 : value);
  const gaps = vote.map((value, row) => worth(value) - worth(own[row] ?? Number.NaN));
  const resampling = { seed, level: LEVEL, repetitions: REPETITIONS };
  const { value, low, high, blocks: independent } = meanInterval(gaps, blocks, resampling);
  const isClosed = Number.isFinite(low) && Number.isFinite(high);
  const bounds = isClosed ? { low, high } : {};
  return { ...line, difference: { value, ...bounds, level: LEVEL, blocks: independent } };
}

function verdictOf(lines: readonly EnsembleLine[]): string {
  const worse = lines.filter(({ difference }) => (difference?.high ?? 1) < 0);
  const open = lines.filter(
    ({ difference }) => (difference?.high ?? 1) >= 0 && !((difference?.low ?? -1) > 0),
  );
  if (worse.length === 0 && open.length === 0) return 'the vote is better than each of its members';
  const names = (of: readonly EnsembleLine[]) => of.map(({ name }) => name).join(', ');
  const parts = [
    worse.length > 0 ? `worse than ${names(worse)}` : '',
    open.length > 0 ? `not better than ${names(open)}` : '',
  ].filter((part) => part !== '');
  return `the vote is ${parts.join('; ')}, by the return of a decision`;
}
