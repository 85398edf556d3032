import { hashText } from '../../src/core/hash.ts';

/** An order as both sides of a comparison tell it. */
export interface MadeOrder {
  readonly side: 'buy' | 'sell';
  readonly symbolName: string;
  readonly quantity: number;
  /** Ten-thousandths; undefined for one at the market. */
  readonly limitPrice: number | undefined;
}

/** Those of one pipeline, in order. */
export class MadeOrders {
  readonly list: MadeOrder[] = [];

  add(order: MadeOrder): void {
    this.list.push(order);
  }

  hash(): string {
    return hashText(this.list.map(textOf).join('\n'));
  }
}

/** Throws where two pipelines did not make the same orders, one after the other. */
export function assertSame(ours: MadeOrders, theirs: MadeOrders): void {
  const length = Math.max(ours.list.length, theirs.list.length);
  for (let at = 0; at < length; at += 1) {
    const [own, other] = [ours.list[at], theirs.list[at]].map((order) =>
      order === undefined ? 'none' : textOf(order),
    );
    if (own !== other) throw new Error(`order ${at} differs: ours ${own}, theirs ${other}`);
  }
}

function textOf({ side, symbolName, quantity, limitPrice }: MadeOrder): string {
  return `${side} ${quantity} ${symbolName} ${limitPrice ?? 'market'}`;
}
