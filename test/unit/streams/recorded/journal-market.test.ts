import { describe, expect, it } from 'vitest';
import { type AccountId, symbolId, textId } from '../../../../src/core/ids.ts';
import { EventBatch } from '../../../../src/domain/market/event-batch.ts';
import type { Command, Input } from '../../../../src/ports/input.ts';
import { JournalMarket } from '../../../../src/streams/recorded/journal-market.ts';
import { JournalScript } from './journal-script.ts';
import { drain } from './recording.ts';

const OPENED: Input = {
  kind: 'opened',
  life: 1,
  account: textId<AccountId>('PAPER'),
  startingCash: 1,
  buildId: 'b',
  configHash: 'c',
  actors: [],
};
const AAA = {
  name: 'AAA',
  assetClass: 'equity',
  sector: 'Energy',
  isTradable: true,
} as const;
const VIX = { name: 'VIX', assetClass: 'index', sector: 'unknown', isTradable: false } as const;
const CORE: Input = { kind: 'sessionChanged', phase: 'core', date: 1, openUs: 100, closeUs: 900 };
const NEWS: Input = {
  kind: 'newsArrived',
  newsId: 'n1',
  symbols: [symbolId(0)],
  headline: 'a reason',
  sentiment: -0.5,
  venueUs: 250,
};
const HALT: Command = {
  kind: 'commanded',
  commandId: 'halt-7',
  verb: 'halt',
  account: textId<AccountId>('PAPER'),
  by: 'operator',
  reason: 'by hand',
};

function begun(): JournalScript {
  return new JournalScript()
    .input(10, OPENED)
    .input(10, { kind: 'symbolNamed', symbol: symbolId(0), ...AAA })
    .input(10, { kind: 'symbolNamed', symbol: symbolId(1), ...VIX });
}

function marketOf({ records }: JournalScript): JournalMarket {
  return new JournalMarket({ name: 'demo-1', records: () => records });
}

describe('a journal as a market', () => {
  it('takes what came from outside and leaves what was answered and decided', () => {
    const script = begun()
      .input(100, CORE)
      .turn(100)
      .market([200, 2])
      .input(220, { kind: 'answered', effectInput: 5, effectIndex: 0, outcome: 'failed' })
      .input(250, NEWS)
      .input(260, { kind: 'serviceChanged', service: 'journal', state: 'degraded', reason: '' })
      .market([300, 1], [400, 3])
      .turn(400)
      .input(500, { kind: 'timePassed' })
      .input(600, HALT);
    const market = marketOf(script);

    expect(market.symbols).toEqual([AAA, VIX]);
    expect(market.calendar).toEqual([
      { atUs: 100, input: CORE },
      { atUs: 250, input: NEWS },
      { atUs: 600, input: HALT },
    ]);
    expect(drain(market).map(({ receivedUs, values }) => [receivedUs, values[0]])).toEqual([
      [200, 1_000],
      [200, 1_001],
      [300, 1_000],
      [400, 1_000],
      [400, 1_001],
      [400, 1_002],
    ]);
    expect(market.faults).toEqual({ count: 0, first: [] });
  });

  it('keeps rows that were warmed behind the history, and before what came then', () => {
    const warmed: Input = {
      kind: 'rowWarmed',
      symbol: symbolId(0),
      layout: 'l',
      values: Float64Array.of(1),
      mayLack: false,
      session: 'yesterday',
      sequence: 3,
      family: 'layer-2',
    };
    const script = begun()
      .market([10, 2])
      .input(10, warmed)
      .input(10, CORE)
      .input(30, NEWS)
      .market([50, 1]);

    expect(marketOf(script).calendar).toEqual([
      { atUs: 11, input: warmed },
      { atUs: 11, input: CORE },
      { atUs: 30, input: NEWS },
    ]);
  });

  it('keeps a command behind the frame that it followed, and before the next', () => {
    const script = begun().input(100, CORE).market([200, 1]).input(200, HALT).market([201, 1]);

    expect(marketOf(script).calendar.map(({ atUs }) => atUs)).toEqual([100, 201]);
  });

  it('ends where the journal ended when it was opened', () => {
    const script = begun().market([200, 1]);
    const market = marketOf(script);
    script.market([300, 1]);

    expect(drain(market)).toHaveLength(1);
  });

  it('makes several frames of one that is larger than the batch', () => {
    const market = marketOf(begun().market([200, 1], [300, 5], [400, 1]));
    const batch = new EventBatch(2, 8);
    const frames: (readonly [number, number])[] = [];
    while (market.next(batch)) {
      for (let frame = 0; frame < batch.frames; frame += 1) {
        const events = (batch.frameEnd[frame] ?? 0) - batch.frameBegin(frame);
        frames.push([batch.frameUs[frame] ?? 0, events]);
      }
    }

    expect(frames).toEqual([
      [200, 1],
      [300, 2],
      [300, 2],
      [300, 1],
      [400, 1],
    ]);
  });

  it('asks for no more of the journal than was pulled', () => {
    const script = begun().market([200, 1]).market([300, 1]).market([400, 1]);
    let readings = 0;
    let records = 0;
    function* counted() {
      readings += 1;
      for (const record of script.records) {
        if (readings === 2) records += 1;
        yield record;
      }
    }
    const market = new JournalMarket({ name: 'demo-1', records: counted });
    market.next(new EventBatch(1, 1));

    expect([readings, records]).toEqual([2, 4]);
  });

  it('is refused without market events, and with symbols out of order', () => {
    expect(() => marketOf(begun())).toThrow(/demo-1 holds no market events/);
    const twice = begun().input(10, { kind: 'symbolNamed', symbol: symbolId(1), ...AAA });

    expect(() => marketOf(twice.market([200, 1]))).toThrow(/AAA has the id 1, and 2 comes next/);
  });
});
