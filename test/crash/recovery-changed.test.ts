import { beforeAll, describe, expect, it } from 'vitest';
import { HOUR, SECOND } from '../../src/core/time.ts';
import type { OpenedSession } from '../../src/compose/open-session.ts';
import type { SessionFile } from '../../src/compose/session-files.ts';
import { verifySession } from '../../src/compose/verify-session.ts';
import type { Applied } from '../../src/actors/runtime/definition.ts';
import type { Kernel } from '../../src/actors/runtime/kernel.ts';
import { type AccountId, symbolId, textId } from '../../src/core/ids.ts';
import {
  ROW_CLOSE_US,
  ROW_HELD,
  ROW_IS_TRADABLE,
  ROW_LAST,
  ROW_LAYER,
  ROW_OPEN_US,
} from '../../src/domain/market/symbol-row.ts';
import { isSettled } from '../../src/domain/orders/machine.ts';
import type { Command } from '../../src/ports/input.ts';
import { MemoryDisk } from '../faulty-disk.ts';
import { GOLDEN_OPEN_US, operator } from '../golden/golden-operator.ts';
import { factsOf } from '../golden/golden-decisions.ts';
import { goldenFile, openGolden } from '../golden/golden-session.ts';
import { breaches, condensed } from './audit.ts';

const BANNED = symbolId(3);
const NOT_OURS = symbolId(5);
const DECIDED = ['layer-1', 'layer-2', 'risk', 'execution', 'portfolio'] as const;

/** Stricter entries, smaller positions, bars of two minutes: other decisions, other rows. */
function otherFile(): SessionFile {
  const changed = goldenFile((yaml) =>
    yaml
      .replace('zEnter: 2.0', 'zEnter: 1.5')
      .replace("positionNotionalMax: '8000.00'", "positionNotionalMax: '5000.00'")
      .replace('barSpanMs: 60000', 'barSpanMs: 120000')
      // Its model is of bars of a minute.
      .replace('momentum: { isEnabled: true', 'momentum: { isEnabled: false'),
  );
  return { ...changed, buildId: 'another-build' };
}

describe('recovery under another configuration and another build', () => {
  let left: MemoryDisk;
  let leftWithSnapshot: MemoryDisk;
  let decided: ReadonlyMap<string, unknown>;
  let nowUs: number;

  beforeAll(async () => {
    const disk = new MemoryDisk();
    const opened = openGolden({ disk, services: () => [operator([])] });
    const { session } = opened;
    let us = GOLDEN_OPEN_US + HOUR;
    await session.advance(us);
    while (openOrders(session.kernel) < 1 || positions(session.kernel) < 2) {
      us += SECOND;
      expect(await session.advance(us)).toBe(true);
    }
    session.enter(command('ban', BANNED));
    session.enter(command('handsOff', NOT_OURS));
    session.enter(command('halt'));
    // A turn of several frames ends where it ends, so commands may be due a little later.
    await session.advance(Math.max(us, session.kernel.nowUs));
    expect(openOrders(session.kernel)).toBeGreaterThan(0);
    nowUs = session.kernel.nowUs;
    decided = decisionsIn(session.kernel);
    session.sequencer.seal();
    session.writer.flush();
    left = disk.crash();
    session.takeSnapshot();
    leftWithSnapshot = disk.crash();
  });

  function recovered(disk: MemoryDisk, file = otherFile()): OpenedSession {
    return openGolden({ disk: disk.crash(), file, services: () => [operator([])] });
  }

  it.each([false, true])(
    'keeps every open order, halt, position, ban and layer; from a snapshot: %s',
    (hasSnapshot) => {
      const { session } = recovered(hasSnapshot ? leftWithSnapshot : left);

      expect(decisionsIn(session.kernel)).toEqual(decided);
      const facts = condensed(session.kernel, 'risk');
      const kinds = new Set(facts.map(({ kind }) => kind));
      expect([...kinds]).toEqual(
        expect.arrayContaining(['tradingHalted', 'symbolBanned', 'handsOff', 'holdingCarried']),
      );
    },
  );

  it('begins rows of another layout anew from a snapshot, and keeps what was decided', () => {
    const before = rowsOf(recovered(leftWithSnapshot, goldenFile()).session.kernel);
    const after = rowsOf(recovered(leftWithSnapshot).session.kernel);

    expect(before.lasts.filter((last) => last > 0).length).toBeGreaterThan(10);
    expect(after.lasts.every(Number.isNaN)).toBe(true);
    expect(after.decided).toEqual(before.decided);
    for (const column of before.decided) expect(column.some((value) => value > 0)).toBe(true);
  });

  it('stays halted until a person says otherwise (H5), and then trades on', async () => {
    const disk = leftWithSnapshot.crash();
    const { session, broker } = openGolden({
      disk,
      file: otherFile(),
      services: () => [operator([])],
    });
    const before = entries(session.kernel);
    await session.advance(nowUs + HOUR);
    expect(entries(session.kernel)).toBe(before);

    session.enter(command('resume'));
    await session.advance(nowUs + 3 * HOUR);
    expect(entries(session.kernel)).toBeGreaterThan(before);

    await session.advance(Number.MAX_SAFE_INTEGER);
    await session.close();
    const facts = factsOf(disk).map(({ fact }) => fact);
    expect(breaches(facts, broker, session.kernel)).toEqual([]);
    expect(openOrders(session.kernel)).toBe(0);
    expect(ordersIn(session.kernel, BANNED, nowUs)).toEqual([]);
  });

  it('is not verified by what it is not: another configuration, another build', () => {
    expect(verifySession(left, otherFile())).toMatchObject({ kind: 'refused' });
  });
});

