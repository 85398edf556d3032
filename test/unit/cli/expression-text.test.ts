import { describe, expect, it } from 'vitest';
import { EXPRESSION_TEXT_MAX, parseExpression } from '../../../src/cli/expression-text.ts';
import {
  describeExpressionFault,
  type Expression,
} from '../../../src/domain/features/expression.ts';

/** As nested calls, which have no precedence. */
function tree(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return String(expression.value);
    case 'name':
      return (
        expression.name + (expression.timeframe === undefined ? '' : `@${expression.timeframe}`)
      );
    case 'operation':
      return `${expression.operator}(${expression.operands.map(tree).join(' ')})`;
  }
}

function said(text: string): string {
  const parsed = parseExpression(text);
  return parsed.isOk ? tree(parsed.root) : describeExpressionFault(parsed.fault);
}

describe('parseExpression', () => {
  it.each([
    ['a + b * c', 'add(a multiply(b c))'],
    ['a - b - c', 'subtract(subtract(a b) c)'],
    ['a / b / c', 'divide(divide(a b) c)'],
    ['-a * b', 'multiply(negate(a) b)'],
    ['a - -b', 'subtract(a negate(b))'],
    ['a + b < c * d', 'below(add(a b) multiply(c d))'],
    ['a < 1 or b > 2 and c >= 3', 'or(below(a 1) and(above(b 2) atLeast(c 3)))'],
    ['(a < 1 or b > 2) and c >= 3', 'and(or(below(a 1) above(b 2)) atLeast(c 3))'],
    ['not (a > 1) and b == 2', 'and(not(above(a 1)) equal(b 2))'],
    ['not a > 1', 'above(not(a) 1)'],
    ['a > 1 ? b : c > 2 ? d : e', 'choose(above(a 1) b choose(above(c 2) d e))'],
    ['30 < rsi14 <= 70', 'and(below(30 rsi14) atMost(rsi14 70))'],
    ['a >= b > c >= 0', 'and(and(atLeast(a b) above(b c)) atLeast(c 0))'],
    ['max(a, -1, .5) != 1e-3', 'unequal(max(a negate(1) 0.5) 0.001)'],
    ['sma(200) / sma(20, volume)', 'divide(sma(200) sma(20, volume))'],
    ['bollinger(20, 2.5).upper[5m]', 'bollinger(20, 2.5).upper@5m'],
    ['bar.close[1d] - close', 'subtract(bar.close@1d close)'],
    ['sarExtended(-0.5, (2))', 'sarExtended(-0.5, 2)'],
    ['a\n  and b', 'and(a b)'],
  ])('reads %s by the usual precedence', (text, expected) => {
    expect(said(text)).toBe(expected);
  });

  it('tells of every name and number where it stands', () => {
    const parsed = parseExpression('rsi14 < 30 and close[5m] > sma(200)');
    const places: [string, number][] = [];
    const walk = (one: Expression) => {
      if (one.kind === 'operation') one.operands.forEach(walk);
      else places.push([tree(one), one.at]);
    };
    if (parsed.isOk) walk(parsed.root);

    expect(places).toEqual([
      ['rsi14', 1],
      ['30', 9],
      ['close@5m', 16],
      ['sma(200)', 28],
    ]);
  });

  it.each([
    ['a = 1', 'column 3: two numbers are compared with =='],
    ['f(x) = x', 'column 6: two numbers are compared with =='],
    ['a > 1; b', 'column 6: ";" has no place in an expression'],
    ['[1, 2]', 'column 1: brackets hold a timeframe and nothing else: rsi14[5m]'],
    ['{a: 1}', 'column 1: "{" has no place in an expression'],
    ['a "b"', 'column 3: names are written without quotes, a timeframe as in rsi14[5m]'],
    ['5 cm > a', 'column 3: an operator is expected before this'],
    ['5cm > a', 'column 1: 5cm is neither a number nor a name'],
    ['2 a', 'column 3: an operator is expected before this'],
    ['a(1)(2)', 'column 6: an operator is expected before this'],
    ['a!', 'column 2: a condition is denied with the word not'],
    ["a'", 'column 2: names are written without quotes, a timeframe as in rsi14[5m]'],
    ['a && b', 'column 3: two conditions are joined with the word and'],
    ['a ^ 2', 'column 3: a power is written as a product: x * x'],
    ['a % 2', 'column 3: "%" has no place in an expression'],
    ['a mod 2', 'column 3: there is no operator mod'],
    ['a ?? b', 'column 1: there is no operator ?? here'],
    ['+a', 'column 2: there is no operator + here'],
    ['true', 'column 1: a number or the name of a feature is expected'],
    ['1e400 > a', 'column 1: a number below 1.8e308 is expected'],
    ['a:5m', 'column 3: a timeframe is written in brackets: rsi14[5m]'],
    ['a:b', 'column 1: a timeframe is written in brackets: rsi14[5m]'],
    ['rsi14[1]', 'column 6: brackets hold a timeframe and nothing else: rsi14[5m]'],
    ['rsi14[5m].rsi', 'column 11: a timeframe comes last: rsi14[5m]'],
    ['macd.signal.x', 'column 13: one name follows a dot and no other'],
    ['a < b == c', 'column 1: comparisons in a row all point the same way'],
    [
      'sma(a + 1)',
      'column 5: a parameter of an indicator is a number or a series (close, volume ...)',
    ],
    ['sqrt(a, b)', 'column 1: sqrt takes 1 operand, not 2'],
    ['min(a)', 'column 1: min takes 2 to 16 operands, not 1'],
    ['sma20@volume', 'column 6: the series of an indicator is its last parameter: sma(20, volume)'],
    ['sma(20', 'column 7: parenthesis ) expected'],
    ['a +', 'column 4: unexpected end of expression'],
    ['a, b', 'column 2: unexpected operator ,'],
    ['', 'column 1: an expression is expected'],
    ['α > 1', 'column 1: "α" has no place in an expression'],
  ])('refuses %s with the column and what was expected', (text, expected) => {
    expect(said(text)).toBe(expected);
  });

  it.each([
    'import("fs")',
    'import({a: 1}, {override: true})',
    'createUnit("foo")',
    'evaluate("1 + 1")',
    'parse("a")',
    'f(x) = x; f(1)',
    'a.constructor("return process")()',
    'a["constructor"]',
    'cos.constructor("code")()',
    '__proto__["x"]',
    'a.__proto__.polluted = 1',
    '`${a}`',
    'a -> b',
    '(() => 1)()',
  ])('refuses %s', (text) => {
    expect(parseExpression(text).isOk).toBe(false);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('refuses what is nested deeper, or longer, than anybody writes', () => {
    const deep = (open: string, close: string, times: number) =>
      said(open.repeat(times) + 'a' + close.repeat(times));

    expect(deep('(', ')', 32)).toBe('a');
    expect(deep('(', ')', 33)).toBe('column 33: at most 32 parentheses are open at once');
    expect(deep('(', ')', 240)).toContain('at most 32');
    expect(deep('-', '', 31)).toContain('negate(negate(');
    expect(deep('-', '', 499)).toBe('column 500: it is nested more than 32 deep');
    expect(deep('not ', '', 124)).toContain('more than 32 deep');
    expect(deep('a ? b : ', '', 60)).toContain('more than 32 deep');
    expect(said('a'.repeat(EXPRESSION_TEXT_MAX))).toBe('a'.repeat(EXPRESSION_TEXT_MAX));
    expect(said('a'.repeat(EXPRESSION_TEXT_MAX + 1))).toBe(
      'column 501: an expression has at most 500 characters',
    );
    expect(said('('.repeat(10_000_000))).toContain('at most 500 characters');
  });
});
