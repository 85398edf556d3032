import { describe, expect, it } from 'vitest';
import { present } from '../../../../src/core/assert.ts';
import { readLightgbm } from '../../../../src/models/trees/read-lightgbm.ts';
import { readXgboost } from '../../../../src/models/trees/read-xgboost.ts';
import { predict } from '../../../../src/models/trees/predict.ts';
import { singleBound } from '../../../../src/models/trees/single.ts';
import { writeLightgbm } from '../../../../src/models/trees/write-lightgbm.ts';
import { writeXgboost } from '../../../../src/models/trees/write-xgboost.ts';
import { committed, holed, ownModels } from '../../../golden/trees/own-models.ts';
import { goldenText, largestDifference } from './lcg-rows.ts';

const own = ownModels();
const features = holed.features;
const LARGEST = 3.4028234663852886e38;

describe('files that we write', () => {
  it.each(own.flatMap(({ files }) => files))(
    '%s is byte for byte what the real library was shown to load',
    (name, text) => {
      expect(text).toBe(committed(name));
    },
  );

  it.each(own)('$name reads back as a model with the same bits in its answers', (one) => {
    const answers = predict(one.model, features, 360);

    for (const [name, text] of one.files) {
      const read = name.endsWith('.json') ? readXgboost(text) : readLightgbm(text);
      // LightGBM's text adds what boosting began with to the first tree: one sum in another order.
      const isMoved = name.endsWith('.txt') && one.model.base !== 0;
      const difference = largestDifference(predict(read, features, 360), answers);
      expect(difference).toBeLessThanOrEqual(isMoved ? 1e-15 : 0);
    }
  });

  it.each(['xgboost-binary', 'xgboost-squared', 'xgboost-forest', 'xgboost-hist-missing'])(
    '%s of XGBoost is the same model when written and read again',
    (name) => {
      const model = readXgboost(goldenText(`${name}.json`));

      expect(readXgboost(writeXgboost(model))).toEqual(model);
    },
  );

  it.each(['lightgbm-binary', 'lightgbm-missing', 'lightgbm-forest', 'lightgbm-zero'])(
    '%s of LightGBM is the same model when written and read again',
    (name) => {
      const model = readLightgbm(goldenText(`${name}.txt`));

      expect(readLightgbm(writeLightgbm(model))).toEqual(model);
    },
  );

  it('keep what XGBoost would change out of its format', () => {
    const refused = { code: 'TREES_INEXACT' };
    for (const name of ['lightgbm-binary', 'lightgbm-zero', 'lightgbm-forest']) {
      const model = readLightgbm(goldenText(`${name}.txt`));

      expect(() => writeXgboost(model)).toThrow(expect.objectContaining(refused));
    }
  });

  it('are refused, by the node, where a number is beyond singles, as JSON has no infinity', () => {
    const { model } = present(own[0], 'a model of ours');
    const node = model.feature.findIndex((feature) => feature >= 0);
    const place = expect.objectContaining({ code: 'TREES_INEXACT', place: `node ${node}` });
    const edge = singleBound(Infinity);
    const largest = { ...model, threshold: model.threshold.with(node, singleBound(LARGEST)) };

    expect(readXgboost(writeXgboost(largest)).threshold[node]).toBe(singleBound(LARGEST));
    for (const bound of [edge, 1e300, -1e300]) {
      const beyond = { ...model, threshold: model.threshold.with(node, bound) };
      expect(() => writeXgboost(beyond)).toThrow(place);
    }
    expect(() => writeXgboost({ ...model, gain: model.gain.with(node, 1e300) })).toThrow(place);
  });

  it('keep names out of LightGBM that would break its lines', () => {
    const model = { ...readLightgbm(goldenText('lightgbm-binary.txt')) };
    const named = { ...model, features: ['a b', ...model.features.slice(1)] };

    expect(() => writeLightgbm(named)).toThrow(/feature a b/);
  });
});
