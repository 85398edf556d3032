import type { FeatureDeclaration } from '../feature.ts';
import { featuresOf } from './parts.ts';

const feature = featuresOf({ family: 'sentiment', imputed: 0 });

/** What the news say, and how loud. Without any the tone is nothing, which is what is imputed. */
export const SENTIMENT: readonly FeatureDeclaration[] = [
  feature({
    name: 'newsTone',
    tells: 'Tone of the news of two days, -1 to 1.',
    units: 'score',
    inputs: ['news.tone'],
    source: 'Tetlock 2007',
  }),
  feature({
    name: 'newsToneFast',
    tells: 'Tone of the news of two hours, -1 to 1.',
    units: 'score',
    inputs: ['news.toneFast'],
  }),
  feature({
    name: 'newsMomentum',
    tells: 'Tone of two hours less that of two days: the news turn better.',
    units: 'score',
    inputs: ['news.toneFast', 'news.tone'],
    formula: (x) => (x[0] ?? NaN) - (x[1] ?? NaN),
  }),
  feature({
    name: 'newsDoubt',
    tells: 'How uncertain the news sound, 0 to 1.',
    units: 'score',
    inputs: ['news.doubt'],
  }),
  feature({
    name: 'newsFlow',
    tells: 'New headlines, each halved every two days.',
    units: 'count',
    inputs: ['news.flow'],
  }),
  feature({
    name: 'newsToday',
    tells: 'Headlines of this day.',
    units: 'count',
    inputs: ['news.countToday'],
  }),
  feature({
    name: 'newsNovelty',
    tells: 'How new the last headline was, 0 to 1.',
    units: 'share',
    inputs: ['news.novelty'],
    source: 'Tetlock 2011',
  }),
  feature({
    name: 'newsAge',
    tells: 'Since the last headline, cut at a week.',
    units: 'minutes',
    inputs: ['news.age'],
    imputed: 10_080,
    formula: (x) => Math.min(10_080, x[0] ?? NaN),
  }),
];
