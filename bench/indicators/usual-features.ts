import { present } from '../../src/core/assert.ts';
import { type FeatureLayout } from '../../src/domain/features/layout.ts';
import { placeSources } from '../../src/domain/features/placement.ts';
import { isPlanFault, planFeatures } from '../../src/domain/features/resolve.ts';
import type { Member } from '../../src/domain/features/source.ts';
import { STANDARD_REGISTRY } from '../../src/domain/features/standard-registry.ts';
import { USUAL_TIMEFRAME } from '../../src/domain/features/timeframe.ts';

interface UsualFeature {
  readonly name: string;
  readonly value: number;
  readonly isImputed: boolean;
}

/**
 * A row as it is usually written: what a symbol knows in a map by name, a closure for each feature
 * that looks its inputs up and answers an object. The formulas are ours, so values can be compared.
 */
export class UsualFeatures {
  /** Values of a row's sources. */
  readonly columns: number;
  readonly #placed: ReturnType<typeof placeSources>;
  /** Names by place among the values of a row. */
  readonly #columns: readonly string[];
  readonly #closures: readonly ((known: Map<string, number>) => UsualFeature)[];
  readonly #asked: ReadonlySet<string>;

  constructor(layout: FeatureLayout, symbolsMax: number) {
    const timeframe = layout.timeframe ?? USUAL_TIMEFRAME;
    const plan = planFeatures(STANDARD_REGISTRY, layout.names, timeframe);
    if (isPlanFault(plan)) throw new Error(plan.reason);
    this.#placed = placeSources(plan, symbolsMax, timeframe);
    this.columns = this.#placed.columns;
    const columns: string[] = [];
    const keys = plan.sources.map(({ key, columns: own }, source) => {
      const from = present(this.#placed.valueAts[source], 'a source');
      return own.map(({ name }, column) => (columns[from + column] = `${key}.${name}`));
    });
    this.#columns = columns;
    this.#closures = plan.features.map(({ key: name, declaration, inputs }) => {
      const names = inputs.map((place) =>
        place.kind === 'feature'
          ? present(plan.features[place.feature], 'a feature').key
          : present(keys[place.source]?.[place.column], 'a column'),
      );
      const { formula } = declaration;
      const imputed = declaration.imputed === 'mean' ? 0 : declaration.imputed;
      const x = new Float64Array(names.length);
      return (known) => {
        names.forEach((input, at) => (x[at] = known.get(input) ?? NaN));
        const value = formula(x);
        known.set(name, value);
        const isImputed = !Number.isFinite(value);
        return { name, value: isImputed ? imputed : value, isImputed };
      };
    });
    this.#asked = new Set(
      plan.asked.map((place) =>
        place.kind === 'feature'
          ? present(plan.features[place.feature], 'a feature').key
          : present(keys[place.source]?.[place.column], 'a column'),
      ),
    );
  }

  /** What a symbol knows now. */
  known(raw: Float64Array, market: Float64Array, who: Member, nowUs: number): Map<string, number> {
    const values = new Float64Array(this.#placed.columns);
    values.set(raw);
    this.readMarket(market, who, nowUs, values);
    return new Map(this.#columns.map((name, at) => [name, values[at] ?? NaN]));
  }

  /** The part of a row that both ways would do alike: what the market's sources say. */
  readMarket(market: Float64Array, who: Member, nowUs: number, values: Float64Array): void {
    for (const { source, stateAt, valueAt } of this.#placed.markets) {
      source.read(market, stateAt, nowUs, values, valueAt, who);
    }
  }

  /** The features of the layout, in the order of the plan. */
  row(known: Map<string, number>): readonly UsualFeature[] {
    return this.#closures
      .map((feature) => feature(known))
      .filter(({ name }) => this.#asked.has(name));
  }
}
