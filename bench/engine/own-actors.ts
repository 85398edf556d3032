import { symbolId } from '../../src/core/ids.ts';
import { MINUTE } from '../../src/core/time.ts';
import {
  type ActorDefinition,
  address,
  type FamilyDefinition,
  familyAddress,
} from '../../src/actors/runtime/definition.ts';
import { Kernel } from '../../src/actors/runtime/kernel.ts';
import { Stopwatch } from '../harness/stopwatch.ts';
import { type ActorLibrary, Planned, type Ring, type Spent, spent } from './actor-load.ts';

/** A ring of two are actors with facts; more are rows of a family, as symbols are. */
export const ownActors: ActorLibrary = {
  name: 'own',
  ring: ({ actors, messages, idle }) =>
    actors === 2 ? actorRing(messages) : rowRing({ actors, messages, idle }),
  turns: (count) => {
    const kernel = kernelOf([player(0, 1, 2), player(1, 0, 2)], 1);
    return pass(kernel, count, 1);
  },
  crashes: (count) => pass(kernelOf([failing()], 1), count, 1),
};

/** Handed round within one turn before the next one begins. */
const PER_TURN = 1_000;

function actorRing(messages: number): Spent {
  const kernel = kernelOf([player(0, 1, PER_TURN), player(1, 0, PER_TURN)], 1);
  return pass(kernel, messages / PER_TURN, PER_TURN);
}

function rowRing({ actors, messages, idle }: Ring): Spent {
  const kernel = kernelOf([family(actors)], actors + idle);
  return pass(kernel, messages / PER_TURN, PER_TURN);
}

type Definitions = ConstructorParameters<typeof Kernel>[0]['definitions'];

function kernelOf(definitions: Definitions, rows: number): Kernel {
  const policy = { orderPathFailed: () => [], escalated: () => [] };
  const kernel = new Kernel({ definitions, rowsMax: rows, messagesMax: 1_000_000, policy });
  const listed = { assetClass: 'equity', sector: '', isTradable: true } as const;
  for (let row = 0; row < rows; row += 1) {
    kernel.beginTurn();
    const named = { kind: 'symbolNamed', symbol: symbolId(row), name: `P${row}`, ...listed };
    kernel.deliverInput({ ...named, kind: 'symbolNamed' }, 0);
    kernel.endTurn();
  }
  return kernel;
}

function pass(kernel: Kernel, turns: number, each: number): Spent {
  const opening = { kind: 'timePassed' } as const;
  const watch = new Stopwatch();
  for (let turn = 1; turn <= turns; turn += 1) {
    kernel.beginTurn();
    kernel.deliverInput(opening, turn);
    kernel.endTurn();
  }
  return spent(watch, turns * each);
}

interface Token {
  readonly kind: 'token';
  readonly left: number;
}

const RESTART = { restartsMax: 1, withinUs: 1, then: 'quarantine', quarantineUs: MINUTE } as const;

function player(
  place: number,
  nextPlace: number,
  perTurn: number,
): ActorDefinition<object, Token, never> {
  const next = address<Token>(nextPlace);
  return {
    name: `player-${place}`,
    restart: RESTART,
    isOrderPath: false,
    hears: place === 0 ? ['timePassed'] : [],
    applies: [],
    initial: () => ({}),
    decide(_state, message, turn) {
      // The turn's input comes here as it is, and begins the ring.
      const left = message.kind === 'token' ? message.left : perTurn;
      if (left > 1) turn.send(next, { kind: 'token', left: left - 1 });
      return NOTHING;
    },
    apply: () => undefined,
    condense: () => [],
  };
}

function family(actors: number): FamilyDefinition<Token, never> {
  const self = familyAddress<Token>(0);
  return {
    ...QUIET_FAMILY,
    receiveRow(_rows, row, { left }, turn) {
      if (left > 1) turn.sendRow(self, (row + 1) % actors, { kind: 'token', left: left - 1 });
    },
    sweep(_rows, _message, turn) {
      turn.sendRow(self, 0, { kind: 'token', left: PER_TURN });
    },
  };
}

/** Its row is half written when it throws, and is put back; the crash becomes a fact. */
function failing(): FamilyDefinition<Token, never> {
  const self = familyAddress<Token>(0);
  return {
    ...QUIET_FAMILY,
    receiveRow({ values }, row, { left }) {
      values[row] = left;
      throw new Planned('planned');
    },
    sweep(_rows, _message, turn) {
      turn.sendRow(self, 0, { kind: 'token', left: 1 });
    },
  };
}

const QUIET_FAMILY = {
  name: 'players',
  restart: RESTART,
  hears: ['timePassed'],
  applies: [],
  stride: 8,
  layoutHash: 'players',
  resetRow: () => undefined,
  apply: () => undefined,
  condense: () => [],
} as const;

const NOTHING: readonly [] = [];
