import { describe, expect, it } from 'vitest';
import { type FailurePolicy, SUPERVISOR } from '../../../src/actors/runtime/kernel.ts';
import { symbolId } from '../../../src/core/ids.ts';
import { EFFECT_TRAITS } from '../../../src/ports/effect.ts';
import type { TimerSet, TurnItem, TurnRecord } from '../../../src/ports/turn-record.ts';
import { rowsOf } from './kernel-state.ts';
import { TOY_NAMES, ToyError, type ToyName } from './toy-messages.ts';
import { fixedPlan } from './toy-plans.ts';
import { commanded, type Plan, START_US, ToyRun } from './toy-session.ts';

/** One place where a handling can be made to fail: the n-th of the session. */
interface Site {
  readonly name: string;
  readonly actor: ToyName;
  /** What the handling is about; -1 for no symbol, -2 for the sweep of a family. */
  symbol: number;
  /** Which handling it is part of. */
  readonly handling: number;
  readonly message: string | undefined;
}

/** A turn that has ended, and how many sites the session had passed by then. */
interface Ended {
  readonly record: TurnRecord;
  readonly rows: ReadonlyMap<string, readonly string[]>;
  readonly sites: number;
}

const base = fixedPlan(14);
const plan: Plan = {
  ...base,
  calendar: [
    ...base.calendar,
    { atUs: START_US + 9_100, input: commanded('halt') },
    { atUs: START_US + 9_900, input: commanded('resume') },
    {
      atUs: START_US + 10_000,
      input: {
        kind: 'newsArrived',
        newsId: 'n',
        symbols: [],
        headline: '',
        sentiment: 0,
        venueUs: 0,
      },
    },
    {
      atUs: START_US + 10_500,
      input: { kind: 'serviceChanged', service: 'journal', state: 'degraded', reason: 'full' },
    },
  ],
};

/** Answers with a fact that no toy obeys, so that what follows is the runtime's doing alone. */
const policy: FailurePolicy = {
  orderPathFailed: (_actor, code) => [
    { kind: 'symbolBanned', symbol: symbolId(0), isBanned: true, by: 'policy', reason: code },
  ],
  escalated: () => [],
};

describe('a throw at any place of any handler', () => {
  const clean = runUntil(undefined);

  it('G1: is tried in every actor, at every message and every kind of place', () => {
    const places = new Set(clean.sites.map(({ name }) => name));
    expect([...places].toSorted()).toEqual(
      ['entry', 'middle', 'record', 'request', 'schedule', 'send'].toSorted(),
    );
    const messages = new Set(clean.sites.map(({ actor, message }) => `${actor} ${message}`));
    for (const message of MESSAGES) expect([...messages]).toContain(message);
    expect(clean.sites.length).toBeGreaterThan(600);
  });

  it('G1: leaves everything as it was that does not descend from it', () => {
    clean.sites.forEach((site, number) => {
      const { at, turn, cleanTurn, before } = turnsOf(clean, number);
      const where = `place ${number}: ${site.name} of ${site.actor}, symbol ${site.symbol}`;

      expect(
        turn.record.crashes.map(({ code }) => code),
        where,
      ).toEqual(['TOY']);
      expect(survivors(turn, site), where).toEqual(survivors(cleanTurn, site));
      expect(otherTimers(turn, site), where).toEqual(otherTimers(cleanTurn, site));
      for (const [family, rows] of turn.rows) {
        rows.forEach((row, index) => {
          const asBefore = before.rows.get(family)?.[index];
          const asClean = cleanTurn.rows.get(family)?.[index];
          if (site.symbol === -2) expect([asBefore, asClean], where).toContain(row);
          else if (site.actor === family && site.symbol === index)
            expect(row, where).toBe(asBefore);
          else if (site.symbol !== index) expect(row, where).toBe(asClean);
        });
      }
      expect(at, where).toBeGreaterThan(0);
    });
  });

  it('G3: keeps in what makes exposure where the order path fails, and lets out the rest', () => {
    let dropped = 0;
    clean.sites.forEach((site, number) => {
      if (!isOrderPath(site)) return;
      const { turn, cleanTurn } = turnsOf(clean, number);

      const ofPolicy = turn.record.items.filter(
        (item) => item.type === 'fact' && item.fact.kind === 'symbolBanned',
      );
      expect(ofPolicy.length).toBeGreaterThan(0);
      expect(turn.record.items.filter(makesExposure)).toEqual([]);
      dropped += cleanTurn.record.items.filter(makesExposure).length;
    });
    expect(dropped).toBeGreaterThan(100);
  });
});

