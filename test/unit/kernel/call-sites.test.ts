import { beforeAll, describe, expect, it } from 'vitest';
import { ACTORS } from '../../../src/actors/kernel/actor-table.ts';
import { present } from '../../../src/core/assert.ts';
import { Random } from '../../../src/core/random.ts';
import { EFFECT_TRAITS } from '../../../src/ports/effect.ts';
import type { JournalRecord } from '../../../src/ports/journal.ts';
import { RECORD_TURN, type TurnItem, type TurnRecord } from '../../../src/ports/turn-record.ts';
import { recordsOf } from '../../golden/golden-decisions.ts';
import { GOLDEN_MORNING_US, runGolden } from '../../golden/golden-session.ts';
import { descentOf, isOrderPath, partsOf } from './descent.ts';
import { bytesOf, type Handled, isOfSupervisor, type Site, SiteKernel } from './site-kernel.ts';

const SEED = Number(process.env['STRATA_SEED'] ?? 11);
const isLong = process.env['STRATA_LONG'] === '1';
/** Of every actor, message and kind of call. */
const SITES_PER_KIND = isLong ? 200 : 8;
/** Records that a kernel goes on for after its crash. */
const RECORDS_AFTER = 20;

/** A turn of the clean session, and the places in it that will be made to throw. */
interface Chosen {
  readonly at: number;
  readonly sites: readonly number[];
}

/** One throw, and the same turn with and without it. */
interface Thrown {
  readonly where: string;
  readonly site: Site;
  readonly handled: Handled;
  readonly before: SiteKernel;
  readonly clean: SiteKernel;
  readonly cleanTurn: TurnRecord;
  readonly failed: SiteKernel;
  readonly turn: TurnRecord;
}

