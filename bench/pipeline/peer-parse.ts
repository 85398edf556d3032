import type { Wire } from './tick-frames.ts';

/** A trade as a program that parses JSON has it: an object of the frame. */
export interface ParsedTrade {
  readonly symbolName: string;
  /** Dollars. */
  readonly price: number;
  readonly size: number;
  readonly id: number;
  readonly us: number;
}

interface PolygonTrade {
  readonly ev: string;
  readonly sym: string;
  readonly p: number;
  readonly s: number;
  readonly i: string;
  readonly t: number;
}

interface AlpacaTrade {
  readonly T: string;
  readonly S: string;
  readonly p: number;
  readonly s: number;
  readonly i: number;
  readonly t: string;
}

/** How a frame's trades are had by `JSON.parse`. */
export function parserOf(
  wire: Wire,
): (bytes: Uint8Array, take: (trade: ParsedTrade) => void) => void {
  return wire === 'polygon' ? parsePolygon : parseAlpaca;
}

function parsePolygon(bytes: Uint8Array, take: (trade: ParsedTrade) => void): void {
  const trades: readonly PolygonTrade[] = JSON.parse(textOf(bytes));
  for (const { ev, sym, p, s, i, t } of trades) {
    if (ev !== 'T') continue;
    take({ symbolName: sym, price: p, size: s, id: Number(i), us: t * 1_000 });
  }
}

function parseAlpaca(bytes: Uint8Array, take: (trade: ParsedTrade) => void): void {
  const trades: readonly AlpacaTrade[] = JSON.parse(textOf(bytes));
  for (const { T, S, p, s, i, t } of trades) {
    if (T !== 't') continue;
    take({ symbolName: S, price: p, size: s, id: i, us: Date.parse(t) * 1_000 });
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}
