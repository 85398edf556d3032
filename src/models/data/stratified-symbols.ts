import { assert } from '../../core/assert.ts';
import { Hash64 } from '../../core/hash.ts';
import { Random } from '../../core/random.ts';

export interface Candidate {
  readonly symbol: string;
  readonly sector?: string;
  /** Turnover of a day or the like: only its order counts. */
  readonly liquidity: number;
}

export interface StratifyOptions {
  readonly size: number;
  readonly seed: number;
  /** Groups of equal size by liquidity. */
  readonly buckets?: number;
}

export interface Stratum {
  readonly sector: string;
  /** 0 is the least liquid. */
  readonly bucket: number;
  readonly candidates: number;
  readonly taken: number;
}

/** What was drawn and from what: all that a card has to keep to draw it again. */
export interface StratifiedSymbols {
  /** In the order of their names. */
  readonly symbols: readonly string[];
  readonly strata: readonly Stratum[];
  readonly seed: number;
  readonly candidates: number;
}

const BUCKETS = 5;
const NO_SECTOR = 'unknown';

/**
 * Symbols drawn so that each sector and each bucket of liquidity has its share (largest remainder).
 * The order of the candidates changes nothing, and a change in one stratum draws no other anew as
 * long as its own share stays.
 */
export function stratifiedSymbols(
  candidates: readonly Candidate[],
  options: StratifyOptions,
): StratifiedSymbols {
  const { size, seed, buckets = BUCKETS } = options;
  assert(Number.isInteger(size) && size >= 0, 'a size is a whole number');
  assert(
    new Set(candidates.map(({ symbol }) => symbol)).size === candidates.length,
    'a candidate is there once',
  );
  const groups = groupsOf(candidates, buckets);
  const shares = largestRemainder(
    groups.map(({ members }) => members.length),
    Math.min(size, candidates.length),
  );
  const symbols = groups.flatMap((group, at) => draw(group, shares[at] ?? 0, seed));
  return {
    symbols: symbols.toSorted(),
    strata: groups.map(({ sector, bucket, members }, at) => ({
      sector,
      bucket,
      candidates: members.length,
      taken: shares[at] ?? 0,
    })),
    seed,
    candidates: candidates.length,
  };
}

interface Group {
  readonly sector: string;
  readonly bucket: number;
  readonly members: string[];
}

function groupsOf(candidates: readonly Candidate[], buckets: number): readonly Group[] {
  const order = candidates.toSorted(
    (a, b) => a.liquidity - b.liquidity || (a.symbol < b.symbol ? -1 : 1),
  );
  const groups = new Map<string, Group>();
  order.forEach(({ symbol, sector = NO_SECTOR }, at) => {
    const bucket = Math.floor((at * buckets) / order.length);
    const key = keyOf(sector, bucket);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { sector, bucket, members: [symbol] });
    else group.members.push(symbol);
  });
  for (const { members } of groups.values()) members.sort();
  const keys = [...groups.keys()].toSorted();
  return keys.flatMap((key) => groups.get(key) ?? []);
}

function keyOf(sector: string, bucket: number): string {
  return `${sector}/${bucket}`;
}

/** Whole shares of a total in proportion: what is left goes where most was cut off. */
function largestRemainder(parts: readonly number[], total: number): readonly number[] {
  const sum = parts.reduce((all, part) => all + part, 0);
  if (sum === 0) return parts.map(() => 0);
  const exact = parts.map((part) => (part * total) / sum);
  const shares = exact.map(Math.floor);
  const left = total - shares.reduce((all, share) => all + share, 0);
  const order = exact
    .map((share, at) => ({ rest: share - Math.floor(share), at }))
    .toSorted((a, b) => b.rest - a.rest || a.at - b.at);
  for (const { at } of order.slice(0, left)) shares[at] = (shares[at] ?? 0) + 1;
  return shares;
}

/** The first of a shuffle that is begun by seed and stratum (Fisher and Yates). */
function draw({ sector, bucket, members }: Group, share: number, seed: number): readonly string[] {
  const hash = new Hash64();
  hash.text(keyOf(sector, bucket));
  const random = new Random(seed, hash.low);
  const rest = [...members];
  for (let at = 0; at < share; at += 1) {
    const other = at + random.below(rest.length - at);
    const [a, b] = [rest[at], rest[other]];
    if (a === undefined || b === undefined) break;
    rest[at] = b;
    rest[other] = a;
  }
  return rest.slice(0, share);
}
