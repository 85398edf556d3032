import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ActorNode } from '../../../src/actors/services/tree-view.ts';
import { leaf } from '../../../src/actors/services/tree-view.ts';
import { submit } from '../../order-effects.ts';
import { define, POLICY, Script, scene, settle } from './scene.ts';

describe('the one tree', () => {
  it('G6 has groups above services and the engine, and nothing below a service', async () => {
    const { tree } = scene([
      define(new Script(), { name: 'data', service: 'market', handles: () => false }, 'market'),
      define(new Script(), { name: 'news', service: 'market', handles: () => false }, 'market'),
      define(new Script()),
    ]);
    await tree.start();

    const root = tree.describe();

    expect(outline(root)).toEqual([
      'strata supervisor',
      '. market supervisor',
      '. . data service',
      '. . news service',
      '. inference supervisor',
      '. broker supervisor',
      '. . broker service',
      '. stores supervisor',
      '. engine engine',
    ]);
    await tree.stop();
  });

  it('shows the kernel under the engine, and its life', async () => {
    const calls: string[] = [];
    const kernel = {
      open: () => Promise.resolve(void calls.push('open')),
      close: () => Promise.resolve(void calls.push('close')),
      actors: () => [leaf('risk', 'actor', 'up', 0)],
    };
    const { tree, node } = scene([], { kernel });

    await tree.start();
    expect(outline(tree.describe()).slice(-2)).toEqual(['. engine engine', '. . risk actor']);
    expect(node('engine').state).toBe('up');
    await tree.stop();

    expect(node('engine').state).toBe('stopped');
    expect(calls).toEqual(['open', 'close']);
  });

  it('gives a supervisor the state of the worst of its children', async () => {
    const script = new Script();
    const { tree, pass } = scene([define(script)]);
    const stateOf = (name: string): string | undefined =>
      tree.describe().children.find((child) => child.name === name)?.state;
    await tree.start();
    expect([tree.describe().state, stateOf('broker')]).toEqual(['up', 'up']);

    tree.kill('broker');
    expect([tree.describe().state, stateOf('broker')]).toEqual(['waiting', 'waiting']);
    await pass(POLICY.backoffMinMs + 100);

    expect([tree.describe().state, stateOf('broker')]).toEqual(['up', 'up']);
    await tree.stop();
  });

  it('says since when a service is what it is, in market time', async () => {
    const { tree, node, time } = scene([define(new Script())]);
    await tree.start();
    await time.pass(5_000);
    const killedUs = time.nowUs();

    tree.kill('broker');

    expect(node('broker')).toMatchObject({ state: 'waiting', sinceUs: killedUs });
    await tree.stop();
  });

  it('ends once, however often it is asked to', async () => {
    const script = new Script();
    const { tree, fatal } = scene([define(script)]);
    await tree.start();

    await Promise.all([tree.stop(), tree.stop()]);
    await tree.stop();

    expect([script.stops, fatal.length]).toEqual([1, 0]);
  });

  it('that is stopped while the kernel opens makes no service, and closes it after', async () => {
    const script = new Script();
    const calls: string[] = [];
    const kernel = {
      open: async () => {
        await settle();
        calls.push('opened');
      },
      close: () => Promise.resolve(void calls.push('closed')),
      actors: () => [],
    };
    const { tree, fatal, node } = scene([define(script)], { kernel });

    const started = tree.start();
    await tree.stop();
    await started;

    expect(calls).toEqual(['opened', 'closed']);
    expect([script.made, fatal.length]).toEqual([0, 0]);
    expect(node('broker').state).toBe('stopped');
  });

  it('refuses two services of one name', () => {
    expect(() => scene([define(new Script()), define(new Script())])).toThrow('a name of its own');
  });

  it('knows nobody of another name', async () => {
    const { tree } = scene([define(new Script())]);
    await tree.start();

    expect([tree.kill('brokers'), tree.revive('broker')]).toEqual([false, false]);
    await tree.stop();
  });

  it('G6 cannot carry data: no file of it knows a batch, and one knows nact', () => {
    const folder = new URL('../../../src/actors/services/', import.meta.url);
    const sources = readdirSync(folder).map((name) => ({
      name,
      text: readFileSync(new URL(name, folder), 'utf8'),
    }));
    const using = (pattern: RegExp): readonly string[] =>
      sources.filter(({ text }) => pattern.test(text)).map(({ name }) => name);

    expect(using(/from 'nact'/)).toEqual(['nact-system.ts']);
    expect(using(/event-batch|live-market|market-source/)).toEqual([]);
  });
});

