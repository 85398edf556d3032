import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  actorName,
  type ActorSystem,
  createActorSystem,
} from '../../../src/actors/services/nact-system.ts';
import { plan, thrice } from './nact-plans.ts';
import { settle } from './scene.ts';

let system: ActorSystem;

beforeEach(() => {
  system = createActorSystem();
});

afterEach(() => system.stop());

describe('names', () => {
  it.each(['O:SPY251219C00600000', 'X:BTCUSD', 'BTC/USD', 'BRK/B', 'I:SPX', 'ä €', '%', '.'])(
    'like %s throw: ours are encoded',
    (name) => {
      expect(system.spawn(plan({ name })).name).toBe(name);
    },
  );

  it('stay different when they are encoded, and have at least one letter', () => {
    const names = ['a:b', 'a$3a.b', 'a_b', 'a.b', 'A:b', 'a::b', 'a:', ':'];

    expect(new Set(names.map(actorName)).size).toBe(names.length);
    expect(() => actorName('')).toThrow('an actor has a name');
  });

  it('that are left out collide by the ten thousand: ours are never left out', () => {
    const actors = Array.from({ length: 1_000 }, (_, at) => system.spawn(plan({ name: `a${at}` })));

    expect(new Set(actors.map(({ name }) => name)).size).toBe(1_000);
    expect(() => system.spawn(plan({ name: 'a7' }))).toThrow('already exists');
  });
});

describe('mailboxes', () => {
  it('G5 grow without end: ours refuse and count', async () => {
    const handled: number[] = [];
    const receive = (_: number, message: number): number => handled.push(message);
    const actor = system.spawn(plan({ mailboxMax: 3, receive }));

    const taken = Array.from({ length: 10 }, (_, message) => actor.tell(message));
    expect(taken.filter((isTaken) => isTaken).length).toBe(3);
    expect(actor).toMatchObject({ waiting: 3, refused: 7 });
    await settle();

    expect(handled).toEqual([0, 1, 2]);
    expect(actor.tell(11)).toBe(true);
  });

  it('survive a reset in their order', async () => {
    const handled: number[] = [];
    const receive = (_: number, message: number): number => thrice(0, message, handled);
    const actor = system.spawn(plan({ receive }));
    for (let message = 1; message <= 9; message += 1) actor.tell(message);
    await settle();
    await settle();

    expect(handled).toEqual([1, 2, 4, 5, 7, 8]);
  });
});
