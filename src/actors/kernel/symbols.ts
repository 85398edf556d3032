import { hashText } from '../../core/hash.ts';
import { type AccountId, symbolId, textId } from '../../core/ids.ts';
import { ZERO } from '../../core/money.ts';
import { MINUTE } from '../../core/time.ts';
import type { FeatureSet } from '../../domain/features/feature-set.ts';
import {
  BAR,
  BAND,
  CORRECTION,
  GAP,
  QUOTE,
  STATUS,
  TRADE,
  type EventBatch,
} from '../../domain/market/event-batch.ts';
import { assert } from '../../core/assert.ts';
import {
  closesAt,
  moveLayer,
  type QuotePlaces,
  resetSymbolRow,
  ROW_BAR,
  ROW_CLOSE_US,
  ROW_HELD,
  ROW_IS_TRADABLE,
  ROW_LAYERS,
  ROW_NBBO,
  ROW_OPEN_US,
  symbolRowLayout,
  symbolRowWidth,
} from '../../domain/market/symbol-row.ts';
import { signOf } from '../../domain/market/side.ts';
import { ClosingRule } from '../../domain/market/bars/closing-rule.ts';
import type {
  Applied,
  AppliedOf,
  FamilyDefinition,
  FamilyTurn,
  SweepMessage,
} from '../runtime/definition.ts';
import type { RowTable } from '../runtime/row-table.ts';
import { SYMBOLS } from './actor-table.ts';
import { type Observes, observedSet } from './observed-set.ts';
import type { SymbolRowMessage } from './row-messages.ts';
import { RowHistory } from './row-history.ts';
import { RowWarmth } from './row-warmth.ts';
import { SymbolRow } from './symbol-row-events.ts';

export interface SymbolsOptions {
  /** `bar`: indicators move at each bar's close. `event`: on every trade and quote. */
  readonly cadence: 'bar' | 'event';
  /** Which indicators those are in `event`; the others move at a bar's close. Left out: `rule`. */
  readonly observes?: Observes;
  readonly barSpanUs: number;
  /**
   * Who makes the bars. `venue`: of every symbol they come, and no trade is counted into one. Left
   * out: we make them of trades, and take the venue's where no trade came.
   */
  readonly bars?: 'trades' | 'venue';
  /** How long after its end a bar still takes trades. */
  readonly barGraceUs: number;
  /** With a place for each of `STANDARD_OUTPUTS`. */
  readonly features: FeatureSet;
  /** In event cadence a row speaks to the strategies only past these distances from the mean. */
  readonly zEnter: number;
  readonly zExit: number;
  /**
   * Left out: `full`, 680 bytes a symbol more than `consolidated`, under which the handling of an
   * exchange's own quote fails.
   */
  readonly quotes?: QuotePlaces;
  /** Where quotes come for some symbols only: an older one values nothing. Left out: any age. */
  readonly quoteAgeUsMax?: number;
  /** How many of the last bars can be corrected, at least. Left out: `REWARM_BARS`. */
  readonly historyBars?: number;
}

const LAYERS = 4;
const CLOSE_BAR = { kind: 'closeBar' } as const;
const ROWS_PER_SLICE = 1_024;

const APPLIES = [
  'symbolNamed',
  'sessionChanged',
  'layerMoved',
  'filled',
  'positionAdopted',
  'positionCarried',
  'rowWarmed',
] as const;
type Kinds = (typeof APPLIES)[number];

/**
 * Every symbol is an actor from birth: the actor is the row. It keeps the best quote, the open
 * bar, the indicators and the feature history, beside them the last bars in case that one of them
 * is corrected, and tells layers, portfolio, predictions and
 * strategies when a bar has closed.
 */
