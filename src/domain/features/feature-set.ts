import { assert, present } from '../../core/assert.ts';
import type { ChainedUpdate } from '../indicators/chain-updates.ts';
import { costOf, type FeatureCost } from './feature-cost.ts';
import type { FeatureDeclaration } from './feature.ts';
import type { MarketFact, SymbolFact } from './facts.ts';
import { type FeatureLayout, layoutHash, stateHash } from './layout.ts';
import { type Normalisation, normalise, UNSCALED } from './normalisation.ts';
import type { FeatureRegistry } from './registry.ts';
import { barPart, type BarPart, type Placed, placeSources, widthOf } from './placement.ts';
import { isPlanFault, type Place, type Plan, type PlanFault, planFeatures } from './resolve.ts';
import type { MarketSource, Member, SymbolSource } from './source.ts';
import { SymbolEars } from './symbol-ears.ts';
import { USUAL_TIMEFRAME } from './timeframe.ts';

/**
 * A layout, made ready to run: every source and every shared feature once, state of a symbol side
 * by side in one stride, state of the market in another. The same object serves live, replay and
 * training sets, which is why a model sees what it was trained on.
 */
export interface FeatureSet {
  readonly layout: FeatureLayout;
  readonly layoutHash: string;
  /** Of what the doubles of the state mean: a saved state may be loaded only where it is equal. */
  readonly stateHash: string;
  readonly columns: readonly FeatureColumn[];
  /** Doubles in a row. */
  readonly width: number;
  /** Doubles of state of one symbol, and of the market once. */
  readonly symbolWidth: number;
  readonly marketWidth: number;
  /** Timeframes of which closed bars must be fed: `1m`, `5m`. */
  readonly timeframes: readonly string[];
  readonly cost: FeatureCost;
  /** Doubles that `readSymbol` writes. */
  readonly rawWidth: number;
  resetSymbol(state: Float64Array, at: number): void;
  resetMarket(market: Float64Array): void;
  /** A closed bar of one of `timeframes`, to the symbol's own sources. */
  bar(state: Float64Array, at: number, timeframe: string, bar: Float64Array): void;
  /** Whether any source hears trades or quotes. */
  readonly hearsTicks: boolean;
  trade(state: Float64Array, at: number, tick: Float64Array): void;
  quote(state: Float64Array, at: number, tick: Float64Array): void;
  symbolFact(state: Float64Array, at: number, fact: SymbolFact): void;
  /** Trades were lost: what learned from them begins anew. */
  loseTrades(state: Float64Array, at: number): void;
  /** Bars of a timeframe were lost, or of every one: what learned from them begins anew. */
  loseBars(state: Float64Array, at: number, timeframe?: string): void;
  /** The same bar, to what the market is made of. */
  marketBar(market: Float64Array, timeframe: string, bar: Float64Array, who: Member): void;
  marketFact(market: Float64Array, fact: MarketFact): void;
  /**
   * What the symbol's own sources say now. Apart from `compute`, because the owner of a symbol's
   * state and the owner of the market's need not be one: this much travels between them.
   */
  readSymbol(
    state: Float64Array,
    at: number,
    nowUs: number,
    raw: Float64Array,
    rawAt: number,
  ): void;
  /**
   * Makes a row of what `readSymbol` said: to `out[outAt ..]`, and to `flags[outAt ..]` 1 where a
   * value was imputed. Refused where a critical feature is NaN: then the row says nothing.
   */
  compute(
    raw: Float64Array,
    rawAt: number,
    market: Float64Array,
    who: Member,
    nowUs: number,
    out: Float64Array,
    flags: Uint8Array,
    outAt: number,
  ): RowStanding;
  /** Where in the stride an output of an indicator stands: `slot('atr14')`. It must be planned. */
  slot(name: string): number;
  /** What a name without a timeframe means here. */
  readonly timeframe: string;
  /**
   * The slots of the sources that hear bars of that timeframe and nothing else: side by side, those
   * of the layout's own timeframe first in the stride.
   */
  barPart(timeframe: string): BarPart;
}

export type RowStanding = 'whole' | 'imputed' | 'refused';

/** One column of a row, as a person reads it. */
export interface FeatureColumn {
  readonly name: string;
  readonly units: string;
  readonly tells: string;
  /** Left out where the column is a source's or an indicator's own. */
  readonly declaration?: FeatureDeclaration;
}

/**
 * @param extra names that need a place in the stride although no column of a row asks for them.
 * @returns the set, or the first name that cannot be made.
 */
export function createFeatureSet(
  registry: FeatureRegistry,
  layout: FeatureLayout,
  symbolsMax: number,
  extra: readonly string[] = [],
): FeatureSet | PlanFault {
  assert(new Set(layout.names).size === layout.names.length, 'no feature stands twice in a layout');
  const asked = planFeatures(registry, layout.names, layout.timeframe);
  if (isPlanFault(asked)) return asked;
  const plan = planFeatures(registry, [...layout.names, ...extra], layout.timeframe);
  if (isPlanFault(plan)) return plan;
  return new CompiledSet(layout, layoutHash(layout, asked), plan, symbolsMax, extra);
}

