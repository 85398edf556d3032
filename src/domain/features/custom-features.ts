import { hashText } from '../../core/hash.ts';
import { present } from '../../core/assert.ts';
import { namesIndicator } from '../indicators/parse-indicator.ts';
import { type CheckedExpression, checkExpression, isExpressionFault } from './check-expression.ts';
import { expressionFormula } from './compile-expression.ts';
import { type Expression, type ExpressionFault, FUNCTIONS } from './expression.ts';
import type { FeatureDeclaration } from './feature.ts';
import { extendRegistry, type FeatureRegistry } from './registry.ts';
import { planFeatures, isPlanFault } from './resolve.ts';
import { SHORT_NAMES } from './short-names.ts';

/** A derived feature or a scanner's rule, as a user named and wrote it. */
export interface CustomExpression {
  readonly name: string;
  /** A rule holds or does not; a derived feature may be a number too. */
  readonly isRule: boolean;
  readonly text: string;
  readonly root: Expression;
}

export interface CustomFault {
  readonly name: string;
  readonly fault: ExpressionFault;
}

/**
 * The registry with what a user declares, each of which may read the others. A condition is 1 or 0;
 * where it is not known it is NaN, for which a row has 0 and a flag: an unknown rule is not met.
 *
 * @returns the registry, or every expression that is at fault.
 */
export function addCustomFeatures(
  registry: FeatureRegistry,
  written: readonly CustomExpression[],
): FeatureRegistry | readonly CustomFault[] {
  const adder = new Adder(registry, written);
  for (const { name } of written) adder.add(name);
  return adder.faults.length === 0 ? adder.registry : adder.faults;
}

export function isRegistry(
  answer: FeatureRegistry | readonly CustomFault[],
): answer is FeatureRegistry {
  return 'features' in answer;
}

class Adder {
  registry: FeatureRegistry;
  readonly faults: CustomFault[] = [];
  readonly #written: ReadonlyMap<string, CustomExpression>;
  readonly #done = new Set<string>();
  /** Those whose names are being added: one that is met again needs itself. */
  readonly #open: string[] = [];

  constructor(registry: FeatureRegistry, written: readonly CustomExpression[]) {
    this.registry = registry;
    this.#written = new Map(written.map((one) => [one.name, one]));
  }

  add(name: string): void {
    const one = present(this.#written.get(name), 'an expression');
    if (this.#done.has(name)) return;
    this.#done.add(name);
    const taken = takenBy(name, this.registry);
    if (taken !== undefined) return this.#refuse(name, { column: 1, reason: taken });
    this.#open.push(name);
    const isSound = namesIn(one.root).every((read) => this.#addRead(name, read));
    this.#open.pop();
    if (isSound) this.#declare(one);
  }

  /** Whether what it reads is there; what is at fault itself is told once. */
  #addRead(name: string, { read, at }: Read): boolean {
    if (!this.#written.has(read)) return true;
    if (this.#open.includes(read)) {
      const circle = [...this.#open.slice(this.#open.indexOf(read)), read].join(' -> ');
      this.#refuse(name, { column: at, reason: `it needs itself: ${circle}` });
      return false;
    }
    this.add(read);
    return this.registry.features.has(read);
  }

  #declare({ name, isRule, text, root }: CustomExpression): void {
    const others = [...this.#written.keys()].filter((other) => other !== name);
    const checked = checkExpression(root, this.registry, others);
    if (isExpressionFault(checked)) return this.#refuse(name, checked);
    if (isRule && checked.makes !== 'condition') {
      const reason = 'a rule is a condition, such as rsi14 < 30, not a number';
      return this.#refuse(name, { column: root.at, reason });
    }
    this.registry = extendRegistry(this.registry, [declare(name, text, checked, this.registry)]);
  }

  #refuse(name: string, fault: ExpressionFault): void {
    this.faults.push({ name, fault });
  }
}

function declare(
  name: string,
  text: string,
  checked: CheckedExpression,
  registry: FeatureRegistry,
): FeatureDeclaration {
  const told = text.trim().replaceAll(/\s+/g, ' ');
  return {
    name,
    family: 'custom',
    tells: `As configured: ${told}.`,
    units: checked.makes === 'condition' ? 'flag' : 'number',
    layer: layerOf(checked.inputs, registry),
    version: Number.parseInt(hashText(`${MEANING}\n${told}`).slice(0, VERSION_DIGITS), 16),
    isCritical: false,
    imputed: 0,
    inputs: checked.inputs,
    formula: expressionFormula(checked),
  };
}

/** Raised when the same text comes to mean something else. */
const MEANING = 'expression/1';
/** 48 bits: a whole number of a double. */
const VERSION_DIGITS = 12;

/** Why nobody else may have that name; undefined where it is free. */
function takenBy(name: string, { features, sources }: FeatureRegistry): string | undefined {
  if (features.has(name)) return `there is a feature called ${name} already`;
  if (sources.has(name) || SHORT_NAMES.has(name)) return `${name} is the name of a column`;
  if (FUNCTIONS.has(name)) return `${name} is the name of a function`;
  return namesIndicator(name) ? `${name} is the name of an indicator` : undefined;
}

type Read = { readonly read: string; readonly at: number };

function namesIn(expression: Expression): readonly Read[] {
  switch (expression.kind) {
    case 'number':
      return [];
    case 'name':
      return [{ read: expression.name, at: expression.at }];
    case 'operation':
      return expression.operands.flatMap(namesIn);
  }
}

/** The lowest in which all that it reads is there. */
function layerOf(inputs: readonly string[], registry: FeatureRegistry): 0 | 1 | 2 | 3 {
  let layer: 0 | 1 | 2 | 3 = 0;
  for (const input of inputs) {
    const of = layerOfInput(input, registry);
    if (of > layer) layer = of;
  }
  return layer;
}

function layerOfInput(input: string, registry: FeatureRegistry): 0 | 1 | 2 | 3 {
  const plan = planFeatures(registry, [input]);
  const [place] = isPlanFault(plan) ? [] : plan.asked;
  if (isPlanFault(plan) || place === undefined) return 3;
  if (place.kind === 'feature') return plan.features[place.feature]?.declaration.layer ?? 3;
  const name = plan.sources[place.source]?.declaration.name ?? '';
  if (!registry.sources.has(name)) return INDICATOR_LAYER;
  // A source is heard from the layer on in which the first feature reads it.
  const readers = [...registry.features.values()].filter((feature) =>
    feature.inputs.some((read) => read.startsWith(`${name}.`)),
  );
  let layer: 0 | 1 | 2 | 3 = 3;
  for (const reader of readers) if (reader.layer < layer) layer = reader.layer;
  return layer;
}

const INDICATOR_LAYER = 2;
