import { describe, expect, it } from 'vitest';
import { readLightgbm } from '../../../../src/models/trees/read-lightgbm.ts';
import { readXgboost } from '../../../../src/models/trees/read-xgboost.ts';
import { predict } from '../../../../src/models/trees/predict.ts';
import { writeLightgbm } from '../../../../src/models/trees/write-lightgbm.ts';
import { writeXgboost } from '../../../../src/models/trees/write-xgboost.ts';
import { committed, holed, ownModels } from '../../../golden/trees/own-models.ts';
import { goldenText, largestDifference } from './lcg-rows.ts';

const own = ownModels();
const features = holed.features;

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

  it('keep names out of LightGBM that would break its lines', () => {
    const model = { ...readLightgbm(goldenText('lightgbm-binary.txt')) };
    const named = { ...model, features: ['a b', ...model.features.slice(1)] };

    expect(() => writeLightgbm(named)).toThrow(/feature a b/);
  });
});
