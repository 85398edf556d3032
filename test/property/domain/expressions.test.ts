import fc from 'fast-check';
import { all, create } from 'mathjs';
import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../../src/cli/expression-text.ts';
import { present } from '../../../src/core/assert.ts';
import { exp, log } from '../../../src/core/math.ts';
import {
  type CheckedExpression,
  checkExpression,
  isExpressionFault,
} from '../../../src/domain/features/check-expression.ts';
import { expressionFormula } from '../../../src/domain/features/compile-expression.ts';
import type { Expression } from '../../../src/domain/features/expression.ts';
import { STANDARD_REGISTRY } from '../../../src/domain/features/standard-registry.ts';
import { Rescan, RESCAN_BLOCK } from '../../../src/domain/universe/rescan.ts';
import { rowRules } from '../../../src/domain/universe/row-rule.ts';
import { valueOf } from '../../reference/expressions.ts';
import { scanTable } from '../../reference/scan-table.ts';

/** Comparisons of mathjs take what is close for equal; ours do not. Its functions are ours. */
const math = create(present(all, 'mathjs'), { relTol: Number.MIN_VALUE, absTol: 0 });
math.import({ log, exp }, { override: true });

const NAMES = ['open', 'close', 'high', 'low', 'volume'] as const;

const { number, condition } = fc.letrec<{ number: string; condition: string }>((tie) => {
  const pair = (kind: 'number' | 'condition') => fc.tuple(tie(kind), tie(kind));
  const leaf = fc.oneof(
    fc.constantFrom(...NAMES),
    fc.integer({ min: 0, max: 9 }).map(String),
    fc.constantFrom('0.5', '.25', '1e2'),
  );
  const text = (parts: fc.Arbitrary<[string, string]>, ...operators: string[]) =>
    fc
      .tuple(parts, fc.constantFrom(...operators), fc.boolean())
      .map(([[left, right], operator, isClosed]) =>
        isClosed ? `(${left} ${operator} ${right})` : `${left} ${operator} ${right}`,
      );
  const closed = (parts: fc.Arbitrary<[string, string]>, ...operators: string[]) =>
    text(parts, ...operators).map((one) => `(${one})`);
  return {
    number: fc.oneof(
      { maxDepth: 5, depthIdentifier: 'expression' },
      leaf,
      text(pair('number'), '+', '-', '*'),
      tie('number').map((of) => `-(${of})`),
      pair('number').map(([left, right]) => `(${left}) / (abs(${right}) + 1)`),
      pair('number').map(([left, right]) => `min(${left}, ${right}, 3) + max(${right}, ${left})`),
      tie('number').map((of) => `sqrt(abs(${of})) - log(abs(${of}) + 1) + exp(min(${of}, 4))`),
      fc
        .tuple(tie('condition'), pair('number'))
        .map(([is, [then, otherwise]]) => `(${is} ? ${then} : ${otherwise})`),
    ),
    condition: fc.oneof(
      { maxDepth: 5, depthIdentifier: 'expression' },
      text(pair('number'), '<', '<=', '>', '>=', '==', '!=').map((one) => `(${one})`),
      fc.tuple(pair('number'), leaf).map(([[a, b], c]) => `(${a} < ${b} <= ${c})`),
      closed(pair('condition'), 'and', 'or'),
      fc
        .tuple(pair('condition'), tie('condition'))
        .map(([[a, b], c]) => `${a} or ${b} and not ${c}`)
        .map((one) => `(${one})`),
      tie('condition').map((of) => `not (${of})`),
    ),
  };
});

const finite = fc.oneof(fc.integer({ min: -9, max: 9 }), fc.double({ min: -50, max: 50 }));
const unknown = fc.oneof({ weight: 3, arbitrary: finite }, fc.constantFrom(Number.NaN));
const rowOf = (value: fc.Arbitrary<number>) =>
  fc.array(
    value.filter((one) => !Number.isNaN(one) || value === unknown),
    {
      minLength: NAMES.length,
      maxLength: NAMES.length,
    },
  );

function read(text: string): Expression | undefined {
  const parsed = parseExpression(text);
  return parsed.isOk ? parsed.root : undefined;
}

/** Undefined where the text is beyond a limit, or reads nothing. */
function checked(text: string): CheckedExpression | undefined {
  const root = read(text);
  const answer = root === undefined ? undefined : checkExpression(root, STANDARD_REGISTRY);
  return answer === undefined || isExpressionFault(answer) ? undefined : answer;
}

