import { describe, expect, it } from 'vitest';
import { ModelRecords } from '../../../src/cli/model-records.ts';

describe('how right models have been', () => {
  it('adds up over the moments of a session, by model, with an interval', () => {
    const records = new ModelRecords();
    const models = ['lstm', 'mlp'];
    records.judged({ kind: 'modelsJudged', models, judged: [40, 0], right: [30, 0] });
    records.judged({ kind: 'modelsJudged', models, judged: [60, 0], right: [30, 0] });
    expect(records.lines()).toEqual([
      'lstm right 60.0 % of 100 [50.2, 69.1]', // Wilson's, as in the golden figures.
      'mlp: nothing to hold against it yet',
    ]);
    expect(records.list()[0]).toMatchObject({ model: 'lstm', judged: 100, right: 60 });
  });
});
