import { describe, expect, it } from 'vitest';
import { importanceOf } from '../../../../src/models/trees/importance.ts';
import { predict, TreePredictor } from '../../../../src/models/trees/predict.ts';
import { readLightgbm } from '../../../../src/models/trees/read-lightgbm.ts';
import { readXgboost } from '../../../../src/models/trees/read-xgboost.ts';
import { shapValues } from '../../../../src/models/trees/shap.ts';
import type { TreeModel } from '../../../../src/models/trees/tree-model.ts';
import { binaryRows, drawn, expected, goldenBytes, goldenText } from './lcg-rows.ts';
import { largestDifference } from './lcg-rows.ts';

const TESTED = 60;
const EXPLAINED = 12;
const full = drawn(13, 0, 0);
const holed = drawn(11, 0.1, 0);

/** Where the files were made without holes or with zeros as holes. */
const rowsFor: Readonly<Record<string, Float64Array>> = {
  'xgboost-hist': full.features,
  'xgboost-hist-missing': drawn(14, 0.2, 0).features,
  'lightgbm-zero': drawn(12, 0, 0.3).features,
};

function testRows(name: string): Float64Array {
  return (rowsFor[name] ?? holed.features).slice(300 * 5);
}

function marginsOf(model: TreeModel, features: Float64Array): Float64Array {
  const out = new Float64Array(TESTED);
  new TreePredictor(model).margins(features, TESTED, out);
  return out;
}

const XGBOOST = [
  'xgboost-binary',
  'xgboost-squared',
  'xgboost-forest',
  'xgboost-hist',
  'xgboost-hist-missing',
];
const LIGHTGBM = ['lightgbm-missing', 'lightgbm-forest', 'lightgbm-zero', 'lightgbm-constant'];

describe('files of XGBoost 3.2.0', () => {
  // XGBoost adds in singles: sums of about 2 are off by a few units of 2.4e-7.
  it.each(XGBOOST)('%s answers as XGBoost does, to 1e-6', (name) => {
    const model = readXgboost(goldenText(`${name}.json`));
    const features = testRows(name);

    expect(largestDifference(marginsOf(model, features), expected(name, 'margins'))).toBeLessThan(
      1e-6,
    );
    expect(
      largestDifference(predict(model, features, TESTED), expected(name, 'answers')),
    ).toBeLessThan(1e-6);
  });

  it.each(XGBOOST)('%s is explained as XGBoost does, to 2e-6', (name) => {
    const model = readXgboost(goldenText(`${name}.json`));
    const values = shapValues(model, testRows(name), EXPLAINED);

    expect(largestDifference(values, expected(name, 'contributions'))).toBeLessThan(2e-6);
  });

  it('is the same model in UBJSON and in JSON', () => {
    const binary = readXgboost(goldenBytes('xgboost-binary.ubj'));

    expect(binary).toEqual(readXgboost(goldenText('xgboost-binary.json')));
    expect(binary).toEqual(readXgboost(goldenBytes('xgboost-binary.json')));
  });

  it('gives the importance that get_score gives', () => {
    const sums = importanceOf(readXgboost(goldenText('xgboost-binary.json')));

    for (const { feature, splits, gain } of sums) {
      expect([splits]).toEqual(expected('xgboost-binary', 'weight', feature));
      const [told = 0] = expected('xgboost-binary', 'total_gain', feature);
      expect(gain / told).toBeCloseTo(1, 5);
    }
  });

  it('reads a base score of 3.0 and before, without brackets', () => {
    const text = goldenText('xgboost-binary.json');
    const older = text.replace(/"base_score":"\[([^\]]*)\]"/, '"base_score":"$1"');

    expect(older).not.toBe(text);
    expect(readXgboost(older)).toEqual(readXgboost(text));
  });

  it('compares in single precision, as XGBoost does', () => {
    const model = readXgboost(goldenText('xgboost-hist.json'));
    const [feature = 0] = model.feature;
    const [bound = 0] = model.threshold;
    const predictor = new TreePredictor(model);
    const single = Math.fround(bound + Math.abs(bound) * 1e-7);
    const row = new Float64Array(5);

    // Between the bound and the single above it a double comparison with the single goes left.
    for (const [x, side] of [
      [bound, model.left[0]],
      [single, model.right[0]],
    ] as const) {
      row[feature] = x;
      expect(predictor.child(0, row)).toBe(side);
    }
  });
});

describe('files of LightGBM 4.7.0', () => {
  it.each(LIGHTGBM)('%s answers as LightGBM does, to 1e-12', (name) => {
    const model = readLightgbm(goldenText(`${name}.txt`));
    const features = testRows(name);

    // Of an averaged forest LightGBM calls the sum of the trees its raw score.
    const scale = model.isMean ? model.roots.length - 1 : 1;
    const margins = marginsOf(model, features).map((margin) => margin * scale);

    expect(largestDifference(margins, expected(name, 'margins'))).toBeLessThan(1e-12);
    expect(
      largestDifference(predict(model, features, TESTED), expected(name, 'answers')),
    ).toBeLessThan(1e-12);
  });

  it.each(LIGHTGBM.filter((name) => name !== 'lightgbm-constant'))(
    '%s is explained as LightGBM does, to 1e-10',
    (name) => {
      const model = readLightgbm(goldenText(`${name}.txt`));
      const values = shapValues(model, testRows(name), EXPLAINED);
      const scale = model.isMean ? model.roots.length - 1 : 1;
      // LightGBM's contributions of an averaged forest are sums over its trees.
      const summed = values.map((value) => value * scale);

      expect(largestDifference(summed, expected(name, 'contributions'))).toBeLessThan(1e-10);
    },
  );

  it('predicts the golden model to 1e-12, NaN compared as 0', () => {
    const model = readLightgbm(goldenText('lightgbm-binary.txt'));
    const features = binaryRows().features.slice(300 * 4);
    const answers = predict(model, features, 5);
    const holes = features.slice(0, 12).map((value, at) => (at % 4 === 0 ? Number.NaN : value));

    expect(largestDifference(answers, GOLDEN)).toBeLessThan(1e-12);
    expect(largestDifference(predict(model, holes, 3), GOLDEN_HOLES)).toBeLessThan(1e-12);
  });
});

// Made with the file; without a value of the first feature in the first three.
const GOLDEN = [
  0.926143455054189, 0.759344253636116, 0.4478703270829535, 0.36135632024784303,
  0.16380758964524375,
];
const GOLDEN_HOLES = [0.6574577424345417, 0.7348176668483443, 0.5127963917795514];

describe('a batch', () => {
  it('gives every row the bits that the row has alone', () => {
    const model = readXgboost(goldenText('xgboost-binary.json'));
    const predictor = new TreePredictor(model);
    const out = new Float64Array(360);
    predictor.predict(holed.features, 360, out);

    expect([...out]).toEqual(
      Array.from(out, (_, row) => predictor.predictRow(holed.features, row * 5)),
    );
  });
});
