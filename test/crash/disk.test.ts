import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { sessionReader } from '../../src/compose/session-files.ts';
import { readSession, visitSession } from '../../src/cli/read-session.ts';
import { nodeDisk } from '../../src/store/journal/node-disk.ts';
import { dataDirectory } from './data-directory.ts';
import { auditSession } from './session-audit.ts';
import { strata } from './strata.ts';

const DEMO = ['demo', '--virtual', '--once', '--symbols', '40', '--speed', '100000'];
const SESSION = 'demo-20240603-1';
const TMPFS_BYTES = 8 << 20;

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

it('(B6) takes no entries at 90 % of the budget, and stops in order at the end of it', async () => {
  using data = dataDirectory();
  const config = join(data.path, 'small.yaml');
  // The whole session makes about 40 MB.
  const [bytesMax, segmentBytesMax] = [24_000_000, 4_000_000];
  writeFileSync(config, JSON.stringify({ journal: { bytesMax, segmentBytesMax } }));
  const at = ['--data-dir', data.path];
  const ended = await strata([...DEMO, '--config', config, ...at]);

  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain('the journal has used its budget');
  expect(ended.stderr).toContain('journal.bytesMax a larger value');
  expect(ended.stdout).toContain(`report       ${data.path}`);
  const { degraded, entries } = exposureAfterDegraded(data.path);
  expect(degraded).toMatch(/^the journal's budget is nearly used: 21\d{6} of 24000000 bytes$/);
  expect(entries).toEqual([]);
  const view = readSession(sessionReader(nodeDisk(data.path)), SESSION);
  expect(view.refusalsByCode.get('REDUCE_ONLY')).toBeGreaterThan(0);
  expect((await strata(['verify', ...at])).code).toBe(0);

  // A larger budget is another configuration: recovery takes it, and the day is finished.
  const again = await strata([...DEMO, '--json', ...at]);
  expect(again.code, again.stderr).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({ sessionId: SESSION, counts: { lives: 2 } });
});

it('(B6) stops on a full disk, loses nothing acknowledged, and goes on with room', async (ctx) => {
  using data = dataDirectory();
  const full = join(data.path, 'full');
  using _disk = tinyDisk(full) ?? ctx.skip('needs the right to mount a tmpfs of 8 MB');
  const ended = await strata([...DEMO, '--data-dir', full]);

  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain('trading stopped: a write failed');
  expect(ended.stderr).toContain('free space, then start again');
  expect(ended.stdout).toContain('the report could not be written');
  const verified = await strata(['verify', '--data-dir', full]);
  expect(verified.stdout).toContain(`${SESSION} verified`);
  expect(verified.code).toBe(0);
  const submitted = submittedOrders(full);
  expect(submitted.length).toBeGreaterThan(0);

  const roomy = join(data.path, 'roomy');
  cpSync(full, roomy, { recursive: true, filter: (path) => !path.endsWith('.sock') });
  const again = await strata([...DEMO, '--data-dir', roomy, '--json']);
  expect(again.code, again.stderr).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({
    sessionId: SESSION,
    notes: [expect.stringMatching(/\d+ torn bytes dropped/)],
  });
  const { venue, ...books } = await auditSession(roomy, SESSION);
  expect(books.repeated).toEqual([]);
  expect(books.orders).toEqual(expect.arrayContaining([...submitted]));
  expect(venue.orders).toEqual(books.orders);
  expect(venue.executions).toEqual(books.booked);
  expect([venue.cash, venue.positions]).toEqual([books.cash, books.positions]);
  expect([...books.standings.values()]).not.toContain('unknown');
});

/** Undefined where this user may not mount. */
function tinyDisk(path: string): Disposable | undefined {
  mkdirSync(path);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${TMPFS_BYTES}`, 'tmpfs', path]);
  if (mounted.status !== 0) return undefined;
  return { [Symbol.dispose]: () => void spawnSync('umount', [path]) };
}

/** Why entries stopped, and the entries that were intended nevertheless. */
function exposureAfterDegraded(dataDir: string): { degraded: string; entries: readonly string[] } {
  let degraded = '';
  const entries: string[] = [];
  visitSession(sessionReader(nodeDisk(dataDir)), SESSION, {
    input(_, _nowUs, input) {
      if (input.kind === 'serviceChanged' && input.state === 'degraded') degraded = input.reason;
    },
    turn(_, _nowUs, { items }) {
      for (const item of items) {
        if (item.type !== 'fact' || item.fact.kind !== 'intended' || degraded === '') continue;
        if (item.fact.purpose === 'entry') entries.push(item.fact.clientOrderId);
      }
    },
  });
  return { degraded, entries };
}

function submittedOrders(dataDir: string): readonly string[] {
  const ids: string[] = [];
  visitSession(sessionReader(nodeDisk(dataDir)), SESSION, {
    input: () => undefined,
    turn(_, _nowUs, { items }) {
      for (const item of items) {
        if (item.type !== 'effect' || item.effect.kind !== 'submitOrder') continue;
        ids.push(item.effect.clientOrderId);
      }
    },
  });
  return ids;
}
