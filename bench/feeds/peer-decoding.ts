import { decode, ExtensionCodec } from '@msgpack/msgpack';
import {
  ctaFlags,
  NO_CONDITION,
  tradeFlags,
  utpFlags,
} from '../../src/domain/market/conditions.ts';
import {
  BAR,
  BAR_FINAL,
  type EventBatch,
  QUOTE,
  TRADE,
} from '../../src/domain/market/event-batch.ts';
import { exchangePlace } from '../../src/domain/market/nbbo.ts';
import {
  conditionOf,
  flagsOf,
  NO_CONDITIONS,
  placeOfExchange,
} from '../../src/streams/polygon/wire/codes.ts';
import { peerModule } from '../harness/peer-library.ts';
import { NAMES } from './feed-events.ts';
import type { Wire } from './feed-frames.ts';

/**
 * What a careful program does with the objects of a parser: a symbol's id from a map, prices in
 * ten-thousandths, what the conditions let a trade do, and columns. It has no window of trades that
 * were told before, checks no value and counts nothing.
 */
export type PeerDecoder = (frame: Buffer, batch: EventBatch) => void;

/** From a frame to objects: what differs between the peers. */
type Parse<Message> = (frame: Buffer) => readonly Message[];

type PolygonMessage =
  | {
      readonly ev: 'T';
      readonly sym: string;
      readonly x: number;
      readonly i: string;
      readonly z: number;
      readonly p: number;
      readonly s: number;
      readonly c?: readonly number[];
      readonly t: number;
    }
  | {
      readonly ev: 'Q';
      readonly sym: string;
      readonly bp: number;
      readonly bs: number;
      readonly ap: number;
      readonly as: number;
      readonly t: number;
    }
  | {
      readonly ev: 'AM';
      readonly sym: string;
      readonly o: number;
      readonly h: number;
      readonly l: number;
      readonly c: number;
      readonly v: number;
      readonly s: number;
    };

type AlpacaMessage<Moment> =
  | {
      readonly T: 't';
      readonly S: string;
      readonly i: number;
      readonly x: string;
      readonly p: number;
      readonly s: number;
      readonly c?: readonly string[];
      readonly z: string;
      readonly t: Moment;
    }
  | {
      readonly T: 'q';
      readonly S: string;
      readonly bp: number;
      readonly bs: number;
      readonly ap: number;
      readonly as: number;
      readonly t: Moment;
    }
  | {
      readonly T: 'b';
      readonly S: string;
      readonly o: number;
      readonly h: number;
      readonly l: number;
      readonly c: number;
      readonly v: number;
      readonly t: Moment;
    };

const ids = new Map(NAMES.map((name, index) => [name, index]));
const TICKS = 10_000;
const MINUTE = 60_000_000;
const MS = 1_000;
const SIDES = 3;

/** `JSON.parse` of the frame's text, to columns. */
export function jsonPeer(wire: Wire): PeerDecoder {
  if (wire === 'Polygon JSON') return polygonColumns((frame) => JSON.parse(frame.toString('utf8')));
  // `Date` knows no more than milliseconds; finer times cost a program more.
  return alpacaColumns<string>(
    (frame) => JSON.parse(frame.toString('utf8')),
    (moment) => Date.parse(moment) * MS,
  );
}

/** msgpackr's decoder for plain maps; undefined where it is not installed. */
export async function msgpackrPeer(): Promise<PeerDecoder | undefined> {
  const url = peerModule('msgpackr', 'node-index.js');
  if (url === undefined) return undefined;
  const { Unpackr }: Msgpackr = await import(url);
  const unpackr = new Unpackr({ useRecords: false });
  return alpacaColumns<Date>(
    (frame) => unpackr.unpack(frame),
    (moment) => moment.getTime() * MS,
  );
}

