import { readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Random } from '../../src/core/random.ts';
import { auditSession } from './session-audit.ts';
import { ChildEngine } from './child-engine.ts';
import { dataDirectory } from './data-directory.ts';
import { strata } from './strata.ts';

const IS_LONG = process.env['STRATA_LONG'] === '1';
const KILLS = { os: IS_LONG ? 200 : 6, fsync: IS_LONG ? 50 : 4 } as const;
const SEED = Number(process.env['STRATA_SEED'] ?? 1);
const SESSION = 'demo-20240603-1';
/** The market lasts 23,400 s, and the kills spread over it: about 250 ms a life. */
const SPEED = IS_LONG ? '400' : '8000';
const FLAT_OUT = '100000';
const LIFE_MS_MAX = 500;
/** Node takes the first 300 ms of it. */
const BIRTH_MS_MAX = 1_000;
const TORN_BYTES_MAX = 200;
/** Of the whole market: recovery gives every frame once. */
const FRAMES = 487_865;
const TEST_MS_MAX = 900_000;

for (const durability of ['os', 'fsync'] as const) {
  const kills = KILLS[durability];
  const title = `(B2, ${durability}) outlives kill -9 at ${kills} instants, STRATA_SEED=${SEED}`;
  it.concurrent(title, { timeout: TEST_MS_MAX }, async () => {
    using data = dataDirectory();
    const config = join(data.path, 'kill.yaml');
    writeFileSync(config, `journal:\n  durability: ${durability}\n  snapshotEveryRecords: 2000\n`);
    const args = ['demo', '--virtual', '--once', '--symbols', '40', '--config', config];
    const random = new Random(SEED);
    let isTorn = false;
    for (let kill = 0; kill < kills; kill += 1) {
      const paced = [...args, '--speed', SPEED];
      // Every third dies while it opens or recovers; the others while they trade.
      const isYoung = kill % 3 === 2;
      await using engine = isYoung
        ? ChildEngine.launch(data.path, paced)
        : await ChildEngine.start(data.path, paced);
      // Real time is the fault here: the instant must not suit the engine.
      await wait(random.below(isYoung ? BIRTH_MS_MAX : LIFE_MS_MAX));
      await engine.kill();
      // The last time the machine loses what it had not yet written, too.
      isTorn = kill === kills - 1 && durability === 'os';
      if (isTorn) tear(data.path, 1 + random.below(TORN_BYTES_MAX));
    }
    const last = await strata([...args, '--speed', FLAT_OUT, '--data-dir', data.path, '--json']);

    expect(last.code, last.stderr).toBe(0);
    const summary: unknown = JSON.parse(last.stdout);
    const recovered = expect.stringMatching(
      isTorn ? /^life \d+: recovered .*, \d+ torn bytes dropped/ : /^life \d+: recovered/,
    );
    expect(summary).toMatchObject({ reason: 'the market closed', notes: [recovered] });
    const verified = await strata(['verify', '--data-dir', data.path]);
    expect(verified.stdout).toContain(`${SESSION} verified`);
    expect(verified.code).toBe(0);
    const { venue, ...books } = await auditSession(data.path, SESSION);
    // A life that was killed before it wrote anything left nothing to count.
    expect(books.lives).toBeGreaterThan(kills / 3);
    expect(books.repeated).toEqual([]);
    expect(books.orders.length).toBeGreaterThan(50);
    expect(venue.orders).toEqual(books.orders); // I1, and none is lost.
    expect(venue.executions).toEqual(books.booked); // I5.
    expect([...books.standings.values()]).not.toContain('unknown');
    expect(books.positions).toEqual(venue.positions); // I3.
    expect(books.cash).toBe(venue.cash);
    const { lives, orders, booked, cash, equity } = books;
    expect(summary).toMatchObject({
      money: { cash, equity },
      counts: { lives, orders: orders.length, fills: booked.length, frames: FRAMES },
    });
  });
}

/** Cuts into the last block of the journal. */
function tear(dataDir: string, bytes: number): void {
  const folder = join(dataDir, 'sessions', SESSION, 'journal');
  const name = readdirSync(folder).toSorted().at(-1) ?? '';
  const path = join(folder, name);
  truncateSync(path, Math.max(1, statSync(path).size - bytes));
}
