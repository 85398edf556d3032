import { describe, expect, it } from 'vitest';
import type { ServiceContext } from '../../../src/ports/service.ts';
import { cancel, submit } from '../../order-effects.ts';
import { define, NEVER, POLICY, Script, scene } from './scene.ts';

/** The first backoff at its longest, and the turns it takes. */
const BACKOFF_MS = POLICY.backoffMinMs + 100;

describe('the life of a service', () => {
  it('is up when its start has settled, and the kernel hears of it once', async () => {
    const script = new Script();
    const { tree, inputs, node } = scene([define(script)]);

    await tree.start();

    expect(node('broker').state).toBe('up');
    expect(inputs).toEqual([
      { kind: 'serviceChanged', service: 'broker', state: 'up', reason: 'started' },
    ]);
    await tree.stop();
  });

  it('is made anew after a crash, and the kernel hears down and up', async () => {
    const script = new Script();
    const { tree, inputs, node, pass, settle, log } = scene([define(script)]);
    await tree.start();

    script.context.failed(new Error('socket closed'));
    await settle();
    expect(node('broker')).toMatchObject({ state: 'waiting', lastError: 'socket closed' });
    await pass(BACKOFF_MS);

    expect(node('broker')).toMatchObject({ state: 'up', restarts: 1 });
    expect(script.made).toBe(2);
    expect(script.stops).toBe(1);
    const states = inputs.map((input) => (input.kind === 'serviceChanged' ? input.state : ''));
    expect(states).toEqual(['up', 'down', 'up']);
    expect(log).toContain('serviceCrashed broker socket closed');
    await tree.stop();
    expect(inputs.length).toBe(3); // An ordered stop is no news, whatever happened before.
  });

  it.each([
    ['make throws', (script: Script) => void (script.onMake = failOnce)],
    ['start throws', (script: Script) => void (script.onStart = failOnce)],
    ['start rejects', (script: Script) => void (script.onStart = rejectOnce)],
  ])('comes back when %s', async (_, plant) => {
    const script = new Script();
    plant(script);
    const { tree, node, pass } = scene([define(script)]);

    await tree.start();
    expect(node('broker').state).toBe('waiting');
    await pass(BACKOFF_MS);

    expect(node('broker')).toMatchObject({ state: 'up', restarts: 1, lastError: 'planted' });
    await tree.stop();
  });

  it('(D4) is not tried again where the same answer would come, until a person asks', async () => {
    const script = new Script();
    const { tree, inputs, node, pass, settle } = scene([define(script)]);
    await tree.start();

    script.context.failed(Object.assign(new Error('402 auth failed'), { isFinal: true }));
    await settle();
    await pass(60_000);
    expect(node('broker').state).toBe('down');
    expect(script.made).toBe(1);
    expect(inputs.at(-1)).toMatchObject({ kind: 'serviceChanged', state: 'down' });

    expect(tree.revive('broker')).toBe(true);
    await settle();
    expect(script.made).toBe(2);
    await tree.stop();
  });

  it('G1 stays down past its budget, says so, and comes back by a person', async () => {
    const script = new Script();
    const { tree, inputs, node, pass, settle } = scene([define(script)]);
    await tree.start();

    for (let crash = 0; crash <= POLICY.restartsMax; crash += 1) {
      expect(tree.kill('broker')).toBe(true);
      await pass(1_000);
    }
    expect(node('broker')).toMatchObject({ state: 'down', reason: 'budget' });
    expect(inputs.at(-1)).toEqual({
      kind: 'serviceChanged',
      service: 'broker',
      state: 'down',
      reason: 'budget',
    });
    await pass(20_000);
    expect(script.made).toBe(POLICY.restartsMax + 1);

    expect(tree.revive('broker')).toBe(true);
    await settle();
    expect(node('broker').state).toBe('up');
    expect(inputs.at(-1)).toMatchObject({ state: 'up' });
    tree.kill('broker'); // It has a budget again.
    await pass(BACKOFF_MS);
    expect(node('broker').state).toBe('up');
    await tree.stop();
  });

  it('forgets crashes that lie outside the window', async () => {
    const script = new Script();
    const { tree, node, pass } = scene([define(script)]);
    await tree.start();

    for (let crash = 0; crash < 10; crash += 1) {
      tree.kill('broker');
      await pass(POLICY.withinMs / 2);
    }

    expect(node('broker')).toMatchObject({ state: 'up', restarts: 10 });
    await tree.stop();
  });

  it('G4 counts and drops what an instance says after its end', async () => {
    const script = new Script();
    const { tree, inputs, node, pass } = scene([define(script)]);
    await tree.start();
    const old: ServiceContext = script.context;
    tree.kill('broker');
    await pass(BACKOFF_MS);
    const heard = inputs.length;

    old.enter({ kind: 'timePassed' });
    old.health('degraded', 'late');
    old.failed(new Error('late'));
    old.log('info', 'late', {});

    expect(inputs.length).toBe(heard);
    expect(node('broker')).toMatchObject({ state: 'up', deadLetters: 4 });
    await tree.stop();
  });

  it('G4 has no dead letters where an effect comes just before the end', async () => {
    const script = new Script();
    const { tree, node, ask, answersTo } = scene([define(script)]);
    await tree.start();

    const asked = ask(submit('one'));
    await tree.stop();

    expect(answersTo(asked)).toMatchObject([{ outcome: 'refused', code: 'SERVICE_DOWN' }]);
    expect(node('broker')).toMatchObject({ state: 'stopped', deadLetters: 0 });
  });

  it('is not started when it failed while it was made', async () => {
    const script = new Script();
    const started: number[] = [];
    script.onMake = (instance) => {
      if (instance === 1) script.context.failed(new Error('no keys'));
    };
    script.onStart = (instance) => Promise.resolve(void started.push(instance));
    const { tree, node, pass } = scene([define(script)]);

    await tree.start();
    await pass(BACKOFF_MS);

    expect(started).toEqual([2]);
    expect(node('broker')).toMatchObject({ state: 'up', restarts: 1, lastError: 'no keys' });
    await tree.stop();
  });

  it('G4 has no dead letters in a clean run', async () => {
    const script = new Script();
    const { tree, node, ask, settle } = scene([define(script)]);
    await tree.start();
    ask(submit('one'));
    await settle();
    script.last.answer({ outcome: 'done' });
    ask(cancel('two'));
    await settle();
    script.last.answer({ outcome: 'done' });
    await settle();

    await tree.stop();

    expect(node('broker')).toMatchObject({ state: 'stopped', deadLetters: 0 });
  });

  it('is what it said of itself while it started, once it has', async () => {
    const script = new Script();
    let begun: () => void = () => undefined;
    script.onStart = () =>
      new Promise((resolve) => {
        begun = resolve;
      });
    const { tree, inputs, node, settle } = scene([define(script)]);
    const started = tree.start();
    await settle();

    script.context.health('degraded', 'no update stream yet');
    expect(node('broker').state).toBe('starting');
    begun();
    await started;

    expect(node('broker').state).toBe('degraded');
    expect(inputs).toMatchObject([{ state: 'degraded', reason: 'no update stream yet' }]);
    await tree.stop();
  });

  it('is degraded while it says so, and tells only changes', async () => {
    const script = new Script();
    const { tree, inputs } = scene([define(script)]);
    await tree.start();

    script.context.health('degraded', 'no update stream');
    script.context.health('degraded', 'still none');
    script.context.health('up', 'connected');
    script.context.health('up', 'connected');

    const states = inputs.map((input) => (input.kind === 'serviceChanged' ? input.state : ''));
    expect(states).toEqual(['up', 'degraded', 'up']);
    await tree.stop();
  });

  it('speaks for a name with the worst of the services that share it', async () => {
    const [data, news] = [new Script(), new Script()];
    const { tree, inputs, pass } = scene([
      define(data, { name: 'data', service: 'market' }, 'market'),
      define(news, { name: 'news', service: 'market' }, 'market'),
    ]);
    await tree.start();

    data.context.health('degraded', 'slow');
    tree.kill('news');
    await pass(BACKOFF_MS);
    data.context.health('up', 'fast');

    const states = inputs.map((input) => (input.kind === 'serviceChanged' ? input.state : ''));
    expect(states).toEqual(['up', 'degraded', 'down', 'degraded', 'up']);
    await tree.stop();
  });
});

