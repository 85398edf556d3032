import { present } from '../../core/assert.ts';
import { nearestWord } from '../../core/nearest-word.ts';
import type { ConfiguredIndicator } from '../indicators/declaration.ts';
import { describeIndicatorFault, parseIndicator } from '../indicators/parse-indicator.ts';
import { INDICATORS } from '../indicators/registry.ts';
import type { FeatureDeclaration, FeatureUnits } from './feature.ts';
import { indicatorSource } from './sources/indicator-source.ts';
import type { FeatureRegistry, SourceDeclaration } from './registry.ts';
import type { ColumnDeclaration } from './source.ts';
import { spanOf, splitTimeframe, TIMEFRAMES_KNOWN, USUAL_TIMEFRAME } from './timeframe.ts';

/** Sources and features that some names need, each once, in an order in which they can be made. */
export interface Plan {
  readonly sources: readonly PlannedSource[];
  readonly features: readonly PlannedFeature[];
  /** What each asked name stands for, in the order asked. */
  readonly asked: readonly Place[];
}

export interface PlannedSource {
  /** One of a kind: `bar:5m`, `quote`, `rsi14:1m`. */
  readonly key: string;
  readonly timeframe: string;
  readonly declaration: SourceDeclaration;
  readonly columns: readonly ColumnDeclaration[];
}

export interface PlannedFeature {
  /** `return5:5m`. */
  readonly key: string;
  readonly timeframe: string;
  readonly declaration: FeatureDeclaration;
  readonly inputs: readonly Place[];
}

/** A column of a source, or the value of a feature. */
export type Place =
  | { readonly kind: 'column'; readonly source: number; readonly column: number }
  | { readonly kind: 'feature'; readonly feature: number };

export interface PlanFault {
  readonly code: 'UNKNOWN' | 'CYCLE' | 'TIMEFRAME';
  /** The name that is at fault. */
  readonly name: string;
  /** Who asked for it: a feature, or `the layout`. */
  readonly askedBy: string;
  readonly reason: string;
}

/**
 * Orders what `names` need: features after what they read, every shared part once.
 *
 * @returns the plan, or the first name that cannot be made.
 */
export function planFeatures(
  registry: FeatureRegistry,
  names: readonly string[],
  timeframe = USUAL_TIMEFRAME,
): Plan | PlanFault {
  const planner = new Planner(registry);
  const asked: Place[] = [];
  for (const name of names) {
    const place = planner.place(name, timeframe, 'the layout');
    if (planner.fault !== undefined) return planner.fault;
    asked.push(present(place, 'a place'));
  }
  return { sources: planner.sources, features: planner.features, asked };
}

export function isPlanFault(answer: Plan | PlanFault): answer is PlanFault {
  return 'code' in answer;
}

/** Of what was asked for first: a feature's, or a column's of a source or an indicator. */
export function unitsOfFirst({ asked, features, sources }: Plan): FeatureUnits {
  const place = present(asked[0], 'a place');
  if (place.kind === 'feature') {
    return present(features[place.feature], 'a feature').declaration.units;
  }
  return present(sources[place.source]?.columns[place.column], 'a column').units;
}

/** Every name that a layout or an expression may begin with. */
export function knownNames({ features, sources }: FeatureRegistry): readonly string[] {
  return [
    ...features.keys(),
    ...[...sources.values()].flatMap((source) =>
      columnsOf(source).map(({ name }) => `${source.name}.${name}`),
    ),
    ...INDICATORS.map(({ name }) => name),
  ];
}

class Planner {
  readonly sources: PlannedSource[] = [];
  readonly features: PlannedFeature[] = [];
  fault: PlanFault | undefined;
  readonly #registry: FeatureRegistry;
  readonly #sourceAt = new Map<string, number>();
  readonly #featureAt = new Map<string, number>();
  /** Features whose inputs are being placed: one that is met again is in a cycle. */
  readonly #open: string[] = [];

  constructor(registry: FeatureRegistry) {
    this.#registry = registry;
  }

