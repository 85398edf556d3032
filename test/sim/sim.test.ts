import { describe, expect, it } from 'vitest';
import { COUNTEREXAMPLES } from './counterexamples.ts';
import { FAULTS } from './faults.ts';
import { PLANTED_BUGS } from './planted-bugs.ts';
import { type Outcome, simulate, type SimOptions } from './run.ts';
import { outcomesOf } from './seeds.ts';

const IS_LONG = process.env['STRATA_LONG'] === '1';
const SEEDS = IS_LONG ? 20_000 : 1_000;
/** How many seeds are run twice. */
const TWICE = 100;
const PLANTED_SEEDS_MAX = 1_000;
/** 60 s is the target for 1,000 seeds; a machine with other work to do is given more. */
const TIMEOUT_MS = IS_LONG ? 3_600_000 : 300_000;

/** Steps of the order graph that any thousand seeds take. */
const EDGES = [
  'intended>working',
  'intended>partiallyFilled',
  'intended>filled',
  'intended>unknown',
  'intended>rejected',
  'unknown>working',
  'unknown>partiallyFilled',
  'unknown>filled',
  'unknown>canceled',
  'unknown>notPlaced',
  'working>partiallyFilled',
  'working>filled',
  'working>cancelPending',
  'working>canceled',
  'partiallyFilled>cancelPending',
  'partiallyFilled>canceled',
  'partiallyFilled>filled',
  'cancelPending>canceled',
];

const outcomes: Outcome[] = [];

describe('seeds that once failed', () => {
  it.each(COUNTEREXAMPLES)('$seed: $found', async ({ seed }) => {
    expectSafe(await simulate(seed));
  });
});

describe('A2, A3: the engine in a world that fails', () => {
  it(
    `breaks no invariant in ${SEEDS} seeds, and knows everything once the world has healed`,
    async () => {
      await outcomesOf(1, SEEDS, (outcome) => {
        expectSafe(outcome);
        outcomes.push(outcome);
      });
      expect(outcomes.map(({ seed }) => seed)).toEqual(
        Array.from({ length: SEEDS }, (_, place) => place + 1),
      );
      const sum = (of: (outcome: Outcome) => number) =>
        outcomes.reduce((all, outcome) => all + of(outcome), 0) / outcomes.length;
      const orders = sum((outcome) => outcome.orders);
      const lives = sum((outcome) => outcome.lives);
      say(`${SEEDS} seeds: ${orders.toFixed(1)} orders and ${lives.toFixed(1)} lives each`);
      expect(orders).toBeGreaterThan(12);
    },
    TIMEOUT_MS,
  );

  it(
    `A1: decides the same when a seed is run again, ${TWICE} times of ${TWICE}`,
    async () => {
      let compared = 0;
      await outcomesOf(1, TWICE, ({ seed, hash }) => {
        expect(hash, reproduce(seed)).toBe(outcomes[seed - 1]?.hash);
        compared += 1;
      });
      expect(compared).toBe(TWICE);
    },
    TIMEOUT_MS,
  );

  it('A5: meets every fault in at least one seed of a hundred', () => {
    const seeds = FAULTS.map((fault) => {
      const met = outcomes.filter(({ fired }) => fired.has(fault));
      const times = met.reduce((all, { fired }) => all + (fired.get(fault) ?? 0), 0);
      return { fault, seeds: met.length, times };
    });
    say(seeds.map(({ fault, seeds: met, times }) => `${fault} ${met}/${times}`).join(', '));
    const rare = seeds.filter(({ seeds: met }) => met < outcomes.length / 100);
    expect(rare).toEqual([]);
  });

  it('A5: takes the steps of the order graph that a world like this one can cause', () => {
    const isTaken = (edge: string) => outcomes.some(({ edges }) => edges.has(edge));
    expect(EDGES.filter((edge) => !isTaken(edge))).toEqual([]);
  });
});

describe('A6: a planted bug is found', () => {
  it.each(PLANTED_BUGS)(
    '$name',
    async (bug) => {
      const first = await firstFailing({ bug });
      expect(first, `${bug.name} survived ${PLANTED_SEEDS_MAX} seeds`).toBeDefined();
      const [violation] = first?.violations ?? [];
      say(`${bug.name}: seed ${first?.seed}, ${violation?.invariant}: ${violation?.text}`);
    },
    TIMEOUT_MS,
  );
});

async function firstFailing(options: SimOptions): Promise<Outcome | undefined> {
  for (let seed = 1; seed <= PLANTED_SEEDS_MAX; seed += 1) {
    const outcome = await simulate(seed, options);
    if (outcome.violations.length > 0) return outcome;
  }
  return undefined;
}

function expectSafe({ seed, violations }: Outcome): void {
  const words = violations.map(({ invariant, text }) => `${invariant}: ${text}`);
  expect(words, reproduce(seed)).toEqual([]);
}

/** RELIABILITY A7. */
function reproduce(seed: number): string {
  return `reproduce with: npm run sim -- --seed ${seed}`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
