import { describe, expect, it } from 'vitest';
import { symbolId, textId } from '../../../src/core/ids.ts';
import type { Effect } from '../../../src/ports/effect.ts';
import { cancel, enquire, replace, submit } from '../../order-effects.ts';
import { BROKER_KINDS, define, NEVER, POLICY, Script, scene, settle } from './scene.ts';

const BACKOFF_MS = POLICY.backoffMinMs + 100;
const RECONCILE: Effect = { kind: 'reconcile', account: textId('a'), sinceUs: 0, attempt: 1 };
const ALERT: Effect = { kind: 'alert', severity: 'info', code: 'x', text: 'y' };
const INFER: Effect = {
  kind: 'infer',
  model: 'm',
  rows: [symbolId(0)],
  width: 1,
  features: new Float64Array([1]),
};

describe('an effect that its service answers', () => {
  it('has that answer, in a later turn of the event loop than the one that asked', async () => {
    const script = new Script();
    const { tree, ask, answers, answersTo } = scene([define(script)]);
    await tree.start();

    const asked = ask(submit('one'));
    expect([script.asked.length, answers.length]).toEqual([0, 0]);
    await settle();
    script.last.answer({ outcome: 'refused', code: 'BUYING_POWER', message: 'too little' });
    await settle();

    expect(answersTo(asked)).toEqual([
      {
        kind: 'answered',
        effectInput: 1,
        effectIndex: 0,
        outcome: 'refused',
        code: 'BUYING_POWER',
        message: 'too little',
      },
    ]);
    await tree.stop();
  });

  it('is never answered inside dispatch, not even where nobody provides it', async () => {
    let isInTurn = false;
    const inTurn: boolean[] = [];
    const { tree, ask } = scene([], { onAnswer: () => inTurn.push(isInTurn) });

    isInTurn = true;
    ask(ALERT);
    ask(submit('one'));
    isInTurn = false;
    await settle();

    expect(inTurn).toEqual([false, false]);
    await tree.stop();
  });

  it('is not asked of a provider inside dispatch, which may then say what it likes', async () => {
    const script = new Script();
    let isInTurn = false;
    const inTurn: boolean[] = [];
    script.onPerform = () => script.context.enter({ kind: 'timePassed' });
    const { tree, ask } = scene([define(script)], { onInput: () => inTurn.push(isInTurn) });
    await tree.start();

    isInTurn = true;
    ask(submit('one'));
    isInTurn = false;
    await settle();

    expect(inTurn).toEqual([false, false]); // Up, and what it entered.
    await tree.stop();
  });
});