export function isFeatureSet(answer: FeatureSet | PlanFault): answer is FeatureSet {
  return 'compute' in answer;
}

class CompiledSet implements FeatureSet {
  readonly layout: FeatureLayout;
  readonly layoutHash: string;
  readonly stateHash: string;
  readonly timeframe: string;
  readonly columns: readonly FeatureColumn[];
  readonly width: number;
  readonly symbolWidth: number;
  readonly marketWidth: number;
  readonly timeframes: readonly string[];
  readonly hearsTicks: boolean;
  readonly cost: FeatureCost;
  readonly rawWidth: number;
  readonly #symbolSources: readonly Placed<SymbolSource>[];
  readonly #ears: SymbolEars;
  readonly #ownBars: ChainedUpdate['update'] | undefined;
  readonly #marketSources: readonly Placed<MarketSource>[];
  /** By timeframe: who of the market hears its bars. */
  readonly #marketBars: ReadonlyMap<string, readonly Placed<MarketSource>[]>;
  readonly #values: Float64Array;
  readonly #steps: readonly Step[];
  readonly #outputs: readonly Output[];
  readonly #slots: ReadonlyMap<string, number>;

  constructor(
    layout: FeatureLayout,
    hash: string,
    plan: Plan,
    symbolsMax: number,
    extra: readonly string[],
  ) {
    this.layout = layout;
    this.layoutHash = hash;
    this.timeframe = layout.timeframe ?? USUAL_TIMEFRAME;
    const { symbols, markets, valueAts, columns } = placeSources(plan, symbolsMax, this.timeframe);
    this.stateHash = stateHash([...symbols, ...markets]);
    this.#symbolSources = symbols;
    this.#ears = new SymbolEars(symbols);
    this.#ownBars = this.#ears.bars(this.timeframe);
    this.#marketSources = markets;
    this.symbolWidth = widthOf(symbols);
    this.marketWidth = widthOf(markets);
    this.rawWidth = symbols.reduce((sum, { source }) => sum + source.columns.length, 0);
    this.width = layout.names.length;
    const barred = [...symbols, ...markets].filter(({ source }) => source.bar !== undefined);
    this.hearsTicks = this.#ears.hearTicks;
    this.timeframes = [...new Set(barred.map(({ timeframe }) => timeframe))];
    const ofMarket = markets.filter(({ source }) => source.bar !== undefined);
    this.#marketBars = new Map(
      this.timeframes.map((own) => [own, ofMarket.filter((one) => one.timeframe === own)]),
    );

