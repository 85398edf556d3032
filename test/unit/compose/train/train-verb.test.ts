import { describe, expect, it } from 'vitest';
import type { TrainOptions } from '../../../../src/cli/train-options.ts';
import { trainVerb } from '../../../../src/compose/train/train-verb.ts';
import { CollectingTerminal } from '../../cli/collecting-terminal.ts';
import { typed } from './tiny-training.ts';

describe('strata train', () => {
  it.each([
    [{ source: 'days', market: { symbols: 3 } }, /^--market-symbols: of the seeded market alone/],
    [
      { source: 'store', market: { days: 3 } },
      /^--market-days: of the seeded .* --source is store$/,
    ],
    [{ source: 'days', market: { symbols: 3, days: 3 } }, /^--market-symbols and --market-days: /],
    [{ actions: 'splits.csv', market: {} }, /^--actions: of a folder of days, .* is seeded$/],
    [{ source: 'store:iex', actions: 'a.csv', market: {} }, /^--actions: .* is store:iex$/],
  ] satisfies [Partial<TrainOptions>, RegExp][])(
    'refuses what its source has no use for: %o',
    async (given, message) => {
      const run = trainVerb(typed(given), new CollectingTerminal(), {}, never);
      await expect(run).rejects.toMatchObject({
        code: 'TRAIN_SOURCE',
        message: expect.stringMatching(message),
      });
    },
  );
});

function never(): AbortSignal {
  throw new Error('it began to train');
}
