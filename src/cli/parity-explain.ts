import { DECISION_KINDS } from './decisions.ts';
import { adoptionWhy, haltWhy, orderWhy } from './parity-orders.ts';
import { answerWhy } from './parity-answers.ts';
import type { Why } from './parity-classes.ts';
import { isEqual, type Pair } from './parity-pairs.ts';
import {
  ACCOUNT,
  because,
  booksOf,
  type Evidence,
  HALTS,
  layerOf,
  layersOf,
  lifeOf,
  moveWhy,
  type Side,
  sidesOf,
  signalWhy,
  unexplained,
} from './parity-rules.ts';
import type { Trace } from './parity-trace.ts';

export interface Explained {
  readonly pair: Pair;
  readonly why: Why;
}

/**
 * Walks through the differences in the order of time and says of each why it is there. What an
 * earlier one may have caused needs both: another state on the two sides, and that earlier one.
 * What follows from something unexplained is unexplained too.
 */
export function explainPairs(left: Trace, right: Trace, pairs: readonly Pair[]): Explained[] {
  const differences = pairs.filter((pair) => !isEqual(pair)).toSorted(inTime);
  const walk = new Walk(left, right);
  return differences.map((pair) => walk.take(pair));
}

class Walk implements Evidence {
  readonly left: Trace;
  readonly right: Trace;
  readonly #explained: Explained[] = [];
  readonly #places = new Map<Pair, number>();
  readonly #last = new Map<string, number>();

  constructor(left: Trace, right: Trace) {
    this.left = left;
    this.right = right;
  }

  last(about: string): number | undefined {
    return this.#last.get(about);
  }

  placeOf(pair: Pair): number | undefined {
    return this.#places.get(pair);
  }

  take(pair: Pair): Explained {
    const place = this.#explained.length;
    const explained = { pair, why: this.#inherited(this.#why(pair)) };
    this.#explained.push(explained);
    this.#places.set(pair, place);
    for (const about of this.#touched(pair)) this.#last.set(about, place);
    return explained;
  }

  #why(pair: Pair): Why {
    const sides = sidesOf(this, pair);
    const isSame = pair.fields.length > 0 && pair.fields.every((field) => field === 'time');
    // Two live sessions begin when they are started, which may be too far apart for a pair.
    const isOwnStart = this.left.market.shared === 'bars' && isAllStart(sides);
    if (isOwnStart || (isSame && sides.some(({ grounds }) => grounds.isStart))) {
      return because('start', 'before the first edge of a trading session');
    }
    const events = Math.min(this.left.market.events, this.right.market.events);
    if (sides.length > 0 && sides.every(({ grounds }) => grounds.place.events >= events)) {
      return because('end', 'after the last event that both sessions have had');
    }
    return this.#ofKind(pair);
  }

  #ofKind(pair: Pair): Why {
    switch (pair.kind) {
      case 'moves':
        return moveWhy(this, pair);
      case 'signals':
        return signalWhy(this, pair);
      case 'refusals':
      case 'intents':
        return answerWhy(this, pair);
      case 'halts':
        return haltWhy(this, pair);
      case 'adoptions':
        return adoptionWhy(this, pair);
      default:
        return orderWhy(this, pair);
    }
  }

  #inherited(why: Why): Why {
    const root = why.cause === undefined ? undefined : this.#explained[why.cause];
    if (root?.why.class !== 'unexplained') return why;
    const { because: text, cause } = why;
    return { ...unexplained(text), ...(cause === undefined ? {} : { cause }) };
  }

  /** What later differences may follow from. */
  #touched(pair: Pair): readonly string[] {
    const [side] = sidesOf(this, pair);
    const symbol = side?.grounds.symbol ?? '';
    switch (pair.kind) {
      case 'moves':
        return [layersOf(symbol), layerOf(pair.stream)];
      case 'signals':
      case 'refusals':
        return [];
      case 'halts':
        return [HALTS];
      case 'enquiries':
        return [lifeOf(pair.stream)];
      case 'cancels':
        return [lifeOf(pair.stream), booksOf(symbol)];
      case 'adoptions':
      case 'intents':
      case 'standings':
      case 'fills':
        return [lifeOf(pair.stream), booksOf(symbol), ACCOUNT];
    }
  }
}

function isAllStart(sides: readonly Side[]): boolean {
  return sides.length > 0 && sides.every(({ grounds }) => grounds.isStart);
}

export function timeOf({ left, right }: Pair): number {
  return Math.min(left?.atUs ?? Number.POSITIVE_INFINITY, right?.atUs ?? Number.POSITIVE_INFINITY);
}

/** Of one moment a signal comes before what follows from it. */
function inTime(one: Pair, other: Pair): number {
  const rank = ({ kind }: Pair): number => DECISION_KINDS.indexOf(kind);
  return timeOf(one) - timeOf(other) || rank(one) - rank(other);
}