describe('what is wrong in our own code', () => {
  it('is fatal where the queue before the kernel throws, and no crash of a service', async () => {
    const script = new Script();
    let isBroken = false;
    const { tree, node, fatal } = scene([define(script)], {
      onInput: () => {
        if (isBroken) throw new Error('broken queue');
      },
    });
    await tree.start();
    isBroken = true;

    script.context.enter({ kind: 'timePassed' });

    expect(fatal).toMatchObject([{ message: 'broken queue' }]);
    expect(node('broker')).toMatchObject({ state: 'up', restarts: 0 });
    isBroken = false;
    await tree.stop();
  });

  it('is fatal where an answer cannot be taken', async () => {
    const { tree, ask, fatal } = scene([], {
      onAnswer: () => {
        throw new Error('broken kernel');
      },
    });
    ask(submit('one'));
    await settle();

    expect(fatal).toMatchObject([{ message: 'broken kernel' }]);
    await tree.stop();
  });
});

describe('the engine', () => {
  it('turns what the kernel throws into a status, and takes nothing after it', async () => {
    const { tree, node, fatal } = scene([]);
    await tree.start();
    const { engine } = tree;
    let taken = 0;

    expect(engine.accept(() => void (taken += 1))).toEqual({ isRunning: true });
    const failed = engine.accept(() => {
      throw new Error('broken invariant');
    });
    const after = engine.accept(() => void (taken += 1));

    expect(failed).toMatchObject({ isRunning: false, error: { message: 'broken invariant' } });
    expect(after).toEqual(failed);
    expect(engine.status).toEqual(failed);
    expect(taken).toBe(1);
    expect(fatal).toMatchObject([{ message: 'broken invariant' }]);
    expect(node('engine')).toMatchObject({
      state: 'failed',
      lastError: 'broken invariant',
      deadLetters: 1,
    });
    await tree.stop();
    expect(node('engine').state).toBe('failed');
  });

  it('is fatal once, whatever else fails with it', async () => {
    let fail: (error: Error) => void = () => undefined;
    const open = (): Promise<void> =>
      new Promise((_, reject) => {
        fail = reject;
      });
    const kernel = { open, close: () => Promise.resolve(), actors: () => [] };
    const { tree, fatal } = scene([], { kernel });
    const started = tree.start();
    await settle();

    tree.engine.accept(() => {
      throw new Error('first');
    });
    fail(new Error('second'));
    await expect(started).rejects.toThrow('second');

    expect(fatal).toMatchObject([{ message: 'first' }]);
    await tree.stop();
  });

  it('that does not open is fatal, starts no service, and is not closed', async () => {
    const calls: string[] = [];
    const kernel = {
      open: () => Promise.reject(new Error('journal damaged')),
      close: () => Promise.resolve(void calls.push('close')),
      actors: () => [],
    };
    const script = new Script();
    const { tree, fatal } = scene([define(script)], { kernel });

    await expect(tree.start()).rejects.toThrow('journal damaged');
    await tree.stop();

    expect(fatal.length).toBe(1);
    expect([script.made, calls.length]).toEqual([0, 0]);
  });
});

function outline(node: ActorNode, indent = ''): readonly string[] {
  const below = node.children.flatMap((child) => outline(child, `${indent}. `));
  return [`${indent}${node.name} ${node.role}`, ...below];
}