const MESSAGES = [
  'prices trade',
  'prices gap',
  'prices close',
  'prices sessionChanged',
  'prices timer',
  'averages mean',
  'averages scored',
  'averages replied',
  'strategy observed',
  'strategy timer',
  'strategy scored',
  'strategy newsArrived',
  'risk signal',
  'risk commanded',
  'execution approved',
  'execution tidy',
  'execution serviceChanged',
  'execution replied submitOrder',
  'execution replied cancelOrder',
];

/** The turn in which the n-th place failed, the same turn of the clean run, and the one before. */
function turnsOf(clean: ReturnType<typeof runUntil>, number: number) {
  const at = clean.turns.findIndex(({ sites }) => sites > number);
  const turn = runUntil(number).turns.at(-1);
  const [cleanTurn, before] = [clean.turns[at], clean.turns[at - 1]];
  if (turn === undefined || cleanTurn === undefined || before === undefined) {
    throw new Error(`no turn passes place ${number}`);
  }
  return { at, turn, cleanTurn, before };
}

/** The session; with a number, only to the end of the turn in which that place had to throw. */
function runUntil(failAt: number | undefined) {
  const sites: Site[] = [];
  const turns: Ended[] = [];
  let handling = 0;
  const pass = (name: string, actor: ToyName, symbol: number, message?: string) => {
    if (name === 'entry') handling += 1;
    sites.push({ name, actor, symbol, handling, message });
    if (sites.length - 1 === failAt) throw new ToyError(name);
  };
  const run = new ToyRun(plan, {
    policy,
    toys: { fault: (actor, message, symbol) => pass('middle', actor, symbol, message) },
    probe: (name, actor, row) => {
      const toy = TOY_NAMES.find((known) => known === actor);
      if (toy !== undefined) pass(name, toy, row);
    },
    onTurn: ({ kernel }, record) => {
      const isLast = failAt !== undefined && sites.length > failAt;
      const isSeen = isLast || failAt === undefined;
      const families = isSeen ? kernel.slots.filter(({ type }) => type === 'family') : [];
      const rows = families.map((slot) => [slot.definition.name, rowsOf(slot)] as const);
      turns.push({ record, rows: new Map(rows), sites: sites.length });
      if (isLast) throw new Stopped();
    },
  });
  try {
    run.run();
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  }
  nameSymbols(sites);
  return { sites, turns };
}

class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** An actor's handling is about the symbol that its message names in the middle of it. */
function nameSymbols(sites: readonly Site[]): void {
  const symbols = new Map<number, number>();
  for (const { handling, name, symbol } of sites) {
    if (name === 'middle') symbols.set(handling, symbol);
  }
  for (const site of sites) site.symbol = symbols.get(site.handling) ?? site.symbol;
}

/** Items that do not descend from the handling that failed, nor from the failure itself. */
function survivors({ record }: Ended, site: Site): readonly string[] {
  return record.items
    .filter((item) => item.actor !== SUPERVISOR && site.symbol !== -2)
    .filter((item) => site.symbol !== symbolOf(item))
    .filter((item) => site.symbol !== -1 || TOY_NAMES[item.actor] !== site.actor)
    .filter((item) => item.type !== 'fact' || item.fact.kind !== 'symbolBanned')
    .filter((item) => !isOrderPath(site) || !makesExposure(item))
    .map((item) => JSON.stringify(item));
}

function otherTimers({ record }: Ended, { symbol }: Site): readonly TimerSet[] {
  return record.timers.filter(({ tag, key }) => symbol !== -2 && (tag === 'bar' || key !== symbol));
}

function symbolOf(item: TurnItem): number | undefined {
  if (item.type === 'digest') return undefined;
  const content = item.type === 'fact' ? item.fact : item.effect;
  if ('symbol' in content) return content.symbol;
  if ('rows' in content) return content.rows[0];
  return 'clientOrderId' in content ? Number(content.clientOrderId.split('-')[1]) : undefined;
}

function isOrderPath({ actor }: Site): boolean {
  return actor === 'risk' || actor === 'execution';
}

function makesExposure(item: TurnItem): boolean {
  return item.type === 'effect' && EFFECT_TRAITS[item.effect.kind].makesExposure;
}
