import { decode, decodeTimestampToTimeSpec, ExtensionCodec } from '@msgpack/msgpack';
import { parseTime } from '../../src/core/time.ts';
import {
  ctaFlags,
  NO_CONDITION,
  tradeFlags,
  utpFlags,
} from '../../src/domain/market/conditions.ts';

/** An event as plain values: what a scanner must write into the columns. */
export interface ReferenceEvent {
  readonly kind: 'trade' | 'quote' | 'bar' | 'status' | 'band' | 'correction';
  readonly symbol: string;
  readonly us: number;
  readonly flags: number;
  readonly values: readonly number[];
}

/**
 * What Alpaca's frames mean, by JSON.parse and @msgpack/msgpack: slow, short, and written without
 * the scanners' tables. It knows nothing of repeated events.
 */
export function referenceOfJson(bytes: Uint8Array): readonly ReferenceEvent[] {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  // A long id would lose its last digits, which only the dedupe key has.
  return eventsOf(JSON.parse(text));
}

export function referenceOfMsgpack(bytes: Uint8Array): readonly ReferenceEvent[] {
  const extensionCodec = new ExtensionCodec();
  extensionCodec.register({
    type: -1,
    encode: () => new Uint8Array(0),
    decode: (data) => {
      const { sec, nsec } = decodeTimestampToTimeSpec(data);
      return new Moment(nsec > 999_999_999 ? Number.NaN : sec * 1e6 + Math.floor(nsec / 1_000));
    },
  });
  return eventsOf(decode(bytes, { extensionCodec }));
}

export class Moment {
  readonly us: number;

  constructor(us: number) {
    this.us = us;
  }
}

type Message = Readonly<Record<string, unknown>>;

function eventsOf(list: unknown): readonly ReferenceEvent[] {
  if (!Array.isArray(list)) throw new Error('not a list');
  return list.flatMap((message: unknown) => {
    if (!isMessage(message)) return [];
    const event = eventOf(message);
    return event === undefined ? [] : [event];
  });
}

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function eventOf(message: Message): ReferenceEvent | undefined {
  const symbol = message['S'];
  const us = momentOf(message['t']);
  if (typeof symbol !== 'string' || us === undefined) return undefined;
  const values = valuesOf(message);
  if (values === undefined) return undefined;
  const flags = flagsOf(message);
  const kind = KINDS.get(message['T']);
  if (kind === undefined || flags === undefined) return undefined;
  return { kind, symbol, us, flags, values: values.map((value) => value + 0) };
}

const KINDS: ReadonlyMap<unknown, ReferenceEvent['kind']> = new Map<
  unknown,
  ReferenceEvent['kind']
>([
  ['t', 'trade'],
  ['q', 'quote'],
  ['b', 'bar'],
  ['u', 'bar'],
  ['d', 'bar'],
  ['s', 'status'],
  ['l', 'band'],
  ['c', 'correction'],
  ['x', 'correction'],
]);

function momentOf(value: unknown): number | undefined {
  const us =
    value instanceof Moment ? value.us : typeof value === 'string' ? parseTime(value) : undefined;
  return us === undefined || !(us >= 0 && us <= Number.MAX_SAFE_INTEGER) ? undefined : us;
}

