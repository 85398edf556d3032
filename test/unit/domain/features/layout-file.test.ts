import { describe, expect, it } from 'vitest';
import { createFeatureSet, isFeatureSet } from '../../../../src/domain/features/feature-set.ts';
import { openLayout, storeLayout } from '../../../../src/domain/features/layout-file.ts';
import { extendRegistry } from '../../../../src/domain/features/registry.ts';
import { STANDARD_REGISTRY } from '../../../../src/domain/features/standard-registry.ts';

const layout = {
  feed: 'sip',
  timeframe: '5m',
  names: ['return1', 'rsiCentred'],
  normalisation: [
    { kind: 'standard', mean: 0.1 + 0.2, deviation: 1 / 3, clip: 5 },
    { kind: 'none' },
  ],
} as const;

const made = createFeatureSet(STANDARD_REGISTRY, layout, 4);
if (!isFeatureSet(made)) throw new Error(made.reason);
const stored: Readonly<Record<string, unknown>> = JSON.parse(JSON.stringify(storeLayout(made)));

describe('a stored layout', () => {
  it('comes back from JSON with every bit and the same hash', () => {
    const opened = openLayout(STANDARD_REGISTRY, stored, 4);
    if (!('compute' in opened)) throw new Error(opened.reason);
    expect(opened.layoutHash).toBe(made.layoutHash);
    expect(opened.layout).toMatchObject(layout);
  });

  it('is refused where a feature has another meaning now, or is not known', () => {
    const other = { ...stored, hash: '0123456789abcdef' };
    expect(openLayout(STANDARD_REGISTRY, other, 4)).toMatchObject({ code: 'HASH' });
    const scaled = { ...stored, normalisation: [{ kind: 'none' }, { kind: 'none' }] };
    expect(openLayout(STANDARD_REGISTRY, scaled, 4)).toMatchObject({ code: 'HASH' });
    const unknown = { ...stored, names: ['return1', 'retrun5'] };
    const fault = openLayout(extendRegistry(STANDARD_REGISTRY, []), unknown, 4);
    expect(fault).toMatchObject({ code: 'FEATURE' });
    expect('reason' in fault && fault.reason).toMatch(/did you mean return5/);
  });

  it.each<[string, unknown]>([
    ['format', { ...stored, format: 'strata-features/2' }],
    ['format', 'text'],
    ['hash', { ...stored, hash: 7 }],
    ['feed', { ...stored, feed: '' }],
    ['timeframe', { ...stored, timeframe: 5 }],
    ['names', { ...stored, names: ['return1', 'return1'] }],
    ['names', { ...stored, names: [] }],
    ['normalisation', { ...stored, normalisation: [{ kind: 'none' }] }],
    [
      'normalisation',
      { ...stored, normalisation: [{ kind: 'standard', mean: 0 }, { kind: 'none' }] },
    ],
  ])('tells which field is wrong: %s', (field, value) => {
    const fault = openLayout(STANDARD_REGISTRY, value, 4);
    expect('reason' in fault && fault.reason).toContain(field);
  });
});
