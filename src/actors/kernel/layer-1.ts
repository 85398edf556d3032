import { hashText } from '../../core/hash.ts';
import { MINUTE, SECOND } from '../../core/time.ts';
import { type Candidates, selectMembers } from '../../domain/universe/select.ts';
import type { FamilyDefinition, FamilyTurn } from '../runtime/definition.ts';
import type { RowTable } from '../runtime/row-table.ts';
import {
  applyMove,
  condenseMembers,
  LAYER_BELOW,
  LAYER_LAYOUT,
  LAYER_MEASURES,
  LAYER_MEMBER,
  LAYER_SINCE_US,
  moved,
} from './layer-row.ts';
import { LayerWarmth } from './layer-warmth.ts';
import type { DayMeasured, LayerRowMessage, Measured } from './row-messages.ts';

export interface Layer1Options {
  /** Ten-thousandths. */
  readonly priceMin: number;
  /** Dollars a day, averaged over 20 days. */
  readonly dollarVolume20Min: number;
  readonly historyDaysMin: number;
  readonly spreadBpsMax: number;
  /** Enter at the thresholds times this, leave below them times `leaveRatio`. */
  readonly enterRatio: number;
  readonly leaveRatio: number;
  /** At most this share of layer 0, but never fewer than `floor`. */
  readonly capRatio: number;
  readonly floor: number;
  /** Without daily history every symbol passes; the start says so. */
  readonly hasHistory: boolean;
  /** Of the bars that it is measured by. */
  readonly barSpanUs: number;
}

type Kinds = 'layerMoved' | 'rowWarmed';

const DAYS = 20;
const PRICE = LAYER_MEASURES;
const SPREAD_BPS = LAYER_MEASURES + 1;
const RANGE_BPS = LAYER_MEASURES + 2;
const DAYS_SEEN = LAYER_MEASURES + 3;
const DOLLARS = LAYER_MEASURES + 4; // A ring of the last 20 days' dollar volumes.
const STRIDE = DOLLARS + DAYS;

/** Weight of a new bar in the smoothed spread and range: about the last ten bars count. */
const SMOOTHING = 0.2;
const SWEEP_US = 5 * MINUTE;
/** Ranks near the cap change all the time; a seat is kept for half an hour. */
const DWELL_US = 30 * MINUTE;
const PRICE_SCALE = 10_000;

/**
 * Layer 1, liquid: can we get in and out? Price, 20-day dollar volume, spread; ranked by range
 * over spread, the opportunity that volatility offers for what a round trip costs. Evaluated when
 * a session begins and every five minutes of it.
 */
export function layer1(options: Layer1Options): FamilyDefinition<LayerRowMessage, Kinds> {
  const warmth = layer1Warmth(options);
  return {
    name: 'layer-1',
    restart: { restartsMax: 3, withinUs: 10 * SECOND, then: 'quarantine', quarantineUs: MINUTE },
    hears: ['sessionChanged', 'rowWarmed'],
    applies: ['layerMoved', 'rowWarmed'],
    stride: STRIDE,
    layoutHash: hashText(`layer-1/1;${LAYER_LAYOUT};${STRIDE}`),
    resetRow(rows, row) {
      const at = rows.at(row);
      rows.values.fill(0, at + LAYER_MEASURES, at + STRIDE);
      rows.values.fill(Number.NaN, at + PRICE, at + DAYS_SEEN);
    },
    receiveRow(rows, row, message) {
      if (message.kind === 'measured') measure(rows, row, message);
      else if (message.kind === 'dayMeasured') measureDay(rows, row, message);
    },
    sweep(rows, message, turn) {
      if (message.kind === 'sessionChanged') {
        if (message.phase !== 'pre' && message.phase !== 'core') return;
        turn.schedule(turn.nowUs + 1, 'rank', message.closeUs);
      } else if (message.kind === 'rowWarmed') {
        warmth.enter(rows, message, turn);
      } else if (message.kind === 'timer') {
        rank(rows, options, turn);
        if (turn.nowUs >= message.key) return;
        // On a grid, so that the chains of the early and of the core session are one.
        const nextUs = (Math.floor(turn.nowUs / SWEEP_US) + 1) * SWEEP_US;
        turn.schedule(nextUs + 1, 'rank', message.key);
      }
    },
    apply(rows, applied) {
      if (applied.kind === 'rowWarmed') warmth.apply(rows, applied);
      else applyMove(rows, 1, applied);
    },
    condense: (rows) => condenseMembers(rows, 1),
  };
}

/** Not its days, which history tells every session anew. */
export function layer1Warmth({ barSpanUs }: Pick<Layer1Options, 'barSpanUs'>): LayerWarmth {
  return new LayerWarmth(1, [PRICE, SPREAD_BPS, RANGE_BPS], `${SMOOTHING};${barSpanUs}`);
}

