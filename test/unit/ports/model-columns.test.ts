import { describe, expect, it } from 'vitest';
import { columnOf, joinModels, modelsIn } from '../../../src/ports/model-columns.ts';

describe('several models in one pass', () => {
  it('are named in one text, and read back from it', () => {
    expect(modelsIn(joinModels(['lstm', 'mlp']))).toEqual(['lstm', 'mlp']);
    expect(modelsIn('momentum-1')).toEqual(['momentum-1']);
    expect(modelsIn('lstm@1++mlp@2')).toEqual(['lstm@1', '', 'mlp@2']);
    expect(() => joinModels(['a+b'])).toThrow('plus');
    expect(() => joinModels([])).toThrow('plus');
  });

  it('answer a column each, one after another', () => {
    const scores = Float64Array.of(1, 2, 3, 4, 5, 6);
    expect([0, 1, 2].map((place) => [...columnOf(scores, 2, place)])).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(columnOf(scores, 2, 3)).toHaveLength(0);
    expect(columnOf(scores, 4, 1)).toHaveLength(0);
  });
});
