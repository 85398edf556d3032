import { present } from '../../core/assert.ts';
import type { CheckedExpression, CheckedNode } from './check-expression.ts';
import type { Operator } from './expression.ts';
import { chooseStep, loadStep, type Step, STEPS } from './expression-steps.ts';

/**
 * An expression made ready to run: one step for each operation, each a loop over rows between
 * registers of one array, so that a row and ten thousand rows are the same code. Nothing is
 * allocated in a run, and no number is boxed on its way from one step to the next.
 *
 * NaN is not known, and what is made of it is not known either: a sum, a comparison, a denial. Only
 * where the rest decides alone is there an answer: `and` with something that does not hold, `or`
 * with something that holds (Kleene, On notation for ordinal numbers, 1938). A condition is 1, 0 or
 * NaN. Arithmetic without a finite result (a division by zero, a logarithm of zero, the root of
 * less than zero) is not known.
 */
export interface ExpressionProgram {
  /** Rows of one run, at most. */
  readonly rowsMax: number;
  /** Of the last run: one for each row, in the order of `from`. */
  readonly results: Float64Array;
  /** Rows begin at `base + from[0 .. count)` of `values`. */
  run(values: Float64Array, base: number, from: Int32Array, count: number): void;
}

/** @param places where in a row each input of the expression stands. */
export function compileExpression(
  { root }: Pick<CheckedExpression, 'root'>,
  places: readonly number[],
  rowsMax: number,
): ExpressionProgram {
  const compiler = new Compiler(places, rowsMax, countOf(root, places.length));
  const result = compiler.register(root);
  const { registers, steps } = compiler;
  return {
    rowsMax,
    results: registers.subarray(result, result + rowsMax),
    run(values, base, from, count) {
      for (let step = 0; step < steps.length; step += 1) steps[step]?.(values, base, from, count);
    },
  };
}

/** As a feature: of one row, whose inputs stand in their order. */
export function expressionFormula(checked: CheckedExpression): (x: Float64Array) => number {
  const { results, run } = compileExpression(checked, [...checked.inputs.keys()], 1);
  return (x) => {
    run(x, 0, ONE_ROW, 1);
    return results[0] ?? NaN;
  };
}

const ONE_ROW = new Int32Array(1);

/** Registers that are needed at most: for each operation, constant and input. */
function countOf(root: CheckedNode, inputs: number): number {
  const nodes = (node: CheckedNode): number =>
    node.kind === 'operation'
      ? node.operands.reduce((sum, operand) => sum + nodes(operand), node.operands.length)
      : 1;
  return nodes(root) + inputs + 1;
}

class Compiler {
  readonly registers: Float64Array;
  readonly steps: Step[] = [];
  readonly #places: readonly number[];
  readonly #rowsMax: number;
  readonly #ofInput = new Map<number, number>();
  #used = 0;

  constructor(places: readonly number[], rowsMax: number, count: number) {
    this.#places = places;
    this.#rowsMax = rowsMax;
    this.registers = new Float64Array(count * rowsMax);
  }

  /** Where the register begins in which the node's value will stand. */
  register(node: CheckedNode): number {
    switch (node.kind) {
      case 'number': {
        const to = this.#take();
        this.registers.fill(node.value, to, to + this.#rowsMax);
        return to;
      }
      case 'input':
        return this.#input(node.input);
      case 'operation':
        return this.#operation(
          node.operator,
          node.operands.map((operand) => this.register(operand)),
        );
    }
  }

  #input(input: number): number {
    const known = this.#ofInput.get(input);
    if (known !== undefined) return known;
    const to = this.#take();
    this.#ofInput.set(input, to);
    this.steps.push(loadStep(this.registers, to, present(this.#places[input], 'a place')));
    return to;
  }

  #operation(operator: Operator, operands: readonly number[]): number {
    const [first = 0, second = 0, third = 0, ...more] = operands;
    const s = this.registers;
    if (operator === 'choose') return this.#push((to) => chooseStep(s, to, first, second, third));
    const step = STEPS[operator];
    const of = (left: number, right: number) => this.#push((to) => step(s, to, left, right));
    const two = of(first, second);
    // Only `min` and `max` have more than two.
    return operands.length < 3 ? two : [third, ...more].reduce(of, two);
  }

  #push(step: (to: number) => Step): number {
    const to = this.#take();
    this.steps.push(step(to));
    return to;
  }

  #take(): number {
    const to = this.#used;
    this.#used += this.#rowsMax;
    return to;
  }
}
