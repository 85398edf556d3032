import { describe, expect, it } from 'vitest';
import { openModel } from '../../../../src/gpu/plain/load-model.ts';
import { networkOf } from '../../../../src/gpu/plain/mlp-network.ts';
import { score } from '../../../../src/gpu/plain/model.ts';
import { interpret } from '../../../../src/models/interpreter/interpreter.ts';
import { makeFeatures, makeSource } from '../../../inference-models.ts';

describe('networkOf', () => {
  it('computes what the file computes, but for weights of 32 bits', () => {
    const model = openModel(makeSource('tiny', 3, 2));
    const network = networkOf(model);
    if (network === undefined) return expect.fail('the model has a network');
    const features = makeFeatures(3, 20, 3);
    const wanted = new Float64Array(20);
    score(model, features, 20, wanted);
    const interpreter = interpret(network.graph, { precision: 'double' });
    const given = interpreter.run(new Map([['features', features]]), network.parameters);

    const scores = [...(given.get('probability') ?? [])];
    expect(scores).toEqual(Array.from(wanted, (value) => expect.closeTo(value, 6)));
  });

  it.each([
    ['weights', 1e60],
    ['weights, just past the largest float', 1e40],
  ])('is nothing where %s become infinite in 32 bits', (_, scale) => {
    expect(networkOf(openModel(makeSource('huge', 2, 2, scale)))).toBeUndefined();
  });
});
