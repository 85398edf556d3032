import { DAY, type DateNumber, daysOfDate } from '../../core/time.ts';
import type { DailyBar } from '../../domain/market/daily-bar.ts';
import { describeFault, FaultList } from '../../domain/market/data-fault.ts';
import { readCsv } from '../../history/csv-table.ts';
import { FieldReader } from '../../history/fields.ts';
import { readText } from '../../history/read-text.ts';
import {
  type CorporateAction,
  stepAt,
  stepsBefore,
  stepsOf,
  type Steps,
} from '../../store/reading/adjustments.ts';
import { TrainError } from './train-error.ts';

type Bars = ReadonlyMap<string, readonly DailyBar[]>;

export interface AdjustedDays {
  /** As if every share had always been one of today's. */
  readonly bars: Bars;
  /** In shares of the day before a date, and only until then: no later split is known. */
  readonly before: (date: DateNumber) => Bars;
}

/**
 * Prices and volumes before a split are brought to what came after it. Dividends are left in: they
 * are part of what was paid. Without a file of splits days are taken as they are.
 */
export function adjustedDays(bars: Bars, path: string | undefined): AdjustedDays {
  const splits = path === undefined ? [] : splitsOf(path);
  const steps = stepsOf(splits, Number.MAX_SAFE_INTEGER, 'splits');
  return {
    bars: stepped(bars, steps),
    before: (date) => stepped(daysBefore(bars, date), known(steps, date)),
  };
}

function known(steps: StepsBySymbol, date: DateNumber): StepsBySymbol {
  const untilUs = daysOfDate(date) * DAY;
  return new Map([...steps].map(([symbol, own]) => [symbol, stepsBefore(own, untilUs)]));
}

function daysBefore(bars: Bars, until: DateNumber): Bars {
  return new Map(
    [...bars].map(([symbol, days]) => [symbol, days.filter(({ date }) => date < until)]),
  );
}

type StepsBySymbol = ReadonlyMap<string, Steps>;

function stepped(bars: Bars, steps: StepsBySymbol): Bars {
  return new Map(
    [...bars].map(([symbol, days]) => {
      const own = steps.get(symbol);
      return [symbol, own === undefined ? days : days.map((bar) => adjusted(bar, own))];
    }),
  );
}

/** `symbol,date,split`: the first day that trades after it, and new shares for an old one. */
function splitsOf(path: string): readonly CorporateAction[] {
  const faults = new FaultList();
  const read = new FieldReader(path, faults);
  const columns = [
    { names: ['symbol', 'ticker'] },
    { names: ['date', 'ex_date'] },
    { names: ['split', 'split_coefficient', 'ratio'] },
  ] as const;
  const splits: CorporateAction[] = [];
  for (const { line, fields } of readCsv(readText(path), path, columns, faults)) {
    const [symbol = '', date = '', ratio = ''] = fields;
    const [day, amount] = [read.at(line).day('date', date), read.number('split', ratio)];
    if (day === undefined || amount === undefined || amount === 1) continue;
    if (amount <= 0) {
      read.fault('split', 'new shares for an old one, above 0', ratio);
      continue;
    }
    const exUs = day * DAY;
    splits.push({ symbol, kind: 'split', exUs, knownUs: exUs, amount, closeBefore: Number.NaN });
  }
  const [first] = faults.first;
  if (first === undefined) return splits;
  const message = `${faults.count} bad lines, such as ${describeFault(first)}`;
  throw new TrainError('TRAIN_SOURCE', message);
}

function adjusted(bar: DailyBar, steps: Steps): DailyBar {
  const step = stepAt(steps, daysOfDate(bar.date) * DAY);
  if (step === steps.exUs.length) return bar;
  const price = (value: number) => Math.max(1, Math.round(value * (steps.price[step] ?? 1)));
  const { date, open, high, low, close, volume } = bar;
  return {
    date,
    open: price(open),
    high: price(high),
    low: price(low),
    close: price(close),
    volume: volume * (steps.size[step] ?? 1),
  };
}
