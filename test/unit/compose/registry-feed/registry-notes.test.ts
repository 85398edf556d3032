import { expect, it } from 'vitest';
import { RegistryNotes } from '../../../../src/compose/registry-feed/registry-notes.ts';
import { retoldTo } from '../../../../src/compose/registry-feed/retold-to.ts';
import type { SessionFile } from '../../../../src/compose/session-files.ts';
import { type AccountId, type SymbolId, symbolId, textId } from '../../../../src/core/ids.ts';
import { HOUR } from '../../../../src/core/time.ts';
import type { Fact } from '../../../../src/ports/fact.ts';
import { readJournal } from '../../../../src/store/journal/journal-reader.ts';
import { journalFolder } from '../../../../src/store/journal/segment-names.ts';
import { goldenFile, runGolden, SESSION_ID } from '../../../golden/golden-session.ts';

const PAPER: SessionFile['market'] = {
  kind: 'live',
  place: 'paper',
  feed: 'iex',
  date: 20240603,
  fingerprint: 'PA1',
};

it('notes of a session what its journal tells of it', async () => {
  const heard = new RegistryNotes(goldenFile());
  const { disk } = await runGolden({ observers: [heard] });
  const retold = new RegistryNotes(goldenFile());
  readJournal(disk, journalFolder(SESSION_ID), (record) => retold.retell(record));

  expect(heard.names).toHaveLength(19);
  expect(heard.moves.length).toBeGreaterThan(20);
  expect(retold.names).toEqual(heard.names);
  expect(retold.moves).toEqual(heard.moves);
  expect(heard.layers.map((layer) => heard.membersOf(layer)?.size ?? 0)).toEqual(
    heard.layers.map((layer) => heard.moves.reduce((sum, move) => sum + sizeOf(move, layer), 0)),
  );
});

it('gives a simulated day the place in time at which it was run', async () => {
  const startedUs = 1_800_000_000_000_000;
  const notes = new RegistryNotes({ ...goldenFile(), startedUs });
  await runGolden({ observers: [notes] });

  const times = notes.moves.map(({ atUs }) => atUs);
  expect(Math.min(...times)).toBeGreaterThanOrEqual(startedUs);
  expect(notes.endedUs).toBeGreaterThan(Math.max(...times));
  expect(notes.endedUs - startedUs).toBeLessThan((24 * HOUR) / 10_000);
});

it('keeps the time of a market that is real', () => {
  const notes = new RegistryNotes({ startedUs: 5, market: PAPER });
  begin(notes);
  notes.turn(3, 1_000, turn(moved(1, true, 900)));

  expect(notes.moves).toEqual([
    { name: 'AAPL', layer: 1, isMember: true, atUs: 900, reason: 'liquid' },
  ]);
});

it('notes a change once, and two of one moment one after the other', () => {
  const notes = new RegistryNotes({ startedUs: 5, market: PAPER });
  begin(notes);
  begin(notes);
  notes.turn(3, 900, turn(moved(1, true, 900), moved(1, true, 900), moved(1, false, 900)));

  expect(notes.names).toEqual([{ name: 'AAPL', assetClass: 'equity' }]);
  expect(notes.moves.map(({ isMember, atUs }) => [isMember, atUs])).toEqual([
    [true, 900],
    [false, 901],
  ]);
  expect([notes.membersOf(1), notes.membersOf(2)]).toEqual([new Set(), undefined]);
});

it('counts what there is no room for', () => {
  const notes = new RegistryNotes({ startedUs: 5, market: PAPER });
  begin(notes);
  for (let at = 0; at < 200_003; at += 1) notes.turn(at, at, turn(moved(1, at % 2 === 0, at)));

  expect(notes.moves).toHaveLength(200_000);
  expect(notes.lost).toBe(3);
  expect(notes.membersOf(1)).toEqual(new Set(['AAPL']));
});

it('retells to all who are there', () => {
  const notes = new RegistryNotes(goldenFile());
  const other = new RegistryNotes(goldenFile());

  expect(retoldTo(undefined, undefined)).toBeUndefined();
  expect(retoldTo(undefined, notes)).toBe(notes);
  expect(retoldTo(notes, other)).not.toBe(notes);
});

function begin(notes: RegistryNotes): void {
  const account = textId<AccountId>('PAPER');
  const build = { buildId: 'b', configHash: 'c', actors: [] };
  notes.input({ kind: 'opened', life: 1, account, startingCash: 1, ...build }, 100);
  const listing = { name: 'AAPL', assetClass: 'equity', sector: '', isTradable: true } as const;
  notes.input({ kind: 'symbolNamed', symbol: symbolId(0), ...listing }, 100);
}

function moved(layer: number, isMember: boolean, atUs: number): Fact {
  const symbol: SymbolId = symbolId(0);
  return { kind: 'layerMoved', layer, symbol, isMember, reason: 'liquid', score: 1, atUs };
}

function turn(...facts: readonly Fact[]) {
  return { items: facts.map((fact) => ({ type: 'fact', actor: 0, fact }) as const) };
}

function sizeOf(move: RegistryNotes['moves'][number], layer: number): number {
  if (move.layer !== layer) return 0;
  return move.isMember ? 1 : -1;
}
