import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TreePredictor } from '../../../../src/models/trees/predict.ts';
import { readLightgbm } from '../../../../src/models/trees/read-lightgbm.ts';
import { readXgboost } from '../../../../src/models/trees/read-xgboost.ts';
import { shapValues } from '../../../../src/models/trees/shap.ts';
import { TreeFormatError } from '../../../../src/models/trees/tree-error.ts';
import type { TreeModel } from '../../../../src/models/trees/tree-model.ts';
import { goldenBytes, goldenText } from './lcg-rows.ts';

const json = goldenText('xgboost-squared.json');
const text = goldenText('lightgbm-binary.txt');
const binary = goldenBytes('xgboost-binary.ubj');

function refusalOf(read: () => unknown): TreeFormatError | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof TreeFormatError) return error;
    throw error;
  }
}

/** The first match of `from` becomes `to`; a test whose text is not there fails. */
function changed(of: string, from: string | RegExp, to: string): string {
  const next = of.replace(from, to);
  expect(next).not.toBe(of);
  return next;
}

describe('an XGBoost file', () => {
  it.each([
    ['several classes', 'refused-classes.json', 'TREES_UNSUPPORTED', 'learner.learner_model_param'],
    ['dart', 'refused-dart.json', 'TREES_UNSUPPORTED', 'learner.gradient_booster'],
  ])('of %s is refused', (_, name, code, place) => {
    const refusal = refusalOf(() => readXgboost(goldenText(name)));

    expect(refusal).toMatchObject({ code, place });
  });

  it.each([
    ['a cycle', /"left_children":\[1,3/, '"left_children":[1,0', 'reached twice'],
    ['a child beyond', /"left_children":\[1,3/, '"left_children":[1,999', 'child 999 of'],
    ['a negative child', /"left_children":\[1,3/, '"left_children":[1,-7', 'child -7 of'],
    ['a feature beyond', /"split_indices":\[\d/, '"split_indices":[9', 'feature 9 of 5'],
    ['a feature that is no index', /"split_indices":\[\d/, '"split_indices":[1.5', 'feature 1.5'],
    ['a short column', /"sum_hessian":\[[^,]*,/, '"sum_hessian":[', 'not 15'],
    ['another number of trees', '"num_trees":"10"', '"num_trees":"11"', 'states 11 trees'],
    [
      'a text for a number',
      /"split_conditions":\[[^,]*/,
      '"split_conditions":["1"',
      'not a number',
    ],
    ['a base score of two', /"base_score":"[^"]*"/, '"base_score":"[1E0,2E0]"', 'not one number'],
    ['a number beyond singles', /"loss_changes":\[[^,]*/, '"loss_changes":[1e39', 'beyond singles'],
    ['categorical splits', /"split_type":\[0/, '"split_type":[1', 'categorical'],
    ['an unknown objective', 'reg:squarederror', 'rank:ndcg', 'objective rank:ndcg'],
  ])('with %s is refused and the place named', (_, from, to, message) => {
    const refusal = refusalOf(() => readXgboost(changed(json, from, to)));

    expect(refusal?.message).toContain(message);
    expect(refusal?.place).toMatch(/^learner\./);
  });

  it.each([
    ['num_nodes', '"num_nodes":"15"', '"num_nodes":"999999999999"'],
    ['num_trees', '"num_trees":"10"', '"num_trees":"888888888888"'],
    ['num_feature', '"num_feature":"5","num_target"', '"num_feature":"99999999","num_target"'],
  ])('of an absurd %s is refused before anything is made of it', (name, from, to) => {
    const refusal = refusalOf(() => readXgboost(changed(json, from, to)));

    expect(refusal).toMatchObject({ code: 'TREES_TOO_LARGE' });
    expect(refusal?.place).toContain(name);
  });

  it('in UBJSON asks for no more memory than it brings', () => {
    // { i 1 "a" [ $ d # l 2,000,000,000
    const bytes = Uint8Array.of(
      0x7b,
      0x69,
      1,
      0x61,
      0x5b,
      0x24,
      0x64,
      0x23,
      0x6c,
      0x77,
      0x35,
      0x94,
      0,
    );

    expect(refusalOf(() => readXgboost(bytes))?.message).toMatch(/byte \d+: has a length of/);
  });

  it('nested without end is refused', () => {
    const deep = new Uint8Array(100_000).fill(0x5b);
    deep.set([0x7b, 0x69, 1, 0x61]);

    expect(refusalOf(() => readXgboost(deep))?.message).toContain('nested deeper');
  });
});

describe('a LightGBM file', () => {
  it('of categorical splits is refused', () => {
    const refusal = refusalOf(() => readLightgbm(goldenText('refused-categories.txt')));

    expect(refusal).toMatchObject({ code: 'TREES_UNSUPPORTED' });
    expect(refusal?.place).toMatch(/^line \d+ \(num_cat\)$/);
  });

  it.each([
    ['a cycle', 'left_child=1 5 -3', 'left_child=1 0 -3', 'node 1 has child 0'],
    ['a child twice', 'left_child=1 5 -3', 'left_child=1 5 -2', 'has two parents'],
    ['a leaf beyond', 'left_child=1 5 -3', 'left_child=1 5 -9', 'has child -9'],
    ['a feature beyond', 'split_feature=0 0 2 0', 'split_feature=0 4 2 0', 'asks for 4 of 4'],
    ['sizes that do not fit', 'tree_sizes=859', 'tree_sizes=860', 'has 859'],
    ['a word for a number', 'threshold=-0.037', 'threshold=x0.037', 'is not a number'],
    ['too few leaves', 'leaf_value=0.059', 'leaf_valve=0.059', 'leaf_value='],
    ['labels under a root', 'binary sigmoid:1', 'regression sqrt', 'under a root'],
    ['another version', 'version=v4', 'version=v9', 'version v9'],
    ['a line twice', 'label_index=0', 'version=v4xxxx', 'repeats version'],
  ])('with %s is refused and the line named', (_, from, to, message) => {
    const refusal = refusalOf(() => readLightgbm(changed(text, from, to)));

    expect(refusal?.message).toContain(message);
    expect(refusal?.place).toMatch(/^line \d+/);
  });

  it('with a decision that is none is refused', () => {
    const file = changed(text, 'decision_type=2 2', 'decision_type=2 14');
    const sized = changed(file, 'tree_sizes=859', 'tree_sizes=860');

    expect(refusalOf(() => readLightgbm(sized))?.message).toContain('missing type is none');
  });

  it('of an absurd size is refused before anything is made of it', () => {
    const file = changed(text, 'num_leaves=7', 'num_leaves=7777777');
    const sized = changed(file, 'tree_sizes=859', 'tree_sizes=865');

    expect(refusalOf(() => readLightgbm(sized))).toMatchObject({ code: 'TREES_TOO_LARGE' });
  });

  it('with line ends of Windows is read', () => {
    expect(readLightgbm(text.replaceAll('\n', '\r\n'))).toEqual(readLightgbm(text));
  });
});

describe('a damaged file', () => {
  const damage = fc.array(
    fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 255 })),
    { minLength: 1, maxLength: 4 },
  );
  const cut = fc.double({ min: 0, max: 1, noNaN: true });

  function altered(bytes: Uint8Array, changes: readonly (readonly [number, number])[]): Uint8Array {
    const copy = Uint8Array.from(bytes);
    for (const [at, byte] of changes) copy[Math.floor(at * (copy.length - 1))] = byte;
    return copy;
  }

  /** What is read in spite of the damage must be a tree from which there is an answer. */
  function usable(read: () => TreeModel): void {
    let model: TreeModel | undefined;
    const refusal = refusalOf(() => {
      model = read();
    });
    if (refusal !== undefined || model === undefined) return;
    const row = new Float64Array(model.features.length).fill(Number.NaN);
    const margin = new TreePredictor(model).margin(row);
    const parts = shapValues(model, row, 1);
    expect(Number.isFinite(margin)).toBe(true);
    expect(parts.every((part) => !Number.isNaN(part))).toBe(true);
  }

  const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  const FILES: readonly (readonly [string, Uint8Array, (bytes: Uint8Array) => TreeModel])[] = [
    ['XGBoost JSON', goldenBytes('xgboost-hist.json'), readXgboost],
    ['XGBoost UBJSON', binary, readXgboost],
    ['LightGBM text', goldenBytes('lightgbm-zero.txt'), (bytes) => readLightgbm(decode(bytes))],
  ];

  it.each(FILES)('%s is refused with a code or is a whole tree', (_, bytes, read) => {
    fc.assert(
      fc.property(damage, (changes) => usable(() => read(altered(bytes, changes)))),
      { numRuns: 150 },
    );
  });

  it.each(FILES)('%s that ends too early is refused', (name, bytes, read) => {
    // What follows the last tree of LightGBM's text says nothing of the model.
    const end = name.startsWith('Light') ? decode(bytes).indexOf('end of trees') : bytes.length - 1;
    fc.assert(
      fc.property(cut, (part) => {
        const short = bytes.subarray(0, Math.floor(part * end));
        expect(refusalOf(() => read(short))).toBeInstanceOf(TreeFormatError);
      }),
      { numRuns: 60 },
    );
  });
});
