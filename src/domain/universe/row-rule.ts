import { present } from '../../core/assert.ts';
import type { CheckedExpression, CheckedNode } from '../features/check-expression.ts';
import { compileExpression } from '../features/compile-expression.ts';
import { compileCondition, type RowCondition, type RowFilter } from './row-condition.ts';

/** A condition of any form over a row, ready to run. */
export interface RowRule {
  /** Slots in the row's stride that it reads. */
  readonly columns: readonly number[];
  readonly filter: RowFilter;
}

/**
 * A scanner's rule over a table of feature rows. What is joined by `and` is asked one after the
 * other, of the rows that are left; a row of which something is not known is never left. A plain
 * comparison is a row condition; anything else runs as it does for one row, a block at a time.
 *
 * @param places where in the stride each input of the rule stands, in the units in which a row of
 *   features has it: dollars.
 */
export function compileRule(
  { root }: CheckedExpression,
  places: readonly number[],
  blockRows: number,
): readonly RowRule[] {
  return conjuncts(root).map((part) => {
    const condition = plainCondition(part, places);
    const columns = inputsOf(part).map((input) => present(places[input], 'a place'));
    const filter =
      condition === undefined ? whereHolds(part, places, blockRows) : compileCondition(condition);
    return { columns, filter };
  });
}

function conjuncts(node: CheckedNode): readonly CheckedNode[] {
  const isJoined = node.kind === 'operation' && node.operator === 'and';
  return isJoined ? node.operands.flatMap(conjuncts) : [node];
}

const COMPARISONS = {
  above: ['above', 'below'],
  atLeast: ['atLeast', 'atMost'],
  below: ['below', 'above'],
  atMost: ['atMost', 'atLeast'],
} as const;

/** A column against a number or a column; a number on the left changes sides. */
function plainCondition(node: CheckedNode, places: readonly number[]): RowCondition | undefined {
  if (node.kind !== 'operation') return undefined;
  const { operator, operands } = node;
  if (!isComparison(operator)) return undefined;
  const [is, turned] = COMPARISONS[operator];
  const [left, right] = operands;
  if (left?.kind === 'input') {
    const column = present(places[left.input], 'a place');
    if (right?.kind === 'number') return { column, is, than: right.value };
    if (right?.kind !== 'input') return undefined;
    return { column, is, than: { column: present(places[right.input], 'a place') } };
  }
  if (left?.kind !== 'number' || right?.kind !== 'input') return undefined;
  return { column: present(places[right.input], 'a place'), is: turned, than: left.value };
}

function isComparison(operator: string): operator is keyof typeof COMPARISONS {
  return Object.hasOwn(COMPARISONS, operator);
}

function whereHolds(root: CheckedNode, places: readonly number[], blockRows: number): RowFilter {
  const { run, results } = compileExpression({ root }, places, blockRows);
  return (values, base, from, to, count) => {
    run(values, base, from, count);
    let kept = 0;
    for (let place = 0; place < count; place += 1) {
      to[kept] = from[place] ?? 0;
      kept += Number(results[place] === 1);
    }
    return kept;
  };
}

function inputsOf(node: CheckedNode): readonly number[] {
  switch (node.kind) {
    case 'number':
      return [];
    case 'input':
      return [node.input];
    case 'operation':
      return node.operands.flatMap(inputsOf);
  }
}