function valuesOf(message: Message): readonly number[] | undefined {
  const number = (name: string) => {
    const value = message[name];
    return typeof value === 'number' ? value : Number.NaN;
  };
  const ticks = (name: string) => Math.round(number(name) * 10_000);
  const isPrice = (...names: string[]) =>
    names.every((name) => ticks(name) > 0 && ticks(name) <= 9_000_000_000);
  const isSize = (...names: string[]) =>
    names.every((name) => number(name) >= 0 && number(name) <= 1e9);
  const isId = (name: string) => {
    const value = number(name);
    return Number.isInteger(value) && value >= -Number.MAX_SAFE_INTEGER && value <= 2 ** 64;
  };
  switch (message['T']) {
    case 't':
      if (!isPrice('p') || !isSize('s') || !isId('i')) return undefined;
      return [ticks('p'), number('s'), number('i'), 0, 0, 0];
    case 'q': {
      const isOffer = (name: string) => ticks(name) >= 0 && ticks(name) <= 9_000_000_000;
      if (!isOffer('bp') || !isOffer('ap') || !isSize('bs', 'as')) return undefined;
      const [hasBid, hasAsk] = sidesOf(message);
      const bid = hasBid && ticks('bp') > 0 ? [ticks('bp'), number('bs')] : [0, 0];
      const ask = hasAsk && ticks('ap') > 0 ? [ticks('ap'), number('as')] : [0, 0];
      return [...bid, ...ask, 0, 0];
    }
    case 'b':
    case 'u':
    case 'd': {
      if (!isPrice('o', 'h', 'l', 'c') || !(number('v') >= 0 && number('v') <= 1e11)) {
        return undefined;
      }
      const prices = [ticks('o'), ticks('h'), ticks('l'), ticks('c')];
      const isWhole = ticks('h') === Math.max(...prices) && ticks('l') === Math.min(...prices);
      const spanUs = message['T'] === 'd' ? 86_400_000_000 : 60_000_000;
      return isWhole ? [...prices, number('v'), spanUs] : undefined;
    }
    case 's':
      return [0, 0, 0, 0, 0, 0];
    case 'l':
      if (!isPrice('d', 'u') || ticks('d') > ticks('u')) return undefined;
      return [ticks('d'), ticks('u'), 0, 0, 0, 0];
    case 'c':
      if (!isPrice('op', 'cp') || !isSize('os', 'cs') || !isId('oi') || !isId('ci')) {
        return undefined;
      }
      return [ticks('op'), number('os'), ticks('cp'), number('cs'), 0, Number.NaN];
    case 'x':
      if (!isPrice('p') || !isSize('s') || !isId('i')) return undefined;
      return [ticks('p'), number('s'), 0, 0, 0, Number.NaN];
    default:
      return undefined;
  }
}

function sidesOf(message: Message): readonly [boolean, boolean] {
  const list = message['c'];
  if (list === undefined) return [true, true];
  if (!Array.isArray(list) || list.length > 2) return [false, false];
  if (list.length === 0) return [true, true];
  const tape = String(message['z']);
  const good = 'AB'.includes(tape) && tape !== '' ? 'ABEFHORUWY ' : 'ABFORY ';
  const both = 'ABCON'.includes(tape) && tape !== '' ? good : 'ABFORY ';
  const isGood = (code: unknown) =>
    typeof code === 'string' && code.length === 1 && both.includes(code);
  return [isGood(list[0]), isGood(list[list.length - 1])];
}

function flagsOf(message: Message): number | undefined {
  switch (message['T']) {
    case 't':
      return conditionsOf(message['c'], message['z']);
    case 'c':
      return conditionsOf(message['cc'], message['z']);
    case 'q':
      return 3;
    case 'b':
      return 1;
    case 'u':
      return 3;
    case 's': {
      const isPause = message['rc'] === 'M' || /^LU..$/s.test(String(message['rc']));
      const code = typeof message['sc'] === 'string' ? message['sc'] : '';
      if (code.length !== 1) return undefined;
      if ('2HP'.includes(code)) return 1;
      if (code === 'F') return isPause ? 1 : undefined;
      if (code === 'Q') return 2;
      if ('3T'.includes(code)) return 3;
      return code === 'E' ? 4 : undefined;
    }
    default:
      return 0;
  }
}

function conditionsOf(list: unknown, tape: unknown): number {
  if (list === undefined) return tradeFlags(NO_CONDITION);
  if (!Array.isArray(list)) return 4;
  let [cta, utp] = [NO_CONDITION, NO_CONDITION];
  for (const item of list) {
    const code = typeof item === 'string' && item.length === 1 ? item.charCodeAt(0) : 0xffff;
    cta &= ctaFlags(code);
    utp &= utpFlags(code);
  }
  if (tape === 'A' || tape === 'B') return tradeFlags(cta);
  return tradeFlags(tape === 'C' || tape === 'O' || tape === 'N' ? utp : cta & utp);
}
