import { TOLD_BAR_WIDTH } from '../../domain/market/bars/told-bar.ts';
import type { Effect } from '../../ports/effect.ts';
import type { TableDeclaration } from '../../ports/time-series.ts';
import type { TurnItem } from '../../ports/turn-record.ts';
import { layoutTable, symbolStates } from '../../store/tables/rows.ts';
import type { LearnedOf, LearnedState } from './learned-state.ts';
import type { SymbolNames } from './symbol-names.ts';
import { type RowsTaken, TableRows } from './table-rows.ts';
import type { TurnPlace } from './turn-place.ts';

/** What doubles of one hash mean: of indicators, or of a model's features. */
export interface KnownLayout {
  readonly kind: 'indicators' | 'features';
  readonly hash: string;
  readonly names: readonly string[];
}

export interface LearnedRowsOptions {
  readonly feed: string;
  readonly names: SymbolNames;
  readonly rowsMax: number;
  readonly taken: RowsTaken;
  readonly layouts: readonly KnownLayout[];
  readonly learned: () => LearnedState;
  readonly bars: TableRows;
  /** Of the bars that the kernel lives by. */
  readonly timeframe: string;
}

type WriteRows = Extract<Effect, { kind: 'writeRows' }>;
type Infer = Extract<Effect, { kind: 'infer' }>;

/** Columns before the values: at_us, symbol, feed, session, sequence. */
const VALUES_AT = 5;

/**
 * Of each bar that closed in the kernel the bar itself and a wide row: indicators, and features
 * where a model was asked. Their time is that bar's, so two bars that close at once are two rows.
 * And of each symbol that a turn was about what its rows had learned at the end of the turn: the
 * symbol's own, known by its last bar, and those of the layers, known by the moment.
 */
export class LearnedRows {
  /** Of a layout that this build does not know: nobody could say which column is which. */
  unknown = 0;
  readonly #options: LearnedRowsOptions;
  readonly #tables = new Map<string, TableRows>();
  readonly #features: KnownLayout | undefined;
  readonly #states: TableRows;
  /** Symbols of one turn: those with a bar, and by layer those whose row is another one. */
  readonly #closed = new Set<number>();
  readonly #moved: readonly Set<number>[] = [new Set(), new Set()];

  constructor(options: LearnedRowsOptions) {
    this.#options = options;
    for (const layout of options.layouts) {
      const table = layoutTable(layout.kind, layout.hash, layout.names);
      this.#tables.set(key(layout.kind, layout.hash), this.#rowsOf(table));
    }
    this.#states = this.#rowsOf(symbolStates);
    this.#features = options.layouts.find(({ kind }) => kind === 'features');
  }

  get tables(): readonly TableRows[] {
    return [...this.#tables.values(), this.#states];
  }

  /** What a turn has produced, when all of it has taken effect. */
  take(items: readonly TurnItem[], turn: TurnPlace): void {
    for (const item of items) {
      if (item.type === 'fact') {
        const { fact } = item;
        if (fact.kind === 'layerMoved') this.#moved[fact.layer - 1]?.add(fact.symbol);
      } else if (item.type === 'effect') {
        const { effect, requestedUs } = item;
        if (effect.kind === 'writeRows') this.#closedBars(effect, turn, requestedUs);
        else if (effect.kind === 'infer') this.#scored(effect, turn);
      }
    }
    this.#addStates(turn);
  }

  #closedBars(effect: WriteRows, turn: TurnPlace, knownUs: number): void {
    const { rows, barUs, bars, width } = effect;
    for (const [place, symbol] of rows.entries()) {
      this.#addBar(symbol, bars, place * TOLD_BAR_WIDTH, knownUs);
      this.#closed.add(symbol);
    }
    // A bar that was told anew has no indicators of its own.
    if (width === 0) return;
    const table = this.#tables.get(key('indicators', effect.layoutHash));
    if (table === undefined || table.table.columns.length !== VALUES_AT + width) {
      this.unknown += rows.length;
      return;
    }
    for (const [place, symbol] of rows.entries()) {
      const row = this.#begin(table, symbol, turn, barUs[place] ?? 0);
      setValues(table, row, effect.values, place * width, width);
    }
  }

  /** As they were scored. */
  #scored(effect: Infer, turn: TurnPlace): void {
    const layout = this.#features;
    const table = layout && this.#tables.get(key('features', layout.hash));
    const own = layout?.names.length ?? 0;
    if (table === undefined || own === 0 || effect.width % own !== 0) {
      this.unknown += effect.rows.length;
      return;
    }
    for (const [place, symbol] of effect.rows.entries()) {
      const row = this.#begin(table, symbol, turn, this.#options.learned().barUs(symbol));
      // Of a window of bars the last: the others were written when they closed.
      setValues(table, row, effect.features, (place + 1) * effect.width - own, own);
    }
  }

  /** Columns in the order of the table: start_us, symbol, feed, timeframe, ... known_us. */
  #addBar(symbol: number, told: Float64Array, from: number, knownUs: number): void {
    const { names, feed, bars, timeframe } = this.#options;
    const row = bars.begin();
    bars.setNumber(0, row, told[from] ?? 0);
    bars.setText(1, row, names.of(symbol));
    bars.setText(2, row, feed);
    bars.setText(3, row, timeframe);
    for (let cell = 1; cell < TOLD_BAR_WIDTH; cell += 1) {
      bars.setNumber(3 + cell, row, told[from + cell] ?? Number.NaN);
    }
    bars.setNumber(3 + TOLD_BAR_WIDTH, row, knownUs);
  }

  #addStates(turn: TurnPlace): void {
    if (this.#closed.size === 0 && this.#moved.every(({ size }) => size === 0)) return;
    const learned = this.#options.learned();
    for (const symbol of this.#closed) {
      this.#addState(learned.row, symbol, turn, learned.barUs(symbol));
      for (const moved of this.#moved) moved.add(symbol);
    }
    for (const [place, moved] of this.#moved.entries()) {
      const layer = learned.layers[place];
      for (const symbol of moved) {
        if (layer !== undefined) this.#addState(layer, symbol, turn, turn.atUs);
      }
      moved.clear();
    }
    this.#closed.clear();
  }

  #addState(of: LearnedOf, symbol: number, turn: TurnPlace, us: number): void {
    const { names, feed } = this.#options;
    const { session, sequence } = turn;
    this.#states.add([us, names.of(symbol), feed, session, sequence, of.layout, of.read(symbol)]);
  }

  #begin(rows: TableRows, symbol: number, { session, sequence }: TurnPlace, us: number): number {
    const { names, feed } = this.#options;
    const row = rows.begin();
    rows.setNumber(0, row, us);
    rows.setText(1, row, names.of(symbol));
    rows.setText(2, row, feed);
    rows.setText(3, row, session);
    rows.setNumber(4, row, sequence);
    return row;
  }

  #rowsOf(table: TableDeclaration): TableRows {
    return new TableRows(table, this.#options.rowsMax, this.#options.taken);
  }
}

function setValues(
  rows: TableRows,
  row: number,
  values: Float64Array,
  from: number,
  width: number,
): void {
  for (let slot = 0; slot < width; slot += 1) {
    rows.setNumber(VALUES_AT + slot, row, values[from + slot] ?? Number.NaN);
  }
}

function key(kind: KnownLayout['kind'], hash: string): string {
  return `${kind} ${hash}`;
}
