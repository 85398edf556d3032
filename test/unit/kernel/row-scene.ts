import {
  ENSEMBLE,
  LAYER_1,
  LAYER_2,
  MEAN_REVERSION,
  PORTFOLIO,
  PREDICTIONS,
  SYMBOLS,
} from '../../../src/actors/kernel/actor-table.ts';
import type { MembersScored, Observed } from '../../../src/actors/kernel/messages.ts';
import type {
  DayMeasured,
  FeaturesReady,
  Measured,
  PredictionRowMessage,
  RowScored,
} from '../../../src/actors/kernel/row-messages.ts';
import { symbols, type SymbolsOptions } from '../../../src/actors/kernel/symbols.ts';
import type { FamilyDefinition } from '../../../src/actors/runtime/definition.ts';
import { type AccountId, symbolId, textId } from '../../../src/core/ids.ts';
import { price, shares } from '../../../src/core/money.ts';
import { HOUR, MINUTE } from '../../../src/core/time.ts';
import { momentumSet } from '../../../src/domain/features/momentum-set.ts';
import {
  BAND,
  BAR,
  BAR_FINAL,
  CORRECTION,
  EventBatch,
  GAP,
  QUOTE,
  QUOTE_ASK,
  QUOTE_BID,
  STATUS,
  TRADE,
  TRADE_REGULAR,
} from '../../../src/domain/market/event-batch.ts';
import { KernelHarness } from '../../kernel-harness.ts';

export const OPEN_US = Date.UTC(2024, 5, 3, 13, 30) * 1_000;
export const CLOSE_US = OPEN_US + 6.5 * HOUR;
export const GRACE_US = 250_000;
export const DOLLAR = 10_000;
export const FEATURES = momentumSet();

const BOTH = QUOTE_BID | QUOTE_ASK;
const DEFAULTS: SymbolsOptions = {
  cadence: 'bar',
  barSpanUs: MINUTE,
  barGraceUs: GRACE_US,
  features: FEATURES,
  zEnter: 2,
  zExit: 0.5,
};

/**
 * The family of symbols in a session that has just begun. In the place of predictions is an oracle
 * that says what it is told to; everybody else is a probe.
 */
export class RowScene {
  readonly harness: KernelHarness;
  /** What the oracle was sent. */
  readonly featureRows: FeaturesReady[] = [];
  #said: readonly [row: number, scored: RowScored][] = [];
  readonly #batch = new EventBatch(8_192, 64);