describe('an effect that nobody can take', () => {
  it('fails with NO_SERVICE where no service handles its kind', async () => {
    const { tree, ask, answersTo } = scene([define(new Script())]);
    await tree.start();

    const asked = ask(ALERT);
    await settle();

    expect(answersTo(asked)).toMatchObject([{ outcome: 'failed', code: 'NO_SERVICE' }]);
    await tree.stop();
  });

  it.each([
    ['a submission', submit('one')],
    ['a replacement', replace('one', 'two', 5, 100)],
  ])('G7 is refused SERVICE_DOWN at once if it is %s, and never sent later', async (_, effect) => {
    const script = new Script();
    const { tree, ask, answersTo, pass } = scene([define(script)]);
    await tree.start();
    tree.kill('broker');

    const asked = ask(effect);
    await settle();
    expect(answersTo(asked)).toMatchObject([{ outcome: 'refused', code: 'SERVICE_DOWN' }]);
    await pass(BACKOFF_MS);

    expect(script.made).toBe(2);
    expect(script.asked).toEqual([]);
    await tree.stop();
  });

  it('fails at once where waiting helps nobody', async () => {
    const script = new Script();
    const { tree, ask, answersTo } = scene([define(script, { handles: () => true })]);
    await tree.start();
    tree.kill('broker');

    const asked = [ask(INFER), ask(ALERT)];
    await settle();

    for (const one of asked) {
      expect(answersTo(one)).toMatchObject([{ outcome: 'failed', code: 'SERVICE_DOWN' }]);
    }
    await tree.stop();
  });

  it('waits for the service if it is a cancel or a question, and leaves in its order', async () => {
    const script = new Script();
    const { tree, ask, pass, node } = scene([define(script)]);
    await tree.start();
    tree.kill('broker');

    ask(cancel('one'));
    ask(enquire('two'));
    ask(RECONCILE);
    await settle();
    expect(node('broker').queued).toBe(3);
    await pass(BACKOFF_MS);

    expect(script.kinds).toEqual(['cancelOrder', 'enquireOrder', 'reconcile']);
    await tree.stop();
  });

  it('G7 that never left by its deadline is refused or expired, never unknown', async () => {
    const script = new Script();
    script.onStart = (instance) => (instance === 1 ? Promise.resolve() : NEVER());
    const { tree, ask, answersTo, pass } = scene([define(script)]);
    await tree.start();
    tree.kill('broker');

    const asked = [ask(cancel('one')), ask(enquire('two')), ask(RECONCILE)];
    await pass(31_000);

    expect(asked.map((one) => answersTo(one))).toMatchObject([
      [{ outcome: 'refused', code: 'DEADLINE' }],
      [{ outcome: 'expired', code: 'DEADLINE' }],
      [{ outcome: 'expired', code: 'DEADLINE' }],
    ]);
    expect(script.asked).toEqual([]);
    const stopped = tree.stop();
    await pass(3_000);
    await stopped;
  });
});

describe('an effect that may have left', () => {
  it('G7 is unknown if it touches an order and its service died with it, else failed', async () => {
    const script = new Script();
    const { tree, ask, answersTo } = scene([define(script)]);
    await tree.start();
    const asked = [ask(submit('one')), ask(cancel('two')), ask(enquire('three'))];
    await settle();

    script.asked[1]?.reject(new Error('ECONNRESET'));
    await settle();

    expect(asked.map((one) => answersTo(one))).toMatchObject([
      [{ outcome: 'unknown', code: 'SERVICE_CRASHED', message: 'ECONNRESET' }],
      [{ outcome: 'unknown', code: 'SERVICE_CRASHED', message: 'ECONNRESET' }],
      [{ outcome: 'failed', code: 'SERVICE_CRASHED', message: 'ECONNRESET' }],
    ]);
    await tree.stop();
  });

  it('keeps its first answer whatever comes later', async () => {
    const script = new Script();
    const { tree, ask, answersTo, pass, node } = scene([define(script)]);
    await tree.start();
    const asked = ask(submit('one'));
    await pass(5_100);
    script.last.answer({ outcome: 'done' });
    await settle();

    expect(answersTo(asked)).toMatchObject([{ outcome: 'unknown', code: 'DEADLINE' }]);
    expect(node('broker')).toMatchObject({ state: 'up', deadLetters: 1, inFlight: 0 });
    await tree.stop();
  });

  it('is not taken any more when the session has begun to end', async () => {
    const [data, script] = [new Script(), new Script()];
    data.onStop = NEVER;
    const { tree, ask, answersTo, node, pass } = scene([
      define(data, { name: 'data', service: 'market', handles: () => false }, 'market'),
      define(script),
    ]);
    await tree.start();
    const stopped = tree.stop();

    const asked = ask(submit('one'));
    await settle();
    expect(node('broker').state).toBe('up');
    expect(answersTo(asked)).toMatchObject([{ outcome: 'refused', code: 'SERVICE_DOWN' }]);
    await pass(2_100);
    await stopped;

    expect(script.asked).toEqual([]);
  });

  it('is unknown when the session ends before its answer', async () => {
    const script = new Script();
    const { tree, ask, answers, answersTo } = scene([define(script)]);
    await tree.start();
    const asked = [ask(submit('one')), ask(enquire('two'))];
    await settle();

    await tree.stop();

    expect(asked.map((one) => answersTo(one))).toMatchObject([
      [{ outcome: 'unknown', code: 'SERVICE_STOPPED' }],
      [{ outcome: 'failed', code: 'SERVICE_STOPPED' }],
    ]);
    expect(answers.length).toBe(2);
    const late = ask(submit('three'));
    await settle();
    expect(answersTo(late)).toMatchObject([{ outcome: 'refused', code: 'SERVICE_DOWN' }]);
  });
});

