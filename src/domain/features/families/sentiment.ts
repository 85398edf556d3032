import type { FeatureDeclaration, FeatureUnits } from '../feature.ts';

/** What the news say, and how loud. Without any the tone is nothing, which is what is imputed. */
export const SENTIMENT: readonly FeatureDeclaration[] = [
  {
    ...feature('newsTone', 'Tone of the news of two days, -1 to 1.', 'score', ['news.tone']),
    source: 'Tetlock 2007',
  },
  feature('newsToneFast', 'Tone of the news of two hours, -1 to 1.', 'score', ['news.toneFast']),
  feature(
    'newsMomentum',
    'Tone of two hours less that of two days: the news turn better.',
    'score',
    ['news.toneFast', 'news.tone'],
    (x) => (x[0] ?? NaN) - (x[1] ?? NaN),
  ),
  feature('newsDoubt', 'How uncertain the news sound, 0 to 1.', 'score', ['news.doubt']),
  feature('newsFlow', 'New headlines, each halved every two days.', 'count', ['news.flow']),
  feature('newsToday', 'Headlines of this day.', 'count', ['news.countToday']),
  {
    ...feature('newsNovelty', 'How new the last headline was, 0 to 1.', 'share', ['news.novelty']),
    source: 'Tetlock 2011',
  },
  {
    ...feature('newsAge', 'Since the last headline, cut at a week.', 'minutes', ['news.age']),
    imputed: 10_080,
    formula: (x) => Math.min(10_080, x[0] ?? NaN),
  },
];

function feature(
  name: string,
  tells: string,
  units: FeatureUnits,
  inputs: readonly string[],
  formula: (x: Float64Array) => number = (x) => x[0] ?? NaN,
): FeatureDeclaration {
  const rest = { layer: 3, version: 1, isCritical: false, imputed: 0 } as const;
  return { name, family: 'sentiment', tells, units, inputs, formula, ...rest };
}
