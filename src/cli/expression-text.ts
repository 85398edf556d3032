import {
  create,
  isAccessorNode,
  isConditionalNode,
  isConstantNode,
  isFunctionNode,
  isOperatorNode,
  isParenthesisNode,
  isRelationalNode,
  isSymbolNode,
  type AccessorNode,
  type ConstantNode,
  type FunctionNode,
  type MathNode,
  parseDependencies,
  type RelationalNode,
} from 'mathjs';
import { present } from '../core/assert.ts';
import {
  type Expression,
  type ExpressionFault,
  FUNCTIONS,
  type Operator,
} from '../domain/features/expression.ts';
import { type Token, tokensOf } from './expression-tokens.ts';

/**
 * Text of an expression to a tree of our own. mathjs parses it and does nothing else: it knows
 * precedence; it never evaluates, and what it understands beyond an expression (assignments,
 * functions, matrices, text, units, properties) is refused before or after.
 */
export function parseExpression(text: string): ParsedExpression {
  const line = text.replaceAll(/\s/g, ' ');
  if (line.length > EXPRESSION_TEXT_MAX) {
    const reason = `an expression has at most ${EXPRESSION_TEXT_MAX} characters`;
    return { isOk: false, fault: { column: EXPRESSION_TEXT_MAX + 1, reason } };
  }
  const tokens = tokensOf(line, DEPTH_MAX);
  if (!isTokens(tokens)) return { isOk: false, fault: tokens };
  const node = nodeOf(line);
  if ('reason' in node) return { isOk: false, fault: node };
  const reader = new TreeReader(tokens);
  const root = reader.read(node, 1);
  const fault = reader.fault;
  if (fault !== undefined) return { isOk: false, fault };
  if (root === undefined || !reader.isAtEnd) return { isOk: false, fault: UNREADABLE };
  return { isOk: true, root };
}

export type ParsedExpression =
  | { readonly isOk: true; readonly root: Expression }
  | { readonly isOk: false; readonly fault: ExpressionFault };

/** Longer than anybody reads; short enough that a parser's recursion stays shallow. */
export const EXPRESSION_TEXT_MAX = 500;
const DEPTH_MAX = 32;
const UNREADABLE: ExpressionFault = { column: 1, reason: 'an expression is expected' };

/** Numbers are doubles, which is the default; nothing but the parser is made. */
const { parse } = create({ parseDependencies: present(parseDependencies, 'the parser') });

/** In the parser's words. */
const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['add', 'add'],
  ['subtract', 'subtract'],
  ['multiply', 'multiply'],
  ['divide', 'divide'],
  ['unaryMinus', 'negate'],
  ['smaller', 'below'],
  ['smallerEq', 'atMost'],
  ['larger', 'above'],
  ['largerEq', 'atLeast'],
  ['equal', 'equal'],
  ['unequal', 'unequal'],
  ['and', 'and'],
  ['or', 'or'],
  ['not', 'not'],
]);
const ASCENDING: readonly string[] = ['smaller', 'smallerEq'];
const DESCENDING: readonly string[] = ['larger', 'largerEq'];

function isTokens(answer: readonly Token[] | ExpressionFault): answer is readonly Token[] {
  return Array.isArray(answer);
}

function nodeOf(line: string): MathNode | ExpressionFault {
  try {
    return parse(line);
  } catch (error) {
    if (error instanceof RangeError) return { column: 1, reason: 'it is nested too deeply' };
    const char: unknown = error instanceof SyntaxError ? Reflect.get(error, 'char') : undefined;
    if (!(error instanceof SyntaxError) || typeof char !== 'number') throw error;
    const said = error.message.replace(/ \(char \d+\)$/, '');
    const reason = said.charAt(0).toLowerCase() + said.slice(1);
    return { column: char, reason };
  }
}