describe('effects about one order', () => {
  it('keep their order: a cancel waits for the answer to its submission', async () => {
    const script = new Script();
    const { tree, ask } = scene([define(script)]);
    await tree.start();

    ask(submit('one'));
    ask(cancel('one'));
    ask(submit('two'));
    await settle();
    expect(script.kinds).toEqual(['submitOrder', 'submitOrder']);
    script.asked[0]?.answer({ outcome: 'done' });
    await settle();

    expect(script.kinds).toEqual(['submitOrder', 'submitOrder', 'cancelOrder']);
    await tree.stop();
  });

  it('let a cancel go when its submission has had its answer, be it none', async () => {
    const script = new Script();
    const { tree, ask, answersTo, pass } = scene([define(script)]);
    await tree.start();
    const first = ask(submit('one'));
    await pass(3_000);
    ask(cancel('one'));
    await pass(1_500);
    expect(script.kinds).toEqual(['submitOrder']);
    await pass(1_000);

    expect(answersTo(first)).toMatchObject([{ outcome: 'unknown', code: 'DEADLINE' }]);
    expect(script.kinds).toEqual(['submitOrder', 'cancelOrder']);
    await tree.stop();
  });

  it('do not make a cancel wait for a question', async () => {
    const script = new Script();
    const { tree, ask } = scene([define(script)]);
    await tree.start();

    ask(enquire('one'));
    ask(cancel('one'));
    await settle();

    expect(script.kinds).toEqual(['enquireOrder', 'cancelOrder']);
    await tree.stop();
  });

  it('wait for a replacement under both of its names', async () => {
    const script = new Script();
    const { tree, ask } = scene([define(script)]);
    await tree.start();

    ask(replace('one', 'two', 5, 100));
    ask(cancel('two'));
    ask(cancel('one'));
    await settle();
    expect(script.kinds).toEqual(['replaceOrder']);
    script.last.answer({ outcome: 'done' });
    await settle();

    expect(script.kinds).toEqual(['replaceOrder', 'cancelOrder', 'cancelOrder']);
    await tree.stop();
  });

  it('G7 never let a replacement leave that waited past its deadline', async () => {
    const script = new Script();
    const { tree, ask, answersTo, pass } = scene([define(script)]);
    await tree.start();
    ask(enquire('one'));
    await settle();
    await pass(1_000);
    const waiting = ask(replace('one', 'two', 5, 100));
    tree.kill('broker');
    await pass(BACKOFF_MS);

    expect(answersTo(waiting)).toMatchObject([{ outcome: 'refused', code: 'SERVICE_DOWN' }]);
    expect(script.kinds).toEqual(['enquireOrder']);
    await tree.stop();
  });
});

describe('services of several kinds', () => {
  it('get the effects that they handle, the first of them where several do', async () => {
    const [broker, spare, store] = [new Script(), new Script(), new Script()];
    const { tree, ask } = scene([
      define(broker),
      define(spare, { name: 'spare' }),
      define(
        store,
        { name: 'alerts', service: 'store', handles: (kind) => kind === 'alert' },
        'stores',
      ),
    ]);
    await tree.start();

    ask(submit('one'));
    ask(ALERT);
    await settle();

    expect([broker.kinds, spare.kinds, store.kinds]).toEqual([['submitOrder'], [], ['alert']]);
    expect(BROKER_KINDS).toContain('submitOrder');
    await tree.stop();
  });
});
