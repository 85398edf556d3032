import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TopicRequest, Topics } from '../../../src/streams/polygon/topics.ts';

const isLong = process.env['STRATA_LONG'] === '1';
const numRuns = isLong ? 100_000 : 5_000;
const LONG_MS = 3_600_000;

const NAMES = ['A', 'B', 'C', 'D', 'E', 'F', 'BRK.B'] as const;

type Step =
  | { readonly kind: 'want'; readonly symbols: readonly string[] }
  | { readonly kind: 'reconnect' }
  /** The connection ends with a part of a request answered. */
  | { readonly kind: 'cut'; readonly answers: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .shuffledSubarray([...NAMES])
      .map((symbols) => ({ kind: 'want' as const, symbols })),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'reconnect' as const }) },
  {
    weight: 2,
    arbitrary: fc.nat(9).map((answers) => ({ kind: 'cut' as const, answers })),
  },
);

interface VenueWays {
  /** Topics that are not in the plan, by kind and by name. */
  readonly denied: ReadonlySet<string>;
  /** Topics of which nothing is ever said. */
  readonly silent: ReadonlySet<string>;
  readonly namesTopics: boolean;
  readonly order: number;
}

const topic = fc.constantFrom(...NAMES.flatMap((name) => [`T.${name}`, `Q.${name}`]));
const ways: fc.Arbitrary<VenueWays> = fc.record({
  denied: fc
    .array(fc.oneof(topic, fc.constantFrom('T', 'Q', 'LULD')), { maxLength: 4 })
    .map((some) => new Set(some)),
  silent: fc.array(topic, { maxLength: 2 }).map((some) => new Set(some)),
  namesTopics: fc.boolean(),
  order: fc.nat(10_000),
});

/** The venue's side, as a reference: every topic has an answer of its own, in any order. */
class Venue {
  listed = new Set<string>();
  requests = 0;
  readonly #ways: VenueWays;

  constructor(of: VenueWays) {
    this.#ways = of;
  }

  answer(
    of: Topics,
    { action, topics }: TopicRequest,
    answersMax = Number.POSITIVE_INFINITY,
  ): void {
    const { silent, namesTopics, order } = this.#ways;
    this.requests += 1;
    const turned = topics.map((_, at) => topics[(at * 7 + order) % topics.length] ?? '');
    const inOrder = topics.length % 7 === 0 ? topics : turned;
    for (const one of inOrder.slice(0, answersMax)) {
      if (silent.has(one)) continue;
      if (action === 'subscribe' && this.isDenied(one)) {
        of.refused(namesTopics ? `not authorized (${one})` : 'not authorized');
        continue;
      }
      if (action === 'subscribe') this.listed.add(one);
      else this.listed.delete(one);
      of.acked(action, [one]);
    }
  }

  isDenied(one: string): boolean {
    const { denied } = this.#ways;
    return denied.has(one) || denied.has(one.slice(0, one.indexOf('.')));
  }
}

/** Asks until there is nothing left to ask; what has no answer is given up in time. */
function converse(of: Topics, venue: Venue): void {
  for (let turn = 0; turn < 1_000; turn += 1) {
    const request = of.next();
    if (request === undefined) return;
    venue.answer(of, request);
    if (!of.isSettled) of.abandon();
  }
  expect('it asks for ever').toBe('');
}

describe('topics', () => {
  it(
    'D5 serve what is wanted and can be had, and nothing else, after any history',
    () => {
      const property = fc.property(fc.array(step, { maxLength: 10 }), ways, (steps, how) => {
        const of = new Topics({ every: ['AM', 'LULD'], some: ['T', 'Q'] });
        let venue = new Venue(how);
        for (const next of steps) {
          if (next.kind === 'want') {
            of.want(next.symbols);
            converse(of, venue);
            continue;
          }
          if (next.kind === 'cut') {
            const request = of.next();
            if (request !== undefined) venue.answer(of, request, next.answers);
          }
          venue = new Venue(how);
          of.connected();
          converse(of, venue);
        }
        venue = new Venue(how);
        of.connected();
        converse(of, venue);
        const can = (one: string) => !venue.isDenied(one) && !how.silent.has(one);
        const both = of.wanted.flatMap((name) => [`T.${name}`, `Q.${name}`]);
        const expected = ['AM.*', 'LULD.*', ...both].filter(can).toSorted();
        expect([...venue.listed].toSorted()).toEqual(expected);
        const hasQuotes = both.some((one) => one.startsWith('Q.') && can(one));
        const served = of.wanted.filter((name) => venue.listed.has(`T.${name}`));
        const whole = served.filter((name) => venue.listed.has(`Q.${name}`));
        if (hasQuotes) expect(of.served).toEqual(whole);
        for (const name of of.served) expect(venue.listed.has(`T.${name}`)).toBe(true);
        const { refused, unserved } = of.settlement();
        expect(refused).not.toContain('bars');
        expect(refused.includes('lulds')).toBe(venue.isDenied('LULD.*'));
        // Whoever is not told of as served is told of as missing, by name or by channel.
        for (const name of of.wanted.filter((one) => !of.served.includes(one))) {
          expect(unserved.includes(name) || refused.includes('trades')).toBe(true);
        }
        expect(venue.requests).toBeLessThanOrEqual(3);
      });
      fc.assert(property, { numRuns });
    },
    LONG_MS,
  );

  it('asks for many symbols in requests of a size, the most important first', () => {
    const of = new Topics({ every: ['AM'], some: ['T', 'Q'] });
    const names = Array.from({ length: 1_200 }, (_, at) => `S${at}`);
    const venue = new Venue({
      denied: new Set(),
      silent: new Set(),
      namesTopics: true,
      order: 0,
    });
    of.want(names);
    const sizes: number[] = [];
    for (let next = of.next(); next !== undefined; next = of.next()) {
      sizes.push(next.topics.length);
      if (sizes.length === 1) expect(next.topics.slice(0, 3)).toEqual(['AM.*', 'T.S0', 'Q.S0']);
      venue.answer(of, next);
      if (!of.isSettled) of.abandon();
    }
    expect(sizes).toEqual([500, 500, 500, 500, 401]);
    expect(of.served).toHaveLength(1_200);
  });

  it('believes a confirmation of what was given up, and gives back what it does not want', () => {
    const of = new Topics({ every: ['AM'], some: ['T', 'Q'] });
    of.want(['A']);
    of.next();
    of.acked('subscribe', ['AM.*', 'T.A']);
    of.abandon();
    expect(of.settlement()).toMatchObject({ served: 0, unserved: ['A'] });
    of.acked('subscribe', ['Q.A', 'T.B']);
    expect(of.served).toEqual(['A']);
    expect(of.next()).toEqual({ action: 'unsubscribe', topics: ['T.B'] });
  });
});
