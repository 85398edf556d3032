import type { Effect } from '../../ports/effect.ts';
import type { TableDeclaration } from '../../ports/time-series.ts';
import { layoutTable, symbolStates } from '../../store/tables/rows.ts';
import type { SymbolNames } from './symbol-names.ts';
import { type RowsTaken, TableRows } from './table-rows.ts';
import type { TurnPlace } from './turn-place.ts';

/** What doubles of one hash mean: of indicators, or of a model's features. */
export interface KnownLayout {
  readonly kind: 'indicators' | 'features';
  readonly hash: string;
  readonly names: readonly string[];
}

/** The kernel's rows, as they are at the end of a turn. */
export interface LearnedState {
  /** When the last bar of the symbol closed; 0 before. */
  barUs(symbol: number): number;
  /** What it has learned by then, as a copy, and the hash of what that means. */
  warmth(symbol: number): Float64Array;
  readonly layout: string;
}

export interface LearnedRowsOptions {
  readonly feed: string;
  readonly names: SymbolNames;
  readonly rowsMax: number;
  readonly taken: RowsTaken;
  readonly layouts: readonly KnownLayout[];
  readonly learned: LearnedState;
}

type WriteRows = Extract<Effect, { kind: 'writeRows' }>;
type Infer = Extract<Effect, { kind: 'infer' }>;

/** Columns before the values: at_us, symbol, feed, session, sequence. */
const VALUES_AT = 5;

/**
 * A wide row for each symbol whose bar closed: its indicators, what its row has learned, and its
 * features where a model was asked. The row's time is the end of that bar, so two bars that close
 * at once are two rows.
 */
export class LearnedRows {
  /** Of a layout that this build does not know: nobody could say which column is which. */
  unknown = 0;
  /** A bar of which the same turn has closed a later one: only the last is known by its end. */
  overtaken = 0;
  readonly #options: LearnedRowsOptions;
  readonly #tables = new Map<string, TableRows>();
  readonly #features: KnownLayout | undefined;
  readonly #states: TableRows;
  /** By symbol: the turn that last told its indicators, and the row in which it did. */
  readonly #toldIn = new Map<number, number>();

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

  indicators(effect: WriteRows, turn: TurnPlace): void {
    const rows = this.#tables.get(key('indicators', effect.layoutHash));
    if (rows === undefined || rows.table.columns.length !== VALUES_AT + effect.width) {
      this.unknown += effect.rows.length;
      return;
    }
    for (const [place, symbol] of effect.rows.entries()) {
      if (this.#toldIn.get(symbol) === turn.sequence) this.overtaken += 1;
      this.#toldIn.set(symbol, turn.sequence);
      this.#add(rows, symbol, turn, effect.values, place * effect.width, effect.width);
      this.#addState(symbol, turn);
    }
  }

  /** As they were scored. */
  features(effect: Infer, turn: TurnPlace): void {
    const layout = this.#features;
    const rows = layout && this.#tables.get(key('features', layout.hash));
    if (rows === undefined || rows.table.columns.length !== VALUES_AT + effect.width) {
      this.unknown += effect.rows.length;
      return;
    }
    for (const [place, symbol] of effect.rows.entries()) {
      this.#add(rows, symbol, turn, effect.features, place * effect.width, effect.width);
    }
  }

  #addState(symbol: number, { session, sequence }: TurnPlace): void {
    const { names, feed, learned } = this.#options;
    const { layout } = learned;
    const state = learned.warmth(symbol);
    this.#states.add([
      learned.barUs(symbol),
      names.of(symbol),
      feed,
      session,
      sequence,
      layout,
      state,
    ]);
  }

  #add(
    rows: TableRows,
    symbol: number,
    { session, sequence }: TurnPlace,
    values: Float64Array,
    from: number,
    width: number,
  ): void {
    const { names, feed, learned } = this.#options;
    const row = rows.begin();
    rows.setNumber(0, row, learned.barUs(symbol));
    rows.setText(1, row, names.of(symbol));
    rows.setText(2, row, feed);
    rows.setText(3, row, session);
    rows.setNumber(4, row, sequence);
    for (let slot = 0; slot < width; slot += 1) {
      rows.setNumber(VALUES_AT + slot, row, values[from + slot] ?? Number.NaN);
    }
  }

  #rowsOf(table: TableDeclaration): TableRows {
    return new TableRows(table, this.#options.rowsMax, this.#options.taken);
  }
}

function key(kind: KnownLayout['kind'], hash: string): string {
  return `${kind} ${hash}`;
}