    const valueOf = (place: Place) =>
      place.kind === 'feature'
        ? columns + place.feature
        : present(valueAts[place.source], 'a source') + place.column;
    this.#steps = plan.features.map(({ declaration, inputs }, at) => ({
      formula: declaration.formula,
      inputs: inputs.map(valueOf),
      x: new Float64Array(inputs.length),
      valueAt: columns + at,
    }));
    this.#values = new Float64Array(columns + plan.features.length);
    this.columns = layout.names.map((name, at) => describe(name, plan, at));
    this.#outputs = layout.names.map((_, at) =>
      outputOf(valueOf(present(plan.asked[at], 'a place')), this.columns[at], layout, at),
    );
    this.#slots = slotsOf([...layout.names, ...extra], plan, symbols, valueAts);
    this.cost = costOf(plan, this.symbolWidth, this.marketWidth);
  }

  resetSymbol(state: Float64Array, at: number): void {
    assert(at >= 0 && at + this.symbolWidth <= state.length, 'a stride lies within its buffer');
    for (const { source, stateAt } of this.#symbolSources) source.reset(state, at + stateAt);
  }

  resetMarket(market: Float64Array): void {
    assert(this.marketWidth <= market.length, 'the market lies within its buffer');
    for (const { source, stateAt } of this.#marketSources) source.reset(market, stateAt);
  }

  bar(state: Float64Array, at: number, timeframe: string, bar: Float64Array): void {
    assert(at >= 0 && at + this.symbolWidth <= state.length, 'a stride lies within its buffer');
    const update = timeframe === this.timeframe ? this.#ownBars : this.#ears.bars(timeframe);
    update?.(state, at, bar);
  }

  trade(state: Float64Array, at: number, tick: Float64Array): void {
    this.#ears.trade(state, at, tick);
  }

  quote(state: Float64Array, at: number, tick: Float64Array): void {
    this.#ears.quote(state, at, tick);
  }

  symbolFact(state: Float64Array, at: number, fact: SymbolFact): void {
    this.#ears.fact(state, at, fact);
  }

  loseTrades(state: Float64Array, at: number): void {
    this.#ears.loseTrades(state, at);
  }

  loseBars(state: Float64Array, at: number, timeframe?: string): void {
    this.#ears.loseBars(state, at, timeframe);
  }

  marketBar(market: Float64Array, timeframe: string, bar: Float64Array, who: Member): void {
    assert(this.marketWidth <= market.length, 'the market lies within its buffer');
    for (const { source, stateAt } of this.#marketBars.get(timeframe) ?? []) {
      source.bar?.(market, stateAt, bar, who);
    }
  }

  marketFact(market: Float64Array, fact: MarketFact): void {
    for (const { source, stateAt } of this.#marketSources) source.fact?.(market, stateAt, fact);
  }

  readSymbol(
    state: Float64Array,
    at: number,
    nowUs: number,
    raw: Float64Array,
    rawAt: number,
  ): void {
    assert(rawAt >= 0 && rawAt + this.rawWidth <= raw.length, 'raw values lie within their buffer');
    for (const { source, stateAt, valueAt } of this.#symbolSources) {
      source.read(state, at + stateAt, nowUs, raw, rawAt + valueAt);
    }
  }

  compute(
    raw: Float64Array,
    rawAt: number,
    market: Float64Array,
    who: Member,
    nowUs: number,
    out: Float64Array,
    flags: Uint8Array,
    outAt: number,
  ): RowStanding {
    assert(outAt >= 0 && outAt + this.width <= out.length, 'a row lies within its buffer');
    const values = this.#values;
    for (let place = 0; place < this.rawWidth; place += 1)
      values[place] = raw[rawAt + place] ?? NaN;
    for (const { source, stateAt, valueAt } of this.#marketSources) {
      source.read(market, stateAt, nowUs, values, valueAt, who);
    }
    for (const { formula, inputs, x, valueAt } of this.#steps) {
      for (let place = 0; place < inputs.length; place += 1) {
        x[place] = values[inputs[place] ?? -1] ?? NaN;
      }
      values[valueAt] = formula(x);
    }
    return this.#write(out, flags, outAt);
  }

  barPart(timeframe: string): BarPart {
    return barPart(this.#symbolSources, timeframe);
  }

  slot(name: string): number {
    return present(this.#slots.get(name), `a place of ${name}`);
  }

  #write(out: Float64Array, flags: Uint8Array, outAt: number): RowStanding {
    let standing: RowStanding = 'whole';
    for (let column = 0; column < this.#outputs.length; column += 1) {
      const output = present(this.#outputs[column], 'an output');
      const value = this.#values[output.valueAt] ?? NaN;
      const isNumber = value - value === 0;
      flags[outAt + column] = isNumber ? 0 : 1;
      out[outAt + column] = normalise(isNumber ? value : output.imputed, output.by);
      if (isNumber) continue;
      if (output.isCritical) standing = 'refused';
      else if (standing === 'whole') standing = 'imputed';
    }
    return standing;
  }
}

type Step = {
  readonly formula: (x: Float64Array) => number;
  readonly inputs: readonly number[];
  /** What the formula reads, and no more: a place past its inputs is NaN, not a neighbour's. */
  readonly x: Float64Array;
  readonly valueAt: number;
};

type Output = {
  readonly valueAt: number;
  readonly isCritical: boolean;
  readonly imputed: number;
  readonly by: Normalisation;
};

function describe(name: string, plan: Plan, at: number): FeatureColumn {
  const place = present(plan.asked[at], 'a place');
  if (place.kind === 'feature') {
    const { declaration } = present(plan.features[place.feature], 'a feature');
    return { name, units: declaration.units, tells: declaration.tells, declaration };
  }
  const { columns } = present(plan.sources[place.source], 'a source');
  const { units, tells } = present(columns[place.column], 'a column');
  return { name, units, tells };
}

/** A bare column is critical: nothing says what could stand in for it. */
function outputOf(
  valueAt: number,
  column: FeatureColumn | undefined,
  layout: FeatureLayout,
  at: number,
): Output {
  const by = layout.normalisation?.[at] ?? UNSCALED;
  const rule = column?.declaration?.imputed ?? 0;
  const mean = by.kind === 'none' ? 0 : by.mean;
  const isCritical = column?.declaration?.isCritical ?? true;
  return { valueAt, by, isCritical, imputed: rule === 'mean' ? mean : rule };
}

/** Only a symbol source's first columns can be slots: an indicator's outputs are. */
function slotsOf(
  names: readonly string[],
  plan: Plan,
  symbols: readonly Placed<SymbolSource>[],
  valueAts: readonly number[],
): ReadonlyMap<string, number> {
  const slots = new Map<string, number>();
  names.forEach((name, at) => {
    const place = plan.asked[at];
    if (place?.kind !== 'column') return;
    const placed = symbols.find(({ valueAt }) => valueAt === valueAts[place.source]);
    if (placed?.source.areColumnsSlots === true) slots.set(name, placed.stateAt + place.column);
  });
  return slots;
}
