import { describe, expect, it } from 'vitest';
import { cancel, submit } from '../../order-effects.ts';
import { define, POLICY, Script, scene, settle } from './scene.ts';

/** The first backoff at its longest, and the turns it takes. */
const BACKOFF_MS = POLICY.backoffMinMs + 100;

describe('limits', () => {
  it('G5 refuse an order past inFlightMax with SERVICE_BUSY, and let a cancel wait', async () => {
    const script = new Script();
    const { tree, ask, answersTo, node } = scene([define(script)]);
    await tree.start();

    const taken = ['a', 'b', 'c', 'd'].map((id) => ask(submit(id)));
    const refused = ask(submit('e'));
    const patient = ask(cancel('f'));
    await settle();

    expect(taken.flatMap((one) => answersTo(one))).toEqual([]);
    expect(answersTo(refused)).toMatchObject([{ outcome: 'refused', code: 'SERVICE_BUSY' }]);
    expect(node('broker')).toMatchObject({ inFlight: 4, queued: 1 });
    script.asked[0]?.answer({ outcome: 'done' });
    await settle();
    expect(script.kinds.at(-1)).toBe('cancelOrder');
    expect(answersTo(patient)).toEqual([]);
    await tree.stop();
  });

  it('G5 bound what waits for a service that is down', async () => {
    const script = new Script();
    const { tree, ask, answersTo, node } = scene([define(script)]);
    await tree.start();
    tree.kill('broker');

    const asked = Array.from({ length: 1_000 }, (_, at) => ask(cancel(`o${at}`)));
    await settle();

    expect(node('broker').queued).toBe(2 * POLICY.inFlightMax);
    const answered = asked.flatMap((one) => answersTo(one));
    expect(answered.length).toBe(1_000 - 2 * POLICY.inFlightMax);
    for (const one of answered) expect(one).toMatchObject({ outcome: 'refused' });
    await tree.stop();
  });

  it('are in wall time where the market runs faster than ours', async () => {
    const script = new Script();
    const { tree, time, answers, pass } = scene([define(script)], { speed: 60 });
    await tree.start();
    const requestedUs = time.nowUs();
    await pass(1_000); // A minute of the market.

    tree.router.dispatch({ input: 1, index: 0, requestedUs, effect: submit('one') });
    await settle();
    expect(script.kinds).toEqual(['submitOrder']);
    await pass(3_900);
    expect(answers).toEqual([]);
    await pass(200);

    expect(answers).toMatchObject([{ outcome: 'unknown', code: 'DEADLINE' }]);
    await tree.stop();
  });

  it('hold where the timer of a deadline is late: what waited past it is not sent', async () => {
    const script = new Script();
    let lateMs = 0;
    const { tree, ask, answersTo, pass } = scene([define(script)], { lateMs: () => lateMs });
    await tree.start();
    tree.kill('broker');
    const asked = ask(cancel('one'));
    await settle();
    lateMs = 5_000;
    await pass(BACKOFF_MS);

    expect(script.made).toBe(2);
    expect(script.asked).toEqual([]);
    expect(answersTo(asked)).toMatchObject([{ outcome: 'refused', code: 'DEADLINE' }]);
    await tree.stop();
  });

  it('refuse what waited too long for the disk before it got here', async () => {
    const script = new Script();
    const { tree, time, answers } = scene([define(script)]);
    await tree.start();
    const effect = submit('one');
    const requestedUs = time.nowUs();
    await time.pass(5_000);

    tree.router.dispatch({ input: 1, index: 0, requestedUs, effect });
    tree.router.dispatch({ input: 2, index: 0, requestedUs, effect: cancel('two') });
    await settle();

    expect(answers).toMatchObject([{ effectInput: 1, outcome: 'refused', code: 'DEADLINE' }]);
    expect(script.kinds).toEqual(['cancelOrder']);
    await tree.stop();
  });
});

describe('what is taken back', () => {
  it('is refused WITHDRAWN when it never came here, and while it waits here', async () => {
    const script = new Script();
    const { tree, time, ask, answersTo, answers, pass } = scene([define(script)]);
    await tree.start();
    const requested = { input: 99, index: 3, requestedUs: time.nowUs(), effect: submit('one') };

    tree.router.withdraw?.(requested);
    const waiting = ask(submit('two'));
    tree.router.withdraw?.(waiting);
    await settle();

    expect(answers[0]).toMatchObject({ effectInput: 99, effectIndex: 3, code: 'WITHDRAWN' });
    expect(answersTo(waiting)).toMatchObject([{ outcome: 'refused', code: 'WITHDRAWN' }]);
    await pass(6_000);
    expect(script.asked).toEqual([]);
    expect(answers.length).toBe(2);
    await tree.stop();
  });

  it('has the answer of its service when it had left', async () => {
    const script = new Script();
    const { tree, ask, answersTo } = scene([define(script)]);
    await tree.start();
    const asked = ask(submit('one'));
    await settle();

    tree.router.withdraw?.(asked);
    script.last.answer({ outcome: 'done' });
    await settle();

    expect(answersTo(asked)).toMatchObject([{ outcome: 'done' }]);
    await tree.stop();
  });
});

describe('an effect asked twice', () => {
  it('is one effect with one answer', async () => {
    const script = new Script();
    const { tree, ask, answersTo } = scene([define(script)]);
    await tree.start();
    const asked = ask(submit('one'));
    tree.router.dispatch(asked);
    await settle();
    script.last.answer({ outcome: 'done' });
    await settle();

    expect(script.asked.length).toBe(1);
    expect(answersTo(asked).length).toBe(1);
    await tree.stop();
  });
});
