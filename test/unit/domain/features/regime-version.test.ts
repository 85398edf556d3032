import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../../../src/core/time.ts';
import { DAILY_REGIME } from '../../../../src/domain/features/sources/regime-daily.ts';
import { modelVersion } from '../../../../src/domain/features/sources/regime-model.ts';
import { regimeSource } from '../../../../src/domain/features/sources/regime-source.ts';

describe('the version of the regime source', () => {
  it('tells the order of its models: of two for one span the first is taken', () => {
    const other = {
      ...DAILY_REGIME,
      hmm: { ...DAILY_REGIME.hmm, means: DAILY_REGIME.hmm.means.map((mean) => mean / 2) },
    };
    const version = (...models: Parameters<typeof regimeSource>[0]) =>
      regimeSource(models).build({ symbolsMax: 1, spanUs: MINUTE }).version;

    expect(version(DAILY_REGIME, other)).not.toBe(version(other, DAILY_REGIME));
    expect(version(DAILY_REGIME) - version()).toBe(modelVersion(DAILY_REGIME));
    expect(Number.isSafeInteger(version(DAILY_REGIME, other))).toBe(true);
  });
});