function placesOf({ inputs }: CheckedExpression): readonly number[] {
  return inputs.map((input) => NAMES.findIndex((name) => input === `bar.${name}`));
}

describe('a compiled expression', () => {
  it('says what mathjs says of the same text and the same numbers', () => {
    let compared = 0;
    const text = fc.oneof(number, condition);
    fc.assert(
      fc.property(text, rowOf(finite), (written, row) => {
        const expression = checked(written);
        fc.pre(expression !== undefined);
        const scope = Object.fromEntries(NAMES.map((name, at) => [name, row[at] ?? NaN]));
        const said: unknown = math.evaluate(written, scope);
        const x = Float64Array.from(placesOf(expression), (place) => row[place] ?? NaN);
        compared += 1;
        expect(expressionFormula(expression)(x) + 0).toBe(Number(said) + 0);
      }),
      { numRuns: 400 },
    );
    expect(compared).toBeGreaterThan(200);
  });

  it('says what its tree says where something is not known', () => {
    let unknowns = 0;
    fc.assert(
      fc.property(fc.oneof(number, condition), rowOf(unknown), (written, row) => {
        const [root, expression] = [read(written), checked(written)];
        fc.pre(root !== undefined && expression !== undefined);
        const said = valueOf(root, new Map(NAMES.map((name, at) => [name, row[at] ?? NaN])));
        const x = Float64Array.from(placesOf(expression), (place) => row[place] ?? NaN);
        const value = expressionFormula(expression)(x);
        if (said === undefined) unknowns += 1;
        expect(Number.isNaN(value)).toBe(said === undefined);
        if (typeof said === 'boolean') expect(value).toBe(Number(said));
        else if (said !== undefined) expect(value + 0).toBe(said + 0);
      }),
      { numRuns: 400 },
    );
    expect(unknowns).toBeGreaterThan(20);
  });

  it('keeps of a table the rows for which it holds alone', () => {
    const table = fc.array(rowOf(unknown), { minLength: 1, maxLength: RESCAN_BLOCK + 9 });
    const rule = fc
      .array(condition, { minLength: 1, maxLength: 3 })
      .map((all) => all.join(' and '));
    fc.assert(
      fc.property(rule, table, (written, rows) => {
        const expression = checked(written);
        fc.pre(expression !== undefined);
        const places = placesOf(expression);
        const formula = expressionFormula(expression);
        const held = rows.map(
          (row) => formula(Float64Array.from(places, (place) => row[place] ?? NaN)) === 1,
        );
        // Scored by a column of its own, which is the place of the row.
        const scored = rows.map((row, at) => [...row, -at]);
        const table = scanTable(scored, NAMES.length + 1);
        const rules = rowRules(expression, places);
        const score = [{ column: NAMES.length, weight: 1 }];
        const rescan = new Rescan({ table, ...rules, score, top: rows.length });
        rescan.run();
        const kept = [...rescan.rows.subarray(0, rescan.count)];
        expect(kept).toEqual(held.flatMap((isHeld, at) => (isHeld ? [at] : [])));
      }),
      { numRuns: 150 },
    );
  });
});

describe('parseExpression', () => {
  it('answers any text with a tree or with a column of it, and throws nothing', () => {
    const words = [...'()[]?:.,+-*/<>=!&|^%;{}@#$"\'\\`0', 'a', 'not', 'and', '5m', '[5m]', '1e9'];
    const soup = fc.array(fc.constantFrom(...words, 'sma(20)', 'constructor', ' '), {
      maxLength: 60,
    });
    const text = fc.oneof(
      soup.map((parts) => parts.join(' ')),
      soup.map((parts) => parts.join('')),
      fc.string({ unit: 'binary', maxLength: 60 }),
      condition.map((one) => one.slice(0, one.length / 2)),
    );
    fc.assert(
      fc.property(text, (written) => {
        const parsed = parseExpression(written);
        if (parsed.isOk) return;
        expect(parsed.fault.column).toBeGreaterThanOrEqual(1);
        expect(parsed.fault.column).toBeLessThanOrEqual(Math.max(1, written.length + 1));
        expect(present(parsed.fault.reason.at(0), 'a reason')).not.toBe(' ');
      }),
      { numRuns: 1_000 },
    );
  });
});