export function symbols(options: SymbolsOptions): FamilyDefinition<SymbolRowMessage, Kinds> {
  const { cadence, features, barSpanUs, barGraceUs, quotes = 'full' } = options;
  const { bars = 'trades', quoteAgeUsMax = Number.POSITIVE_INFINITY } = options;
  const featuresAt = symbolRowWidth(quotes);
  const observedAt = featuresAt + features.symbolWidth;
  const observed = observedSet(options.observes ?? 'rule');
  const observedWidth = cadence === 'event' ? observed.width : 0;
  const places = { quotes, featuresAt, observed, observedAt };
  const part = features.barPart(features.timeframe);
  assert(part.offset === 0, 'what learns from bars follows the closes');
  const history = new RowHistory(part, closesAt(quotes), options.historyBars);
  const rule = new ClosingRule(barGraceUs);
  const warmth = new RowWarmth({ features, featuresAt, quotes, barSpanUs });
  const row = new SymbolRow({ ...options, ...places, bars, quoteAgeUsMax, history });

  return {
    name: 'symbols',
    restart: { restartsMax: 3, withinUs: 10_000_000, then: 'quarantine', quarantineUs: MINUTE },
    hears: ['sessionChanged'],
    applies: APPLIES,
    stride: observedAt + observedWidth,
    coldStride: history.width,
    sections: [ROW_NBBO, closesAt(quotes), observedAt],
    layoutHash: hashText(
      [
        symbolRowLayout(quotes),
        features.stateHash,
        part.width,
        cadence === 'event' ? observed.layoutHash : '',
        cadence,
        barSpanUs,
      ].join(';'),
    ),

    resetRow(rows, index) {
      const at = rows.at(index);
      resetSymbolRow(rows.values, at, quotes);
      rows.resetCold(index);
      features.resetSymbol(rows.values, at + featuresAt);
      if (cadence === 'event') observed.reset(rows.values, at + observedAt);
    },

    receiveEvent(rows, index, batch, event, turn) {
      row.bind(rows, index, turn);
      row.closeInTime();
      receiveEvent(row, batch, event);
    },

    receiveRow(rows, index, message, turn) {
      row.bind(rows, index, turn);
      switch (message.kind) {
        case 'closeBar':
          return row.closeInTime();
        case 'rowScored':
          return row.scored(message);
      }
    },

    sweep(rows, message, turn) {
      sweepBars(rows, message, turn, barSpanUs, rule);
    },

    apply(rows, applied) {
      if (applied.kind === 'rowWarmed') warm(rows, warmth, applied);
      else apply(rows, applied);
    },
    condense: condenseRows,
  };
}

function receiveEvent(row: SymbolRow, batch: EventBatch, event: number): void {
  switch (batch.kind[event]) {
    case TRADE:
      return row.trade(batch, event);
    case QUOTE:
      return row.quote(batch, event);
    case BAR:
      return row.bar(batch, event);
    case STATUS:
      return row.status(batch, event);
    case BAND:
      return row.band(batch, event);
    case CORRECTION:
      return row.correction(batch, event);
    case GAP:
      return row.gap(batch, event);
  }
}

/** Of another layout it would mean something else; the last bars are not there to be corrected. */
function warm(rows: RowTable, warmth: RowWarmth, warmed: AppliedOf<'rowWarmed'>): void {
  const { symbol, family, layout, values, mayLack } = warmed;
  if (
    family !== warmth.family ||
    layout !== warmth.layout ||
    values.length !== warmth.width ||
    symbol >= rows.rows
  )
    return;
  rows.resetCold(symbol);
  warmth.write(rows.values, rows.at(symbol), values, mayLack);
}

/** The only places where a decision, or the calendar, reaches a row. */
function apply(rows: RowTable, applied: AppliedOf<Exclude<Kinds, 'rowWarmed'>>): void {
  switch (applied.kind) {
    case 'symbolNamed': {
      const at = rows.at(applied.symbol);
      rows.values[at + ROW_IS_TRADABLE] = applied.isTradable ? 1 : 0;
      // Named while a session runs: it is the session of all the others.
      rows.values[at + ROW_OPEN_US] = rows.values[ROW_OPEN_US] ?? 0;
      rows.values[at + ROW_CLOSE_US] = rows.values[ROW_CLOSE_US] ?? 0;
      return;
    }
    case 'sessionChanged':
      for (let index = 0; index < rows.rows; index += 1) {
        rows.values[rows.at(index) + ROW_OPEN_US] = applied.openUs;
        rows.values[rows.at(index) + ROW_CLOSE_US] = applied.closeUs;
      }
      return;
    case 'layerMoved':
      return applyMove(rows, applied);
    case 'filled': {
      const at = rows.at(applied.symbol) + ROW_HELD;
      const change = signOf(applied.side) * applied.execution.quantity;
      rows.values[at] = (rows.values[at] ?? 0) + change;
      return;
    }
    case 'positionAdopted':
    case 'positionCarried':
      rows.values[rows.at(applied.symbol) + ROW_HELD] = applied.quantity;
  }
}

