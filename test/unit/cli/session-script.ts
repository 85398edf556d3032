import { ByteWriter } from '../../../src/core/bytes.ts';
import { Hash64 } from '../../../src/core/hash.ts';
import { type SymbolId, symbolId, textId } from '../../../src/core/ids.ts';
import { money, price, shares } from '../../../src/core/money.ts';
import { MINUTE, SECOND } from '../../../src/core/time.ts';
import { EventBatch, TRADE } from '../../../src/domain/market/event-batch.ts';
import { writeEvents } from '../../../src/domain/market/event-codec.ts';
import type { Effect } from '../../../src/ports/effect.ts';
import type { Fact, FactOf } from '../../../src/ports/fact.ts';
import { type Input, inputCodec } from '../../../src/ports/input.ts';
import type { JournalRecord } from '../../../src/ports/journal.ts';
import type { SessionDescription, SessionReader } from '../../../src/ports/session-reader.ts';
import {
  RECORD_INPUT,
  RECORD_MARKET,
  RECORD_TURN,
  type TurnItem,
  writeTurn,
} from '../../../src/ports/turn-record.ts';

/** Monday, 7 October 2013, 09:30 in New York. */
export const OPEN_US = 1_381_152_600_000_000;

export interface ScriptedFrame {
  readonly events?: number;
  readonly frameUs?: number;
  readonly kind?: number;
  readonly price?: number;
}

/** A session written by hand, record by record, as the sequencer would have journaled it. */
export class SessionScript {
  readonly description: SessionDescription;
  readonly records: JournalRecord[] = [];
  readonly hash = new Hash64();
  nowUs = OPEN_US;
  #sequence = 0;

  constructor(sessionId = 's-1', changes: Partial<SessionDescription> = {}) {
    this.description = {
      sessionId,
      kind: 'demo',
      source: 'seed 7, 3 symbols',
      startedUs: OPEN_US,
      configHash: 'c'.repeat(64),
      buildId: 'build-1',
      nodeMajor: 22,
      isHistoryGiven: true,
      ended: { reason: 'the market closed', records: 1, decisionHash: '0'.repeat(16) },
      ...changes,
    };
  }

  /** The sequence of the last input: the first half of an effect's id. */
  lastInput = 0;

  wait(us: number): this {
    this.nowUs += us;
    return this;
  }

  input(input: Input, ...produced: readonly (Fact | Effect)[]): this {
    const payload = new ByteWriter();
    inputCodec.write(payload, input);
    return this.#record(RECORD_INPUT, payload.copy()).#turn(produced);
  }

  market(events: number, ...produced: readonly (Fact | Effect)[]): this {
    return this.frame({ events }, ...produced);
  }

  /** A frame that may have come before it was taken, of trades or of a bar. */
  frame(
    { events = 1, frameUs = this.nowUs, kind = TRADE, price: unit = 0 }: ScriptedFrame,
    ...produced: readonly (Fact | Effect)[]
  ): this {
    const batch = new EventBatch(events, 1);
    for (let at = 0; at < events; at += 1) batch.a[batch.add(kind, 0, frameUs, 0, 0)] = unit;
    batch.endFrame(frameUs);
    const payload = new ByteWriter();
    writeEvents(payload, batch, 0, 1);
    return this.#record(RECORD_MARKET, payload.copy()).#turn(produced);
  }

  /** A turn caused by time. */
  facts(...produced: readonly (Fact | Effect)[]): this {
    return this.input({ kind: 'timePassed' }, ...produced);
  }

