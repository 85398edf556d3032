import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  POLYGON_CHANNELS,
  readTopics,
  TopicSet,
} from '../../../../src/venue/polygon/sockets/polygon-topics.ts';

const SYMBOLS = ['A', 'BRK.A', 'SEMKT', '*'] as const;

describe('topics', () => {
  it('are read in their order, with spaces around them, whatever is served of them', () => {
    expect(readTopics('T.AAPL, AM.* ,NOI.X,LULD.BRK.A')).toEqual([
      { text: 'T.AAPL', channel: 'T', symbol: 'AAPL' },
      { text: 'AM.*', channel: 'AM', symbol: '*' },
      { text: 'NOI.X', channel: undefined, symbol: 'X' },
      { text: 'LULD.BRK.A', channel: 'LULD', symbol: 'BRK.A' },
    ]);
  });

  it.each([undefined, 12, '', 'T', '.A', 'T.', 't.A', 'T.A,', 'T.A B', '*', `T.${'A'.repeat(40)}`])(
    'are none: %j',
    (params) => {
      expect(readTopics(params)).toBeUndefined();
    },
  );

  it('never throw, and never give back another text than they had', () => {
    fc.assert(
      fc.property(fc.string(), (params) => {
        const topics = readTopics(params);
        if (topics === undefined) return;

        expect(topics.map(({ text }) => text)).toEqual(
          params.split(',').map((part) => part.trim()),
        );
      }),
    );
  });

  it('D5 are wanted as a simple model has it, after any history', () => {
    const change = fc.record({
      isAdded: fc.boolean(),
      channel: fc.constantFrom(...POLYGON_CHANNELS),
      symbol: fc.constantFrom(...SYMBOLS),
    });
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const topics = new TopicSet();
        const model = new Set<string>();
        for (const { isAdded, channel, symbol } of changes) {
          if (isAdded) topics.add(channel, symbol);
          else topics.remove(channel, symbol);
          if (isAdded) model.add(`${channel}.${symbol}`);
          else model.delete(`${channel}.${symbol}`);
        }
        for (const channel of POLYGON_CHANNELS) {
          for (const symbol of ['A', 'BRK.A', 'OTHER']) {
            const isWanted = model.has(`${channel}.${symbol}`) || model.has(`${channel}.*`);
            expect(topics.has(channel, symbol)).toBe(isWanted);
          }
        }
      }),
    );
  });
});