  constructor(options: Partial<SymbolsOptions> = {}, rows = 2, startUs = OPEN_US) {
    const definition = symbols({ ...DEFAULTS, ...options });
    const rowsMax = Math.max(16, rows);
    this.harness = new KernelHarness({
      actors: [
        [SYMBOLS, definition],
        [PREDICTIONS, this.#oracle()],
      ],
      rowsMax,
      startUs,
    });
    for (let row = 0; row < rows; row += 1) this.name(row);
    this.session('core');
  }

  get nowUs(): number {
    return this.harness.nowUs;
  }

  name(row: number, isTradable = true): void {
    const named = { symbol: symbolId(row), name: `S${row}`, sector: 'x', isTradable };
    this.harness.input({ kind: 'symbolNamed', assetClass: 'equity', ...named });
  }

  session(phase: 'pre' | 'core' | 'closed', openUs = OPEN_US, closeUs = CLOSE_US): void {
    this.harness.input({ kind: 'sessionChanged', phase, date: 20240603, openUs, closeUs });
  }

  to(us: number): void {
    this.harness.advance(us - this.nowUs);
  }

  /** One event, received at its own time unless that is past. */
  event(
    kind: number,
    row: number,
    venueUs: number,
    flags: number,
    values: readonly number[],
    exchange = 0,
    nowUs = Math.max(this.nowUs, venueUs),
  ): void {
    const batch = this.#batch;
    batch.clear();
    const at = batch.add(kind, row, venueUs, flags, exchange);
    [batch.a, batch.b, batch.c, batch.d, batch.e, batch.f].forEach((column, place) => {
      column[at] = values[place] ?? 0;
    });
    batch.endFrame(nowUs);
    this.harness.market(batch);
  }

  trade(row: number, us: number, unit: number, size = 100, flags = TRADE_REGULAR): void {
    this.event(TRADE, row, us, flags, [unit, size]);
  }

  /** A trade that is dated after its receipt, which is now. */
  tradeAhead(row: number, us: number, unit: number): void {
    this.event(TRADE, row, us, TRADE_REGULAR, [unit, 100], 0, this.nowUs);
  }

  quote(row: number, us: number, bid: number, ask: number, flags = BOTH, exchange = 0): void {
    this.event(QUOTE, row, us, flags, [bid, 100, ask, 100], exchange);
  }

  /** A venue's bar, received at its end. */
  bar(row: number, us: number, values: readonly number[], spanUs = MINUTE, flags = BAR_FINAL) {
    this.to(Math.max(this.nowUs, spanUs < 24 * HOUR ? us + spanUs : us));
    this.event(BAR, row, us, flags, [...values, spanUs]);
  }

  status(row: number, us: number, flags: number): void {
    this.event(STATUS, row, us, flags, []);
  }

  band(row: number, us: number, low: number, high: number): void {
    this.event(BAND, row, us, 0, [low, high]);
  }

  correction(
    row: number,
    us: number,
    values: readonly [number, number, number, number],
    ofUs: number,
  ) {
    this.event(CORRECTION, row, us, TRADE_REGULAR, [...values, 0, ofUs]);
  }

  gap(row: number, us: number, channel: number): void {
    this.event(GAP, row, us, channel, []);
  }

  moveLayer(row: number, layer: number, isMember = true): void {
    const symbol = symbolId(row);
    const move = { layer, symbol, isMember, reason: 'test', score: 1, atUs: this.nowUs };
    this.harness.record({ kind: 'layerMoved', ...move });
  }

  /** Into layer 2, where strategies hear of it. */
  activate(row = 0): void {
    for (const layer of [0, 1, 2]) this.moveLayer(row, layer);
  }

  hold(row: number, quantity: number, side: 'buy' | 'sell' = 'buy'): void {
    this.harness.record({
      kind: 'filled',
      account: textId<AccountId>('PAPER'),
      clientOrderId: textId('o'),
      symbol: symbolId(row),
      side,
      execution: {
        executionId: textId('x'),
        quantity: shares(quantity),
        price: price(DOLLAR),
        venueUs: this.nowUs,
      },
    });
  }

  /** One trade a minute, and the timer that closes its bar. */
  bars(row: number, closes: readonly number[], fromUs = this.nextMinuteUs()): void {
    closes.forEach((close, minute) => {
      this.trade(row, fromUs + minute * MINUTE + 1_000, close);
      this.to(fromUs + (minute + 1) * MINUTE + GRACE_US);
    });
  }

  nextMinuteUs(): number {
    return Math.ceil(this.nowUs / MINUTE) * MINUTE;
  }

  /** What layer 2 was told, oldest first. */
  get measured(): readonly Measured[] {
    return this.harness.heard(LAYER_2).filter(isKind<Measured>('measured'));
  }

  get days(): readonly DayMeasured[] {
    return this.harness.heard(LAYER_1).filter(isKind<DayMeasured>('dayMeasured'));
  }

  get observed(): readonly Observed[] {
    return this.harness.heard(MEAN_REVERSION).filter(isKind<Observed>('observed'));
  }

  get scored(): readonly MembersScored[] {
    return this.harness.heard(ENSEMBLE).filter(isKind<MembersScored>('membersScored'));
  }

  get priced(): readonly unknown[] {
    return this.harness.heard(PORTFOLIO);
  }

  /** The model's word on a row, for the bar that ended then. */
  score(row: number, score: number, barUs: number): void {
    const scores = Float64Array.of(score);
    this.#said = [[row, { kind: 'rowScored', scores, versions: ['v'], barUs }]];
    const venueUs = this.nowUs;
    const news = { newsId: 'n', symbols: [], headline: '', sentiment: 0, venueUs };
    this.harness.input({ kind: 'newsArrived', ...news });
  }

  #oracle(): FamilyDefinition<PredictionRowMessage, never> {
    return {
      name: 'predictions',
      restart: { restartsMax: 0, withinUs: 1, then: 'stop', quarantineUs: 0 },
      hears: ['newsArrived'],
      applies: [],
      stride: 1,
      layoutHash: 'oracle',
      resetRow: () => undefined,
      receiveRow: (_rows, _row, message) => {
        if (message.kind === 'featuresReady') this.featureRows.push(message);
      },
      sweep: (_rows, _message, turn) => {
        for (const [row, scored] of this.#said) turn.sendRow(SYMBOLS, row, scored);
      },
      apply: () => undefined,
      condense: () => [],
    };
  }

  /** A double of the row, by its place. */
  value(row: number, place: number): number {
    const slot = this.harness.kernel.slots[SYMBOLS];
    if (slot?.type !== 'family') throw new Error('symbols are a family');
    return slot.rows.values[slot.rows.at(row) + place] ?? Number.NaN;
  }
}

function isKind<Message extends { readonly kind: string }>(kind: Message['kind']) {
  return (message: unknown): message is Message =>
    typeof message === 'object' && message !== null && 'kind' in message && message.kind === kind;
}