describe('G1: a throw at every call site of every handler of the trading kernel', () => {
  let records: readonly JournalRecord[] = [];
  let thrown: readonly Thrown[] = [];

  beforeAll(async () => {
    const run = await runGolden({ untilUs: GOLDEN_MORNING_US });
    records = recordsOf(run.disk).filter(({ kind }) => kind !== RECORD_TURN);
    thrown = throwEverywhere(records, choose(records));
  }, 600_000);

  it('is tried in every actor, at every message that it has and every kind of call', () => {
    const kinds = new Set(thrown.map(({ handled, site }) => `${handled.place} ${site.name}`));
    for (const [place, actor] of ACTORS.entries()) expect(kinds, actor).toContain(`${place} entry`);
    const messages = new Set(thrown.map(({ handled }) => kindOf(handled)));
    for (const message of MESSAGES) expect([...messages]).toContain(message);
    process.stdout.write(`${thrown.length} throws at ${messages.size} kinds of message\n`);
    expect(thrown.length).toBeGreaterThan(isLong ? 2_000 : 200);
  });

  it('is a fact that names actor and row, once', () => {
    for (const { where, handled, turn, failed } of thrown) {
      const actor = failed.slot(handled.place).definition.name;
      const crashes = turn.items.flatMap((item) =>
        item.type === 'fact' && item.fact.kind === 'crashed' ? [item.fact] : [],
      );
      expect(crashes, where).toMatchObject([{ actor, row: handled.row, code: 'PLANTED' }]);
      expect(turn.crashes, where).toHaveLength(1);
    }
  });

  it('leaves every item and timer that does not descend from it, to the byte', () => {
    let left = 0;
    for (const { where, site, clean, cleanTurn, turn } of thrown) {
      const descent = descentOf(clean, cleanTurn, site.handling);
      const expected = descent.items.filter((item) => !isDropped(clean, site, item)).map(bytesOf);
      left += expected.length;
      const others = withoutInOrder(turn.items, expected);
      expect(others, where).toBeDefined();
      // What else is there is of the supervisor, or of somebody who had to decide otherwise.
      for (const item of others ?? []) {
        const isExplained = isOfSupervisor(item) || descent.places.has(item.actor);
        expect(isExplained, `${where}: ${bytesOf(item)}`).toBe(true);
      }
      const timers = turn.timers.map((timer) => JSON.stringify(timer));
      for (const timer of descent.timers) expect(timers, where).toContain(JSON.stringify(timer));
    }
    expect(left).toBeGreaterThan(thrown.length / 4);
  });

  it('leaves nothing of the handling that failed', () => {
    let own = 0;
    for (const { where, site, clean, cleanTurn, failed, turn } of thrown) {
      const kept = everythingOf(turn);
      const all = everythingOf(cleanTurn);
      const part = present(partsOf(clean.handled, cleanTurn)[site.handling], 'a part');
      const items = everythingOf(part);
      own += items.length;
      for (const item of items) {
        const times = (list: readonly string[]) => list.filter((one) => one === item).length;
        expect(times(kept), where).toBeLessThanOrEqual(times(all) - times(items));
      }
      // Nobody hears what it had sent.
      expect([clean.orphans, failed.orphans], where).toEqual([0, 0]);
    }
    expect(own).toBeGreaterThan(thrown.length / 4);
  });

  it('leaves the other rows as they would be, and the failed row as it was', () => {
    let restored = 0;
    for (const { where, site, handled, before, clean, cleanTurn, failed } of thrown) {
      const descent = descentOf(clean, cleanTurn, site.handling);
      for (let place = 0; place < ACTORS.length; place += 1) {
        const asClean = clean.rows(place);
        failed.rows(place).forEach((row, index) => {
          if (!descent.isRowOpen(place, index)) {
            expect(row === asClean[index], `${where}: row ${index} of ${place}`).toBe(true);
          }
        });
      }
      if (handled.row < 0 || descent.ofRow > 1) continue;
      restored += 1;
      const [was, is] = [before, failed].map((kernel) => kernel.rows(handled.place)[handled.row]);
      expect(is === was, where).toBe(true);
    }
    expect(restored).toBeGreaterThan(20);
  });

  it('G3: halts entries where the order path fails, and keeps in what makes exposure', () => {
    let dropped = 0;
    let failures = 0;
    for (const { where, handled, clean, cleanTurn, turn } of thrown) {
      const halts = turn.items.flatMap((item) =>
        item.type === 'fact' && item.fact.kind === 'tradingHalted' ? [item.fact] : [],
      );
      const ofPath = halts.filter(({ code }) => code === 'ORDER_PATH');
      if (!isOrderPath(clean, handled)) {
        expect(ofPath, where).toEqual([]);
        continue;
      }
      failures += 1;
      dropped += cleanTurn.items.filter(makesExposure).length;
      expect(ofPath.length, where).toBeGreaterThan(0);
      expect(ofPath[0]?.level, where).toBe('noEntries');
      expect(turn.items.filter(makesExposure), where).toEqual([]);
    }
    expect(failures).toBeGreaterThan(40);
    expect(dropped).toBeGreaterThan(5);
  });

  it.each([1, 2, 3, 4, 5, 6])(
    'changes nothing before it, and the session lives on to its end (%i)',
    async (which) => {
      const random = new Random(SEED, which);
      const clean = await observed(undefined);
      const failAt = 1 + random.below(clean.calls);
      const failing = await observed(failAt);
      const crashed = failing.turns.findIndex((turn) => turn.crashes.length > 0);

      expect(crashed, `call ${failAt}, seed ${SEED}`).toBeGreaterThanOrEqual(0);
      const before = (turns: readonly TurnRecord[]) =>
        turns.slice(0, crashed).map(({ items }) => items.map(bytesOf).join());
      expect(before(failing.turns)).toEqual(before(clean.turns));
      expect(failing.nowUs).toBeGreaterThanOrEqual(GOLDEN_MORNING_US - 60_000_000);
    },
    120_000,
  );
});

/** Messages of which this session has at least one. */
const MESSAGES = [
  'symbols event',
  'symbols closeBar',
  'symbols rowScored',
  'symbols timer bars',
  'symbols sessionChanged',
  'layer-0 symbolNamed',
  'layer-1 dayMeasured',
  'layer-1 measured',
  'layer-1 timer rank',
  'layer-1 sessionChanged',
  'layer-2 measured',
  'layer-2 timer rank',
  'predictions featuresReady',
  'predictions barScored',
  'predictions barClosed',
  'predictions timer batch',
  'predictions replied',
  'strategy/mean-reversion observed',
  'strategy/momentum observed',
  'strategy/momentum scored',
  'risk signalMade',
  'risk valued',
  'risk commanded',
  'risk sessionChanged',
  'risk opened',
  'execution approved',
  'execution replied',
  'execution orderUpdated',
  'portfolio priced',
  'monitor sessionChanged',
  'ensemble membersScored',
];

function kindOf({ place, kind }: Handled): string {
  return `${ACTORS[place]} ${kind}`;
}