function command(verb: Command['verb'], symbol?: Command['symbol']): Command {
  return {
    kind: 'commanded',
    commandId: `${verb}-1`,
    verb,
    account: textId<AccountId>('GOLDEN'),
    by: 'test',
    reason: 'test',
    ...(symbol === undefined ? {} : { symbol }),
  };
}

/** But for the questions about open orders, which an opening asks by itself. */
function decisionsIn(kernel: Kernel): ReadonlyMap<string, unknown> {
  const unasked = (fact: Applied) =>
    fact.kind === 'orderCarried' ? { ...fact, enquiries: 0, lastEnquiryUs: 0 } : fact;
  return new Map(DECIDED.map((actor) => [actor, condensed(kernel, actor).map(unasked)]));
}

function openOrders(kernel: Kernel): number {
  return condensed(kernel, 'execution').filter(
    (fact) => fact.kind === 'orderCarried' && !isSettled(fact.standing),
  ).length;
}

function positions(kernel: Kernel): number {
  return condensed(kernel, 'portfolio').filter(
    (fact) => fact.kind === 'positionCarried' && fact.quantity !== 0,
  ).length;
}

/** Orders in a symbol that were intended since: by their first word of the venue. */
function ordersIn(kernel: Kernel, symbol: number, sinceUs: number): readonly unknown[] {
  return condensed(kernel, 'execution').filter(
    (fact) =>
      fact.kind === 'orderCarried' &&
      fact.intent.symbol === symbol &&
      fact.executions.some(({ venueUs }) => venueUs > sinceUs),
  );
}

function entries(kernel: Kernel): number {
  return condensed(kernel, 'execution').filter(
    (fact) => fact.kind === 'orderCarried' && fact.intent.purpose === 'entry',
  ).length;
}

interface Rows {
  /** Columns of what decisions and inputs wrote. */
  readonly decided: readonly (readonly number[])[];
  /** What the market said: the last price. */
  readonly lasts: readonly number[];
}

function rowsOf(kernel: Kernel): Rows {
  const slot = kernel.slots.find(({ definition }) => definition.name === 'symbols');
  if (slot?.type !== 'family') throw new Error('symbols are a family');
  const { rows } = slot;
  const column = (place: number) =>
    Array.from({ length: rows.rows }, (_, row) => rows.values[rows.at(row) + place] ?? Number.NaN);
  const decided = [ROW_LAYER, ROW_HELD, ROW_IS_TRADABLE, ROW_OPEN_US, ROW_CLOSE_US];
  return { decided: decided.map(column), lasts: column(ROW_LAST) };
}
