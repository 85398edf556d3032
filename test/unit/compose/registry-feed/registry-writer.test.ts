import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RegistryNotes } from '../../../../src/compose/registry-feed/registry-notes.ts';
import { RegistryWriter } from '../../../../src/compose/registry-feed/registry-writer.ts';
import {
  descriptionOf,
  SessionRegistry,
} from '../../../../src/compose/registry-feed/session-registry.ts';
import type { SessionFile } from '../../../../src/compose/session-files.ts';
import type { RelationalStore } from '../../../../src/ports/relational/store.ts';
import { StoreError } from '../../../../src/ports/store-error.ts';
import { openEmbedded } from '../../../../src/store/relational/pglite-database.ts';
import { type RelationalWorld, worldOf } from '../../../contract/relational/world.ts';
import { goldenFile, runGolden } from '../../../golden/golden-session.ts';

const FAR_US = Number.MAX_SAFE_INTEGER;
const END = { reason: 'the market closed', records: 9, decisionHash: '0123456789abcdef' };

let world: RelationalWorld;
let close: () => Promise<void>;
beforeAll(async () => {
  const database = await openEmbedded({
    directory: undefined,
    schema: 's',
    statementMsMax: 30_000,
  });
  close = () => database.close();
  world = worldOf(database);
}, 120_000);
beforeEach(() => world.clean(), 60_000);
afterAll(() => close());

describe('what is written of a session', () => {
  it('is who was named, every stay in a layer, and how it ended', async () => {
    const file = fileOf('s-1', 1_000);
    const notes = await noted(file);
    const moves = [...notes.moves];
    await written(notes, file);

    expect([notes.names, notes.moves]).toEqual([[], []]);
    expect(await world.store.sessions.find('s-1')).toEqual({ ...descriptionOf(file), ended: END });
    for (const layer of notes.layers) expect(await members(layer)).toEqual(insideOf(notes, layer));
    const move = moves.find(({ layer }) => layer === 2);
    const stays = await world.store.symbols.stays(move?.name ?? '');
    expect(stays).toContainEqual(
      expect.objectContaining({ group: 'layer-2', fromUs: move?.atUs, enterReason: move?.reason }),
    );
  });

  it('changes nothing when it is told again, whole or in part', async () => {
    const file = fileOf('s-1', 1_000);
    await written(await noted(file), file);
    const before = await state();
    const writer = await written(await noted(file), file);

    expect(writer.refusals).toEqual({ count: 0, first: undefined });
    expect(await state()).toEqual(before);
  });

  it('follows on the session before it, and ends the stays that do not go on', async () => {
    const [first, second] = [fileOf('s-1', 1_000), fileOf('s-2', 2_000_000_000)];
    await written(await noted(first), first);
    const stay = async () => (await world.store.symbols.stays('SLEEPER')).at(-1);
    await world.store.symbols.introduce([
      { securityId: 'SLEEPER', name: 'SLEEPER', assetClass: 'equity', fromUs: 0 },
    ]);
    const sleeper = { securityId: 'SLEEPER', group: 'layer-1', reason: 'by hand' };
    await world.store.symbols.move([{ ...sleeper, direction: 'enter', atUs: 5 }]);
    const notes = await noted(second);
    const writer = await written(notes, second);

    expect(writer.refusals.first).toBeUndefined();
    for (const layer of notes.layers) expect(await members(layer)).toEqual(insideOf(notes, layer));
    expect(await stay()).toMatchObject({ leaveReason: 'not in it when s-2 ended' });
  });

  it('leaves to a newer session who is in', async () => {
    const [older, newer] = [fileOf('s-1', 1_000), fileOf('s-2', 2_000_000_000)];
    await written(await noted(newer), newer);
    const before = await members(1);
    await written(await noted(older), older);

    expect(await members(1)).toEqual(before);
    expect(await world.store.sessions.list()).toHaveLength(2);
  });

  it('is of the security that bears the name, whoever renamed it', async () => {
    const file = fileOf('s-1', 1_000);
    const notes = await noted(file);
    const [name = ''] = insideOf(notes, 1);
    const { symbols } = world.store;
    await symbols.introduce([{ securityId: 'OLD', name: 'OLD', assetClass: 'equity', fromUs: 0 }]);
    await symbols.rename({ securityId: 'OLD', name, atUs: 10, reason: 'renamed' });
    const writer = await written(notes, file);

    expect(writer.refusals.count).toBe(0);
    expect((await symbols.stays('OLD')).map(({ group }) => group)).toContain('layer-1');
    expect(await members(1)).toEqual(insideOf(notes, 1));
  });

  it('says what contradicts the registry, and writes the rest', async () => {
    const file = fileOf('s-1', 1_000);
    await world.store.sessions.record({ ...descriptionOf(file), source: 'another' });
    const notes = await noted(file);
    const name = notes.names[0]?.name ?? '';
    const registry = registryOf(file, world.store);
    for (const key of ['names', 'moves'] as const)
      Object.assign(registry.notes, { [key]: notes[key] });

    const { trouble } = await registry.close(END);
    expect(trouble).toContain('session s-1 is known, and began otherwise; strata store refill s-1');
    expect(await world.store.symbols.called(name, FAR_US)).toBe(name);
    expect((await members(0)).size).toBeGreaterThan(0);
  });
});

