import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrated } from '../../../../src/models/artefact/calibration.ts';
import {
  cardText,
  contentHashOf,
  expectCard,
  type ModelCard,
  parseCard,
} from '../../../../src/models/artefact/card.ts';
import { cardOf } from '../../../model-cards.ts';

const MODEL = Uint8Array.of(1, 2, 3);
const ISOTONIC = { kind: 'isotonic', at: [0.2, 0.5, 0.8], value: [0.3, 0.5, 0.6] } as const;

describe('a model card', () => {
  it('is read as it was written', () => {
    const card = cardOf(MODEL, { calibration: ISOTONIC });

    expect(parseCard(cardText(card))).toEqual(card);
  });

  it('names the field and what was expected where one is wrong', () => {
    expect(() => parseCard(edited((card) => ({ ...card, family: 'oracle' })))).toThrow(
      /MODEL_UNREADABLE|family/,
    );
    expect(codeOf(edited((card) => ({ ...card, outputs: [] })))).toBe('MODEL_UNREADABLE');
    expect(codeOf(edited((card) => ({ ...card, format: 'plain-mlp/1' })))).toBe('MODEL_FOREIGN');
    expect(codeOf('{"format"')).toBe('MODEL_UNREADABLE');
    expect(codeOf('[1]')).toBe('MODEL_FOREIGN');
    expect(codeOf(' '.repeat(2_000_000))).toBe('MODEL_OVERSIZED');
  });

  it('is refused where anything that makes an answer was changed', () => {
    const card = cardOf(MODEL, { calibration: ISOTONIC });
    const changes: readonly Partial<ModelCard>[] = [
      { name: 'another' },
      { purpose: 'value' },
      { file: { ...card.file, sha256: '0'.repeat(64) } },
      { input: { ...card.input, window: 4 } },
      { outputs: ['probability', 'return'] },
      { calibration: { ...ISOTONIC, value: [0.3, 0.5, 0.7] } },
      { label: { ...card.label, horizonBars: 5 } },
      { version: 'momentum-mlp@00000000' },
    ];

    for (const change of changes) {
      expect(codeOf(cardText({ ...card, ...change }))).toBe('MODEL_CHANGED');
    }
  });

  it.each([
    { kind: 'platt', slope: -0.4, intercept: 0 },
    { kind: 'platt', slope: 0, intercept: 0 },
    { ...ISOTONIC, value: [0.3, 0.2, 0.6] },
  ] as const)('is refused with a calibration that turns the model round: %j', (calibration) => {
    expect(codeOf(cardText(cardOf(MODEL, { calibration })))).toBe('MODEL_UNREADABLE');
  });

  it('keeps its hash where a figure is measured again', () => {
    const card = cardOf(MODEL);

    expect(contentHashOf(card)).toBe(card.contentHash);
    expect(parseCard(cardText({ ...card, wallSeconds: 99 })).wallSeconds).toBe(99);
  });

  it('is held against the layout, the width and the version that its user has', () => {
    const card = cardOf(MODEL);
    const { layoutHash } = card.input;

    expect(() => expectCard(card, { layoutHash, width: 6 })).not.toThrow();
    expect(() => expectCard(card, { layoutHash, width: 2 })).toThrow(/6 numbers, not 2/);
    expect(() => expectCard(card, { layoutHash: 'f'.repeat(16), width: 6 })).toThrow(/layout/);
    expect(() => expectCard(card, { layoutHash, width: 6, version: 'x@1' })).toThrow(/not x@1/);
  });
});

describe('a calibration', () => {
  it('goes in lines from knot to knot and is level beyond them', () => {
    expect([0, 0.2, 0.35, 0.5, 0.9].map((said) => calibrated(ISOTONIC, said))).toEqual([
      0.3,
      0.3,
      expect.closeTo(0.4, 12),
      0.5,
      0.6,
    ]);
    expect(calibrated(ISOTONIC, Number.NaN)).toBeNaN();
  });

  it('never leaves [0, 1] and never turns the order round', () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    const platt = fc.record({
      kind: fc.constant('platt' as const),
      slope: fc.double({ min: 0, max: 20, noNaN: true }),
      intercept: fc.double({ min: -20, max: 20, noNaN: true }),
    });

    fc.assert(
      fc.property(fc.oneof(platt, fc.constant(ISOTONIC)), unit, unit, (kind, one, other) => {
        const low = calibrated(kind, Math.min(one, other));
        const high = calibrated(kind, Math.max(one, other));

        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(high).toBeGreaterThanOrEqual(low - 1e-12);
      }),
    );
  });
});

function edited(change: (card: ModelCard) => unknown): string {
  return JSON.stringify(change(cardOf(MODEL)));
}

function codeOf(json: string): unknown {
  try {
    parseCard(json);
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
  return 'none';
}