  place(name: string, around: string, askedBy: string): Place | undefined {
    const { bare, timeframe } = splitTimeframe(name, around);
    if (spanOf(timeframe) === undefined) {
      return this.#refuse('TIMEFRAME', name, askedBy, TIMEFRAMES_KNOWN);
    }
    const feature = this.#registry.features.get(bare);
    if (feature !== undefined) return this.#feature(feature, timeframe, askedBy);
    const dot = bare.lastIndexOf('.');
    const source = dot > 0 ? this.#registry.sources.get(bare.slice(0, dot)) : undefined;
    if (source !== undefined) return this.#column(source, bare.slice(dot + 1), timeframe, askedBy);
    return this.#indicator(bare, timeframe, askedBy);
  }

  #feature(declaration: FeatureDeclaration, timeframe: string, askedBy: string): Place | undefined {
    const key = `${declaration.name}:${timeframe}`;
    const known = this.#featureAt.get(key);
    if (known !== undefined) return { kind: 'feature', feature: known };
    if (this.#open.includes(key)) {
      const circle = [...this.#open.slice(this.#open.indexOf(key)), key].join(' -> ');
      return this.#refuse('CYCLE', declaration.name, askedBy, `it needs itself: ${circle}`);
    }
    this.#open.push(key);
    const inputs: Place[] = [];
    for (const input of declaration.inputs) {
      const place = this.place(input, timeframe, declaration.name);
      if (place === undefined) return undefined;
      inputs.push(place);
    }
    this.#open.pop();
    this.#featureAt.set(key, this.features.length);
    this.features.push({ key, timeframe, declaration, inputs });
    return { kind: 'feature', feature: this.features.length - 1 };
  }

  #column(
    declaration: SourceDeclaration,
    column: string,
    timeframe: string,
    askedBy: string,
  ): Place | undefined {
    const source = this.#source(declaration, timeframe);
    const at = present(this.sources[source], 'a source').columns.findIndex(
      ({ name }) => name === column,
    );
    if (at >= 0) return { kind: 'column', source, column: at };
    const name = `${declaration.name}.${column}`;
    return this.#refuse('UNKNOWN', name, askedBy, `${declaration.name} has no such column`);
  }

  /** `rsi14`, `sma(200)`, `macd12-26-9.histogram`: the first output where none is named. */
  #indicator(bare: string, timeframe: string, askedBy: string): Place | undefined {
    const whole = parseIndicator(bare);
    const dot = bare.lastIndexOf('.');
    if (whole.isOk) return this.#output(whole.indicator, undefined, timeframe, askedBy);
    const part = dot > 0 ? parseIndicator(bare.slice(0, dot)) : whole;
    if (part.isOk) return this.#output(part.indicator, bare.slice(dot + 1), timeframe, askedBy);
    const isOtherName = part.fault.field === 'indicator';
    const reason = isOtherName ? this.#unknown(bare) : describeIndicatorFault(part.fault);
    return this.#refuse('UNKNOWN', bare, askedBy, reason);
  }

  #unknown(bare: string): string {
    const near = nearestWord(bare, knownNames(this.#registry));
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    return `no feature, column or indicator is called ${bare}${hint}`;
  }

  #output(
    indicator: ConfiguredIndicator,
    output: string | undefined,
    timeframe: string,
    askedBy: string,
  ): Place | undefined {
    const column = output === undefined ? 0 : indicator.outputs.indexOf(output);
    if (column < 0) {
      const known = indicator.outputs.join(', ');
      const name = `${indicator.label}.${output ?? ''}`;
      return this.#refuse('UNKNOWN', name, askedBy, `its outputs are ${known}`);
    }
    return { kind: 'column', source: this.#source(indicatorSource(indicator), timeframe), column };
  }

  #source(declaration: SourceDeclaration, timeframe: string): number {
    const key = declaration.isTimeframed ? `${declaration.name}:${timeframe}` : declaration.name;
    const known = this.#sourceAt.get(key);
    if (known !== undefined) return known;
    const at = this.sources.length;
    this.sources.push({ key, timeframe, declaration, columns: columnsOf(declaration) });
    this.#sourceAt.set(key, at);
    return at;
  }

  #refuse(code: PlanFault['code'], name: string, askedBy: string, reason: string): undefined {
    this.fault ??= { code, name, askedBy, reason };
  }
}

/** They depend on nothing but the kind of source. */
function columnsOf(declaration: SourceDeclaration): readonly ColumnDeclaration[] {
  return declaration.build({ symbolsMax: 1, spanUs: 0 }).columns;
}