describe('the way into the registries', () => {
  it('opens an embedded one when the session has ended, and not before', async () => {
    const file = fileOf('s-1', 1_000);
    let opened = 0;
    const registry = registryOf(file, world.store, { onOpen: () => (opened += 1) });
    await runGolden({ observers: [registry.notes] });
    registry.look(() => true);
    expect(opened).toBe(0);

    expect(await registry.close(END)).toMatchObject({ trouble: undefined });
    expect(opened).toBe(1);
    expect((await members(1)).size).toBeGreaterThan(0);
  });

  it('writes nothing of a session that goes on in another life', async () => {
    const registry = registryOf(fileOf('s-1', 1_000), world.store);
    await runGolden({ observers: [registry.notes] });

    expect(await registry.close(undefined)).toMatchObject({ trouble: undefined });
    expect(await world.store.sessions.list()).toEqual([]);
  });

  it('keeps what a server that is away cannot take, and tells it when it is back', async () => {
    const file = fileOf('s-1', 1_000);
    let isAway = true;
    const said: string[] = [];
    const store = shaky(world.store, () => isAway);
    let nowMs = 0;
    const server = { isServer: true, wallMs: () => nowMs, away: (why: string) => said.push(why) };
    const registry = registryOf(file, store, server);
    await runGolden({ observers: [registry.notes] });
    const { length } = registry.notes.moves;

    registry.look(() => true);
    await expect.poll(() => said).toEqual(['STORE_AWAY: the cable']);
    expect(registry.notes.moves).toHaveLength(length);

    isAway = false;
    registry.look(() => true); // Not due yet.
    nowMs = 20_000;
    registry.look(() => false); // The journal has not written it.
    expect(registry.notes.moves).toHaveLength(length);
    registry.look(() => true);
    await expect.poll(() => registry.notes.moves, { timeout: 20_000 }).toHaveLength(0);
    expect((await world.store.sessions.find('s-1'))?.ended).toBeUndefined();

    await registry.close(END);
    expect((await world.store.sessions.find('s-1'))?.ended).toEqual(END);
  });

  it('holds up no end: what does not answer in time is told', async () => {
    const registry = registryOf(fileOf('s-1', 1_000), stuck(world.store), { endMsMax: 20 });
    await runGolden({ observers: [registry.notes] });

    const { trouble } = await registry.close(END);
    expect(trouble).toBe('no answer within 20 ms; strata store refill s-1');
  });
});

function fileOf(sessionId: string, startedUs: number): SessionFile {
  return { ...goldenFile(), sessionId, startedUs };
}

async function noted(file: SessionFile): Promise<RegistryNotes> {
  const notes = new RegistryNotes(file);
  await runGolden({ observers: [notes] });
  return notes;
}

async function written(notes: RegistryNotes, file: SessionFile): Promise<RegistryWriter> {
  const writer = new RegistryWriter(world.store);
  await writer.write(notes);
  await writer.finish(notes, descriptionOf(file));
  await writer.describe({ ...descriptionOf(file), ended: END });
  return writer;
}

async function members(layer: number): Promise<ReadonlySet<string>> {
  const all = await world.store.symbols.members(`layer-${layer}`, FAR_US);
  return new Set(all.map(({ name }) => name));
}

function insideOf(notes: RegistryNotes, layer: number): ReadonlySet<string> {
  return notes.membersOf(layer) ?? new Set();
}

async function state(): Promise<readonly unknown[]> {
  return [
    await world.store.sessions.list(),
    await world.database.query('select * from security_names order by 1, 2'),
    await world.database.query('select * from group_stays order by 1, 2, 3'),
  ];
}

interface Changes {
  readonly isServer?: boolean;
  readonly endMsMax?: number;
  readonly wallMs?: () => number;
  readonly away?: (reason: string) => void;
  readonly onOpen?: () => void;
}

function registryOf(
  file: SessionFile,
  store: RelationalStore,
  { onOpen, ...changes }: Changes = {},
): SessionRegistry {
  return new SessionRegistry({
    file,
    open() {
      onOpen?.();
      return { ...store, close: async () => undefined };
    },
    isServer: false,
    endMsMax: 60_000,
    wallMs: () => 0,
    away: () => undefined,
    ...changes,
  });
}

function shaky(store: RelationalStore, isAway: () => boolean): RelationalStore {
  const { symbols } = store;
  return {
    ...store,
    symbols: {
      ...symbols,
      introduce: (all) =>
        isAway()
          ? Promise.reject(new StoreError('STORE_AWAY', 'the cable'))
          : symbols.introduce(all),
    },
  };
}

function stuck(store: RelationalStore): RelationalStore {
  const { sessions } = store;
  return { ...store, sessions: { ...sessions, record: () => new Promise(() => undefined) } };
}
