import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../../../src/core/time.ts';
import { LEXICON } from '../../../../src/domain/features/news/finance-lexicon.ts';
import { SKETCH, sketchHeadline } from '../../../../src/domain/features/news/headline-sketch.ts';
import { scoreText } from '../../../../src/domain/features/news/score-text.ts';
import { folded, tokensOf } from '../../../../src/domain/features/news/words.ts';
import { newsSource } from '../../../../src/domain/features/sources/news-source.ts';
import { newYorkDayNumber } from '../../../../src/domain/market/calendar.ts';
import { columnsOf, freshState, hearSymbol, noon } from '../../../reference/rare-facts.ts';

const tone = (text: string): number => scoreText(text).tone;

describe('the tone of a text', () => {
  it.each([
    'Company beats estimates and raises guidance',
    'Net loss narrowed to $3 million',
    'Operating costs fell by a tenth',
    'Quarterly profit was not bad at all',
    'Operating profit was $4.2 million compared to a loss of $1.1 million',
    'EPS of $1.37 vs $1.25 a year ago',
    'Sales came to 1.2 billion versus 900 million',
  ])('is good: %s', (text) => {
    expect(tone(text)).toBeGreaterThan(0.2);
  });

  it.each([
    'Company issues profit warning',
    'Sales fell sharply in the quarter',
    'Net loss widened to $8 million',
    'Higher costs weigh',
    'The results were not good',
    'Pretax loss of EUR 1.2 mn, down from a profit of EUR 2.1 mn',
    'EPS of $1.05 vs $1.25 a year ago',
    'Sales came to 950 million versus 1.2 billion in 2007',
  ])('is bad: %s', (text) => {
    expect(tone(text)).toBeLessThan(-0.2);
  });

  it.each([
    'The annual meeting will be held in Helsinki on 4 May',
    'The dividend is paid to shareholders of record on 3 June 2009',
    'Turnover in 2007 was 12 million and in 2009 there were 140 employees',
    '',
    '$$$ ... 42',
  ])('is nothing: %s', (text) => {
    expect(tone(text)).toBe(0);
  });

  it('is turned by a negation within three words and no further', () => {
    const good = tone('profitable');
    expect(tone('not profitable')).toBeLessThan(0);
    expect(tone('not at all profitable')).toBeLessThan(0);
    expect(tone("isn't profitable")).toBeLessThan(0);
    expect(tone('not in any of these years profitable')).toBe(good);
    expect(tone('not now, profitable')).toBe(good);
    // Not bad is not as good as good.
    expect(tone('not bad')).toBeGreaterThan(0);
    expect(tone('not bad')).toBeLessThan(tone('good'));
  });

  it('is stronger or weaker by the word before', () => {
    const sizes = ['slightly', '', 'strongly', 'sharply'].map((word) =>
      tone(`profit ${word} rose`),
    );
    expect(sizes).toEqual(sizes.toSorted((left, right) => left - right));
    expect(new Set(sizes).size).toBe(4);
  });

  it('hears doubt apart from good and bad', () => {
    expect(scoreText('The outcome is uncertain and may depend on talks').doubt).toBeGreaterThan(
      0.5,
    );
    expect(scoreText('Profit rose').doubt).toBe(0);
  });

  it('is between -1 and 1 and the same whatever the case, for any text', () => {
    const words = fc.constantFrom(
      ...LEXICON.tones.keys(),
      ...LEXICON.directions.keys(),
      'x',
      '3.5',
    );
    const text = fc.oneof(
      fc.array(words, { maxLength: 60 }).map((w) => w.join(' ')),
      fc.string(),
    );
    fc.assert(
      fc.property(text, (some) => {
        const score = scoreText(some);
        expect(Math.abs(score.tone)).toBeLessThan(1);
        expect(score.doubt).toBeGreaterThanOrEqual(0);
        expect(score.doubt).toBeLessThan(1);
        const ascii = folded(some);
        expect(scoreText(ascii)).toEqual(score);
      }),
    );
  });

  it('folds accents by table and cuts numbers, years and abbreviations as wires write them', () => {
    expect(folded('Ålandsbanken Zürich “naïve” ’s')).toBe("alandsbanken zurich  naive  's");
    expect(tokensOf('EUR1 .37 in 2005 , up 1,234.5 % in the U.S. now.')).toEqual([
      { kind: 'word', text: 'eur' },
      { kind: 'number', value: 1.37, isYear: false },
      { kind: 'word', text: 'in' },
      { kind: 'number', value: 2005, isYear: true },
      { kind: 'mark', text: ',' },
      { kind: 'word', text: 'up' },
      { kind: 'number', value: 1234.5, isYear: false },
      { kind: 'word', text: 'in' },
      { kind: 'word', text: 'the' },
      { kind: 'word', text: 'now' },
      { kind: 'mark', text: '.' },
    ]);
  });

  it('has a few hundred words of each kind, none of them with two signs', () => {
    expect(LEXICON.tones.size).toBeGreaterThan(500);
    expect(LEXICON.doubts.size).toBeGreaterThan(60);
    const torn = [...LEXICON.tones].filter(
      ([word, weight]) => weight * (LEXICON.subjects.get(word) ?? 0) < 0,
    );
    expect(torn).toEqual([]);
    for (const word of LEXICON.tones.keys()) expect(word).toMatch(/^[a-z0-9]+(?:_[a-z0-9]+)*$/);
  });
});

