import { Rescan } from '../src/domain/universe/rescan.ts';
import type { RowCondition } from '../src/domain/universe/row-condition.ts';
import type { Outcome } from './bench.ts';
import { collectGarbage } from './collect-garbage.ts';
import { OwnSet } from './own-set.ts';
import { Stopwatch } from './stopwatch.ts';
import { tenOfRows } from './rows-of.ts';
import type { TenOutput } from './peer-set.ts';
import { walkOfBars } from './ten-bars.ts';

const ROWS = 10_000;
const TOP = 50;
const MINUTES = 60;
const TURNS = 5;
/** Looks in a turn. */
const OWN_LOOKS = 400;
const OBJECT_LOOKS = 20;

/** What the object pipeline has of a symbol: plain fields, as such code is usually written. */
interface Row {
  readonly symbol: string;
  readonly row: number;
  readonly sma: number;
  readonly ema: number;
  readonly rsi: number;
  readonly upper: number;
  readonly atr: number;
  readonly d: number;
  readonly obv: number;
  readonly adx: number;
}

interface Limits {
  readonly atr: number;
  readonly rsi: number;
  readonly d: number;
  readonly obv: number;
}

/** Of a random walk about half the rows are this side of each limit, or nearly all. */
export const rescanHalf = () => compare({ atr: 0.02, rsi: 62, d: 10, obv: -5e4 });
export const rescanFew = () => compare({ atr: 0.1, rsi: 55, d: 40, obv: 0 });

/** Five conditions, a score, the best 50: ours over the rows of the ten, theirs over objects. */
function compare(limits: Limits): Outcome {
  const set = tenOfRows();
  const own = new OwnSet(set, ROWS);
  own.run(walkOfBars(), MINUTES);
  const { values } = own;
  const at = (output: TenOutput) => set.slot(output);
  const conditions: readonly RowCondition[] = [
    { column: at('atr'), is: 'above', than: limits.atr },
    { column: at('rsi'), is: 'below', than: limits.rsi },
    { column: at('ema'), is: 'below', than: { column: at('upper') } },
    { column: at('d'), is: 'atLeast', than: limits.d },
    { column: at('obv'), is: 'above', than: limits.obv },
  ];
  const score = [
    { column: at('adx'), weight: 1 },
    { column: at('rsi'), weight: -0.5 },
  ];
  const rescan = new Rescan({ conditions, score, top: TOP, stride: set.width });
  const objects = Array.from({ length: ROWS }, (_, row): Row => {
    const value = (output: TenOutput) => values[row * set.width + at(output)] ?? NaN;
    return {
      symbol: `S${row}`,
      row,
      sma: value('sma'),
      ema: value('ema'),
      rsi: value('rsi'),
      upper: value('upper'),
      atr: value('atr'),
      d: value('d'),
      obv: value('obv'),
      adx: value('adx'),
    };
  });
  rescan.run(values, ROWS);
  const best = pipeline(objects, limits);
  const isEqual =
    best.length === rescan.count && best.every(({ row }, place) => row === rescan.rows[place]);
  if (!isEqual) throw new Error('the rescan and the object pipeline keep other rows');
  const look = (times: number, once: () => void) => microseconds(times, once);
  let ownUs = Infinity;
  let objectUs = Infinity;
  for (let turn = 0; turn < TURNS; turn += 1) {
    ownUs = Math.min(
      ownUs,
      look(OWN_LOOKS, () => rescan.run(values, ROWS)),
    );
    objectUs = Math.min(
      objectUs,
      look(OBJECT_LOOKS, () => void pipeline(objects, limits)),
    );
  }
  return {
    figures: { passed: rescan.passed, ownUs, objectUs, ratio: objectUs / ownUs },
  };
}

/** As it is usually written. */
function pipeline(rows: readonly Row[], limits: Limits) {
  return rows
    .filter((row) => row.atr > limits.atr)
    .filter((row) => row.rsi < limits.rsi)
    .filter((row) => row.ema < row.upper)
    .filter((row) => row.d >= limits.d)
    .filter((row) => row.obv > limits.obv)
    .map((row) => ({ ...row, score: row.adx - 0.5 * row.rsi }))
    .toSorted((left, right) => right.score - left.score)
    .slice(0, TOP);
}

/** CPU of one look: all threads, so what the collector does for the objects counts. */
function microseconds(times: number, once: () => void): number {
  collectGarbage();
  const watch = new Stopwatch();
  for (let left = times; left > 0; left -= 1) once();
  return (watch.read().cpuMs / times) * 1_000;
}
