import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { EXIT_CODES } from '../../src/cli/exit-codes.ts';
import { present } from '../../src/core/assert.ts';
import { DENSE_VENUE, denseConfig } from '../live-rig/dense-orders.ts';
import { onlySession } from '../live-rig/engine-books.ts';
import { KilledSession } from '../live-rig/killed-session.ts';
import { LiveVenue } from '../live-rig/live-venue.ts';
import { postOrder } from '../venue-orders.ts';
import { dataDirectory } from './data-directory.ts';
import { strata } from './strata.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const ELEVEN_US = 11 * 3_600 * 1_000_000;

it('(H6) refuses a second engine on the data directory, and one on the account', async () => {
  using data = dataDirectory();
  using other = dataDirectory();
  await using venue = await LiveVenue.start(DENSE_VENUE);
  const session = new KilledSession(venue, data.path, denseConfig(data.path));
  await using engine = await session.start();
  const same = await strata([...session.args, '--data-dir', data.path]);
  const elsewhere = await strata([...session.args, '--data-dir', other.path]);

  expect(same.code).toBe(1);
  expect(same.stderr).toContain(`held by process ${engine.pid}`);
  expect(elsewhere.code).toBe(1);
  expect(elsewhere.stderr).toContain(`is traded by process ${engine.pid}`);
  expect(elsewhere.stderr).toContain('Stop that one first');
  const { orders } = await engine.until('a status', () => true);
  await engine.until('it to go on', (status) => status.orders > orders);
  // The lease goes with its holder, however that ends.
  await engine.kill();
  const next = new KilledSession(venue, other.path, denseConfig(other.path));
  await using after = await next.start();
  expect(after.isOver).toBe(false);
});

it('does not begin anew under the name of a session whose journal is gone', async () => {
  using data = dataDirectory();
  await using venue = await LiveVenue.start(DENSE_VENUE);
  const session = new KilledSession(venue, data.path, denseConfig(data.path));
  {
    await using engine = await session.start();
    await engine.until('orders', ({ orders }) => orders > 0);
    await engine.kill();
  }
  const sessionId = present(onlySession(data.path), 'there is a session');
  rmSync(join(data.path, 'sessions', sessionId, 'journal'), { recursive: true });
  const again = await strata([...session.args, '--data-dir', data.path]);

  expect(again.code).toBe(EXIT_CODES.mismatch);
  expect(again.stderr).toContain(`${sessionId} was killed, and its journal is gone`);
});

it("(H6) refuses to go on with another account's keys, or under another name", async () => {
  using data = dataDirectory();
  await using venue = await LiveVenue.start(DENSE_VENUE);
  const session = new KilledSession(venue, data.path, denseConfig(data.path));
  {
    await using engine = await session.start();
    await engine.until('orders', ({ orders }) => orders > 0);
    await engine.kill();
  }
  const renamed = denseConfig(data.path, 'account: { id: OTHER }\n');
  const another = ['trade', '--mode', 'sim', '--venue', venue.adminUrl, '--config', renamed];
  const named = await strata([...another, '--data-dir', data.path]);
  expect(named.code).toBe(EXIT_CODES.config);
  expect(named.stderr).toContain('was killed while it traded account PAPER, and now it is OTHER');

  denseConfig(data.path);
  const sessionId = present(onlySession(data.path), 'there is a session');
  const path = join(data.path, 'sessions', sessionId, 'session.json');
  const text = readFileSync(path, 'utf8');
  // As if the session had been begun with the keys of another account.
  writeFileSync(path, text.replace(/"fingerprint": "[^@"]+/, '"fingerprint": "PA9OTHER'));
  const keys = await strata([...session.args, '--data-dir', data.path]);
  expect(keys.code).toBe(EXIT_CODES.config);
  expect(keys.stderr).toMatch(/was killed while it traded PA9OTHER, and the keys open PA\w+/);

  writeFileSync(path, text);
  await using engine = await session.start();
  expect((await engine.until('a status', () => true)).lives).toBe(2);
});

it('(B3) sends no order before the broker has told its books', async () => {
  using data = dataDirectory();
  await using venue = await LiveVenue.start(DENSE_VENUE);
  const session = new KilledSession(venue, data.path, denseConfig(data.path));
  {
    await using engine = await session.start();
    await session.halt(engine);
    await session.quieten(engine);
    await session.resume(engine);
    await engine.kill();
  }
  const before = (await venue.books()).orders.length;
  const slow = { method: 'GET', path: '/v2/positions', ms: 3_000 };
  await venue.admin.chaos('delayAnswer', slow);
  await using engine = session.launch();
  await engine.until('a refused signal', ({ refusals, lives }) => lives === 2 && refusals > 0);
  const early = await engine.until('a status', () => true);
  const orders = (await venue.books()).orders.length;

  expect(early.reconciliation).toContain('no entries before the broker has told its books');
  expect(orders).toBe(before);
  await engine.until('reconciliation', (status) => status.reconciliation === 'books agree');
  await engine.until('an order', (status) => status.orders > early.orders);
  await session.halt(engine);
  const { engine: books } = await session.quieten(engine);
  expect([books.early, books.reconciledLives]).toEqual([[], books.lives]);
});

it('begins at 11:00 with what the account holds: adopted, counted, not traded', async () => {
  using data = dataDirectory();
  await using venue = await LiveVenue.start({ ...DENSE_VENUE, atUsOfDay: ELEVEN_US });
  const bought = await postOrder(venue.tradingUrl, { client_order_id: 'by-hand', qty: '10' });
  expect(bought.status).toBe(200);
  while ((await venue.books()).positions.get('SEMKT') !== 10) await wait(20);
  const session = new KilledSession(venue, data.path, denseConfig(data.path));
  await using engine = await session.start();
  expect(await engine.until('a position', ({ positions }) => positions > 0)).toMatchObject({
    drifts: 0,
    reconciliation: 'books agree',
  });
  await engine.until('orders in others', ({ orders }) => orders > 20);
  await session.halt(engine);
  const deadline = performance.now() + 30_000;
  for (;;) {
    const { engine: books, venue: theirs } = await session.books();
    const isEqual = books.ledger.cash === theirs.cash && theirs.positions.size === 1;
    if (isEqual || performance.now() > deadline) {
      expect(books.adopted).toEqual([{ symbol: 'SEMKT', origin: 'opening' }]);
      expect([...theirs.positions]).toEqual([['SEMKT', 10]]);
      expect([...books.positions]).toEqual([['SEMKT', 10]]);
      expect(books.ledger.cash).toBe(theirs.cash);
      const ours = theirs.orders.filter(({ symbol }) => symbol === 'SEMKT');
      expect(ours.map(({ clientOrderId }) => clientOrderId)).toEqual(['by-hand']);
      break;
    }
    await wait(50);
  }
  expect((await strata(['stop', '--data-dir', data.path])).code).toBe(0);
  const ended = await engine.end();
  expect(JSON.parse(ended.stdout)).toMatchObject({ counts: { adoptions: 1, drifts: 0 } });
  expect((await strata(['verify', '--data-dir', data.path])).code).toBe(0);
});
