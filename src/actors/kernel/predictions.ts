import { hashText } from '../../core/hash.ts';
import { type SymbolId, symbolId } from '../../core/ids.ts';
import { MINUTE, SECOND } from '../../core/time.ts';
import type { FamilyDefinition, FamilyTurn, ReplyMessage } from '../runtime/definition.ts';
import type { RowTable } from '../runtime/row-table.ts';
import { SYMBOLS } from './actor-table.ts';
import type { PredictionRowMessage } from './row-messages.ts';

export interface PredictionsOptions {
  readonly model: string;
  /** Feature rows wait so long for company; batches are cut on a grid of input time. */
  readonly batchUs: number;
  /** 0: nothing is asked. */
  readonly inFlightMax: number;
  readonly rowsMax: number;
  /** Doubles in a feature row, and the hash of what they mean. */
  readonly width: number;
  readonly featuresLayout: string;
}

/** The grid slot in which the row's features wait, or 0; their bar's end; then the features. */
const SLOT = 0;
const BAR_US = 1;
const FEATURES = 2;

/**
 * Asks the model. Feature rows that come in the same slot of input time go out as one request, so
 * a batch is cut by time and never by arrival; the answer finds its symbol's row again. Too many
 * requests on their way, a late or a failed answer: no signal, and nothing is kept for later.
 */
export function predictions(
  options: PredictionsOptions,
): FamilyDefinition<PredictionRowMessage, never> {
  const { batchUs, width } = options;
  return {
    name: 'predictions',
    restart: { restartsMax: 3, withinUs: 10 * SECOND, then: 'quarantine', quarantineUs: MINUTE },
    hears: [],
    applies: [],
    stride: FEATURES + width,
    layoutHash: hashText(`predictions/2;${options.featuresLayout};${width}`),
    resetRow(rows, row) {
      const at = rows.at(row);
      rows.values.fill(0, at, at + FEATURES + width);
    },
    receiveRow(rows, row, message, turn) {
      const slot = Math.floor(turn.nowUs / batchUs) + 1;
      const at = rows.at(row);
      rows.values[at + SLOT] = slot;
      rows.values[at + BAR_US] = message.barUs;
      rows.values.set(message.features, at + FEATURES);
      turn.schedule(slot * batchUs, 'batch', slot);
    },
    sweep(rows, message, turn) {
      if (message.kind === 'timer') ask(rows, options, message.key, turn);
      else if (message.kind === 'replied') hand(rows, message, turn);
    },
    apply: () => undefined,
    condense: () => [],
  };
}

/** In rows of at most `rowsMax`; what does not fit into the requests in flight is dropped. */
function ask(rows: RowTable, options: PredictionsOptions, slot: number, turn: FamilyTurn): void {
  let room = options.inFlightMax - turn.outstanding('infer');
  let waiting: SymbolId[] = [];
  for (let row = 0; row < rows.rows && room > 0; row += 1) {
    if (rows.values[rows.at(row) + SLOT] !== slot) continue;
    waiting.push(symbolId(row));
    if (waiting.length < options.rowsMax) continue;
    request(rows, options, waiting, turn);
    waiting = [];
    room -= 1;
  }
  if (waiting.length > 0 && room > 0) request(rows, options, waiting, turn);
}

function request(
  rows: RowTable,
  { model, width }: PredictionsOptions,
  symbols: readonly SymbolId[],
  turn: FamilyTurn,
): void {
  const features = new Float64Array(symbols.length * width);
  symbols.forEach((symbol, place) => {
    const at = rows.at(symbol) + FEATURES;
    features.set(rows.values.subarray(at, at + width), place * width);
  });
  turn.request({ kind: 'infer', model, rows: symbols, width, features });
}

/** A score is handed on only while the row still holds the very features that were scored. */
function hand(rows: RowTable, { effect, answer }: ReplyMessage, turn: FamilyTurn): void {
  if (effect.kind !== 'infer' || answer.outcome !== 'done') return;
  const { scores, modelVersion } = answer;
  if (scores === undefined || modelVersion === undefined) return;
  const { features, width } = effect;
  effect.rows.forEach((symbol, place) => {
    const score = scores[place] ?? Number.NaN;
    if (!(score >= 0 && score <= 1)) return;
    const at = rows.at(symbol);
    if (!isSame(rows.values, at + FEATURES, features, place * width, width)) return;
    const barUs = rows.values[at + BAR_US] ?? 0;
    turn.sendRow(SYMBOLS, symbol, { kind: 'rowScored', score, modelVersion, barUs });
  });
}

function isSame(
  held: Float64Array,
  heldAt: number,
  asked: Float64Array,
  askedAt: number,
  width: number,
): boolean {
  for (let slot = 0; slot < width; slot += 1) {
    if (held[heldAt + slot] !== asked[askedAt + slot]) return false;
  }
  return true;
}
