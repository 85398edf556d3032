import { present } from '../../core/assert.ts';
import { nearestWord } from '../../core/nearest-word.ts';
import { parseIndicator } from '../indicators/parse-indicator.ts';
import { type Expression, type ExpressionFault, type Operator, OPERATORS } from './expression.ts';
import type { FeatureRegistry } from './registry.ts';
import { isPlanFault, knownNames, type PlanFault, planFeatures, unitsOfFirst } from './resolve.ts';
import { SHORT_NAMES } from './short-names.ts';

/** An expression whose every name is known and whose every part is of the kind it must be. */
export interface CheckedExpression {
  readonly makes: ExpressionKind;
  /** What it reads, each once, as a plan of features names it: `bar.close`, `sma200:5m`. */
  readonly inputs: readonly string[];
  readonly root: CheckedNode;
}

export type ExpressionKind = 'number' | 'condition';

export type CheckedNode =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'input'; readonly input: number }
  | {
      readonly kind: 'operation';
      readonly operator: Operator;
      readonly operands: readonly CheckedNode[];
    };

/**
 * @param others names that will be known, for suggestions.
 * @returns the expression, or the first fault in it.
 */
export function checkExpression(
  root: Expression,
  registry: FeatureRegistry,
  others: readonly string[] = [],
): CheckedExpression | ExpressionFault {
  const checker = new Checker(registry, others);
  const checked = checker.check(root);
  if (checker.fault !== undefined) return checker.fault;
  if (checker.inputs.length === 0) {
    return { column: 1, reason: 'it reads nothing of a symbol: a name is expected' };
  }
  const { makes, node } = present(checked, 'a checked tree');
  return { makes, inputs: checker.inputs, root: node };
}

export function isExpressionFault(
  answer: CheckedExpression | ExpressionFault,
): answer is ExpressionFault {
  return 'reason' in answer;
}

type Checked = { readonly makes: ExpressionKind; readonly node: CheckedNode };
type Name = Extract<Expression, { readonly kind: 'name' }>;
type Operation = Extract<Expression, { readonly kind: 'operation' }>;

class Checker {
  readonly inputs: string[] = [];
  fault: ExpressionFault | undefined;
  readonly #registry: FeatureRegistry;
  readonly #others: readonly string[];

  constructor(registry: FeatureRegistry, others: readonly string[]) {
    this.#registry = registry;
    this.#others = others;
  }

  /** Undefined where there is a fault. */
  check(expression: Expression): Checked | undefined {
    switch (expression.kind) {
      case 'number':
        return { makes: 'number', node: { kind: 'number', value: expression.value } };
      case 'name':
        return this.#name(expression);
      case 'operation':
        return this.#operation(expression);
    }
  }

  #operation({ operator, operands }: Operation): Checked | undefined {
    const nodes: CheckedNode[] = [];
    const { takes, makes } = OPERATORS[operator];
    let branch: ExpressionKind | undefined;
    for (const [place, operand] of operands.entries()) {
      const checked = this.check(operand);
      if (checked === undefined) return undefined;
      // The first of `choose` is its condition; then two of one kind.
      const expected = takes === 'same' ? (place === 0 ? 'condition' : branch) : takes;
      if (expected !== undefined && checked.makes !== expected) {
        return this.#refuse(operand.at, expectation(expected, operator));
      }
      if (takes === 'same' && place > 0) branch = checked.makes;
      nodes.push(checked.node);
    }
    const made = makes === 'same' ? present(branch, 'a branch') : makes;
    return { makes: made, node: { kind: 'operation', operator, operands: nodes } };
  }

  #name({ name, timeframe, at }: Name): Checked | undefined {
    const bare = this.#canonical(name);
    const input = timeframe === undefined ? bare : `${bare}:${timeframe}`;
    const plan = planFeatures(this.#registry, [input]);
    if (isPlanFault(plan)) return this.#unplanned(name, plan, at);
    const source = this.#registry.sources.get(bare.slice(0, bare.lastIndexOf('.')));
    if (timeframe !== undefined && source?.isTimeframed === false) {
      return this.#refuse(at, `${name} is of no bars and so of no timeframe`);
    }
    const known = this.inputs.indexOf(input);
    const place = known < 0 ? this.inputs.push(input) - 1 : known;
    const makes = unitsOfFirst(plan) === 'flag' ? 'condition' : 'number';
    return { makes, node: { kind: 'input', input: place } };
  }

  /** One spelling of what can be spelled in several ways, so that it is read once. */
  #canonical(name: string): string {
    const { features, sources } = this.#registry;
    const short = SHORT_NAMES.get(name);
    if (short !== undefined) return short;
    const dot = name.lastIndexOf('.');
    if (features.has(name) || sources.has(name.slice(0, dot))) return name;
    const whole = parseIndicator(name);
    if (whole.isOk) return whole.indicator.label;
    const part = parseIndicator(name.slice(0, dot));
    return dot > 0 && part.isOk ? part.indicator.label + name.slice(dot) : name;
  }

  #unplanned(name: string, { code, reason }: PlanFault, at: number): undefined {
    if (code !== 'UNKNOWN') return this.#refuse(at, reason);
    const dot = name.lastIndexOf('.');
    const part = dot > 0 ? parseIndicator(name.slice(0, dot)) : undefined;
    if (part?.isOk === true) {
      const nearest = nearestWord(name.slice(dot + 1), part.indicator.outputs);
      return this.#refuse(at, `${name}: ${reason}`, nearest);
    }
    if (!isUnknownWord(name)) return this.#refuse(at, reason);
    const unknown = `no feature, column or indicator is called ${name}`;
    return this.#refuse(at, unknown, this.#nearest(name));
  }

  #nearest(name: string): string | undefined {
    const bare = name.replace(/\(.*$/, '');
    const words = [...this.#others, ...SHORT_NAMES.keys(), ...knownNames(this.#registry)];
    const near = nearestWord(bare, words) ?? words.find((word) => isShortFor(bare, word));
    const [, letters = '', digits = ''] = /^([a-z]\w*?)(\d+)$/i.exec(bare) ?? [];
    if (near !== undefined || digits === '') return near;
    // The period of an indicator is no letter of its name.
    const label = `${nearestWord(letters, words) ?? ''}${digits}`;
    return parseIndicator(label).isOk ? label : undefined;
  }

  #refuse(column: number, reason: string, nearest?: string): undefined {
    this.fault ??= nearest === undefined ? { column, reason } : { column, reason, nearest };
  }
}

/** Not a known indicator with a fault in its parameters or its output. */
function isUnknownWord(name: string): boolean {
  const dot = name.lastIndexOf('.');
  const isOther = (text: string) => {
    const parsed = parseIndicator(text);
    return !parsed.isOk && (parsed.fault.field === 'indicator' || parsed.fault.field === 'text');
  };
  return isOther(name) && (dot < 0 || isOther(name.slice(0, dot)));
}

/** `relVol` for `relVolume`: it begins alike and leaves letters out. */
function isShortFor(typed: string, word: string): boolean {
  if (typed.length < 3 || typed.slice(0, 2) !== word.slice(0, 2)) return false;
  let at = 0;
  for (const letter of word) if (letter === typed[at]) at += 1;
  return at === typed.length;
}

function expectation(expected: ExpressionKind, operator: Operator): string {
  if (expected === 'number') return 'a number is expected here, not a condition';
  if (operator === 'not') {
    return 'not denies a condition and binds closer than a comparison: not (rsi14 < 30)';
  }
  return 'a condition is expected here, such as rsi14 < 30, not a number';
}