function applyMove(rows: RowTable, move: AppliedOf<'layerMoved'>): void {
  moveLayer(rows.values, rows.at(move.symbol), move.layer, move.isMember, move.atUs);
}

/** For a build whose rows mean something else: what decisions wrote into this one's. */
function condenseRows(rows: RowTable): readonly Applied[] {
  const facts: Applied[] = [];
  // The session is every row's alike, and is set in all of them at once.
  const openUs = rows.values[ROW_OPEN_US] ?? 0;
  const closeUs = rows.values[ROW_CLOSE_US] ?? 0;
  const isInSession = rows.rows > 0 && closeUs > 0;
  if (isInSession) facts.push({ kind: 'sessionChanged', phase: 'core', date: 0, openUs, closeUs });
  for (let index = 0; index < rows.rows; index += 1) {
    const symbol = symbolId(index);
    const isTradable = rows.values[rows.at(index) + ROW_IS_TRADABLE] === 1;
    if (isTradable) facts.push({ kind: 'symbolNamed', symbol, isTradable, ...CARRIED_NAME });
    const layers = rows.values[rows.at(index) + ROW_LAYERS] ?? 0;
    const quantity = rows.values[rows.at(index) + ROW_HELD] ?? 0;
    for (let layer = 0; layer < LAYERS; layer += 1) {
      if ((layers & (1 << layer)) === 0) continue;
      facts.push({ kind: 'layerMoved', symbol, layer, ...CARRIED_MOVE });
    }
    if (quantity !== 0) facts.push({ kind: 'positionCarried', symbol, quantity, ...CARRIED });
  }
  return facts;
}

const CARRIED_NAME = { name: 'carried', assetClass: 'equity', sector: '' } as const;
const CARRIED_MOVE = { isMember: true, reason: 'carried', score: Number.NaN, atUs: 0 } as const;
const CARRIED = {
  account: textId<AccountId>('carried'),
  cost: ZERO,
  realized: ZERO,
  mark: 0,
} as const;

/**
 * A timer at each bar's end plus grace closes what is still open, a slice of the rows a turn: from
 * the first bar of the core session to one span after its last.
 */
function sweepBars(
  rows: RowTable,
  message: SweepMessage,
  turn: FamilyTurn,
  barSpanUs: number,
  rule: ClosingRule,
): void {
  const { graceUs } = rule;
  const next = (lastUs: number, endedUs: number) => {
    const dueUs = (Math.floor(endedUs / barSpanUs) + 1) * barSpanUs + graceUs;
    if (dueUs <= lastUs + barSpanUs + graceUs) turn.schedule(dueUs, 'bars', lastUs);
  };
  if (message.kind === 'sessionChanged') {
    if (message.phase === 'core') next(message.closeUs, turn.nowUs);
    return;
  }
  if (message.kind !== 'timer') return;
  // Of the bar that ended a grace ago: a grace may be longer than a bar.
  if (message.tag === 'bars') next(message.key, turn.nowUs - graceUs);
  const from = message.tag === 'bars' ? 0 : message.key;
  const to = Math.min(rows.rows, from + ROWS_PER_SLICE);
  for (let index = from; index < to; index += 1) {
    const isOver = rule.isTimeOver(rows.values, rows.at(index) + ROW_BAR, turn.nowUs);
    if (isOver) turn.sendRow(SYMBOLS, index, CLOSE_BAR);
  }
  if (to < rows.rows) turn.schedule(turn.nowUs + 1, 'slice', to);
}
