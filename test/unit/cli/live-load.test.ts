import { describe, expect, it } from 'vitest';
import { type LiveLoad, loadRows, readLoad } from '../../../src/cli/live-load.ts';

const LOAD: LiveLoad = {
  loop: { p50Ms: 0.4, p99Ms: 8.25, maxMs: 61 },
  feed: { lagMs: 1.1, lagMsMost: 250 },
  queues: {
    market: { now: 0, most: 1_024, max: 262_144 },
    inputs: { now: 3, most: 2_048, max: 16_384 },
  },
  drops: { quotesConflated: 0, inputsRefused: 0 },
  memory: { rssBytes: 300_000_000, rssBytesMost: 310_000_000 },
};

const INFERENCE: NonNullable<LiveLoad['inference']> = {
  counts: { done: 1_204, expired: 3, late: 0 },
  layers: {
    'layer 3': {
      batches: 96,
      rowsP50: 24,
      rowsMost: 60,
      waitP50Ms: 0.02,
      waitP99Ms: 1.4,
      answerP99Ms: 2.6,
      deadlineMisses: 3,
    },
  },
  models: {
    'momentum-1@d04686b5': {
      rows: 2_310,
      runP50Ms: 0.06,
      runP99Ms: 0.9,
      faults: 0,
      deadlineMisses: 3,
    },
  },
};

describe('what a live session tells of its load', () => {
  it('is the event loop, the feed, every queue beside its limit, and the memory', () => {
    expect(loadRows(LOAD)).toEqual([
      ['loop', 'late by p50 0.4 ms, p99 8.25 ms, at most 61 ms'],
      ['feed', '1.1 ms behind, at most 250 ms'],
      ['queues', 'at most market 1,024 of 262,144, inputs 2,048 of 16,384'],
      ['drops', 'none'],
      ['memory', '300 MB, at most 310 MB'],
    ]);
  });

  it('names what was dropped, and only that', () => {
    const rows = new Map(loadRows({ ...LOAD, drops: { quotesConflated: 1_200, dropped: 0 } }));

    expect(rows.get('drops')).toBe('quotesConflated 1,200');
  });

  it('is where rows are scored also each layer`s batches and each model`s runs', () => {
    const rows = loadRows({ ...LOAD, inference: INFERENCE });

    expect(rows.slice(5)).toEqual([
      ['inference', 'done 1,204, expired 3'],
      [
        '',
        'layer 3: 96 batches of 24 rows (p50), wait p50 0.02 ms, p99 1.4 ms, ' +
          'answer p99 2.6 ms, late 3',
      ],
      ['', 'momentum-1@d04686b5: 2,310 rows, run p50 0.06 ms, p99 0.9 ms, faults 0'],
    ]);
  });

  it('comes back with its inference, and not where that is none', () => {
    const answer: unknown = JSON.parse(JSON.stringify({ ...LOAD, inference: INFERENCE }));
    const broken = {
      ...LOAD,
      inference: { ...INFERENCE, layers: { 'layer 3': { batches: 'x' } } },
    };

    expect(readLoad(Object(answer))).toEqual({ ...LOAD, inference: INFERENCE });
    expect(readLoad(broken)).toBeUndefined();
  });

  it('comes back as it was from the control channel, beside what is not of it', () => {
    const answer: unknown = JSON.parse(JSON.stringify({ ...LOAD, sessionId: 's' }));

    expect(readLoad(Object(answer))).toEqual({ ...LOAD, sessionId: 's' });
  });

  it.each([
    ['nothing of it', {}],
    ['no loop', { ...LOAD, loop: undefined }],
    ['a percentile that is no number', { ...LOAD, loop: { ...LOAD.loop, p99Ms: '8' } }],
    ['a queue without its limit', { ...LOAD, queues: { market: { now: 0, most: 1 } } }],
    ['drops that are no numbers', { ...LOAD, drops: { quotesConflated: 'many' } }],
  ])('is not read where there is %s', (_, answer) => {
    expect(readLoad(answer)).toBeUndefined();
  });
});