interface Msgpackr {
  readonly Unpackr: new (options: { readonly useRecords: boolean }) => {
    unpack(frame: Buffer): readonly AlpacaMessage<Date>[];
  };
}

/** The library that Alpaca's own client is made with. */
export function msgpackPeer(): PeerDecoder {
  const extensionCodec = new ExtensionCodec();
  return alpacaColumns<Date>(
    (frame) => {
      const messages: unknown = decode(frame, { extensionCodec });
      return isMessages(messages) ? messages : [];
    },
    (moment) => moment.getTime() * MS,
  );
}

function isMessages(value: unknown): value is readonly AlpacaMessage<Date>[] {
  return Array.isArray(value);
}

function polygonColumns(parse: Parse<PolygonMessage>): PeerDecoder {
  return (frame, batch) => {
    for (const message of parse(frame)) {
      const symbol = ids.get(message.sym);
      if (symbol === undefined) continue;
      switch (message.ev) {
        case 'T': {
          const { x, i, z, p, s, c, t } = message;
          let conditions = NO_CONDITIONS;
          for (const code of c ?? []) conditions &= conditionOf(code);
          const exchange = placeOfExchange(x);
          const slot = batch.add(TRADE, symbol, t * MS, flagsOf(conditions, z), exchange);
          batch.a[slot] = Math.round(p * TICKS);
          batch.b[slot] = s;
          batch.c[slot] = Number(i);
          break;
        }
        case 'Q': {
          const { bp, bs, ap, as, t } = message;
          const slot = batch.add(QUOTE, symbol, t * MS, SIDES, 0);
          batch.a[slot] = Math.round(bp * TICKS);
          batch.b[slot] = bs;
          batch.c[slot] = Math.round(ap * TICKS);
          batch.d[slot] = as;
          break;
        }
        case 'AM':
          barColumns(batch, symbol, message.s * MS, message);
          break;
      }
    }
  };
}

function alpacaColumns<Moment>(
  parse: Parse<AlpacaMessage<Moment>>,
  usOf: (moment: Moment) => number,
): PeerDecoder {
  return (frame, batch) => {
    for (const message of parse(frame)) {
      const symbol = ids.get(message.S);
      if (symbol === undefined) continue;
      const us = usOf(message.t);
      switch (message.T) {
        case 't': {
          const { i, x, p, s, c, z } = message;
          let flags = NO_CONDITION;
          for (const code of c ?? []) {
            const letter = code.charCodeAt(0);
            flags &= z === 'C' ? utpFlags(letter) : ctaFlags(letter);
          }
          const exchange = exchangePlace(x.charCodeAt(0));
          const slot = batch.add(TRADE, symbol, us, tradeFlags(flags), exchange);
          batch.a[slot] = Math.round(p * TICKS);
          batch.b[slot] = s;
          batch.c[slot] = i;
          break;
        }
        case 'q': {
          const { bp, bs, ap, as } = message;
          const slot = batch.add(QUOTE, symbol, us, SIDES, 0);
          batch.a[slot] = Math.round(bp * TICKS);
          batch.b[slot] = bs;
          batch.c[slot] = Math.round(ap * TICKS);
          batch.d[slot] = as;
          break;
        }
        case 'b':
          barColumns(batch, symbol, us, message);
          break;
      }
    }
  };
}

interface BarMessage {
  readonly o: number;
  readonly h: number;
  readonly l: number;
  readonly c: number;
  readonly v: number;
}

function barColumns(batch: EventBatch, symbol: number, us: number, bar: BarMessage): void {
  const slot = batch.add(BAR, symbol, us, BAR_FINAL, 0);
  batch.a[slot] = Math.round(bar.o * TICKS);
  batch.b[slot] = Math.round(bar.h * TICKS);
  batch.c[slot] = Math.round(bar.l * TICKS);
  batch.d[slot] = Math.round(bar.c * TICKS);
  batch.e[slot] = bar.v;
  batch.f[slot] = MINUTE;
}