describe('a service that hangs', () => {
  it('G8 in its start is named within two seconds, given up and made anew', async () => {
    const script = new Script();
    script.onStart = (instance) => (instance === 1 ? NEVER() : Promise.resolve());
    const { tree, node, pass, log, settle } = scene([define(script)]);
    const started = tree.start();
    await settle();

    await pass(1_990);
    expect(node('broker').state).toBe('starting');
    await pass(20);
    await started;
    expect(log).toContain('serviceHung broker start');
    expect(node('broker').lastError).toBe('did not start within 2000 ms');
    await pass(BACKOFF_MS);

    expect(node('broker')).toMatchObject({ state: 'up', restarts: 1, hanging: [] });
    await tree.stop();
  });

  it('G8 in an effect is named within two seconds, and given up past its deadline', async () => {
    const script = new Script();
    const { tree, node, pass, ask, answersTo, settle } = scene([define(script)]);
    await tree.start();
    const asked = ask(submit('one'));
    await settle();

    await pass(2_000);
    expect(node('broker')).toMatchObject({
      state: 'up',
      hanging: ['perform submitOrder 1:0'],
      inFlight: 1,
    });
    await pass(3_000);
    expect(answersTo(asked)).toMatchObject([{ outcome: 'unknown', code: 'DEADLINE' }]);
    await pass(2_500);

    expect(node('broker')).toMatchObject({
      state: 'up',
      restarts: 1,
      inFlight: 0,
      lastError: 'perform submitOrder 1:0 never settled',
    });
    script.asked[0]?.answer({ outcome: 'done' });
    await settle();
    expect(node('broker').deadLetters).toBe(1);
    expect(answersTo(asked).length).toBe(1);
    await tree.stop();
  });

  it('G8 in its stop holds up neither its successor nor the end of the session', async () => {
    const script = new Script();
    script.onStop = NEVER;
    const { tree, node, pass, log } = scene([define(script)]);
    await tree.start();
    tree.kill('broker');
    await pass(1_900);
    expect(script.made).toBe(1); // The old one may still hold the one connection there is.
    await pass(200);
    expect(script.made).toBe(2);
    expect(log).toContain('serviceHung broker stop');
    expect(node('broker')).toMatchObject({ state: 'up', hanging: [] });

    const stopped = tree.stop();
    await pass(2_100);
    await stopped;
    expect(node('broker').state).toBe('stopped');
  });
});

describe('the order of an ordered stop', () => {
  it('is market, inference, broker, stores, and it may come while a service starts', async () => {
    const order: string[] = [];
    const services = (['stores', 'broker', 'market', 'inference'] as const).map((group) => {
      const script = new Script();
      script.onStart = () => (group === 'broker' ? NEVER() : Promise.resolve());
      script.onStop = () => {
        order.push(group);
        return Promise.resolve();
      };
      const change = { name: group, service: 'store', handles: () => false } as const;
      return define(script, change, group);
    });
    const { tree, settle, fatal, time } = scene(services);
    void tree.start();
    await settle();

    await tree.stop();

    expect(order).toEqual(['market', 'inference', 'broker', 'stores']);
    expect(fatal).toEqual([]);
    expect(time.pending).toBe(0);
  });
});

function failOnce(instance: number): Promise<void> {
  if (instance === 1) throw new Error('planted');
  return Promise.resolve();
}

function rejectOnce(instance: number): Promise<void> {
  return instance === 1 ? Promise.reject(new Error('planted')) : Promise.resolve();
}
