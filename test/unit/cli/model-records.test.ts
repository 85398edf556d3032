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

  it('says of one that was wrong too often, or is silent, that it has no vote', () => {
    const records = new ModelRecords();
    const models = ['lstm', 'mlp'];
    records.judged({ kind: 'modelsJudged', models, judged: [300, 300], right: [60, 200] });
    for (let asked = 0; asked < 20; asked += 1) {
      records.answered({ kind: 'modelsAnswered', models, hasAnswered: [true, false] });
    }
    expect(records.list().map(({ droppedFor }) => droppedFor)).toEqual(['accuracy', 'silence']);
    expect(records.lines()[0]).toMatch(/^lstm right 20\.0 % of 300 .*; no vote, for it was wrong/);
    expect(records.lines()[1]).toMatch(/; no vote, for it has no answers$/);
  });
});
