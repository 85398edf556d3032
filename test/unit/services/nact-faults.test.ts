import { type Ref, spawn, spawnStateless, start, dispatch, stop } from 'nact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type Actor,
  type ActorSystem,
  type AfterCrash,
  createActorSystem,
} from '../../../src/actors/services/nact-system.ts';
import { plan, thrice } from './nact-plans.ts';
import { settle } from './scene.ts';

/**
 * What nact 7.6.2 does wrong, one test each: that it does (`raw`), where the rest of the test
 * would mean nothing without it, and that it cannot be reached through our interface.
 */
describe('faults of nact', () => {
  const escaped: unknown[] = [];
  const note = (error: unknown): void => void escaped.push(error);
  let system: ActorSystem;

  beforeEach(() => {
    escaped.length = 0;
    process.on('unhandledRejection', note);
    process.on('uncaughtException', note);
    system = createActorSystem();
  });

  afterEach(async () => {
    await system.stop();
    await settle();
    process.off('unhandledRejection', note);
    process.off('uncaughtException', note);
    expect(escaped).toEqual([]);
  });

  describe('crashes', () => {
    it('stop an actor by default, in silence but for the console: ours go on', async () => {
      const said = vi.spyOn(console, 'log').mockImplementation(() => undefined);
      const raw: number[] = [];
      const parent = start();
      const ref = spawn(parent, (state: number, message: number) => thrice(state, message, raw));
      for (let message = 1; message <= 5; message += 1) dispatch(ref, message);
      await settle();
      expect(raw).toEqual([1, 2]);
      expect(said).toHaveBeenCalledOnce();
      stop(parent);
      said.mockClear();

      const handled: number[] = [];
      const actor = system.spawn(plan({ receive: (_, message) => thrice(0, message, handled) }));
      for (let message = 1; message <= 5; message += 1) actor.tell(message);
      await settle();

      expect(handled).toEqual([1, 2, 4, 5]);
      expect(said).not.toHaveBeenCalled();
      said.mockRestore();
    });

    it('keep a state that is handed over by reference: ours is made anew', async () => {
      const raw: number[] = [];
      const parent = start();
      const ref = spawn(
        parent,
        (state: number[], message: number) => {
          if (message < 0) throw new Error('planted');
          state.push(message);
          raw.splice(0, raw.length, ...state);
          return state;
        },
        'raw',
        { initialState: [], onCrash: (_message, _error, context) => context.reset },
      );
      for (const message of [1, 2, -1, 3]) dispatch(ref, message);
      await settle();
      expect(raw).toEqual([1, 2, 3]);
      stop(parent);

      const seen: number[][] = [];
      const actor = system.spawn<number[], number>({
        ...plan(),
        initial: () => [],
        receive(state, message) {
          if (message < 0) throw new Error('planted');
          state.push(message);
          seen.push([...state]);
        },
      });
      for (const message of [1, 2, -1, 3]) actor.tell(message);
      await settle();

      expect(seen).toEqual([[1], [1, 2], [3]]);
    });

    it('in the policy itself end the process: ours stops the actor and counts', async () => {
      const actor = system.spawn(
        plan({
          receive: fail,
          crashed: () => {
            throw new Error('the policy is wrong');
          },
        }),
      );
      actor.tell(1);
      await settle();

      expect(actor).toMatchObject({ isStopped: true, policyFailures: 1 });
    });

    it('while a state is made try again for ever, in one turn: ours stops the actor', async () => {
      let raw = 0;
      const parent = start();
      spawn(parent, (state: number) => state, 'raw', {
        initialStateFunc: () => {
          raw += 1;
          if (raw < 1_000) throw new Error('planted');
          return 1;
        },
        onCrash: (_message, _error, context) => context.reset,
      });
      await settle();
      expect(raw).toBe(1_000);
      stop(parent);

      let made = 0;
      const policy = vi.fn<() => AfterCrash>(() => 'reset');
      const actor = system.spawn({
        ...plan(),
        initial() {
          made += 1;
          if (made !== 2) return made;
          throw new Error('planted');
        },
        receive: fail,
        crashed: policy,
      });
      actor.tell(1);
      actor.tell(2);
      await settle();

      expect(made).toBe(2);
      expect(actor).toMatchObject({ isStopped: true, deadLetters: 1 });
      expect(policy).toHaveBeenCalledTimes(2);
    });

    it('after stopping oneself end the process: ours is just stopped', async () => {
      const box: { actor?: Actor<number> } = {};
      const policy = vi.fn<() => AfterCrash>(() => 'reset');
      box.actor = system.spawn(
        plan({
          receive() {
            void box.actor?.stop();
            throw new Error('planted');
          },
          crashed: policy,
        }),
      );
      box.actor.tell(1);
      await settle();

      expect(box.actor.isStopped).toBe(true);
      expect(policy).not.toHaveBeenCalled(); // Of what is over nobody is asked.
    });

    it('are hidden by spawnStateless, policy and all: ours has no stateless actor', async () => {
      const policy = vi.fn(() => Symbol('stop'));
      const parent = start();
      const ref = spawnStateless(parent, fail, 'raw', { onCrash: policy });
      dispatch(ref, 1);
      await settle();
      expect(policy).not.toHaveBeenCalled();
      stop(parent);

      const ours = vi.fn<() => AfterCrash>(() => 'reset');
      system.spawn(plan({ receive: fail, crashed: ours })).tell(1);
      await settle();
      expect(ours).toHaveBeenCalledOnce();
    });

    it('have eight more answers that do harm: ours has the two that work', async () => {
      // Own fault and resetAllChildren: nact never takes another message.
      const raw: number[] = [];
      const parent = start();
      const ref = spawn(
        parent,
        (state: number, message: number) => thrice(state, message, raw),
        'r',
        {
          initialState: 0,
          onCrash: (_message, _error, context) => context.resetAllChildren,
        },
      );
      for (let message = 1; message <= 5; message += 1) dispatch(ref, message);
      await settle();
      expect(raw).toEqual([1, 2]);
      stop(parent);

      for (const answer of ['reset', 'stop'] as const) {
        const handled: number[] = [];
        const receive = (_: number, message: number): number => thrice(0, message, handled);
        const actor = system.spawn(plan({ name: answer, receive, crashed: () => answer }));
        for (let message = 1; message <= 5; message += 1) actor.tell(message);
        await settle();
        expect(handled).toEqual(answer === 'reset' ? [1, 2, 4, 5] : [1, 2]);
        expect(actor.deadLetters).toBe(answer === 'reset' ? 0 : 2);
      }
    });

    it('leave a zombie where a parent resumes for a child: ours asks no parent', async () => {
      const policy = vi.fn<() => AfterCrash>(() => 'stop');
      const parent = system.spawn(plan({ name: 'parent', crashed: policy }));
      const handled: number[] = [];
      const receive = (_: number, message: number): number => thrice(0, message, handled);
      const child = parent.spawn(plan({ name: 'child', receive }));
      for (let message = 1; message <= 5; message += 1) child.tell(message);
      await settle();

      expect(handled).toEqual([1, 2, 4, 5]);
      expect(child.waiting).toBe(0);
      expect(policy).not.toHaveBeenCalled();
    });
  });

  describe('a stop', () => {
    it('leaves the children of a parent running: ours takes them along', async () => {
      const handled: number[] = [];
      const parent = start();
      const above = spawn(parent, (state: number) => state, 'above', { initialState: 0 });
      const below = spawn(
        above,
        (state: number, message: number, context) => {
          handled.push(message);
          if (message < 3) dispatch(context.self, message + 1);
          return state;
        },
        'below',
        { initialState: 0 },
      );
      const afterStop = vi.fn();
      spawn(above, (state: number) => state, 'other', { initialState: 0, afterStop });
      dispatch(below, 1);
      stop(above);
      await settle();
      expect(handled).toEqual([1]); // What it still had was done after its parent's end ...
      expect(afterStop).not.toHaveBeenCalled(); // ... and nobody told the children of it.
      stop(parent);

      const group = system.spawn(plan({ name: 'group' }));
      const ran: number[] = [];
      const child = group.spawn(
        plan({ name: 'c', receive: (_, message) => void ran.push(message) }),
      );
      child.tell(1);
      await group.stop();
      await settle();

      expect(ran).toEqual([]);
      expect(child).toMatchObject({ isStopped: true, deadLetters: 1 });
      expect(group.isStopped).toBe(true);
    });

    it('loses the messages that wait, in silence: ours are counted (G4)', async () => {
      const actor = system.spawn(plan());
      for (let message = 0; message < 5; message += 1) actor.tell(message);

      await actor.stop();
      expect(actor.tell(6)).toBe(false);

      expect(actor).toMatchObject({ waiting: 0, deadLetters: 6 });
    });

    it('and a successor of the same name get the letters of the dead: ours do not', async () => {
      const raw: string[] = [];
      const parent = start();
      const named = (said: string): Ref<string> =>
        spawn(
          parent,
          (state: number, message: string) => (raw.push(said + message), state),
          'one',
          {
            initialState: 0,
          },
        );
      const first = named('first ');
      stop(first);
      named('second ');
      dispatch(first, 'letter');
      await settle();
      expect(raw).toEqual(['second letter']);
      stop(parent);

      const heard: number[] = [];
      const dead = system.spawn(plan());
      await dead.stop();
      const alive = system.spawn(plan({ receive: (_, message) => void heard.push(message) }));
      dead.tell(1);
      alive.tell(2);
      await settle();

      expect(heard).toEqual([2]);
      expect(dead.deadLetters).toBe(1);
    });

    it('may come twice, from within and from without, and ends once', async () => {
      const box: { actor?: Actor<number> } = {};
      box.actor = system.spawn(plan({ receive: () => void box.actor?.stop() }));
      box.actor.tell(1);
      await settle();

      await Promise.all([box.actor.stop(), box.actor.stop()]);

      expect(box.actor).toMatchObject({ isStopped: true, deadLetters: 0 });
    });

    it('in the middle of a message leaves an old state: ours has no middle', async () => {
      const order: string[] = [];
      const actor = system.spawn(
        plan({
          receive() {
            void Promise.resolve().then(() => order.push('promise'));
            order.push('began', 'ended');
          },
        }),
      );
      actor.tell(1);
      actor.tell(2);
      await settle();

      expect(order).toEqual(['began', 'ended', 'promise', 'began', 'ended', 'promise']);
    });
  });
});

const fail = (): never => {
  throw new Error('planted');
};
