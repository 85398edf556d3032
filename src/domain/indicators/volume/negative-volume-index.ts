import type { IndicatorDeclaration } from '../declaration.ts';
import { volumeIndexBody } from './volume-index-body.ts';

/** What the price did on bars with less volume than the one before. */
export const negativeVolumeIndex: IndicatorDeclaration = {
  name: 'negativeVolumeIndex',
  title: 'Negative volume index',
  family: 'volume',
  tells: 'What the price does when the crowd is away: above its year-long average, a bull market.',
  formula:
    '1000 at the first bar; times close / previous close at each bar with less volume than the ' +
    'one before.',
  source: 'Paul Dysart, 1936; Norman Fosback, Stock Market Logic, 1976',
  parameters: [],
  inputs: ['close', 'volume'],
  takesAnySeries: false,
  outputs: [{ name: 'index', units: 'number' }],
  build: () => volumeIndexBody(-1),
};
