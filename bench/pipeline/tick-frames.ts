import { EventBatch, TRADE, TRADE_REGULAR } from '../../src/domain/market/event-batch.ts';
import { tradeEvent } from '../../src/venue/polygon/polygon-wire.ts';
import { frameOf } from '../../src/venue/sockets/codec.ts';
import { wireOfMarket } from '../../src/venue/sockets/market-wire.ts';
import type { WireEvent } from '../../src/venue/sockets/wire-event.ts';
import type { Ticks } from './ticks.ts';

/** Whose words, in what codec. */
export type Wire = 'polygon' | 'alpaca json' | 'alpaca msgpack';

/** One message of a socket. */
export interface Frame {
  readonly bytes: Uint8Array;
  /** When its last trade was made, and its place among the ticks. */
  readonly us: number;
  readonly end: number;
  /** Trades in it. */
  readonly count: number;
}

export interface Stretch {
  readonly wire: Wire;
  readonly perFrame: number;
  readonly from: number;
  readonly to: number;
}

const EVENTS_MAX = 1_024;
/** Not the primary one. */
const EXCHANGE = 3;
const VIEW = { moment: 'usual', isCore: true, skewUs: 0, tradeId: 0 } as const;

/** A stretch of trades as our venue says them. */
export function framesOf(ticks: Ticks, { wire, perFrame, from, to }: Stretch): readonly Frame[] {
  const batch = new EventBatch(EVENTS_MAX, 1);
  const frames: Frame[] = [];
  for (let begin = from; begin < to; begin += perFrame) {
    const end = Math.min(to, begin + perFrame);
    const events: WireEvent[] = [];
    batch.clear();
    for (let at = begin; at < end; at += 1) events.push(eventOf(ticks, wire, at, batch));
    const frame = frameOf(wire === 'alpaca msgpack' ? 'msgpack' : 'json', events);
    const bytes = typeof frame === 'string' ? Buffer.from(frame) : frame;
    frames.push({ bytes, us: ticks.venueUs[end - 1] ?? 0, end, count: end - begin });
  }
  return frames;
}

function eventOf(ticks: Ticks, wire: Wire, at: number, batch: EventBatch): WireEvent {
  const number = ticks.symbol[at] ?? 0;
  const slot = batch.add(TRADE, number, ticks.venueUs[at] ?? 0, TRADE_REGULAR, EXCHANGE);
  batch.a[slot] = ticks.price[at] ?? 0;
  batch.b[slot] = ticks.size[at] ?? 0;
  batch.c[slot] = at + 1;
  const symbol = { name: ticks.names[number] ?? '', tape: 'C' } as const;
  if (wire !== 'polygon') return wireOfMarket(batch, slot, { ...VIEW, symbol });
  return tradeEvent(batch, slot, { ...VIEW, symbol, sequence: at + 1 });
}
