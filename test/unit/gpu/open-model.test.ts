import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openSource } from '../../../src/gpu/open-model.ts';
import { NUMBERS_PER_ROW_MAX } from '../../../src/gpu/served-network.ts';
import type { Family } from '../../../src/models/artefact/card.ts';
import { GraphBuilder } from '../../../src/models/graph/builder.ts';
import { BATCH, ONES, type Tensor } from '../../../src/models/graph/graph.ts';
import { initialise } from '../../../src/models/graph/parameters.ts';
import { writeOnnx } from '../../../src/models/onnx/write-onnx.ts';
import type { ModelSource } from '../../../src/ports/inference-backend.ts';
import { networkSource, sourceOf, treeSource } from '../../served-models.ts';

const mlp = networkSource('mlp');

describe('openSource', () => {
  it('M3 refuses a model whose bytes are not those of its card', () => {
    const longer = Uint8Array.from([...mlp.model, 0]);
    const other = mlp.model.with(100, (mlp.model[100] ?? 0) ^ 1);

    expect(codeOf({ ...mlp, model: longer })).toBe('MODEL_CHANGED');
    expect(codeOf({ ...mlp, model: other })).toBe('MODEL_CHANGED');
    expect(codeOf({ ...mlp, model: new Uint8Array(0) })).toBe('MODEL_CHANGED');
    expect(codeOf({ ...mlp, card: mlp.card.replace('"bytes": ', '"bytes": 1') })).toBe(
      'MODEL_CHANGED',
    );
  });

  it('M3 refuses a model that is not what its user computes', () => {
    expect(codeOf({ ...mlp, layoutHash: 'ffffffffffffffff' })).toBe('MODEL_LAYOUT');
    expect(codeOf({ ...mlp, width: 23 })).toBe('MODEL_WIDTH');
    expect(codeOf({ ...mlp, version: 'made-mlp@00000000' })).toBe('MODEL_VERSION');
    expect(codeOf({ ...mlp, card: '{}' })).toBe('MODEL_FOREIGN');
  });

  it.each([
    ['mlp', 'nothing', ''],
    ['mlp', 'a text', 'this is no network'],
    ['mlp', 'an archive that is a bomb', 'PK\u0003\u0004'.padEnd(4_096, '\0')],
    ['xgboost', 'nothing that is JSON', '{"learner": {'],
    ['xgboost', 'JSON that is no model', '[1, 2]'],
    ['xgboost', 'a booster of another kind', JSON.stringify({ learner: { gradient_booster: {} } })],
    ['lightgbm', 'a text of another format', 'tree\nversion=v9\n'],
    ['lightgbm', 'a model with classes', 'tree\nversion=v4\nnum_class=3\n'],
  ] as const)('M3 refuses as a model of the family %s: %s', (family, _, text) => {
    const bytes = new TextEncoder().encode(`${text}\n`);

    expect(codeOf(sourceOf(bytes, { family, outputs: ['probability'] }))).toBe('MODEL_UNREADABLE');
  });

  it('M3 refuses text that is no UTF-8', () => {
    const bytes = Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d);

    expect(codeOf(sourceOf(bytes, { family: 'xgboost', outputs: ['probability'] }))).toBe(
      'MODEL_UNREADABLE',
    );
  });

  it.each([
    ['another input', graphOf('rows', ['probability'], (x) => x), /does not take `features`/],
    ['no such output', graphOf('features', ['return'], (x) => x), /no output `probability`/],
    [
      'an output of another shape',
      graphOf('features', ['probability'], (x) => x, 2),
      /its output `probability` is \[1 x rows, 2\]/,
    ],
    ['more numbers than there is room for', huge(), /computes \d+ numbers for a row/],
  ])('M3 refuses a network with %s', (_, bytes, message) => {
    const source = sourceOf(bytes, { family: 'mlp', outputs: ['probability'] });

    expect(() => openSource(source)).toThrow(message);
    expect(codeOf(source)).toBe('MODEL_UNREADABLE');
  });

  it('M3 refuses a network with an operator that a graph does not have', () => {
    const bytes = replaced(mlp.model, 'Relu', 'Selu');
    const source = sourceOf(bytes, { family: 'mlp', outputs: ['probability', 'return'] });

    expect(() => openSource(source)).toThrow(/ONNX_UNSUPPORTED.*Selu/);
  });

  it('M3 refuses trees of other rows, and trees for more columns than one', () => {
    const trees = treeSource('xgboost');
    const narrow = { family: 'xgboost', outputs: ['probability'], window: 7 } as const;
    const wide = { family: 'xgboost', outputs: ['probability', 'return'] } as const;

    expect(() => openSource(sourceOf(trees.model, narrow))).toThrow(/take 24 numbers, its card 21/);
    expect(() => openSource(sourceOf(trees.model, wide))).toThrow(/answer one column/);
  });

  it.each(['xgboost', 'lightgbm', 'forest'] as const)(
    'M3 refuses a %s whose file has the features in another order than its card',
    (family) => {
      const names = Array.from({ length: 8 }, () => ['feature0', 'feature1', 'feature2']).flat();
      const other = names.with(4, 'feature2').with(5, 'feature1');
      const shorter = names.map((name, at) => `${name}@${at}`);

      expect(codeOf(treeSource(family, { names }))).toBe('opened');
      expect(codeOf(treeSource(family))).toBe('opened');
      expect(() => openSource(treeSource(family, { names: other }))).toThrow(
        /take `feature2` as number 4 of a row, its card `feature1`/,
      );
      expect(codeOf(treeSource(family, { names: other }))).toBe('MODEL_UNREADABLE');
      expect(codeOf(treeSource(family, { names: shorter }))).toBe('MODEL_UNREADABLE');
    },
  );

  it.each([
    ['xgboost', 'binary', 'probability'],
    ['forest', 'share', 'probability'],
    ['lightgbm', 'squared', 'return'],
    ['xgboost', 'huber', 'return'],
  ] as const)('M3 serves a %s of the objective %s as a %s alone', (family, objective, answers) => {
    const other = answers === 'return' ? 'probability' : 'return';
    const wrong = treeSource(family, { objective, outputs: [other] });

    expect(codeOf(treeSource(family, { objective, outputs: [answers] }))).toBe('opened');
    expect(codeOf(wrong)).toBe('MODEL_UNREADABLE');
    expect(() => openSource(wrong)).toThrow(
      `objective \`${objective}\`, a ${answers}, its card says \`${other}\``,
    );
  });

  it.each(['mlp', 'lstm', 'xgboost', 'lightgbm'] as const)(
    'M3 opens a damaged %s or refuses it with a code, whatever is damaged',
    (family) => {
      const { model } = sourceFor(family);
      const places = fc.array(fc.nat(model.length - 1), { minLength: 1, maxLength: 4 });
      fc.assert(
        fc.property(places, fc.uint8Array({ minLength: 4, maxLength: 4 }), (at, bytes) => {
          const damaged = model.slice();
          at.forEach((place, index) => (damaged[place] = bytes[index] ?? 0));
          const outputs = sourceFor(family) === mlp ? (['probability', 'return'] as const) : [];
          const columns = outputs.length > 0 ? outputs : (['probability'] as const);
          const code = codeOf(sourceOf(damaged, { family, outputs: columns }));

          expect(code === 'opened' || code === 'MODEL_UNREADABLE').toBe(true);
        }),
        { numRuns: 60 },
      );
    },
  );
});

