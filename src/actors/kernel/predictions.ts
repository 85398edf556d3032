import { hashText } from '../../core/hash.ts';
import { type SymbolId, symbolId } from '../../core/ids.ts';
import { MINUTE, SECOND } from '../../core/time.ts';
import { columnOf, joinModels, modelsIn } from '../../ports/model-columns.ts';
import type { FamilyDefinition, FamilyTurn, ReplyMessage } from '../runtime/definition.ts';
import type { RowTable } from '../runtime/row-table.ts';
import { PREDICTIONS, SYMBOLS } from './actor-table.ts';
import { BAR_US, PredictionRow, SLOT } from './prediction-row.ts';
import type { PredictionRowMessage } from './row-messages.ts';

export interface PredictionsOptions {
  /** Asked in one pass: those that vote, and after them those in shadow. */
  readonly models: readonly string[];
  /** Of each, above what it says that the price will be higher. */
  readonly thresholds: readonly number[];
  /** Feature rows wait so long for company; batches are cut on a grid of input time. */
  readonly batchUs: number;
  /** 0: nothing is asked. */
  readonly inFlightMax: number;
  readonly rowsMax: number;
  /** Doubles in the features of a bar, and the hash of what they mean. */
  readonly width: number;
  readonly featuresLayout: string;
  /** Bars that the models see at once. */
  readonly window: number;
  readonly barSpanUs: number;
  /** How many bars on the scores speak of. */
  readonly horizonBars: number;
}

/**
 * Asks the models. Feature rows that come in the same slot of input time go out as one request, so
 * a batch is cut by time and never by arrival; the answer finds its symbol's row again. Too many
 * requests on their way, a late or a failed answer: no signal, and nothing is kept for later. What
 * was said is held against the price when its horizon is over.
 */
export function predictions(
  options: PredictionsOptions,
): FamilyDefinition<PredictionRowMessage, never> {
  const { batchUs, models, featuresLayout } = options;
  const row = new PredictionRow(options);
  const scene = { options, row, model: joinModels(models) };
  return {
    name: 'predictions',
    restart: { restartsMax: 3, withinUs: 10 * SECOND, then: 'quarantine', quarantineUs: MINUTE },
    hears: [],
    applies: [],
    stride: row.stride,
    coldStride: row.coldStride,
    layoutHash: hashText(`predictions/3;${featuresLayout};${models.join()};${row.layout}`),
    resetRow(rows, index) {
      const at = rows.at(index);
      rows.values.fill(0, at, at + row.stride);
      rows.resetCold(index);
    },
    receiveRow(rows, index, message, turn) {
      const at = rows.at(index);
      // Bars of all symbols come here, and most have nothing open.
      const isDue = message.kind !== 'barScored' && row.isDue(rows.coldRow(index), message.barUs);
      if (message.kind === 'barClosed' && !isDue) return;
      if (message.kind === 'barChanged' && !row.holds(rows.values, at)) return;
      const cold = rows.openCold(index);
      if (message.kind === 'barScored') return row.remember(rows.values, at, cold, message);
      if (message.kind === 'barChanged') return row.change(rows.values, at, cold, message);
      const { barUs, close } = message;
      const slot = Math.floor(turn.nowUs / batchUs) + 1;
      if (isDue) row.judge(rows.values, at, cold, { barUs, close, slot });
      if (message.kind === 'featuresReady') {
        row.push(rows.values, at, cold, message);
        rows.values[at + SLOT] = slot;
      }
      turn.schedule(slot * batchUs, 'batch', slot);
    },
    sweep(rows, message, turn) {
      if (message.kind === 'replied') hand(rows, scene, message, turn);
      if (message.kind !== 'timer') return;
      tellJudged(rows, scene, message.key, turn);
      ask(rows, scene, message.key, turn);
    },
    apply: () => undefined,
    condense: () => [],
  };
}

interface Scene {
  readonly options: PredictionsOptions;
  readonly row: PredictionRow;
  readonly model: string;
}

/** How the models did, summed over the rows of a slot. */
function tellJudged(rows: RowTable, { row, options }: Scene, slot: number, turn: FamilyTurn): void {
  const judged = options.models.map(() => 0);
  const right = options.models.map(() => 0);
  for (let index = 0; index < rows.rows; index += 1) {
    row.count(rows.values, rows.at(index), slot, judged, right);
  }
  if (judged.every((count) => count === 0)) return;
  turn.record({ kind: 'modelsJudged', models: options.models, judged, right });
}

/** In rows of at most `rowsMax`; what does not fit into the requests in flight is dropped. */
function ask(rows: RowTable, scene: Scene, slot: number, turn: FamilyTurn): void {
  const { inFlightMax, rowsMax } = scene.options;
  let room = inFlightMax - turn.outstanding('infer');
  let waiting: SymbolId[] = [];
  for (let index = 0; index < rows.rows && room > 0; index += 1) {
    const at = rows.at(index);
    if (rows.values[at + SLOT] !== slot || !scene.row.isWhole(rows.values, at)) continue;
    waiting.push(symbolId(index));
    if (waiting.length < rowsMax) continue;
    request(rows, scene, waiting, turn);
    waiting = [];
    room -= 1;
  }
  if (waiting.length > 0 && room > 0) request(rows, scene, waiting, turn);
}

function request(
  rows: RowTable,
  { row, model }: Scene,
  symbols: readonly SymbolId[],
  turn: FamilyTurn,
): void {
  const width = row.rowWidth;
  const features = new Float64Array(symbols.length * width);
  symbols.forEach((symbol, place) => {
    const cold = rows.coldRow(symbol);
    if (cold !== undefined) features.set(cold.subarray(0, width), place * width);
  });
  turn.request({ kind: 'infer', model, rows: symbols, width, features });
}

/** Scores are handed on only while the row still holds the very features that were scored. */
function hand(
  rows: RowTable,
  { options: { models } }: Scene,
  { effect, answer }: ReplyMessage,
  turn: FamilyTurn,
): void {
  if (effect.kind !== 'infer' || answer.outcome !== 'done') return;
  if (answer.scores === undefined || answer.modelVersion === undefined) return;
  const versions = modelsIn(answer.modelVersion);
  if (versions.length !== models.length || modelsIn(effect.model).length !== models.length) return;
  const { features, width } = effect;
  const columns = models.map((_, place) =>
    columnOf(answer.scores ?? new Float64Array(0), effect.rows.length, place),
  );
  if (models.length > 1) {
    const hasAnswered = columns.map((column) => column.some((score) => chance(score) === score));
    turn.record({ kind: 'modelsAnswered', models, hasAnswered });
  }
  effect.rows.forEach((symbol, place) => {
    const scores = Float64Array.from(columns, (column) => chance(column[place]));
    if (scores.every(Number.isNaN)) return;
    const cold = rows.coldRow(symbol);
    if (cold === undefined || !isSame(cold, features, place * width, width)) return;
    const barUs = rows.values[rows.at(symbol) + BAR_US] ?? 0;
    turn.sendRow(PREDICTIONS, symbol, { kind: 'barScored', scores, barUs });
    turn.sendRow(SYMBOLS, symbol, { kind: 'rowScored', scores, versions, barUs });
  });
}

/** NaN where it is none. */
function chance(score = Number.NaN): number {
  return score >= 0 && score <= 1 ? score : Number.NaN;
}

function isSame(held: Float64Array, asked: Float64Array, askedAt: number, width: number): boolean {
  for (let slot = 0; slot < width; slot += 1) {
    if (held[slot] !== asked[askedAt + slot]) return false;
  }
  return true;
}
