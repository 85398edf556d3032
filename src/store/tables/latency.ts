import type { TableDeclaration } from '../../ports/time-series.ts';
import { SESSION } from './columns.ts';

/** Percentiles of one path over one span, so that years of them stay small. */
export const latency: TableDeclaration = {
  name: 'latency',
  tells: 'How long one path through the engine took, over one span of time.',
  version: 1,
  columns: [
    { name: 'at_us', kind: 'time', tells: 'end of the span' },
    SESSION,
    { name: 'path', kind: 'symbol', tells: 'turn, loop delay, order answer, inference' },
    { name: 'span_us', kind: 'double', tells: 'length of the span' },
    { name: 'samples', kind: 'double', tells: 'how many were measured' },
    { name: 'p50_us', kind: 'double', tells: 'half were quicker' },
    { name: 'p99_us', kind: 'double', tells: '99 in 100 were quicker' },
    { name: 'most_us', kind: 'double', tells: 'the slowest' },
  ],
  time: 'at_us',
  partition: 'month',
  keys: ['session', 'path'],
};
