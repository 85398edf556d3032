import { beforeEach, describe, expect, it } from 'vitest';
import type { SessionRegistry } from '../../../src/ports/relational/sessions.ts';
import type { SessionDescription } from '../../../src/ports/session-reader.ts';
import type { RelationalWorld } from './world.ts';
import { refusal, value } from './answers.ts';

const END = { reason: 'end of data', records: 12, decisionHash: '00ff00ff00ff00ff' };

export function describeSessions(world: () => RelationalWorld): void {
  describe('the registry of sessions', () => {
    beforeEach(async () => await world().clean());
    const sessions = (): SessionRegistry => world().store.sessions;

    it('J5 gives back what was recorded, field for field', async () => {
      const plain = session('20260102-a');
      const live: SessionDescription = { ...session('20260103-b', 200), isLive: true, ended: END };

      value(await sessions().record(plain));
      value(await sessions().record(live));

      expect(await sessions().list()).toEqual([plain, live]);
    });

    it('learns how a session ended, once', async () => {
      const began = session('a');
      value(await sessions().record(began));
      value(await sessions().record({ ...began, ended: END }));

      value(await sessions().record(began));
      value(await sessions().record({ ...began, ended: END }));

      expect(await sessions().find('a')).toEqual({ ...began, ended: END });
      const other = { ...began, ended: { ...END, records: 13 } };
      expect(refusal(await sessions().record(other))).toBe('IDENTITY_REUSED');
      expect(refusal(await sessions().record({ ...began, source: 'b' }))).toBe('IDENTITY_REUSED');
    });

    it('finds by a beginning that is one session only, and by a whole id', async () => {
      for (const id of ['20260102-a', '20260102-ab', '20260103-b']) {
        value(await sessions().record(session(id)));
      }
      const find = async (id: string) => (await sessions().find(id))?.sessionId;

      expect(await find('20260103')).toBe('20260103-b');
      expect(await find('20260102')).toBeUndefined();
      expect(await find('20260102-a')).toBe('20260102-a');
      expect(await find('2027')).toBeUndefined();
      expect(await find('%')).toBeUndefined();
    });

    it('lists by kind and time, the last ones where there are many', async () => {
      for (let at = 0; at < 6; at += 1) {
        const kind = at % 2 === 0 ? 'demo' : 'trade';
        value(await sessions().record({ ...session(`s${at}`, at), kind }));
      }
      const list = async (range: Parameters<SessionRegistry['list']>[0]) =>
        (await sessions().list(range)).map(({ sessionId }) => sessionId);

      expect(await list({ kind: 'trade' })).toEqual(['s1', 's3', 's5']);
      expect(await list({ fromUs: 1, untilUs: 4 })).toEqual(['s1', 's2', 's3']);
      expect(await list({ limit: 2 })).toEqual(['s4', 's5']);
    });

    it('keeps any text as it was', async () => {
      const source = `it's "\\" %_ $1 ; drop table sessions; -- \u{1F409} é \n\t`;
      value(await sessions().record({ ...session('a'), source }));

      expect((await sessions().find('a'))?.source).toBe(source);
    });

    it('refuses a text that PostgreSQL cannot hold', async () => {
      await expect(sessions().record({ ...session('a'), source: 'a\u{0}b' })).rejects.toMatchObject(
        { code: 'STORE_REFUSED' },
      );
      expect(await sessions().list()).toEqual([]);
    });
  });
}

function session(sessionId: string, startedUs = 100): SessionDescription {
  return {
    sessionId,
    kind: 'demo',
    source: 'seed 7',
    startedUs,
    configHash: 'c0ffee',
    buildId: 'b1',
    nodeMajor: 20,
    isHistoryGiven: false,
  };
}