  open(names: readonly string[] = ['AAPL', 'BAC', 'XOM'], life = 1): this {
    const account = textId<FactOf<'accountOpened'>['account']>('PAPER');
    const opened: Input = {
      kind: 'opened',
      life,
      account,
      startingCash: 1_000_000_000,
      buildId: 'build-1',
      configHash: this.description.configHash,
      actors: ['symbols', 'layer-1', 'layer-2', 'risk', 'execution'],
    };
    if (life > 1) return this.input(opened);
    this.input(opened, { kind: 'accountOpened', account, cash: money(1_000_000_000) });
    for (const [at, name] of names.entries()) {
      const symbol = symbolId(at);
      this.input(
        {
          kind: 'symbolNamed',
          symbol,
          name,
          assetClass: 'equity',
          sector: 'tech',
          isTradable: true,
        },
        moved(0, symbol, true, 'tradable', 1, this.nowUs),
      );
    }
    return this.input({
      kind: 'sessionChanged',
      phase: 'core',
      date: 20131007,
      openUs: OPEN_US,
      closeUs: OPEN_US + 390 * MINUTE,
    });
  }

  #record(kind: number, payload: Uint8Array): this {
    this.#sequence += 1;
    if (kind !== RECORD_TURN) this.lastInput = this.#sequence;
    const { high, low } = this.hash;
    this.records.push({
      kind,
      sequence: this.#sequence,
      nowUs: this.nowUs,
      hashHigh: high,
      hashLow: low,
      payload,
    });
    return this;
  }

  #turn(produced: readonly (Fact | Effect)[]): this {
    if (produced.length === 0) return this;
    const items = produced.map((one): TurnItem =>
      isEffect(one)
        ? { type: 'effect', actor: 0, requestedUs: this.nowUs, effect: one }
        : { type: 'fact', actor: 0, fact: one },
    );
    const payload = new ByteWriter();
    writeTurn(payload, { items, timers: [], crashes: [] }, this.hash);
    return this.#record(RECORD_TURN, payload.copy());
  }
}

/** A data directory of such sessions. */
export function readerOf(...scripts: readonly SessionScript[]): SessionReader {
  return {
    list: () => scripts.map(({ description }) => description),
    find: (sessionId) =>
      scripts.map(({ description }) => description).find((one) => one.sessionId === sessionId),
    read(sessionId, visit) {
      const script = scripts.find(({ description }) => description.sessionId === sessionId);
      for (const record of script?.records ?? []) visit(record);
    },
  };
}

const EFFECT_KINDS: ReadonlySet<string> = new Set([
  'submitOrder',
  'cancelOrder',
  'replaceOrder',
  'enquireOrder',
  'infer',
  'writeRows',
  'alert',
  'reconcile',
]);

function isEffect(one: Fact | Effect): one is Effect {
  return EFFECT_KINDS.has(one.kind);
}

export function moved(
  layer: number,
  symbol: SymbolId,
  isMember: boolean,
  reason: string,
  score: number,
  atUs: number,
): FactOf<'layerMoved'> {
  return { kind: 'layerMoved', layer, symbol, isMember, reason, score, atUs };
}

export function signalled(
  number: number,
  symbol: SymbolId,
  atUs: number,
  changes: Partial<FactOf<'signalled'>> = {},
): FactOf<'signalled'> {
  return {
    kind: 'signalled',
    signalId: textId(`mr-${number}`),
    strategy: textId('mr'),
    symbol,
    side: 'buy',
    purpose: 'entry',
    value: -2.31,
    threshold: -2,
    reason: 'below the mean',
    bid: 1_892_000,
    ask: 1_892_500,
    last: 1_892_300,
    stopDistance: 12_000,
    atUs,
    ...changes,
  };
}

export function refused(number: number, symbol: SymbolId): FactOf<'refused'> {
  return {
    kind: 'refused',
    signalId: textId(`mr-${number}`),
    symbol,
    code: 'SPREAD_WIDE',
    value: 62.5,
    limit: 50,
  };
}

