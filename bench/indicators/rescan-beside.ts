import { Rescan } from '../../src/domain/universe/rescan.ts';
import type { RowCondition } from '../../src/domain/universe/row-condition.ts';
import { ScanColumns } from '../../src/domain/universe/scan-columns.ts';
import type { Outcome } from '../harness/suite.ts';
import { collectGarbage } from '../harness/collect-garbage.ts';
import { OwnSet } from './own-set.ts';
import { Stopwatch } from '../harness/stopwatch.ts';
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

/** What scanners look at of a row. */
const SCANNED = ['atr', 'rsi', 'ema', 'upper', 'd', 'obv', 'adx'] as const satisfies TenOutput[];

/**
 * Five conditions, a score, the best 50: ours over columns that every row's owner copied out of its
 * ten at the last bar's close, theirs over objects.
 */
function compare(limits: Limits): Outcome {
  const set = tenOfRows();
  const own = new OwnSet(set, ROWS);
  own.run(walkOfBars(), MINUTES);
  const { values } = own;
  const slots = SCANNED.map((output) => set.slot(output));
  const table = new ScanColumns(slots, ROWS);
  const setAll = () => {
    for (let row = 0; row < ROWS; row += 1) table.set(row, values, row * set.width);
  };
  setAll();
  const at = (output: (typeof SCANNED)[number]) => SCANNED.indexOf(output);
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
  const rescan = new Rescan({ table, conditions, score, top: TOP });
  const objects = Array.from({ length: ROWS }, (_, row): Row => {
    const value = (output: TenOutput) => values[row * set.width + set.slot(output)] ?? NaN;
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
  rescan.run();
  const best = pipeline(objects, limits);
  const isEqual =
    best.length === rescan.count && best.every(({ row }, place) => row === rescan.rows[place]);
  if (!isEqual) throw new Error('the rescan and the object pipeline keep other rows');
  const look = (times: number, once: () => void) => microseconds(times, once);
  let ownUs = Infinity;
  let objectUs = Infinity;
  let setUs = Infinity;
  for (let turn = 0; turn < TURNS; turn += 1) {
    ownUs = Math.min(
      ownUs,
      look(OWN_LOOKS, () => rescan.run()),
    );
    objectUs = Math.min(
      objectUs,
      look(OBJECT_LOOKS, () => void pipeline(objects, limits)),
    );
    setUs = Math.min(setUs, look(OBJECT_LOOKS, setAll));
  }
  return {
    figures: {
      passed: rescan.passed,
      ownUs,
      objectUs,
      ratio: objectUs / ownUs,
      setNsARow: (setUs / ROWS) * 1_000,
    },
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
