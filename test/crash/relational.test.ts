import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { isRecord } from '../../src/core/json.ts';
import type { JobState } from '../../src/ports/relational/jobs.ts';
import { openRelational } from '../../src/store/relational/relational-store.ts';
import { embeddedIn } from './relational-options.ts';

const room = mkdtempSync(join(tmpdir(), 'strata-relational-crash-'));
afterAll(() => rmSync(room, { recursive: true, force: true }));

/** Killed after so many acknowledgements; `STRATA_LONG` kills on at numbers that nobody chose. */
const KILLS = [1, 40, 7];
const MORE = Array.from({ length: 20 }, () => Math.ceil(Math.random() * 100));
const kills = process.env['STRATA_LONG'] === undefined ? KILLS : [...KILLS, ...MORE];

it(
  `J5 an embedded store killed after ${kills.join(', ')} writes has all of them, each once`,
  async () => {
    const acknowledged = new Map<string, JobState>();
    for (const [life, writes] of kills.entries()) {
      const writer = join(import.meta.dirname, 'relational-writer.ts');
      await killAfter(writes, fork(writer, [room, String(life)]), acknowledged);
      const store = openRelational(embeddedIn(room));
      const kept = await store.jobs.list({ limit: 1_000_000 });
      await store.close();

      const states = new Map(kept.map(({ jobId, state }) => [jobId, state]));
      expect(states.size).toBe(kept.length);
      const lost = [...acknowledged].filter(
        ([jobId, state]) => !states.has(jobId) || (state === 'done' && states.get(jobId) !== state),
      );
      expect(lost).toEqual([]);
      expect(kept.length).toBeGreaterThan(0);
    }
  },
  60_000 * kills.length,
);

async function killAfter(
  writes: number,
  child: ChildProcess,
  acknowledged: Map<string, JobState>,
): Promise<void> {
  let seen = 0;
  child.on('message', (message: unknown) => {
    if (!isRecord(message)) return;
    acknowledged.set(String(message['jobId']), message['state'] === 'done' ? 'done' : 'queued');
    seen += 1;
    if (seen === writes) child.kill('SIGKILL');
  });
  const [, signal] = await once(child, 'exit');
  expect([signal, seen >= writes]).toEqual(['SIGKILL', true]);
}
