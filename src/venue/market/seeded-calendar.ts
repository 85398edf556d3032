import { present } from '../../core/assert.ts';
import { type SymbolId, symbolId } from '../../core/ids.ts';
import { Random } from '../../core/random.ts';
import { MINUTE } from '../../core/time.ts';
import type { TradingDay } from '../../domain/market/calendar.ts';
import type { TimedInput } from '../../ports/market-source.ts';
import {
  FIRST_HALT_US,
  HALT_MAX_US,
  HALT_MIN_US,
  HALTS_PER_DAY,
  LAST_HALT_US,
  NEWS_BELIEVED,
  NEWS_DELAY_MAX_US,
  NEWS_DELAY_MIN_US,
  NEWS_JUMP_MAX,
  NEWS_JUMP_MIN,
  NEWS_PER_DAY,
} from './market-model.ts';
import type { SeededUniverse } from './seeded-universe.ts';

/** A story and what it does to its symbol: a jump in deviations of the symbol's session. */
export type Story = {
  readonly newsUs: number;
  readonly jumpUs: number;
  readonly symbol: SymbolId;
  readonly jump: number;
  readonly input: TimedInput;
};

export type Halt = {
  readonly symbol: number;
  readonly haltUs: number;
  readonly resumeUs: number;
};

export type DayPlan = {
  readonly day: TradingDay;
  readonly stories: readonly Story[];
  readonly halts: readonly Halt[];
};

/** What is decided before a day begins, from a stream of its own. In time order. */
export function planDay(seed: number, day: TradingDay, universe: SeededUniverse): DayPlan {
  const random = new Random(seed, day.date);
  const stories: Story[] = [];
  const count = Math.max(1, Math.round(universe.equities * NEWS_PER_DAY));
  for (let at = 0; at < count; at += 1) stories.push(drawStory(random, day, universe, at));
  stories.sort((left, right) => left.newsUs - right.newsUs);
  const halts: Halt[] = [];
  const haltCount = Math.max(1, Math.round(universe.equities * HALTS_PER_DAY));
  for (let at = 0; at < haltCount; at += 1) halts.push(drawHalt(random, day, universe));
  halts.sort((left, right) => left.haltUs - right.haltUs);
  return { day, stories, halts };
}

/** Session edges and news of all days, in time order: what `MarketSource.calendar` wants. */
export function calendarOf(plans: readonly DayPlan[]): readonly TimedInput[] {
  const inputs = plans.flatMap(({ day, stories }) => [
    edge(day, 'pre', day.preUs),
    edge(day, 'core', day.openUs),
    edge(day, 'post', day.closeUs),
    edge(day, 'closed', day.postUs),
    ...stories.map(({ input }) => input),
  ]);
  // Stable: a story at the very moment of an edge comes after it.
  return inputs.toSorted((left, right) => left.atUs - right.atUs);
}

function edge(day: TradingDay, phase: 'closed' | 'pre' | 'core' | 'post', atUs: number) {
  const { date, openUs, closeUs } = day;
  return { atUs, input: { kind: 'sessionChanged', phase, date, openUs, closeUs } } as const;
}

/** Nine of ten in the core session, the others in the two hours before it. */
function drawStory(
  random: Random,
  day: TradingDay,
  universe: SeededUniverse,
  number: number,
): Story {
  const symbol = symbolId(random.below(universe.equities));
  const isEarly = random.chance(0.1);
  const fromUs = isEarly ? day.openUs - 120 * MINUTE : day.openUs;
  const toUs = isEarly ? day.openUs : day.closeUs - 2 * MINUTE;
  const newsUs = Math.floor(fromUs + random.unit() * (toUs - fromUs));
  const delayUs = NEWS_DELAY_MIN_US + random.unit() * (NEWS_DELAY_MAX_US - NEWS_DELAY_MIN_US);
  const strength = random.unit();
  const told = random.chance(0.5) ? 1 : -1;
  const direction = random.chance(NEWS_BELIEVED) ? told : -told;
  const range = NEWS_JUMP_MAX - NEWS_JUMP_MIN;
  const size = NEWS_JUMP_MIN + strength * strength * strength * range;
  const phrase = random.pick(told > 0 ? GOOD_NEWS : BAD_NEWS);
  const name = present(universe.symbols[symbol], 'a symbol of the universe').name;
  return {
    newsUs,
    jumpUs: Math.floor(newsUs + delayUs),
    symbol,
    jump: direction * size,
    input: {
      atUs: newsUs,
      input: {
        kind: 'newsArrived',
        newsId: `seeded-${day.date}-${number}`,
        symbols: [symbol],
        headline: `${name} ${phrase}`,
        // Some providers do not score; two places, as those that do.
        sentiment: random.chance(0.1) ? Number.NaN : (told * Math.round(40 + 60 * strength)) / 100,
        venueUs: newsUs,
      },
    },
  };
}

const GOOD_NEWS = [
  'raises its outlook for the year',
  'wins a contract worth more than a quarter of its sales',
  'reports earnings above every estimate',
  'is said to be approached by a buyer',
] as const;

const BAD_NEWS = [
  'cuts its outlook for the year',
  'loses its largest customer',
  'reports earnings below every estimate',
  'says its auditor has resigned',
] as const;

function drawHalt(random: Random, day: TradingDay, universe: SeededUniverse): Halt {
  const fromUs = day.openUs + FIRST_HALT_US;
  const toUs = day.closeUs - LAST_HALT_US;
  const haltUs = Math.floor(fromUs + random.unit() * (toUs - fromUs));
  const lengthUs = HALT_MIN_US + random.unit() * (HALT_MAX_US - HALT_MIN_US);
  return {
    symbol: random.below(universe.equities),
    haltUs,
    resumeUs: Math.floor(haltUs + lengthUs),
  };
}
