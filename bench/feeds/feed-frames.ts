import { encode, encodeTimeSpecToTimestamp, ExtData } from '@msgpack/msgpack';
import { formatTime, MINUTE, SECOND } from '../../src/core/time.ts';
import { type FeedEvent, feedEvents, NAMES, SYMBOLS } from './feed-events.ts';

export type Wire = 'Polygon JSON' | 'Alpaca JSON' | 'Alpaca msgpack';
export type Kind = 'trades' | 'quotes' | 'bars';

type Message = Readonly<Record<string, unknown>>;

const MS = 1_000;
const TICKS = 10_000;

/** Makes frames as the venue of a wire spells them (venues.md 12), each later than the last. */
export class FrameMill {
  readonly #wire: Wire;
  readonly #spell: Spelling;
  readonly #perFrame: number;
  readonly #events = feedEvents();
  #place = 0;

  constructor(wire: Wire, kind: Kind, perFrame: number) {
    this.#wire = wire;
    this.#spell = SPELLINGS[wire][kind];
    this.#perFrame = perFrame;
  }

  /** Frames of so many events. */
  next(events: number): readonly Buffer[] {
    return Array.from({ length: Math.ceil(events / this.#perFrame) }, () => this.#frame());
  }

  #frame(): Buffer {
    const messages = Array.from({ length: this.#perFrame }, () => {
      this.#place += 1;
      return this.#spell(this.#events.next().value, this.#place - 1);
    });
    return this.#wire === 'Alpaca msgpack'
      ? packed(messages)
      : Buffer.from(JSON.stringify(messages));
  }
}

function packed(messages: readonly Message[]): Buffer {
  return Buffer.from(encode(messages));
}

type Spelling = (event: FeedEvent, place: number) => Message;

const EXCHANGES = [11, 12, 4, 19];
const EXCHANGE_LETTERS = ['P', 'Q', 'D', 'Z'];
const CONDITIONS = [[14, 37], [37], [12, 14]];
const CONDITION_LETTERS = [
  ['@', 'F', 'I'],
  ['@', 'I'],
  ['@', 'F'],
];
const TAPE_LETTERS = ['A', 'B', 'C'];

const POLYGON: Readonly<Record<Kind, Spelling>> = {
  trades: (event) => ({
    ev: 'T',
    sym: event.name,
    x: EXCHANGES[event.exchange],
    i: String(event.id),
    z: event.tape,
    p: event.ticks / TICKS,
    s: event.size,
    c: CONDITIONS[event.conditions],
    t: Math.floor(event.us / MS),
    q: event.sequence,
  }),
  quotes: (event) => ({
    ev: 'Q',
    sym: event.name,
    bx: EXCHANGES[event.exchange],
    bp: event.ticks / TICKS,
    bs: event.size,
    ax: EXCHANGES[3 - event.exchange],
    ap: (event.ticks + 100) / TICKS,
    as: event.size + 1,
    c: 1,
    i: [604],
    t: Math.floor(event.us / MS),
    q: event.sequence,
    z: event.tape,
  }),
  bars: (event, place) => {
    const start = minuteOf(event, place) / MS;
    return {
      ev: 'AM',
      sym: NAMES[place % SYMBOLS],
      v: event.size * 100,
      av: event.size * 10_000,
      op: event.ticks / TICKS,
      vw: (event.ticks + 7) / TICKS,
      o: event.ticks / TICKS,
      c: (event.ticks + 100) / TICKS,
      h: (event.ticks + 200) / TICKS,
      l: (event.ticks - 300) / TICKS,
      a: (event.ticks + 13) / TICKS,
      z: 94,
      s: start,
      e: start + MINUTE / MS,
    };
  },
};

/** Symbol by symbol, then the next minute: no bar is told again. */
function minuteOf(event: FeedEvent, place: number): number {
  return Math.floor(event.us / MINUTE) * MINUTE + Math.floor(place / SYMBOLS) * MINUTE;
}

const ALPACA: Readonly<Record<Kind, (event: FeedEvent, place: number) => Message>> = {
  trades: (event) => ({
    T: 't',
    S: event.name,
    i: event.id,
    x: EXCHANGE_LETTERS[event.exchange],
    p: event.ticks / TICKS,
    s: event.size,
    c: CONDITION_LETTERS[event.conditions],
    z: TAPE_LETTERS[event.tape - 1],
    t: event.us,
  }),
  quotes: (event) => ({
    T: 'q',
    S: event.name,
    bx: EXCHANGE_LETTERS[event.exchange],
    bp: event.ticks / TICKS,
    bs: event.size,
    ax: EXCHANGE_LETTERS[3 - event.exchange],
    ap: (event.ticks + 100) / TICKS,
    as: event.size + 1,
    c: ['R'],
    z: TAPE_LETTERS[event.tape - 1],
    t: event.us,
  }),
  bars: (event, place) => ({
    T: 'b',
    S: NAMES[place % SYMBOLS],
    o: event.ticks / TICKS,
    h: (event.ticks + 200) / TICKS,
    l: (event.ticks - 300) / TICKS,
    c: (event.ticks + 100) / TICKS,
    v: event.size * 100,
    n: event.size,
    vw: (event.ticks + 7) / TICKS,
    t: minuteOf(event, place),
  }),
};

/** Nanoseconds that no microsecond tells, as the venue sends them. */
const NS_REST = 871;

function withText(message: Message): Message {
  const us = Number(message['t']);
  return { ...message, t: formatTime(us).replace('Z', `${NS_REST}Z`) };
}

function withTimestamp(message: Message): Message {
  const us = Number(message['t']);
  const sec = Math.floor(us / SECOND);
  const nsec = (us - sec * SECOND) * 1_000 + NS_REST;
  return { ...message, t: new ExtData(-1, encodeTimeSpecToTimestamp({ sec, nsec })) };
}

function each(change: (message: Message) => Message): Readonly<Record<Kind, Spelling>> {
  return {
    trades: (event, place) => change(ALPACA.trades(event, place)),
    quotes: (event, place) => change(ALPACA.quotes(event, place)),
    bars: (event, place) => change(ALPACA.bars(event, place)),
  };
}

const SPELLINGS: Readonly<Record<Wire, Readonly<Record<Kind, Spelling>>>> = {
  'Polygon JSON': POLYGON,
  'Alpaca JSON': each(withText),
  'Alpaca msgpack': each(withTimestamp),
};
