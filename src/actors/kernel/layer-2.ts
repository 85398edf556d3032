import { hashText } from '../../core/hash.ts';
import { MINUTE, SECOND } from '../../core/time.ts';
import { selectMembers, type SelectionRules } from '../../domain/universe/select.ts';
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
import type { LayerRowMessage, Measured } from './row-messages.ts';

export interface Layer2Options extends SelectionRules {
  readonly barSpanUs: number;
  readonly barGraceUs: number;
}

type Kinds = 'layerMoved' | 'rowWarmed';

const VOLUME_MEAN = LAYER_MEASURES;
const BARS = LAYER_MEASURES + 1;
const SCORE = LAYER_MEASURES + 2;
const HALTED = LAYER_MEASURES + 3;
const MEASURED_US = LAYER_MEASURES + 4;
const STRIDE = LAYER_MEASURES + 5;

/** About the last twenty bars count in the usual volume. */
const SMOOTHING = 0.05;
/** About the last six bars count in the score: of one alone a symbol would flicker (F8). */
const SCORE_SMOOTHING = 0.3;
/** Before so many bars nobody knows what is usual. */
const BARS_MIN = 5;
/** Without a bar for so many bars nothing happens, whatever the last one showed. */
const AGE_SPANS_MAX = 5;
/** A floor that kept everything would not be a sieve. */
const FLOOR_SHARE_MAX = 0.5;
/** No single measure may carry a symbol in alone. */
const MEASURE_MAX = 3;
/** After the bars' sweep, which takes a microsecond a slice. */
const AFTER_BARS_US = 1_000;

/**
 * Layer 2, active: is something happening? The activity score is the mean of relative volume,
 * momentum in average true ranges and distance from the mean in deviations, each cut at three, so
 * that 1 means "once the usual"; smoothed over the last bars. Evaluated after every bar; without
 * bars a score goes out of date.
 */
export function layer2(options: Layer2Options): FamilyDefinition<LayerRowMessage, Kinds> {
  const { barSpanUs, barGraceUs } = options;
  const warmth = layer2Warmth(options);
  return {
    name: 'layer-2',
    restart: { restartsMax: 3, withinUs: 10 * SECOND, then: 'quarantine', quarantineUs: MINUTE },
    hears: ['sessionChanged', 'rowWarmed'],
    applies: ['layerMoved', 'rowWarmed'],
    stride: STRIDE,
    layoutHash: hashText(`layer-2/2;${LAYER_LAYOUT};${STRIDE}`),
    resetRow(rows, row) {
      const at = rows.at(row);
      rows.values.fill(0, at + LAYER_MEASURES, at + STRIDE);
      rows.values[at + VOLUME_MEAN] = Number.NaN;
      rows.values[at + SCORE] = Number.NaN;
    },
    receiveRow(rows, row, message, turn) {
      if (message.kind === 'measured') measure(rows, row, message, turn.nowUs);
      else if (message.kind === 'haltSeen') rows.values[rows.at(row) + HALTED] = 1;
    },
    sweep(rows, message, turn) {
      const again = (lastUs: number) => {
        const boundaryUs = (Math.floor(turn.nowUs / barSpanUs) + 1) * barSpanUs;
        const dueUs = boundaryUs + barGraceUs + AFTER_BARS_US;
        if (boundaryUs < lastUs) turn.schedule(dueUs, 'rank', lastUs);
      };
      if (message.kind === 'sessionChanged') {
        if (message.phase === 'core') again(message.closeUs);
      } else if (message.kind === 'rowWarmed') {
        warmth.enter(rows, message, turn);
      } else if (message.kind === 'timer') {
        rank(rows, options, turn);
        again(message.key);
      }
    },
    apply(rows, applied) {
      if (applied.kind === 'rowWarmed') warmth.apply(rows, applied);
      else applyMove(rows, 2, applied);
    },
    condense: (rows) => condenseMembers(rows, 2),
  };
}

export function layer2Warmth({ barSpanUs }: Pick<Layer2Options, 'barSpanUs'>): LayerWarmth {
  const measures = [VOLUME_MEAN, BARS, SCORE, HALTED, MEASURED_US];
  return new LayerWarmth(2, measures, `${SMOOTHING};${SCORE_SMOOTHING};${barSpanUs}`);
}

function measure(rows: RowTable, row: number, message: Measured, nowUs: number): void {
  const { values } = rows;
  const at = rows.at(row);
  const usual = values[at + VOLUME_MEAN] ?? Number.NaN;
  const bars = (values[at + BARS] ?? 0) + 1;
  values[at + BARS] = bars;
  values[at + HALTED] = message.isHalted ? 1 : 0;
  values[at + MEASURED_US] = nowUs;
  values[at + VOLUME_MEAN] =
    usual === usual ? usual + SMOOTHING * (message.volume - usual) : message.volume;
  const relative = usual > 0 ? Math.min(MEASURE_MAX, message.volume / usual) : Number.NaN;
  const momentum = Math.min(MEASURE_MAX, Math.abs(message.momentum));
  const distance = Math.min(MEASURE_MAX, Math.abs(message.zScore));
  const fresh = bars < BARS_MIN ? Number.NaN : (relative + momentum + distance) / 3;
  const before = values[at + SCORE] ?? Number.NaN;
  values[at + SCORE] = before === before ? before + SCORE_SMOOTHING * (fresh - before) : fresh;
}

function rank(rows: RowTable, options: Layer2Options, turn: FamilyTurn): void {
  const { values } = rows;
  let below = 0;
  for (let row = 0; row < rows.rows; row += 1) below += values[rows.at(row) + LAYER_BELOW] ?? 0;
  // Of four symbols fifteen cannot be kept: the floor is at most half of what there is.
  const floor = Math.min(options.floor, Math.ceil(below * FLOOR_SHARE_MAX));
  const moves = selectMembers(
    {
      rows: rows.rows,
      isMember: (row) => values[rows.at(row) + LAYER_MEMBER] === 1,
      sinceUs: (row) => values[rows.at(row) + LAYER_SINCE_US] ?? 0,
      score: (row) => activity(values, rows.at(row), options.barSpanUs, turn.nowUs),
      barredBy(row) {
        if (values[rows.at(row) + LAYER_BELOW] !== 1) return 'not in layer 1';
        return values[rows.at(row) + HALTED] === 1 ? 'halted' : undefined;
      },
    },
    { ...options, floor },
    turn.nowUs,
  );
  for (const { row, isMember, reason, score } of moves) {
    turn.record(moved(2, row, isMember, reason, score, turn));
  }
}

/** As of the last bar; nothing happens where no bar has come for long. NaN: not known yet. */
function activity(values: Float64Array, at: number, barSpanUs: number, nowUs: number): number {
  const score = values[at + SCORE] ?? Number.NaN;
  const ageUs = nowUs - (values[at + MEASURED_US] ?? 0);
  return score === score && ageUs > AGE_SPANS_MAX * barSpanUs ? 0 : score;
}
