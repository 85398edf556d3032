import { describe, expect, it } from 'vitest';
import type { Effect, Requested } from '../../../src/ports/effect.ts';
import type { EffectAnswer } from '../../../src/ports/service.ts';
import { define, POLICY, Script, scene, settle } from './scene.ts';

const ALERT: Effect = { kind: 'alert', severity: 'info', code: 'x', text: 'y' };
const BACKOFF_MS = POLICY.backoffMinMs + 100;

/** A store that answers without waiting for anything. */
function storeScene(answer: (requested: Requested) => EffectAnswer) {
  const script = new Script();
  const made = define(script, {
    name: 'store',
    service: 'store',
    handles: (kind) => kind === 'alert',
    make: (context) => ({ ...script.make(context), answer }),
  });
  return { script, ...scene([made]) };
}

describe('a provider that answers at once', () => {
  it('G5 gives ten thousand answers where no more than four may be under way', async () => {
    const { tree, ask, answers, script } = storeScene(() => ({ outcome: 'done' }));
    await tree.start();
    for (let many = 0; many < 10_000; many += 1) ask(ALERT);
    expect(answers).toHaveLength(0);
    await settle();

    expect(answers).toHaveLength(10_000);
    expect(answers.every(({ outcome }) => outcome === 'done')).toBe(true);
    expect(script.asked).toHaveLength(0); // No promise was made for any of them.
    const { services, answersMost, refused } = tree.load();
    expect([services[0]?.most, answersMost, refused]).toEqual([0, 10_000, 0]);
    await tree.stop();
  });

  it('is not asked inside dispatch', async () => {
    let isInTurn = false;
    const inTurn: boolean[] = [];
    const { tree, ask } = storeScene(() => {
      inTurn.push(isInTurn);
      return { outcome: 'done' };
    });
    await tree.start();
    isInTurn = true;
    ask(ALERT);
    isInTurn = false;
    await settle();

    expect(inTurn).toEqual([false]);
    await tree.stop();
  });

  it('G7 crashes by throwing: that effect fails, and the next life answers', async () => {
    let isBroken = true;
    const { tree, time, ask, answersTo } = storeScene(() => {
      if (isBroken) throw new Error('the disk is gone');
      return { outcome: 'done' };
    });
    await tree.start();
    const asked = [ask(ALERT), ask(ALERT)];
    await settle();
    isBroken = false;
    await time.advance(BACKOFF_MS);
    await settle();
    const later = ask(ALERT);
    await settle();

    const codes = asked.flatMap(answersTo).map(({ code }) => code);
    expect(codes).toEqual(['SERVICE_CRASHED', 'SERVICE_DOWN']);
    expect(answersTo(later).map(({ outcome }) => outcome)).toEqual(['done']);
    expect(tree.describe().children.flatMap(({ children }) => children)[0]?.restarts).toBe(1);
    await tree.stop();
  });

  it('says SERVICE_DOWN once where the session has ended meanwhile', async () => {
    const { tree, ask, answersTo } = storeScene(() => ({ outcome: 'done' }));
    await tree.start();
    const before = ask(ALERT);
    const stopped = tree.stop();
    const after = ask(ALERT);
    await stopped;

    expect(answersTo(before)).toHaveLength(1);
    expect(answersTo(after).map(({ code }) => code)).toEqual(['SERVICE_DOWN']);
  });
});
