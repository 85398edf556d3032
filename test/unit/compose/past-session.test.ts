import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../src/core/bytes.ts';
import { Hash64 } from '../../../src/core/hash.ts';
import { type AccountId, type ClientOrderId, symbolId, textId } from '../../../src/core/ids.ts';
import { PastSession } from '../../../src/compose/past-session.ts';
import type { Effect } from '../../../src/ports/effect.ts';
import { type Input, inputCodec } from '../../../src/ports/input.ts';
import {
  RECORD_INPUT,
  RECORD_MARKET,
  RECORD_TURN,
  writeTurn,
} from '../../../src/ports/turn-record.ts';

const ACCOUNT = textId<AccountId>('A');
const CANCEL: Effect = {
  kind: 'cancelOrder',
  account: ACCOUNT,
  clientOrderId: textId<ClientOrderId>('o1'),
};
const ENQUIRY: Effect = {
  kind: 'enquireOrder',
  account: ACCOUNT,
  clientOrderId: textId<ClientOrderId>('o1'),
  attempt: 1,
};

describe('PastSession', () => {
  it('counts what the calendar said and the symbols that were named', () => {
    const past = after([opened(1)], [named(0), []], [named(1), []], [news('n1'), []], [open(), []]);

    expect(past).toMatchObject({ symbolsNamed: 2, calendarTaken: 2 });
  });

  it('counts once what a life ended in and the next one took again', () => {
    const past = after(
      [opened(1), []],
      [named(0), []],
      [named(1)],
      [opened(2), []],
      [named(1), []],
      [news('n1')],
      [opened(3), []],
      [{ kind: 'timePassed' }],
      [news('n1')],
      [opened(4), []],
      [news('n1'), []],
      [news('n2'), []],
    );

    expect(past).toMatchObject({ symbolsNamed: 2, calendarTaken: 2 });
  });

  it('counts twice what came twice', () => {
    const past = after([opened(1), []], [open(), []], [opened(2), []], [open(), []]);

    expect(past.calendarTaken).toBe(2);
  });

  it('keeps what the venue was sent, by its input, and not what it was asked', () => {
    const past = after([opened(1), []], ['market', [ENQUIRY, CANCEL]], [named(0), [CANCEL]]);

    const [first, second, ...more] = past.brokerRequests;
    expect(first).toMatchObject({ input: 3, index: 1, requestedUs: 7, effect: CANCEL });
    expect(second).toMatchObject({ input: 5, index: 0, effect: CANCEL });
    expect(more).toEqual([]);
  });

  it('forgets a request that was taken back before it left', () => {
    const withdrawn: Input = {
      kind: 'answered',
      effectInput: 2,
      effectIndex: 0,
      outcome: 'refused',
      code: 'WITHDRAWN',
    };
    const past = after([opened(1)], [named(0), [CANCEL, CANCEL]], [withdrawn, []]);

    expect(past.brokerRequests.map(({ index }) => index)).toEqual([1]);
  });
});

type Entry = readonly [input: Input | 'market', effects?: readonly Effect[]];

/** Entries without effects have no turn on the record. */
function after(...entries: readonly Entry[]): PastSession {
  const past = new PastSession([]);
  let sequence = 0;
  const take = (kind: number, writer: ByteWriter) => {
    sequence += 1;
    past.take({ kind, sequence, nowUs: 7, hashHigh: 0, hashLow: 0, payload: writer.copy() });
  };
  for (const [input, effects] of entries) {
    const writer = new ByteWriter(64);
    if (input !== 'market') inputCodec.write(writer, input);
    take(input === 'market' ? RECORD_MARKET : RECORD_INPUT, writer);
    if (effects === undefined) continue;
    const turn = new ByteWriter(64);
    const items = effects.map((effect) => {
      return { type: 'effect', actor: 8, requestedUs: 7, effect } as const;
    });
    writeTurn(turn, { items, timers: [], crashes: [] }, new Hash64());
    take(RECORD_TURN, turn);
  }
  return past;
}

function opened(life: number): Input {
  const none = { buildId: 'b', configHash: 'c', actors: [] };
  return { kind: 'opened', life, account: ACCOUNT, startingCash: 1, ...none };
}

function named(symbol: number): Input {
  const rest = { assetClass: 'equity', sector: 's', isTradable: true } as const;
  return { kind: 'symbolNamed', symbol: symbolId(symbol), name: `S${symbol}`, ...rest };
}

function news(newsId: string): Input {
  return { kind: 'newsArrived', newsId, symbols: [], headline: 'h', sentiment: 0, venueUs: 1 };
}

function open(): Input {
  return { kind: 'sessionChanged', phase: 'core', date: 20240603, openUs: 1, closeUs: 2 };
}