/** Some places of every kind, spread over the session by chance. */
function choose(records: readonly JournalRecord[]): readonly Chosen[] {
  const random = new Random(SEED);
  const kernel = new SiteKernel();
  const seen = new Map<string, number>();
  const kept = new Map<string, [turn: number, site: number][]>();
  records.forEach((record, at) => {
    kernel.step(record);
    kernel.sites.forEach(({ name, handling }, site) => {
      const kind = `${kindOf(present(kernel.handled[handling], 'a handling'))} ${name}`;
      const count = (seen.get(kind) ?? 0) + 1;
      seen.set(kind, count);
      const list = kept.get(kind) ?? [];
      kept.set(kind, list);
      // Every place of a kind is as likely to be one of the few that are kept (reservoir sampling).
      if (list.length < SITES_PER_KIND) list.push([at, site]);
      else {
        const place = random.below(count);
        if (place < SITES_PER_KIND) list[place] = [at, site];
      }
    });
  });
  const byTurn = new Map<number, number[]>();
  for (const [at, site] of [...kept.values()].flat()) {
    byTurn.set(at, [...(byTurn.get(at) ?? []), site]);
  }
  return [...byTurn]
    .map(([at, sites]) => ({ at, sites }))
    .toSorted((left, right) => left.at - right.at);
}

function throwEverywhere(
  records: readonly JournalRecord[],
  chosen: readonly Chosen[],
): readonly Thrown[] {
  const thrown: Thrown[] = [];
  const kernel = new SiteKernel();
  let next = 0;
  for (const { at, sites } of chosen) {
    for (; next < at; next += 1) kernel.step(present(records[next], 'a record'));
    const snapshot = kernel.snapshot();
    const record = present(records[at], 'a record');
    const clean = SiteKernel.of(snapshot);
    const cleanTurn = clean.step(record);
    const before = SiteKernel.of(snapshot);
    for (const number of sites) {
      const site = present(clean.sites[number], 'a site');
      const handled = present(clean.handled[site.handling], 'a handling');
      const where = `seed ${SEED}: ${site.name} of ${kindOf(handled)} ${handled.row}, record ${at}`;
      const failed = SiteKernel.of(snapshot);
      const turn = failed.step(record, number);
      goOn(failed, records.slice(at + 1, at + 1 + RECORDS_AFTER));
      // Again for its rows: the first has gone on.
      const rows = SiteKernel.of(snapshot);
      rows.step(record, number);
      thrown.push({ where, site, handled, before, clean, cleanTurn, failed: rows, turn });
    }
  }
  return thrown;
}

/** The world goes on as if nothing had happened; nothing may end the process. */
function goOn(kernel: SiteKernel, records: readonly JournalRecord[]): void {
  for (const record of records) kernel.step(record);
}

function everythingOf({ items, timers }: Pick<TurnRecord, 'items' | 'timers'>): readonly string[] {
  return [...items.map(bytesOf), ...timers.map((timer) => JSON.stringify(timer))];
}

/** The items that are not among these, which must be there in this order. */
function withoutInOrder(
  items: readonly TurnItem[],
  expected: readonly string[],
): readonly TurnItem[] | undefined {
  let found = 0;
  const others = items.filter((item) => {
    if (found >= expected.length || bytesOf(item) !== expected[found]) return true;
    found += 1;
    return false;
  });
  return found === expected.length ? others : undefined;
}

function makesExposure(item: TurnItem): boolean {
  return item.type === 'effect' && EFFECT_TRAITS[item.effect.kind].makesExposure;
}

/** The order path is one failure unit: also what was on its way in this turn stays here. */
function isDropped(clean: SiteKernel, { handling }: Site, item: TurnItem): boolean {
  const handled = clean.handled[handling];
  return handled !== undefined && isOrderPath(clean, handled) && makesExposure(item);
}

/** The whole session as it is composed, with a throw at one of its calls. */
async function observed(failAt: number | undefined) {
  const turns: TurnRecord[] = [];
  let calls = 0;
  const run = await runGolden({
    untilUs: GOLDEN_MORNING_US,
    observers: [{ turn: (_sequence, _nowUs, turn) => turns.push(turn) }],
    probe: () => {
      calls += 1;
      if (calls === failAt) throw new Error('planted');
    },
  });
  return { turns, calls, nowUs: run.opened.session.sequencer.nowUs };
}
