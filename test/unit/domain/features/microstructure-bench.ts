import { MINUTE } from '../../../../src/core/time.ts';
import type { SourceDeclaration } from '../../../../src/domain/features/registry.ts';
import type { SymbolSource } from '../../../../src/domain/features/source.ts';
import { flowSource } from '../../../../src/domain/features/sources/flow-source.ts';
import { BAR_WIDTH, SESSION, START_US } from '../../../../src/domain/indicators/indicator.ts';
import { TRADE_REGULAR } from '../../../../src/domain/market/event-batch.ts';
import { type Book, tickOf } from '../../../reference/quoted-market.ts';

export const EMPTY = { bid: NaN, bidSize: 0, ask: NaN, askSize: 0 };
export const WHOLE = { bid: 500_000, bidSize: 300, ask: 500_200, askSize: 100 };
export const LOCKED = { ...WHOLE, ask: 500_000 };
export const CROSSED = { ...WHOLE, ask: 499_900 };
export const BID_ONLY = { ...WHOLE, ask: NaN, askSize: 0 };

/** One source of one symbol, told of things by hand. */
export class Bench {
  readonly source: SymbolSource;
  readonly state: Float64Array;
  book: Book = EMPTY;
  nowUs = 1_000_000 * MINUTE;
  bars = 0;

  constructor(declaration: SourceDeclaration, spanUs = MINUTE) {
    const source = declaration.build({ symbolsMax: 1, spanUs });
    if (source.scope !== 'symbol') throw new Error('a source of one symbol');
    this.source = source;
    this.state = new Float64Array(source.width);
    source.reset(this.state, 0);
  }

  quote(book: Book): this {
    this.book = book;
    this.source.quote?.(this.state, 0, tickOf({ kind: 'quote', nowUs: this.nowUs, ...book }));
    return this;
  }

  trade(price: number, shares = 100, flags = TRADE_REGULAR, nowUs = this.nowUs): this {
    const event = { kind: 'trade', nowUs, ...this.book, price, shares, flags } as const;
    this.source.trade?.(this.state, 0, tickOf(event));
    return this;
  }

  bar(session = 1, values: Readonly<Record<number, number>> = {}): this {
    const bar = new Float64Array(BAR_WIDTH).fill(50);
    for (const [place, value] of Object.entries(values)) bar[Number(place)] = value;
    bar[SESSION] = session;
    bar[START_US] = this.bars * MINUTE;
    this.bars += 1;
    this.source.bar?.(this.state, 0, bar);
    return this;
  }

  later(us: number): this {
    this.nowUs += us;
    return this;
  }

  column(name: string): number {
    const { source, state, nowUs } = this;
    const out = new Float64Array(source.columns.length);
    source.read(state, 0, nowUs, out, 0);
    return out[source.columns.findIndex((column) => column.name === name)] ?? NaN;
  }
}

export const flow = () => new Bench(flowSource);

/** Net shares of the trades, which must be all of the first bar. */
export function signedOf(bench: Bench): number {
  return bench.bar().column('signedVolume');
}
