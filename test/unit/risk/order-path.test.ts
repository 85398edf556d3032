import { describe, expect, it } from 'vitest';
import { EXECUTION, MOMENTUM, RISK } from '../../../src/actors/kernel/actor-table.ts';
import { execution } from '../../../src/actors/kernel/execution.ts';
import { address } from '../../../src/actors/runtime/definition.ts';
import type { AnyActor } from '../../../src/actors/runtime/slot.ts';
import type { HarnessOptions, KernelHarness } from '../../kernel-harness.ts';
import { entry, quoted } from './scene.ts';
import { acceptAll, actors, cancelled, TIMES, tradingDesk, wish } from './trading-desk.ts';

describe('an order path that failed', () => {
  function reservations(desk: KernelHarness): number {
    return desk.condensed(RISK).filter(({ kind }) => kind === 'reservationCarried').length;
  }

  it('drops the order that had not left, gives back its money and halts', () => {
    const seats: HarnessOptions['actors'] = [...actors(), [MOMENTUM, saboteur()]];
    const desk = tradingDesk({}, { actors: seats, mayCrash: true });
    desk.tell<unknown>(STRATEGY_DOOR, WISHED, 2);

    expect(desk.effects).toEqual([]);
    expect(desk.factsOf('intended')).toHaveLength(1);
    expect(desk.factsOf('stood')).toMatchObject([{ standing: 'rejected', reason: 'DROPPED' }]);
    expect(desk.factsOf('tradingHalted')).toMatchObject([{ code: 'ORDER_PATH' }]);
    expect(reservations(desk)).toBe(0);
  });

  it('sends no order that was approved and not yet taken when it failed', () => {
    const desk = tradingDesk({}, { mayCrash: true });
    desk.tell<unknown>(RISK_DOOR, WISHED, poison());

    expect(desk.effects).toEqual([]);
    expect(desk.factsOf('stood')).toMatchObject([{ standing: 'rejected' }]);
    expect(reservations(desk)).toBe(0);
  });

  it('loses no share to an approval that execution lost', () => {
    const lossy: AnyActor = { ...execution(TIMES), hears: [], decide: () => fail() };
    const [first, , third] = actors();
    if (first === undefined || third === undefined) throw new Error('three actors');
    const desk = tradingDesk({}, { actors: [first, [EXECUTION, lossy], third], mayCrash: true });
    wish(desk, 0);

    expect(desk.factsOf('reserved')).toHaveLength(1);
    expect(desk.factsOf('crashed')).toMatchObject([{ actor: 'execution' }]);
    expect(reservations(desk)).toBe(0);
  });

  it('cancels what rests from before, as soon as risk hears of anything', () => {
    const desk = tradingDesk({}, { mayCrash: true });
    wish(desk, 0);
    acceptAll(desk);
    desk.tell<unknown>(RISK_DOOR, poison());
    expect(cancelled(desk)).toEqual([]);
    desk.tell(RISK, { kind: 'valued' });

    expect(cancelled(desk)).toHaveLength(1);
  });

  it('stops the account where an actor fails too often', () => {
    const desk = tradingDesk({}, { mayCrash: true });
    for (let left = 4; left > 0; left -= 1) desk.tell<unknown>(RISK_DOOR, poison());

    expect(desk.factsOf('tradingHalted').at(-1)).toMatchObject({
      level: 'stop',
      code: 'ESCALATED',
    });
  });
});

/** The same places, for messages that no honest actor sends. */
const RISK_DOOR = address<unknown>(RISK);
const STRATEGY_DOOR = address<unknown>(MOMENTUM);
const WISHED = { kind: 'signalMade', signal: entry(), view: quoted() } as const;

function fail(): never {
  throw new Error('a fault');
}

/** A wish that cannot be read. */
function poison() {
  return {
    kind: 'signalMade',
    view: quoted(),
    get signal() {
      return fail();
    },
  };
}

/** Hands on what it is told; a number is counted down, and at its end risk is poisoned. */
function saboteur(): AnyActor {
  return {
    name: 'strategy/momentum',
    restart: { restartsMax: 0, withinUs: 1, then: 'stop', quarantineUs: 0 },
    isOrderPath: false,
    hears: [],
    applies: [],
    initial: () => undefined,
    decide(_state, message, turn) {
      if (typeof message !== 'number') turn.send(RISK_DOOR, message);
      else if (message > 0) turn.send(STRATEGY_DOOR, message - 1);
      else turn.send(RISK_DOOR, poison());
      return [];
    },
    apply: () => undefined,
    condense: () => [],
  };
}
