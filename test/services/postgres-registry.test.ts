import { afterAll, beforeAll, expect, it } from 'vitest';
import { SessionRegistry } from '../../src/compose/registry-feed/session-registry.ts';
import { migrateRelational, openRelational } from '../../src/store/relational/relational-store.ts';
import { GOLDEN_MORNING_US, goldenFile, runGolden, SESSION_ID } from '../golden/golden-session.ts';
import { describeWith } from './describe-with.ts';
import { storeOptions } from './postgres-rig.ts';
import { type PostgresServer, startPostgres } from './postgres.ts';

const END = { reason: 'the market closed', records: 9, decisionHash: '0123456789abcdef' };

await describeWith(['postgres'], 'a session and its registry on a server', () => {
  let server: PostgresServer | undefined;
  beforeAll(async () => {
    server = await startPostgres();
    await migrateRelational(storeOptions(server));
  }, 120_000);
  afterAll(() => server?.stop(), 60_000);

  it('is in it while it runs, goes on in a second life, and ends in it', async () => {
    const first = registryOf();
    const morning = { observers: [first.notes], untilUs: GOLDEN_MORNING_US };
    const { disk } = await runGolden(morning);
    first.look(() => true);
    await expect.poll(() => first.notes.moves, { timeout: 20_000 }).toHaveLength(0);
    const reader = openRelational(storeOptions(server));
    expect((await reader.sessions.find(SESSION_ID))?.ended).toBeUndefined();
    expect((await reader.symbols.members('layer-1', Number.MAX_SAFE_INTEGER)).length).toBe(
      first.notes.membersOf(1)?.size,
    );
    await first.close(undefined);

    const second = registryOf();
    await runGolden({ disk, notes: second.notes });
    expect(await second.close(END)).toMatchObject({ trouble: undefined });
    const members = await reader.symbols.members('layer-1', Number.MAX_SAFE_INTEGER);
    expect(new Set(members.map(({ name }) => name))).toEqual(second.notes.membersOf(1));
    expect((await reader.sessions.find(SESSION_ID))?.ended).toEqual(END);
    await reader.close();
  }, 60_000);

  function registryOf(): SessionRegistry {
    return new SessionRegistry({
      file: goldenFile(),
      open: () => openRelational(storeOptions(server)),
      isServer: true,
      endMsMax: 30_000,
      wallMs: () => performance.now(),
      away: (reason) => {
        throw new Error(reason);
      },
    });
  }
});
