import { exp, log } from '../../core/math.ts';
import { pow } from '../../core/math-power.ts';
import { Random } from '../../core/random.ts';
import type { ListedSymbol } from '../../ports/market-source.ts';
import {
  FUND_LIQUIDITY,
  FUND_OWN_DAY,
  LIQUIDITY_DEVIATION,
  OWN_DAY,
  OWN_DAY_MAX,
  OWN_DAY_MIN,
  PRICE_DEVIATION,
  PRICE_LEAST,
  PRICE_MIDDLE,
  PRICE_MOST,
  SPREAD_BPS,
  SPREAD_BPS_MAX,
  SPREAD_BPS_MIN,
  SPREAD_POWER,
} from './market-model.ts';

/** The eleven sectors of the Global Industry Classification Standard. */
export const SECTORS = [
  'Communication Services',
  'Consumer Discretionary',
  'Consumer Staples',
  'Energy',
  'Financials',
  'Health Care',
  'Industrials',
  'Information Technology',
  'Materials',
  'Real Estate',
  'Utilities',
] as const;

/** Symbols besides the equities: two funds and an index, at the end of the list. */
export const EXTRA_SYMBOLS = 3;

/** What each symbol is by birth. Columns by symbol; prices are log of ten-thousandths. */
export type SeededUniverse = {
  readonly symbols: readonly ListedSymbol[];
  readonly equities: number;
  readonly sector: Uint8Array;
  readonly level: Float64Array;
  readonly beta: Float64Array;
  readonly gamma: Float64Array;
  /** Deviation of the own part over a session. */
  readonly ownDay: Float64Array;
  /** Trades compared with the average equity. */
  readonly liquidity: Float64Array;
  readonly spreadBps: Float64Array;
};

/** The same seed and count give the same companies, for the session and for the history. */
export function seededUniverse(seed: number, equities: number): SeededUniverse {
  const random = new Random(seed, UNIVERSE_STREAM);
  const size = equities + EXTRA_SYMBOLS;
  const universe = {
    symbols: listSymbols(random, equities),
    equities,
    sector: new Uint8Array(size),
    level: new Float64Array(size),
    beta: new Float64Array(size).fill(1),
    gamma: new Float64Array(size),
    ownDay: new Float64Array(size).fill(FUND_OWN_DAY),
    liquidity: new Float64Array(size).fill(FUND_LIQUIDITY),
    spreadBps: new Float64Array(size).fill(SPREAD_BPS_MIN),
  };
  for (let at = 0; at < equities; at += 1) foundCompany(universe, random, at);
  normalise(universe.liquidity, equities);
  for (let at = 0; at < equities; at += 1) {
    const liquidity = universe.liquidity[at] ?? 1;
    universe.spreadBps[at] = clamp(
      SPREAD_BPS * pow(liquidity, SPREAD_POWER),
      SPREAD_BPS_MIN,
      SPREAD_BPS_MAX,
    );
  }
  foundFunds(universe);
  return universe;
}

const UNIVERSE_STREAM = 1;
const MARKET_FUND = 'SEMKT';
const SECTOR_FUND = 'SETEC';
const MARKET_INDEX = 'SEIDX';
const FUND_SECTOR = SECTORS.indexOf('Information Technology');
const FUND_PRICES = [412, 187, 4_118] as const;
const SECTOR_FUND_GAMMA = 0.9;

function listSymbols(random: Random, equities: number): readonly ListedSymbol[] {
  const names = new Set([MARKET_FUND, SECTOR_FUND, MARKET_INDEX]);
  const symbols: ListedSymbol[] = [];
  while (symbols.length < equities) {
    const name = inventName(random);
    if (names.has(name)) continue;
    names.add(name);
    // The sector comes from the same order as `foundCompany` uses.
    const sector = SECTORS[symbols.length % SECTORS.length] ?? SECTORS[0];
    symbols.push({ name, assetClass: 'equity', sector, isTradable: true });
  }
  const technology = SECTORS[FUND_SECTOR] ?? SECTORS[0];
  symbols.push({ name: MARKET_FUND, assetClass: 'fund', sector: '', isTradable: true });
  symbols.push({ name: SECTOR_FUND, assetClass: 'fund', sector: technology, isTradable: true });
  symbols.push({ name: MARKET_INDEX, assetClass: 'index', sector: '', isTradable: false });
  return symbols;
}

/** Mostly three and four letters, seldom one, two or five; one in fifty has a share class. */
function inventName(random: Random): string {
  const draw = random.unit();
  let letters = 4;
  if (draw < 0.005) letters = 1;
  else if (draw < 0.04) letters = 2;
  else if (draw < 0.42) letters = 3;
  else if (draw > 0.97) letters = 5;
  let name = '';
  for (let at = 0; at < letters; at += 1) name += String.fromCharCode(65 + random.below(26));
  if (!random.chance(0.02)) return name;
  return `${name.slice(0, 3)}.${random.chance(0.5) ? 'A' : 'B'}`;
}

type Columns = Omit<SeededUniverse, 'symbols' | 'equities'>;

function foundCompany(universe: Columns, random: Random, at: number): void {
  universe.sector[at] = at % SECTORS.length;
  const price = PRICE_MIDDLE * exp(PRICE_DEVIATION * random.normal());
  universe.level[at] = log(clamp(price, PRICE_LEAST, PRICE_MOST) * 10_000);
  universe.beta[at] = clamp(1 + 0.25 * random.normal(), 0.3, 2);
  universe.gamma[at] = clamp(1 + 0.15 * random.normal(), 0.5, 1.5);
  const size = random.normal();
  universe.liquidity[at] = exp(LIQUIDITY_DEVIATION * size);
  // Small companies move more.
  const own = OWN_DAY * exp(0.25 * random.normal() - 0.15 * size);
  universe.ownDay[at] = clamp(own, OWN_DAY_MIN, OWN_DAY_MAX);
}

/** The average equity gets 1; funds keep what they have. */
function normalise(liquidity: Float64Array, equities: number): void {
  let sum = 0;
  for (let at = 0; at < equities; at += 1) sum += liquidity[at] ?? 0;
  for (let at = 0; at < equities; at += 1) {
    liquidity[at] = ((liquidity[at] ?? 0) * equities) / sum;
  }
}

function foundFunds(universe: SeededUniverse): void {
  const first = universe.equities;
  for (let at = 0; at < EXTRA_SYMBOLS; at += 1) {
    universe.level[first + at] = log((FUND_PRICES[at] ?? 1) * 10_000);
  }
  universe.sector[first + 1] = FUND_SECTOR;
  universe.gamma[first + 1] = SECTOR_FUND_GAMMA;
  universe.liquidity[first + 2] = 0; // Nobody trades an index.
  universe.ownDay[first + 2] = 0;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
