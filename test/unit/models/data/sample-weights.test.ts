import { describe, expect, it } from 'vitest';
import { DAY } from '../../../../src/core/time.ts';
import { effectiveCount, sampleWeights } from '../../../../src/models/data/sample-weights.ts';
import type { Samples } from '../../../../src/models/data/samples.ts';

/** One sample of each symbol at each time, known `openUs` later. */
function samplesAt(times: readonly number[], symbols: number, openUs: number): Samples {
  const count = times.length * symbols;
  const atUs = Float64Array.from(
    { length: count },
    (_, at) => times[Math.floor(at / symbols)] ?? 0,
  );
  return {
    count,
    width: 1,
    features: new Float64Array(count),
    symbol: Int32Array.from({ length: count }, (_, at) => at % symbols),
    symbols: Array.from({ length: symbols }, (_, at) => `S${at}`),
    atUs,
    knownUs: atUs.map((us) => us + openUs),
    label: new Float64Array(count),
    forwardReturn: new Float64Array(count),
    weight: new Float64Array(count).fill(1),
  };
}

describe('weights of samples', () => {
  it('of the layers by their sizes: the third is no tenth of it all', () => {
    // 2,000, 1,000, 200 and 50 symbols in the layers 0 to 3.
    const sizes = [2_000, 1_000, 200, 50];
    const layers = sizes.flatMap((size, layer) => Array.from({ length: size }, () => layer));
    const { weight, effective, layerShares } = sampleWeights(samplesAt([0], 3_250, 1), { layers });

    expect(Math.round(effective)).toBe(2_181);
    expect(layerShares.map((share) => Math.round(share * 1_000) / 10)).toEqual([
      38.5, 38.5, 15.4, 7.7, 0,
    ]);
    expect((weight[3_249] ?? 0) / (weight[0] ?? 0)).toBeCloseTo(8, 12);
    expect(weight.reduce((sum, value) => sum + value, 0) / 3_250).toBeCloseTo(1, 12);
  });

  it('of a symbol whose layer is not known: a tenth', () => {
    const { weight, layerShares } = sampleWeights(samplesAt([0], 2, 1), { layers: [1, undefined] });

    expect((weight[1] ?? 0) / (weight[0] ?? 0)).toBeCloseTo(0.1, 12);
    expect(layerShares[4]).toBeCloseTo(0.1 / 1.1, 12);
  });

  it('halve with age', () => {
    const { weight } = sampleWeights(samplesAt([0, 10 * DAY, 20 * DAY], 1, 1), {
      layers: [1],
      halfLifeUs: 10 * DAY,
    });

    expect((weight[0] ?? 0) / (weight[2] ?? 0)).toBeCloseTo(0.25, 12);
    expect((weight[1] ?? 0) / (weight[2] ?? 0)).toBeCloseTo(0.5, 12);
  });

  it('are shared by outcomes of one symbol that overlap, and not by those of another', () => {
    const samples = samplesAt([0, 1, 10], 2, 4);
    const { weight } = sampleWeights(samples, { layers: [1, 1] });
    // The first two are open together for three of their four.
    const shared = (1 + 3 / 2) / 4;

    expect((weight[0] ?? 0) / (weight[4] ?? 0)).toBeCloseTo(shared, 12);
    expect(weight[0]).toBe(weight[1]);
    const plain = sampleWeights(samples, { layers: [1, 1], isByUniqueness: false });
    expect([...plain.weight]).toEqual([1, 1, 1, 1, 1, 1]);
    expect(plain.effective).toBe(6);
  });

  it('count as Kish has it', () => {
    expect(effectiveCount(Float64Array.from([1, 1, 1, 1]))).toBe(4);
    expect(effectiveCount(Float64Array.from([3, 1]))).toBe(1.6);
    expect(effectiveCount(new Float64Array())).toBe(0);
  });
});