function measure(rows: RowTable, row: number, message: Measured): void {
  const at = rows.at(row);
  rows.values[at + PRICE] = message.price;
  smooth(rows.values, at + SPREAD_BPS, message.spreadBps);
  smooth(rows.values, at + RANGE_BPS, message.rangeBps);
}

function measureDay(rows: RowTable, row: number, message: DayMeasured): void {
  const at = rows.at(row);
  const seen = rows.values[at + DAYS_SEEN] ?? 0;
  rows.values[at + DOLLARS + (seen % DAYS)] = (message.close / PRICE_SCALE) * message.volume;
  rows.values[at + DAYS_SEEN] = seen + 1;
  rows.values[at + PRICE] = message.close;
}

function smooth(values: Float64Array, at: number, value: number): void {
  if (value !== value) return;
  const before = values[at] ?? Number.NaN;
  values[at] = before === before ? before + SMOOTHING * (value - before) : value;
}

function rank(rows: RowTable, options: Layer1Options, turn: FamilyTurn): void {
  const { values } = rows;
  const candidates: Candidates = {
    rows: rows.rows,
    isMember: (row) => values[rows.at(row) + LAYER_MEMBER] === 1,
    sinceUs: (row) => values[rows.at(row) + LAYER_SINCE_US] ?? 0,
    barredBy: (row) => barredBy(values, rows.at(row), options),
    score: (row) => opportunity(values, rows.at(row)),
  };
  let universe = 0;
  for (let row = 0; row < rows.rows; row += 1) {
    universe += values[rows.at(row) + LAYER_BELOW] === 1 ? 1 : 0;
  }
  const share = Math.ceil(universe * options.capRatio);
  const cap = options.hasHistory ? Math.max(options.floor, share) : Math.max(1, universe);
  // Thresholds are in `barredBy`; the score only ranks, so everything that is not barred may enter.
  const rules = { enterScore: 0, leaveScore: 0, dwellUs: DWELL_US, floor: 0, cap };
  const moves = selectMembers(candidates, rules, turn.nowUs);
  for (const { row, isMember, reason, score } of moves) {
    const why = options.hasHistory ? reason : isMember ? 'no history given' : reason;
    turn.record(moved(1, row, isMember, why, score, turn));
  }
  complete(rows, moves, turn);
}

function complete(
  rows: RowTable,
  moves: readonly { readonly isMember: boolean }[],
  turn: FamilyTurn,
): void {
  if (moves.length === 0) return;
  let members = 0;
  for (let row = 0; row < rows.rows; row += 1) {
    members += rows.values[rows.at(row) + LAYER_MEMBER] === 1 ? 1 : 0;
  }
  const qualified = moves.filter(({ isMember }) => isMember).length;
  const disqualified = moves.length - qualified;
  members += qualified - disqualified;
  turn.record({ kind: 'layerCompleted', layer: 1, members, qualified, disqualified });
}

/** The first question the row fails. Members are held to `leaveRatio` of each threshold. */
function barredBy(values: Float64Array, at: number, options: Layer1Options): string | undefined {
  if (values[at + LAYER_BELOW] !== 1) return 'not in layer 0';
  if (!options.hasHistory) return undefined;
  const ratio = values[at + LAYER_MEMBER] === 1 ? options.leaveRatio : options.enterRatio;
  const seen = values[at + DAYS_SEEN] ?? 0;
  if (seen < options.historyDaysMin) return 'history';
  if (!((values[at + PRICE] ?? 0) >= options.priceMin * ratio)) return 'price';
  if (!(dollarVolume(values, at) >= options.dollarVolume20Min * ratio)) return 'dollar volume';
  const spread = values[at + SPREAD_BPS] ?? Number.NaN;
  if (spread > options.spreadBpsMax / ratio) return 'spread';
  return undefined;
}

function dollarVolume(values: Float64Array, at: number): number {
  const days = Math.min(DAYS, values[at + DAYS_SEEN] ?? 0);
  let sum = 0;
  for (let day = 0; day < days; day += 1) sum += values[at + DOLLARS + day] ?? 0;
  return days > 0 ? sum / days : 0;
}

/** Range over spread; before either is measured, dollar volume ranks (scaled far below a ratio). */
function opportunity(values: Float64Array, at: number): number {
  const spread = values[at + SPREAD_BPS] ?? Number.NaN;
  const range = values[at + RANGE_BPS] ?? Number.NaN;
  if (spread > 0 && range === range) return range / spread;
  return dollarVolume(values, at) / 1e15;
}