const source = newsSource.build({ symbolsMax: 1, spanUs: 0 });
const START = noon(20240304);

interface Headline {
  readonly headline: string;
  readonly sentiment: number;
  readonly nowUs: number;
}

function stateOf(news: readonly Headline[]): Float64Array {
  const state = freshState(source);
  for (const one of news) hearSymbol(source, state, { kind: 'news', ...one });
  return state;
}

/** By the words of the columns: every headline with its own weight and its own half-lives. */
function naive(news: readonly Headline[], nowUs: number): Record<string, number> {
  const sketches = news.map(({ headline }) => {
    const sketch = new Float64Array(SKETCH);
    sketchHeadline(headline, sketch);
    return sketch;
  });
  const novelty = news.map((one, at) => {
    let most = 0;
    for (let back = Math.max(0, at - 8); back < at; back += 1) {
      if (one.nowUs - (news[back]?.nowUs ?? 0) > 3 * DAY) continue;
      const same = sketches[at]?.filter((hash, of) => hash === sketches[back]?.[of]).length ?? 0;
      most = Math.max(most, same / SKETCH);
    }
    return 1 - most;
  });
  const toneOf = ({ headline, sentiment }: Headline) =>
    Number.isNaN(sentiment) ? scoreText(headline).tone : sentiment;
  const sum = (halfLifeUs: number, of: (one: Headline) => number) =>
    news.reduce(
      (total, one, at) =>
        total + (novelty[at] ?? 0) * of(one) * 2 ** (-(nowUs - one.nowUs) / halfLifeUs),
      0,
    );
  const told = (halfLifeUs: number, of: (one: Headline) => number) =>
    sum(halfLifeUs, of) / (1 + sum(halfLifeUs, () => 1));
  const today = newYorkDayNumber(nowUs);
  return {
    toneFast: told(2 * HOUR, toneOf),
    tone: told(2 * DAY, toneOf),
    doubt: told(2 * DAY, ({ headline }) => scoreText(headline).doubt),
    flow: sum(2 * DAY, () => 1),
    countToday: news.filter((one) => newYorkDayNumber(one.nowUs) === today).length,
    novelty: novelty.at(-1) ?? NaN,
  };
}

describe('the news source', () => {
  it('agrees with every headline halved on its own', () => {
    const one = fc.record({
      headline: fc.constantFrom(
        'Profit rises',
        'Profit rises again',
        'Losses widen at plant',
        'Outlook uncertain',
        'New order signed in Ohio today',
      ),
      sentiment: fc.constantFrom(NaN, NaN, 0.8, -0.5, 0),
      afterUs: fc.integer({ min: 0, max: 2 * DAY }),
    });
    const lists = fc.array(one, { minLength: 1, maxLength: 25 });
    fc.assert(
      fc.property(lists, fc.integer({ min: 0, max: 3 * DAY }), (list, on) => {
        let at = START;
        const news = list.map(({ afterUs, ...rest }) => ({ ...rest, nowUs: (at += afterUs) }));
        const found = columnsOf(source, stateOf(news), at + on);
        for (const [name, value] of Object.entries(naive(news, at + on))) {
          expect(found[name], name).toBeCloseTo(value, 9);
        }
      }),
    );
  });

  it('hears a headline that ten services tell once', () => {
    const one = { headline: 'Profit rises sharply at Acme', sentiment: NaN, nowUs: START };
    const ten = Array.from({ length: 10 }, () => one);
    const found = columnsOf(source, stateOf(ten), START);
    expect(found).toMatchObject({ flow: 1, countToday: 10, novelty: 0 });
    expect(found['tone']).toBeCloseTo(columnsOf(source, stateOf([one]), START)['tone'] ?? NaN, 12);
  });

  it('believes the provider where it scores, and itself where that is no score', () => {
    const of = (sentiment: number) =>
      columnsOf(source, stateOf([{ headline: 'Profit rises', sentiment, nowUs: START }]), START);
    expect(of(-1)['tone']).toBe(-0.5);
    expect(of(7)).toEqual(of(NaN));
    expect(of(NaN)['tone']).toBeGreaterThan(0);
  });

  it('is nearer nothing with every day, and never NaN after years', () => {
    const state = stateOf([{ headline: 'Profit rises', sentiment: 1, nowUs: START }]);
    const tones = [0, 1, 3, 10, 5_000].map(
      (days) => columnsOf(source, state, START + days * DAY)['tone'] ?? NaN,
    );
    expect(tones).toEqual(tones.toSorted((left, right) => right - left));
    expect(tones.at(-1)).toBeLessThan(1e-12);
    expect(tones.at(-1)).toBeGreaterThanOrEqual(0);
  });

  it('counts headlines without words, and those from before the last', () => {
    const state = stateOf([{ headline: 'Profit rises', sentiment: NaN, nowUs: START }]);
    const before = columnsOf(source, state, START);
    hearSymbol(source, state, { kind: 'news', headline: '???', sentiment: 1, nowUs: START });
    hearSymbol(source, state, { kind: 'news', headline: 'Old', sentiment: 1, nowUs: START - 1 });
    expect(columnsOf(source, state, START)).toEqual({ ...before, refused: 2 });
    expect(columnsOf(source, state, START - 1)['tone']).toBeNaN();
  });
});
