import { present } from '../../core/assert.ts';
import type { CheckedExpression, CheckedNode } from '../features/check-expression.ts';
import { compileExpression } from '../features/compile-expression.ts';
import type { RowCondition, RowFilter } from './row-condition.ts';

/** A condition that is none of columns alone, to be compiled for a table of scanned columns. */
export interface RowRule {
  /** Of the table, that it reads. */
  readonly columns: readonly number[];
  /** For columns that begin so far apart, and for so many rows at once at most. */
  readonly compile: (pitch: number, blockRows: number) => RowFilter;
}

/** What must hold, all of it. */
export interface RowRules {
  readonly conditions: readonly RowCondition[];
  readonly rules: readonly RowRule[];
}

/**
 * A scanner's rule in its parts. What is joined by `and` is asked one after the other, of the rows
 * that are left; a row of which something is not known is never left. A plain comparison is a row
 * condition; anything else runs as it does for one row, a block at a time.
 *
 * @param columns which column each input of the rule is, in the units in which a row of features
 *   has it: dollars.
 */
export function rowRules({ root }: CheckedExpression, columns: readonly number[]): RowRules {
  const conditions: RowCondition[] = [];
  const rules: RowRule[] = [];
  for (const part of conjuncts(root)) {
    const condition = plainCondition(part, columns);
    if (condition === undefined) rules.push(ruleOf(part, columns));
    else conditions.push(condition);
  }
  return { conditions, rules };
}

function ruleOf(part: CheckedNode, columns: readonly number[]): RowRule {
  return {
    columns: inputsOf(part).map((input) => present(columns[input], 'a column')),
    compile: (pitch, blockRows) => {
      const places = columns.map((column) => column * pitch);
      return whereHolds(part, places, blockRows);
    },
  };
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
function plainCondition(node: CheckedNode, columns: readonly number[]): RowCondition | undefined {
  if (node.kind !== 'operation') return undefined;
  const { operator, operands } = node;
  if (!isComparison(operator)) return undefined;
  const [is, turned] = COMPARISONS[operator];
  const [left, right] = operands;
  if (left?.kind === 'input') {
    const column = present(columns[left.input], 'a column');
    if (right?.kind === 'number') return { column, is, than: right.value };
    if (right?.kind !== 'input') return undefined;
    return { column, is, than: { column: present(columns[right.input], 'a column') } };
  }
  if (left?.kind !== 'number' || right?.kind !== 'input') return undefined;
  return { column: present(columns[right.input], 'a column'), is: turned, than: left.value };
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
