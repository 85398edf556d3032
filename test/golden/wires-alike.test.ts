import { beforeAll, describe, expect, it } from 'vitest';
import { compareSessions, type Parity } from '../../src/cli/parity.ts';
import { HOUR, MINUTE, MS } from '../../src/core/time.ts';
import { withHistory } from '../../src/compose/history-source.ts';
import { riskFold } from '../../src/compose/risk-fold.ts';
import { sessionReader, writeSessionFile } from '../../src/compose/session-files.ts';
import {
  BAR,
  CORRECTION,
  EventBatch,
  QUOTE,
  STATUS,
  STATUS_QUOTING,
  TRADE,
} from '../../src/domain/market/event-batch.ts';
import { MemoryDisk } from '../faulty-disk.ts';
import { goldenFile, openGolden } from './golden-session.ts';
import { heard, type SaidDay, sayDay, type WireName } from './two-wires.ts';

const VENUE = { seed: 7, symbols: 24, date: 20240603, tradesPerDay: 600, extendedHours: false };
const SESSION_US = 6.5 * HOUR;
/** Past the close, as the prints of the closing auction are told a little later. */
const SECONDS = (SESSION_US + 2 * MINUTE) / (1_000 * MS);

const days = new Map<WireName, SaidDay>();
beforeAll(async () => {
  for (const wire of ['alpaca json', 'alpaca msgpack', 'polygon'] as const) {
    days.set(wire, await sayDay(wire, VENUE, SECONDS));
  }
}, 120_000);

function dayOf(wire: WireName): SaidDay {
  const day = days.get(wire);
  if (day === undefined) throw new Error(`nothing was said on ${wire}`);
  return day;
}

/** What a decoder made of the day, up to the close: a line an event, by kind. */
function eventsOf(day: SaidDay, placeOfTime: number): ReadonlyMap<number, readonly string[]> {
  const { source } = heard(day);
  const batch = new EventBatch();
  const events = new Map<number, string[]>();
  while (source.next(batch)) {
    for (let frame = 0; frame < batch.frames; frame += 1) {
      const receivedUs = batch.frameUs[frame] ?? 0;
      if (receivedUs > day.openUs + SESSION_US) continue;
      for (let at = batch.frameBegin(frame); at < (batch.frameEnd[frame] ?? 0); at += 1) {
        const kind = batch.kind[at] ?? 0;
        const us = Math.floor((batch.venueUs[at] ?? 0) / placeOfTime) * placeOfTime;
        const { symbol, flags, exchange, a, b, c, d, e, f } = batch;
        const columns = [symbol, flags, exchange, a, b, c, d, e, f].map((column) => column[at]);
        const list = events.get(kind) ?? [];
        list.push([receivedUs, us, ...columns].join(' '));
        events.set(kind, list);
      }
    }
  }
  return events;
}

describe("one market on the venue's two wires", () => {
  it('makes the same bars to the bit, and the same trades and quotes to the millisecond', () => {
    const alpaca = eventsOf(dayOf('alpaca msgpack'), MS);
    const polygon = eventsOf(dayOf('polygon'), MS);

    for (const kind of [BAR, TRADE, QUOTE]) {
      expect(polygon.get(kind)).toEqual(alpaca.get(kind));
      expect(polygon.get(kind)?.length).toBeGreaterThan(3_000);
    }
    expect(eventsOf(dayOf('polygon'), 1).get(BAR)).toEqual(
      eventsOf(dayOf('alpaca json'), 1).get(BAR),
    );
  });

  it('says of corrections, and of a halt whose quotes flow again, on one of them alone', () => {
    const [alpaca, polygon] = [
      eventsOf(dayOf('alpaca msgpack'), MS),
      eventsOf(dayOf('polygon'), MS),
    ];
    const isQuoting = (line: string) => line.split(' ')[3] === String(STATUS_QUOTING);

    expect(alpaca.get(CORRECTION)?.length).toBeGreaterThan(0);
    expect(polygon.get(CORRECTION)).toBeUndefined();
    expect(alpaca.get(STATUS)?.filter(isQuoting)).toHaveLength(1);
    expect(polygon.get(STATUS)).toEqual(alpaca.get(STATUS)?.filter((line) => !isQuoting(line)));
  });
});

/** A virtual session on what one wire said, until the close; answers with its decision hash. */
async function trade(disk: MemoryDisk, sessionId: string, day: SaidDay): Promise<string> {
  const file = {
    ...goldenFile((yaml) => yaml.replace('cadence: bar', 'cadence: bar, bars: venue')),
    sessionId,
  };
  writeSessionFile(disk, file);
  const { session } = openGolden({
    disk,
    file,
    market: {
      source: withHistory(heard(day).source, day.history, day.openUs - MINUTE),
      isHistoryGiven: true,
      historyFaults: { count: 0, first: [] },
    },
  });
  await session.advance(day.openUs + SESSION_US);
  const hash = session.sequencer.hash.hex();
  await session.close();
  return hash;
}

function parityOf(disk: MemoryDisk, left: string, right: string): Parity {
  const reader = sessionReader(disk);
  const [a, b] = [reader.find(left), reader.find(right)];
  if (a === undefined || b === undefined) throw new Error('a session is not in its journal');
  return compareSessions(reader, a, b, { isStrict: true, riskFold });
}

/** The same day with one bar that closed a tenth of a per cent higher. */
function altered(day: SaidDay): SaidDay {
  let left = 200;
  const frames = day.frames.map(({ atUs, bytes }) => {
    const text = new TextDecoder().decode(bytes);
    if (!text.includes('"ev":"AM"') || (left -= 1) !== 0) return { atUs, bytes };
    const higher = text.replaceAll(/"c":([\d.]+),"h":([\d.]+)/g, (_, close, high) => {
      const price = Math.round(Number(close) * 1_001) / 1_000;
      return `"c":${price},"h":${Math.max(price, Number(high))}`;
    });
    return { atUs, bytes: new TextEncoder().encode(higher) };
  });
  return { ...day, frames };
}

describe("a session on Polygon's bars", () => {
  it("decides as one on Alpaca's, orders and all, to the byte of its decision hash", async () => {
    const disk = new MemoryDisk();
    const alpaca = await trade(disk, 'alpaca', dayOf('alpaca msgpack'));
    const polygon = await trade(disk, 'polygon', dayOf('polygon'));
    const { counted, counts } = parityOf(disk, 'alpaca', 'polygon');

    expect(polygon).toBe(alpaca);
    expect(counted).toBe(0);
    expect(counts.intents.equal).toBeGreaterThan(100);
    expect(counts.fills.equal).toBeGreaterThan(100);
  });

  it('decides otherwise where one minute was told otherwise, and parity says so', async () => {
    const disk = new MemoryDisk();
    const polygon = await trade(disk, 'polygon', dayOf('polygon'));
    const other = await trade(disk, 'other', altered(dayOf('polygon')));

    expect(other).not.toBe(polygon);
    expect(parityOf(disk, 'polygon', 'other').counted).toBeGreaterThan(0);
  });
});
