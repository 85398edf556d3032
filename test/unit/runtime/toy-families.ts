import { symbolId } from '../../../src/core/ids.ts';
import { price } from '../../../src/core/money.ts';
import { GAP, TRADE } from '../../../src/domain/market/event-batch.ts';
import type {
  FamilyDefinition,
  FamilyTurn,
  ReplyMessage,
  Restart,
} from '../../../src/actors/runtime/definition.ts';
import type { RowTable } from '../../../src/actors/runtime/row-table.ts';
import type { Fact } from '../../../src/ports/fact.ts';
import type { AverageRowMessage, PriceRowMessage, ToyOptions } from './toy-messages.ts';

export const COUNT = 0;
export const SUM = 1;
export const EMA = 2;
export const LAST = 3;
export const GAPS = 4;
export const LAYER = 5;

export const BAR_US = 5_000;
const BARS_MAX = 40;

/** Sums and averages the trades of each symbol. What `layerMoved` says is kept in the row too. */
export function prices(options: ToyOptions): FamilyDefinition<PriceRowMessage, 'layerMoved'> {
  const { table, fault, alpha } = options;
  return {
    name: 'prices',
    restart: restartOf(options),
    hears: ['sessionChanged'],
    applies: ['layerMoved'],
    stride: 6,
    layoutHash: options.layoutHash,
    resetRow: (rows, row) => rows.values.fill(0, rows.at(row), rows.at(row) + LAYER),
    receiveEvent(rows, row, batch, index, turn) {
      const { values } = rows;
      const at = rows.at(row);
      if (batch.kind[index] === GAP) {
        values[at + GAPS] = (values[at + GAPS] ?? 0) + 1;
        return fault('prices', 'gap', row, 0);
      }
      if (batch.kind[index] !== TRADE) return undefined;
      const last = batch.a[index] ?? 0;
      const count = (values[at + COUNT] ?? 0) + 1;
      values[at + COUNT] = count;
      values[at + SUM] = (values[at + SUM] ?? 0) + last;
      const mean = (values[at + SUM] ?? 0) / count;
      turn.sendRow(table.averages, row, { kind: 'mean', mean });
      fault('prices', 'trade', row, last);
      const ema = values[at + EMA] ?? 0;
      values[at + EMA] = count === 1 ? last : ema + alpha * (last - ema);
      values[at + LAST] = last;
      if (count % 3 === 0) writeRow(turn, row, values[at + EMA] ?? 0);
      if (count % 2 === 0) turn.send(table.strategy, observed(row, mean, last));
      if (count % 5 === 0) turn.schedule(turn.nowUs + 3_000, 'look', row);
    },
    receiveRow(rows, row, _message, turn) {
      const { values } = rows;
      const at = rows.at(row);
      values[at + SUM] = (values[at + SUM] ?? 0) / 2;
      fault('prices', 'close', row, values[at + EMA] ?? 0);
      values[at + COUNT] = Math.max(1, Math.floor((values[at + COUNT] ?? 0) / 2));
      const mark = options.round(values[at + EMA] ?? 0);
      if (mark > 0) turn.record({ kind: 'marked', symbol: symbolId(row), price: price(mark) });
    },
    sweep(rows, message, turn) {
      if (message.kind === 'sessionChanged') turn.schedule(turn.nowUs + BAR_US, 'bar', 1);
      fault('prices', message.kind, -2, 0);
      if (message.kind !== 'timer') return;
      if (message.tag === 'look') {
        const at = rows.at(message.key);
        const [mean, last] = [rows.values[at + EMA] ?? 0, rows.values[at + LAST] ?? 0];
        return turn.send(table.strategy, observed(message.key, mean, last));
      }
      for (let row = 0; row < rows.rows; row += 1) {
        turn.sendRow(table.prices, row, { kind: 'close' });
      }
      if (message.key < BARS_MAX) turn.schedule(turn.nowUs + BAR_US, 'bar', message.key + 1);
    },
    apply(rows, { symbol, isMember, layer }) {
      rows.values[rows.at(symbol) + LAYER] = isMember ? layer : 0;
    },
    condense: (rows) => condenseLayer(rows, LAYER),
  };
}

