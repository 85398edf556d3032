import type { ListedSymbol, TimedInput } from '../../ports/market-source.ts';

export interface Story {
  /** A whole number, as the venue's: rising with time. */
  readonly id: number;
  readonly atUs: number;
  readonly headline: string;
  readonly symbols: readonly string[];
  /** -1 to 1; NaN where nobody has scored it. */
  readonly sentiment: number;
}

/** The day's news, known to the venue beforehand and to nobody else before its time. */
export class NewsShelf {
  /** In time order. */
  readonly #stories: readonly Story[];

  constructor(calendar: readonly TimedInput[], symbols: readonly ListedSymbol[]) {
    const stories: Story[] = [];
    for (const { atUs, input } of calendar) {
      if (input.kind !== 'newsArrived') continue;
      stories.push({
        id: FIRST_ID + stories.length,
        atUs,
        headline: input.headline,
        symbols: input.symbols.flatMap((symbol) => symbols[symbol]?.name ?? []),
        sentiment: input.sentiment,
      });
    }
    this.#stories = stories;
  }

  /** Stories of a span, both ends included. */
  read(fromUs: number, toUs: number): readonly Story[] {
    return this.#stories.filter(({ atUs }) => atUs >= fromUs && atUs <= toUs);
  }
}

const FIRST_ID = 50_000_001;