function sourceFor(family: Family): ModelSource {
  if (family === 'mlp') return mlp;
  if (family === 'lstm') return networkSource('lstm', { outputs: ['probability'] });
  return treeSource(family === 'lightgbm' ? 'lightgbm' : 'xgboost');
}

function codeOf(source: ModelSource): string {
  try {
    openSource(source);
    return 'opened';
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(error.code);
    throw error;
  }
}

function graphOf(
  input: string,
  outputs: readonly string[],
  each: (x: Tensor) => Tensor,
  columns = 1,
): Uint8Array {
  const builder = new GraphBuilder('made');
  const x = each(builder.input(input, [BATCH, 24]));
  const weight = builder.parameter('weight', [24, columns], ONES);
  const said = builder.matMul(x, weight);
  const answer = columns === 1 ? builder.reshape(said, [BATCH]) : said;
  for (const output of outputs) builder.output(output, answer);
  const graph = builder.build();
  return writeOnnx(graph, { parameters: initialise(graph, 1) });
}

/** A file of some hundred bytes that would compute a matrix without end for every row. */
function huge(): Uint8Array {
  const builder = new GraphBuilder('huge');
  const x = builder.input('features', [BATCH, 24]);
  const stretched = builder.broadcast(builder.reshape(x, [BATCH, 24, 1]), [
    BATCH,
    24,
    NUMBERS_PER_ROW_MAX / 16,
  ]);
  builder.output('probability', builder.reduceMean(stretched, [1, 2]));
  return writeOnnx(builder.build());
}

/** One word for another of its length. */
function replaced(bytes: Uint8Array, word: string, other: string): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1').replaceAll(word, other);
  return new Uint8Array(Buffer.from(text, 'latin1'));
}