export const MEANS = 0;
export const MEAN = 1;
export const SCORE = 2;
export const MEMBER = 3;

/** Averages the averages, decides a layer of its own, and asks for scores. */
export function averages(options: ToyOptions): FamilyDefinition<AverageRowMessage, 'layerMoved'> {
  const { table, fault } = options;
  return {
    name: 'averages',
    restart: restartOf(options),
    hears: [],
    applies: ['layerMoved'],
    stride: 4,
    layoutHash: 'averages-1',
    resetRow: (rows, row) => rows.values.fill(0, rows.at(row), rows.at(row) + MEMBER),
    receiveRow(rows, row, message, turn) {
      const { values } = rows;
      const at = rows.at(row);
      if (message.kind === 'scored') {
        values[at + SCORE] = message.score;
        fault('averages', 'scored', row, message.score * 1_000);
        const symbol = symbolId(row);
        return turn.send(table.strategy, { kind: 'scored', symbol, score: message.score });
      }
      const means = (values[at + MEANS] ?? 0) + 1;
      values[at + MEANS] = means;
      fault('averages', 'mean', row, message.mean);
      const mean = values[at + MEAN] ?? 0;
      values[at + MEAN] = mean + (message.mean - mean) / means;
      if (means % 3 === 0) turn.record(moved(row, message.mean > mean, mean, turn.nowUs));
      if (means % 4 === 0 && turn.outstanding('infer') < 3) {
        const features = Float64Array.of(values[at + MEAN] ?? 0);
        turn.request({ kind: 'infer', model: 'toy', rows: [symbolId(row)], width: 1, features });
      }
    },
    sweep(_rows, message, turn) {
      fault('averages', message.kind, -2, 0);
      if (message.kind === 'replied') hand(message, turn, table.averages);
    },
    apply(rows, { symbol, isMember, layer }) {
      rows.values[rows.at(symbol) + MEMBER] = isMember ? layer : 0;
    },
    condense: (rows) => condenseLayer(rows, MEMBER),
  };
}

function restartOf({ quarantineUs }: ToyOptions): Restart {
  return { restartsMax: 3, withinUs: 10_000_000, then: 'quarantine', quarantineUs };
}

function observed(row: number, mean: number, last: number) {
  return { kind: 'observed', symbol: symbolId(row), mean, last } as const;
}

function writeRow(turn: FamilyTurn, row: number, value: number): void {
  const rows = [symbolId(row)];
  const values = Float64Array.of(value);
  const bar = { barUs: new Float64Array(0), bars: new Float64Array(0) };
  const toy = { table: 'toy', rows, width: 1, values, layoutHash: '1' };
  turn.request({ kind: 'writeRows', ...toy, ...bar });
}

function hand(
  { effect, answer }: ReplyMessage,
  turn: FamilyTurn,
  to: ToyOptions['table']['averages'],
): void {
  if (effect.kind !== 'infer' || answer.scores === undefined) return;
  const { scores } = answer;
  effect.rows.forEach((symbol, place) => {
    turn.sendRow(to, symbol, { kind: 'scored', score: scores[place] ?? Number.NaN });
  });
}

function moved(row: number, isMember: boolean, score: number, atUs: number): Fact {
  const symbol = symbolId(row);
  return { kind: 'layerMoved', layer: 1, symbol, isMember, reason: 'mean', score, atUs };
}

function condenseLayer(rows: RowTable, column: number): readonly Fact[] {
  const facts: Fact[] = [];
  for (let row = 0; row < rows.rows; row += 1) {
    if ((rows.values[rows.at(row) + column] ?? 0) > 0) facts.push(moved(row, true, 0, 0));
  }
  return facts;
}