/** The parser's nodes have no places; its leaves come in the order of the text's words. */
class TreeReader {
  fault: ExpressionFault | undefined;
  readonly #leaves: readonly Token[];
  readonly #endColumn: number;
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#leaves = tokens.filter(({ kind }) => kind !== 'operator');
    const last = tokens.at(-1);
    this.#endColumn = (last?.column ?? 0) + (last?.text.length ?? 0);
  }

  get isAtEnd(): boolean {
    return this.#next === this.#leaves.length;
  }

  /** Undefined where there is a fault. */
  read(node: MathNode, depth: number): Expression | undefined {
    const at = this.#column();
    if (depth > DEPTH_MAX) return this.#refuse(`it is nested more than ${DEPTH_MAX} deep`);
    if (isParenthesisNode(node)) return this.read(node.content, depth);
    if (isConstantNode(node)) return this.#number(node);
    if (isSymbolNode(node)) return { kind: 'name', name: this.#take(node.name), at };
    if (isFunctionNode(node)) return this.#call(node, depth);
    if (isAccessorNode(node)) return this.#member(node, depth);
    if (isRelationalNode(node)) return this.#chain(node, depth);
    if (isConditionalNode(node)) {
      const { condition, trueExpr, falseExpr } = node;
      return this.#operation('choose', [condition, trueExpr, falseExpr], depth);
    }
    if (!isOperatorNode(node)) return this.#refuse(expectation(node.type));
    const { fn, op, implicit, args }: Operated = node;
    const operator = OPERATORS.get(fn);
    if (operator === undefined) return this.#refuse(`there is no operator ${op} here`);
    if (!implicit) return this.#operation(operator, args, depth);
    // The fault is between the two: after the first.
    if (args[0] !== undefined) this.read(args[0], depth + 1);
    return this.#refuse('an operator is expected before this');
  }

  #operation(
    operator: Operator,
    nodes: readonly MathNode[],
    depth: number,
  ): Expression | undefined {
    const at = this.#column();
    const operands: Expression[] = [];
    for (const node of nodes) {
      const operand = this.read(node, depth + 1);
      if (operand === undefined) return undefined;
      operands.push(operand);
    }
    return { kind: 'operation', operator, operands, at };
  }

  #number(node: ConstantNode): Expression | undefined {
    const at = this.#column();
    const value: unknown = node.value;
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      return this.#refuse('a number below 1.8e308 is expected');
    }
    this.#next += 1;
    return { kind: 'number', value, at };
  }

  /** A function of ours, or an indicator with its parameters. */
  #call(node: FunctionNode, depth: number): Expression | undefined {
    const at = this.#column();
    // A call of what a call or a member answers has no name.
    const called: unknown = node.fn;
    if (!isSymbolNode(called))
      return this.#refuse('parameters follow the name: macd(12, 26).signal');
    const name = this.#take(called.name);
    const args: readonly MathNode[] = node.args;
    const form = FUNCTIONS.get(name);
    if (form === undefined) {
      const parameters = args.map((arg) => this.#parameter(arg));
      if (this.fault !== undefined) return undefined;
      return { kind: 'name', name: `${name}(${parameters.join(', ')})`, at };
    }
    const { operator, least, most } = form;
    if (args.length < least || args.length > most) {
      const many = least === most ? `${least} operand` : `${least} to ${most} operands`;
      this.#next -= 1;
      return this.#refuse(`${name} takes ${many}, not ${args.length}`);
    }
    const operation = this.#operation(operator, args, depth);
    return operation === undefined ? undefined : { ...operation, at };
  }

  /** Of an indicator: a number, or a series of the bar. */
  #parameter(node: MathNode): string {
    const inner = isParenthesisNode(node) ? node.content : node;
    if (isSymbolNode(inner)) return this.#take(inner.name);
    const isNegative = isOperatorNode(inner) && operatedOf(inner).fn === 'unaryMinus';
    const [magnitude] = isNegative ? operatedOf(inner).args : [inner];
    const read = magnitude !== undefined && isConstantNode(magnitude) && this.#number(magnitude);
    if (read === false || read?.kind !== 'number') {
      return (
        this.#refuse('a parameter of an indicator is a number or a series (close, volume ...)') ??
        ''
      );
    }
    return String(isNegative ? -read.value : read.value);
  }

  /** An output (`macd(12, 26).signal`), a column (`quote.bid`) or a timeframe (`rsi14[5m]`). */
  #member(node: AccessorNode, depth: number): Expression | undefined {
    const object = this.read(node.object, depth + 1);
    if (object === undefined) return undefined;
    if (object.kind !== 'name' || node.optionalChaining) return this.#refuse(MEMBER);
    const token = this.#leaves[this.#next];
    if (object.timeframe !== undefined) return this.#refuse('a timeframe comes last: rsi14[5m]');
    if (!node.index.dotNotation) {
      if (token?.kind !== 'timeframe') return this.#refuse(MEMBER);
      this.#next += 1;
      return { ...object, timeframe: token.text };
    }
    // `2.5` of a parameter is no dot of an output.
    if (/\.\w+$/.test(object.name)) return this.#refuse('one name follows a dot and no other');
    return { ...object, name: `${object.name}.${this.#take(node.name)}` };
  }

  /** `30 < rsi14 < 70` is two comparisons; `1 < a == b` is a slip. */
  #chain({ conditionals, params }: RelationalNode, depth: number): Expression | undefined {
    const at = this.#column();
    const isOneWay = [ASCENDING, DESCENDING].some((way) =>
      conditionals.every((one) => way.includes(one)),
    );
    if (!isOneWay) return this.#refuse('comparisons in a row all point the same way');
    const nodes: readonly MathNode[] = params;
    const operands = nodes.map((param) => this.read(param, depth + 1));
    let whole: Expression | undefined;
    for (const [place, conditional] of conditionals.entries()) {
      const [left, right] = [operands[place], operands[place + 1]];
      const operator = OPERATORS.get(conditional);
      if (left === undefined || right === undefined || operator === undefined) return undefined;
      const one: Expression = { kind: 'operation', operator, operands: [left, right], at };
      whole =
        whole === undefined
          ? one
          : { kind: 'operation', operator: 'and', operands: [whole, one], at };
    }
    return whole;
  }

  /** The next leaf must be that name, else the words and the tree are not of one text. */
  #take(name: string): string {
    if (this.#leaves[this.#next]?.text !== name) this.#refuse(UNREADABLE.reason);
    this.#next += 1;
    return name;
  }

  #column(): number {
    return this.#leaves[this.#next]?.column ?? this.#endColumn;
  }

  #refuse(reason: string): undefined {
    this.fault ??= { column: this.#column(), reason };
  }
}

const MEMBER = 'a dot is followed by an output or a column, brackets hold a timeframe: rsi14[5m]';

/** The library's own types say `never` of what an operator is. */
interface Operated {
  readonly fn: string;
  readonly op: string;
  readonly implicit: boolean;
  readonly args: readonly MathNode[];
}

function operatedOf(node: Operated): Operated {
  return node;
}

function expectation(type: string): string {
  if (type === 'RangeNode') return 'a timeframe is written in brackets: rsi14[5m]';
  return 'a number, a name or an operation is expected';
}