/** What follows from an approved signal: intent and request. `order` names the order. */
export function ordered(
  order: string,
  number: number,
  symbol: SymbolId,
  changes: Partial<FactOf<'intended'>> = {},
): readonly [FactOf<'approved'>, FactOf<'intended'>, Effect] {
  const account = textId<FactOf<'intended'>['account']>('PAPER');
  const clientOrderId = textId<FactOf<'intended'>['clientOrderId']>(order);
  const signalId = textId<FactOf<'intended'>['signalId']>(`mr-${number}`);
  const intent: FactOf<'intended'> = {
    kind: 'intended',
    account,
    clientOrderId,
    strategy: textId('mr'),
    signalId,
    symbol,
    side: 'buy',
    purpose: 'entry',
    quantity: shares(100),
    type: 'limit',
    limitPrice: price(1_893_400),
    timeInForce: 'day',
    referencePrice: price(1_892_500),
    sequence: 0,
    ...changes,
  };
  const { side, quantity, type, limitPrice, timeInForce } = intent;
  const request = { account, clientOrderId, symbol, side, quantity, type, timeInForce };
  return [
    { kind: 'approved', signalId, clientOrderId, symbol, notional: money(189_250_000) },
    intent,
    {
      kind: 'submitOrder',
      ...request,
      ...(limitPrice === undefined ? {} : { limitPrice }),
    },
  ];
}

export function stood(
  order: string,
  symbol: SymbolId,
  standing: FactOf<'stood'>['standing'],
  atUs: number,
  reason?: string,
): FactOf<'stood'> {
  const clientOrderId = textId<FactOf<'stood'>['clientOrderId']>(order);
  return {
    kind: 'stood',
    clientOrderId,
    symbol,
    standing,
    atUs,
    ...(reason === undefined ? {} : { reason }),
  };
}

export function filled(
  order: string,
  symbol: SymbolId,
  side: 'buy' | 'sell',
  quantity: number,
  unit: number,
  atUs: number,
): FactOf<'filled'> {
  return {
    kind: 'filled',
    account: textId('PAPER'),
    clientOrderId: textId(order),
    symbol,
    side,
    execution: {
      executionId: textId(`x-${order}-${quantity}`),
      quantity: shares(quantity),
      price: price(unit),
      venueUs: atUs,
    },
  };
}

/**
 * A small day: AAPL is bought and sold with a profit, BAC is refused, XOM never gets anywhere.
 */
export function smallDay(script = new SessionScript()): SessionScript {
  const [aapl, bac] = [symbolId(0), symbolId(1)];
  script.open().wait(SECOND);
  script.facts(
    moved(1, aapl, true, 'score', 3.2, script.nowUs),
    moved(1, bac, true, 'score', 2.1, script.nowUs),
    { kind: 'layerCompleted', layer: 1, members: 2, qualified: 2, disqualified: 0 },
  );
  script.wait(MINUTE).facts(moved(2, aapl, true, 'score', 1.7, script.nowUs));
  script.wait(MINUTE);
  script.market(3, signalled(1, aapl, script.nowUs), ...ordered('mr.AAPL.0', 1, aapl));
  const asked = script.lastInput;
  script.wait(30_000).input(
    {
      kind: 'answered',
      effectInput: asked,
      effectIndex: 0,
      outcome: 'done',
    },
    stood('mr.AAPL.0', aapl, 'working', script.nowUs),
  );
  script
    .wait(SECOND)
    .facts(
      filled('mr.AAPL.0', aapl, 'buy', 100, 1_892_500, script.nowUs),
      stood('mr.AAPL.0', aapl, 'filled', script.nowUs),
    );
  script.wait(MINUTE).facts(moved(2, bac, true, 'floor', 0.8, script.nowUs));
  script.market(2, signalled(2, bac, script.nowUs), refused(2, bac));
  script.wait(MINUTE).facts({ kind: 'marked', symbol: aapl, price: price(1_885_000) });
  script.wait(MINUTE).market(
    1,
    signalled(3, aapl, script.nowUs, {
      side: 'sell',
      purpose: 'exit',
      value: -0.4,
      threshold: -0.5,
      reason: 'back at the mean',
    }),
    ...ordered('mr.AAPL.1', 3, aapl, { side: 'sell', purpose: 'exit', sequence: 1 }),
  );
  return script
    .wait(SECOND)
    .facts(
      filled('mr.AAPL.1', aapl, 'sell', 100, 1_903_000, script.nowUs),
      stood('mr.AAPL.1', aapl, 'filled', script.nowUs),
      moved(2, bac, false, 'score', 0.4, script.nowUs),
    );
}
